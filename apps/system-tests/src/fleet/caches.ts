import { fileCache } from '@fm/cache-file'
import { memoryCache } from '@fm/cache-memory'
import type { SessionCache } from '@fm/core'
import type { CacheChoice, CrashPoint } from './messages.ts'

/** Opens the cache that a fleet's member was told to use. Each backend is loaded only where it is wanted. */
export async function openCache(choice: CacheChoice): Promise<SessionCache> {
  switch (choice.kind) {
    case 'memory':
      return memoryCache()
    case 'file':
      return fileCache(choice.path)
    case 'redis':
    case 'redis cluster':
    case 'redis sentinel':
      return openRedis(choice)
    case 'keyv':
      return openKeyv(choice.url)
  }
}

type RedisChoice = Extract<CacheChoice, { readonly kind: `redis${string}` }>

async function openRedis(choice: RedisChoice): Promise<SessionCache> {
  const [{ redisCache }, { Cluster }] = await Promise.all([import('@fm/cache-redis'), import('ioredis')])
  const at = (port: number): { host: string; port: number } => ({ host: '127.0.0.1', port })
  switch (choice.kind) {
    case 'redis':
      return redisCache(choice.url)
    case 'redis sentinel':
      return redisCache({ sentinels: [at(choice.port)], name: choice.name })
    case 'redis cluster':
      return redisCache(new Cluster(choice.ports.map(at), { lazyConnect: true }))
  }
}

/** Keyv as its users have it: read and write, no compare-and-set. */
async function openKeyv(url: string): Promise<SessionCache> {
  const [{ keyvCache }, { Keyv }, { default: KeyvRedis }] = await Promise.all([
    import('@fm/cache-keyv'),
    import('keyv'),
    import('@keyv/redis'),
  ])
  return keyvCache(new Keyv(new KeyvRedis(url)))
}

export interface CountedCache extends SessionCache {
  readonly operations: number
  /** When it first took a write again after it had failed, in milliseconds since 1970; undefined while it fails. */
  readonly acceptedAt: number | undefined
}

/** Counts what the cache is asked, and ends the process at the given write, without a word, as `kill -9` does. */
export function countCache(cache: SessionCache, crash: CrashPoint | undefined): CountedCache {
  let operations = 0
  let writes = 0
  let acceptedAt: number | undefined = 0
  const failed = (error: unknown): never => {
    acceptedAt = undefined
    throw error
  }
  const crashIf = async (when: CrashPoint['when']): Promise<void> => {
    if (crash?.write !== writes || crash.when !== when) return
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => {})
  }
  return {
    supports: cache.supports,
    get operations() {
      return operations
    },
    get acceptedAt() {
      return acceptedAt
    },
    get: (key, options) => {
      operations++
      return cache.get(key, options).catch(failed)
    },
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      operations++
      writes++
      await crashIf('before')
      const done = await cache.compareAndSet(key, expected, next, ttlMs, options).catch(failed)
      if (done) acceptedAt ??= Date.now()
      await crashIf('after')
      return done
    },
    close: async () => cache.close?.(),
  }
}
