// dist/index.d.ts
export { memoryCache, type MemoryCacheOptions } from './dist/memory-cache.ts';

// dist/memory-cache.d.ts
import type { SessionCache } from '@fm/core';
export interface MemoryCacheOptions {
    /** Keys kept at the most; one more drops the one that was written longest ago. @defaultValue 10000 */
    readonly maxKeys?: number;
}
/**
 * Keeps sessions in the memory of this process: for one process with many clients and tasks.
 *
 * Clients share sessions when they are given the same cache object.
 *
 * @throws TypeError when `maxKeys` is not a whole number of at least 1, or another option is given.
 */
export declare function memoryCache({ maxKeys, ...others }?: MemoryCacheOptions): SessionCache;
