// dist/file-cache.d.ts
import type { SessionCache } from '@fm/core';
export interface FileCacheOptions {
    /**
     * The database file. Its folder is made where it is missing (mode 0700), the file too (0600). It must lie on a disk of
     * this machine: SQLite's locks do not hold on network drives.
     */
    readonly path: string;
    /**
     * Milliseconds that an operation without a `signal` of its own waits for other processes' turns, before it rejects.
     * With a signal the signal alone decides.
     *
     * @defaultValue 250
     */
    readonly timeoutMs?: number;
}
/**
 * Keeps sessions in a SQLite file, for all processes of one machine that name the same file.
 *
 * Nothing is opened before the first operation. A file that is deleted meanwhile is made anew; one that is damaged, or is
 * not a file of this cache, stays as it is, and all processes go on to the next number (`sessions.db`, `sessions-2.db` …).
 *
 * @param options - The file's path, or all options.
 * @throws TypeError when `path` is empty, `timeoutMs` is not a number above 0, or another option is given.
 * @example
 * const fm = createClient({ server, database, auth, cache: fileCache('/var/lib/my-app/sessions.db') })
 */
export declare function fileCache(options: string | FileCacheOptions): SessionCache & {
    close(): Promise<void>;
};

// dist/index.d.ts
export { fileCache, type FileCacheOptions } from './dist/file-cache.ts';
