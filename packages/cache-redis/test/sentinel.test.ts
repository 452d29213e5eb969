import { startRedisSentinel } from '@fm/redis-fixture'
import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { expect, test } from 'vitest'
import { redisCache } from '../src/index.ts'

test('after a fail-over the new primary is used, with options as with clients of ioredis 6 and 5', async () => {
  await using redis = await startRedisSentinel()
  const options = { name: redis.name, sentinels: [{ host: '127.0.0.1', port: redis.sentinel.port }] }
  const caches = [
    redisCache(options),
    redisCache(new Redis({ ...options, lazyConnect: true })),
    redisCache(new Redis5({ ...options, lazyConnect: true }) as unknown as Redis),
  ]
  for (const [index, cache] of caches.entries()) {
    expect(await cache.compareAndSet(`k${index}`, undefined, 'a', 60_000)).toBe(true)
  }
  const killed = performance.now()
  await redis.primary.stop()
  const recovered = await Promise.all(caches.map((cache, index) => untilStored(cache, `after${index}`)))
  const promoted = await redis.primaryPort()
  expect(promoted).toBe(redis.replica.port)
  // Down after 1 s, the sentinel's election and the promotion: about 2.5 s of it are Redis'.
  for (const at of recovered) expect(at - killed).toBeLessThan(8_000)
  await Promise.all(caches.map((cache) => cache.close()))
})

test('sentinels that do not answer are named', async () => {
  const cache = redisCache({ name: 'fm', sentinels: [{ host: '127.0.0.1', port: 1 }] })
  await expect(cache.get('k')).rejects.toThrow('no sentinel answers')
  await cache.close()
})

async function untilStored(cache: ReturnType<typeof redisCache>, key: string): Promise<number> {
  const started = performance.now()
  for (;;) {
    // A lost answer may hide a success, and then the key is there.
    const stored = await cache
      .compareAndSet(key, undefined, 'a', 60_000, { signal: AbortSignal.timeout(250) })
      .then(() => true)
      .catch(() => false)
    if (stored) return performance.now()
    if (performance.now() - started > 15_000) throw new Error('the cache did not come back')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
