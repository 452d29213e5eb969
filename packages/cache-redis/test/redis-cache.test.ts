import { startFaultyProxy, startRedis, type RedisServer } from '@fm/redis-fixture'
import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisCache, type RedisSource } from '../src/index.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(async () => {
  await redis.stop()
})

const sources: readonly (readonly [string, () => RedisSource])[] = [
  ['a URL', () => redis.url],
  ['options', () => ({ host: '127.0.0.1', port: redis.port })],
  ['a client', () => new Redis(redis.port, { lazyConnect: true })],
  [
    'a client whose replies are shaped otherwise',
    () => new Redis(redis.port, { stringNumbers: true, keyPrefix: 'app:' }),
  ],
  ['a client of ioredis 5', () => new Redis5(redis.port, { lazyConnect: true }) as unknown as Redis],
]

describe.each(sources)('made from %s', (name, source) => {
  test('it stores, replaces, renews and deletes what is expected, and nothing else', async () => {
    const given = source()
    const cache = redisCache(given)
    const key = `of ${name}`.replaceAll(' ', '-')
    expect(await cache.compareAndSet(key, undefined, 'one "ü" 日本', 10_000)).toBe(true)
    expect(await cache.compareAndSet(key, undefined, 'two', 10_000)).toBe(false)
    expect(await cache.compareAndSet(key, 'other', 'two', 10_000)).toBe(false)
    expect(await cache.compareAndSet(key, 'other', undefined, 10_000)).toBe(false)
    expect((await cache.get(key))?.value).toBe('one "ü" 日本')
    expect(await cache.compareAndSet(key, 'one "ü" 日本', 'two', 5_000)).toBe(true)
    expect((await cache.get(key))?.ttlMs).toBeLessThanOrEqual(5_000)
    expect(await cache.compareAndSet(key, 'two', 'two', 20_000)).toBe(true)
    expect((await cache.get(key))?.ttlMs).toBeGreaterThan(15_000)
    expect(await cache.compareAndSet(key, 'two', undefined, 1)).toBe(true)
    expect(await cache.get(key)).toBeUndefined()
    expect(await cache.compareAndSet(key, undefined, undefined, 1)).toBe(true)
    await cache.close()
    if (typeof given === 'object' && 'disconnect' in given) given.disconnect()
  })
})

test('what is over is gone, for reading and for comparing', async () => {
  const cache = redisCache(redis.url)
  await cache.compareAndSet('short', undefined, 'a', 40.5)
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(await cache.get('short')).toBeUndefined()
  expect(await cache.compareAndSet('short', 'a', 'b', 1_000)).toBe(false)
  expect(await cache.compareAndSet('short', undefined, 'b', 1_000)).toBe(true)
  await cache.close()
})

test('of a hundred swaps from one value exactly one succeeds, over two connections', async () => {
  const [one, other] = [redisCache(redis.url), redisCache(redis.url)]
  await one.compareAndSet('many', undefined, 'start', 10_000)
  const swaps = Array.from({ length: 50 }, (_, index) => [
    one.compareAndSet('many', 'start', `by one, ${index}`, 10_000),
    other.compareAndSet('many', 'start', `by other, ${index}`, 10_000),
  ])
  expect((await Promise.all(swaps.flat())).filter(Boolean)).toHaveLength(1)
  await Promise.all([one.close(), other.close()])
})

test('keys begin with fm: or with what the option says', async () => {
  const plain = redisCache(redis.url)
  const other = redisCache(redis.url, { keyPrefix: 'elsewhere:' })
  await plain.compareAndSet('k', undefined, 'a', 10_000)
  await other.compareAndSet('k', undefined, 'b', 10_000)
  expect([await redis.command('get', 'fm:k'), await redis.command('get', 'elsewhere:k')]).toEqual(['a', 'b'])
  await Promise.all([plain.close(), other.close()])
})

test('nothing is connected before the first operation, and once for all caches made from one client', async () => {
  await using proxy = await startFaultyProxy(redis.port)
  const client = new Redis(proxy.port, { lazyConnect: true })
  const caches = Array.from({ length: 5 }, () => redisCache(client))
  expect(proxy.connections).toBe(0)
  await Promise.all(caches.map((cache) => cache.get('k')))
  expect(proxy.connections).toBe(1)
  await Promise.all(caches.slice(1).map((cache) => cache.close()))
  await caches[0]?.get('k')
  await expect(caches[1]?.get('k')).rejects.toThrow('the cache is closed')
  await caches[0]?.close()
})

test('closing leaves the given client alone, and twice is harmless', async () => {
  const client = new Redis(redis.port)
  const cache = redisCache(client)
  await cache.get('k')
  await cache.close()
  await cache.close()
  await expect(cache.get('k')).rejects.toThrow('the cache is closed')
  expect(await client.ping()).toBe('PONG')
  client.disconnect()
})

test('a shared connection is the given client itself', async () => {
  await using proxy = await startFaultyProxy(redis.port)
  const client = new Redis(proxy.port)
  const cache = redisCache(client, { shareConnection: true })
  expect(await cache.compareAndSet('shared', undefined, 'a', 10_000)).toBe(true)
  expect((await cache.get('shared'))?.value).toBe('a')
  await cache.close()
  expect(proxy.connections).toBe(1)
  expect(await client.ping()).toBe('PONG')
  client.disconnect()
})

test('a wrong argument is a TypeError that does not hold what was given', () => {
  expect(() => redisCache(undefined)).toThrow(TypeError)
  expect(() => redisCache('redis:')).toThrow(/^source:/)
  expect(() => redisCache('http://web:secret@host')).toThrow(/^(?!.*secret)source:/)
  expect(() => redisCache(redis.url, { shareConnection: true })).toThrow(/^shareConnection:/)
  expect(() => redisCache(redis.url, { prefix: 'a' } as object)).toThrow('there is no option "prefix"')
  expect(() => redisCache(redis.url, { keyPrefix: 1 as unknown as string })).toThrow(/^keyPrefix:/)
})
