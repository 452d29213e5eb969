import type { SessionCache } from './cache.ts'

/** The register of a client without a cache: for its own calls alone, so nothing in it expires before its session ends. */
export function privateCache(): SessionCache {
  const values = new Map<string, string>()
  return {
    supports: { sharedBy: 'process', atomic: true },
    get: async (key) => {
      const value = values.get(key)
      return value === undefined ? undefined : { value }
    },
    compareAndSet: async (key, expected, next) => {
      if (values.get(key) !== expected) return false
      if (next === undefined) values.delete(key)
      else values.set(key, next)
      return true
    },
  }
}
