import type { SessionCache } from '@fm/core'
import { fileCache } from '../src/index.ts'

/** How the conformance kit's child processes make the cache. */
export function createCache(path: string): SessionCache {
  return fileCache(path)
}
