import type { SessionCache } from '@fm/core'

export interface MemoryCacheOptions {
  /** Keys kept at the most; one more drops the one that was written longest ago. @defaultValue 10000 */
  readonly maxKeys?: number
}

interface Entry {
  readonly value: string
  readonly expiresAtMs: number
}

/**
 * Keeps sessions in the memory of this process: for one process with many clients and tasks.
 *
 * Clients share sessions when they are given the same cache object.
 *
 * @throws TypeError when `maxKeys` is not a whole number of at least 1, or another option is given.
 */
export function memoryCache({ maxKeys = 10_000, ...others }: MemoryCacheOptions = {}): SessionCache {
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new TypeError(`memoryCache: there is no option "${unknown}"; there is maxKeys`)
  if (!Number.isSafeInteger(maxKeys) || maxKeys < 1)
    throw new TypeError('maxKeys: must be a whole number of at least 1')
  // A Map keeps the order of insertion, so its first key is the one written longest ago.
  const entries = new Map<string, Entry>()
  // Monotonic: setting the computer's clock must not expire, or revive, anything.
  const now = (): number => performance.now()

  /** Expiry is looked at on reading: no timer runs, so nothing keeps the process alive. */
  function read(key: string): Entry | undefined {
    const entry = entries.get(key)
    if (entry === undefined || entry.expiresAtMs > now()) return entry
    entries.delete(key)
    return undefined
  }

  return {
    supports: { sharedBy: 'process', atomic: true },
    get: async (key, options) => {
      options?.signal?.throwIfAborted()
      const entry = read(key)
      return entry && { value: entry.value, ttlMs: entry.expiresAtMs - now() }
    },
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      options?.signal?.throwIfAborted()
      if (read(key)?.value !== expected) return false
      entries.delete(key)
      if (next !== undefined) entries.set(key, { value: next, expiresAtMs: now() + ttlMs })
      const [oldest] = entries.keys()
      if (entries.size > maxKeys && oldest !== undefined) entries.delete(oldest)
      return true
    },
  }
}
