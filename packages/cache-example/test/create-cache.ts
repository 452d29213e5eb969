import type { SessionCache } from '@fm/core'
import { exampleCache } from '../src/index.ts'

/** How the conformance kit's child processes make the cache. */
export function createCache(address: string): SessionCache {
  return exampleCache({ address })
}
