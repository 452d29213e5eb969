import { resolve } from 'node:path'
import type { SessionCache } from '@fm/core'
import { currentFile } from './current-file.ts'
import { pauseBetweenAttempts } from './pause.ts'
import type { SessionTable } from './session-table.ts'
import { isPassing } from './sqlite-errors.ts'

export interface FileCacheOptions {
  /**
   * The database file. Its folder is made where it is missing (mode 0700), the file too (0600). It must lie on a disk of
   * this machine: SQLite's locks do not hold on network drives.
   */
  readonly path: string
  /**
   * Milliseconds that an operation without a `signal` of its own waits for other processes' turns, before it rejects.
   * With a signal the signal alone decides.
   *
   * @defaultValue 250
   */
  readonly timeoutMs?: number
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
export function fileCache(options: string | FileCacheOptions): SessionCache & { close(): Promise<void> } {
  const { path, timeoutMs = 250, ...others } = typeof options === 'object' ? options : { path: options }
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw new TypeError(`fileCache: there is no option "${unknown}"; there are path, timeoutMs`)
  if (typeof path !== 'string' || path === '') throw new TypeError('fileCache: path must name a file')
  if (!(timeoutMs > 0)) throw new TypeError('fileCache: timeoutMs must be a number above 0')
  const files = currentFile(resolve(path))

  /**
   * Runs one synchronous step on the file in use, again and again while others hold its lock. SQLite itself never waits:
   * its busy timeout would stop the whole event loop for that long.
   */
  async function run<Result>(given: AbortSignal | undefined, step: (table: SessionTable) => Result): Promise<Result> {
    const signal = given ?? AbortSignal.timeout(timeoutMs)
    signal.throwIfAborted()
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await files.use(step)
      } catch (error) {
        if (!isPassing(error)) throw error
        await pauseBetweenAttempts(attempt, signal)
        if (!signal.aborted) continue
        if (given !== undefined) throw signal.reason
        throw new Error(`fileCache: no turn within ${timeoutMs} ms`, { cause: error })
      }
    }
  }

  return {
    supports: { sharedBy: 'machine', atomic: true },
    get: (key, { signal } = {}) => run(signal, (table) => table.read(key)),
    compareAndSet: (key, expected, next, ttlMs, { signal } = {}) =>
      run(signal, (table) => table.replace(key, expected, next, ttlMs)),
    close: async () => files.close(),
  }
}
