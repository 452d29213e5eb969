import { startRedis } from '@fm/redis-fixture'
import { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import { redisCache } from '../src/index.ts'

const warnings: string[] = []
const listen = (warning: Error & { code?: string }): void => {
  if (warning.code === 'FM_REDIS_MAY_EVICT') warnings.push(warning.message)
}
process.on('warning', listen)
afterEach(() => {
  warnings.length = 0
})

test('a replica is refused at once, for reads too, and accepted as soon as it is the primary', async () => {
  await using primary = await startRedis()
  await using replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${primary.port}` } })
  const cache = redisCache(replica.url)
  await expect(cache.get('k')).rejects.toThrow('this server is a replica; give redisCache the primary')
  await replica.command('replicaof', 'no', 'one')
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(await cache.get('k')).toBeUndefined()
  await cache.close()
})

test('a server that became a replica is told so by the first write, and the connection is renewed', async () => {
  await using primary = await startRedis()
  await using server = await startRedis()
  const cache = redisCache(server.url)
  expect(await cache.compareAndSet('k', undefined, 'a', 10_000)).toBe(true)
  await server.command('replicaof', '127.0.0.1', String(primary.port))
  // Such as a primary that lost its place does not hang up: its clients are to notice.
  const before = await server.command('info', 'stats')
  await expect(cache.compareAndSet('k2', undefined, 'a', 10_000)).rejects.toThrow(/read-only replica.*READONLY/)
  await server.command('replicaof', 'no', 'one')
  expect(await cache.compareAndSet('k3', undefined, 'a', 10_000)).toBe(true)
  expect(connectionsOf(await server.command('info', 'stats'))).toBeGreaterThan(connectionsOf(before) + 2)
  await cache.close()
})

test('a server that may evict sessions is warned of once', async () => {
  const settings = { maxmemory: '50mb', 'maxmemory-policy': 'allkeys-lru' }
  await using evicting = await startRedis({ settings })
  const cache = redisCache(evicting.url)
  await cache.get('k')
  await evicting.command('client', 'kill', 'type', 'normal')
  await new Promise((resolve) => setTimeout(resolve, 50))
  await cache.get('k')
  await cache.close()
  expect(warnings).toEqual([expect.stringContaining('its maxmemory-policy is allkeys-lru, and noeviction would keep')])
})

test('one that can not is not: it never evicts, or has no limit', async () => {
  await using keeping = await startRedis({ settings: { maxmemory: '50mb', 'maxmemory-policy': 'noeviction' } })
  await using unlimited = await startRedis({ settings: { 'maxmemory-policy': 'allkeys-lru' } })
  for (const { url } of [keeping, unlimited]) {
    const cache = redisCache(url)
    await cache.get('k')
    await cache.close()
  }
  expect(warnings).toEqual([])
})

test('a user that may only run the scripts gets by without the look', async () => {
  await using redis = await startRedis()
  const rules = ['on', '>pass', '~fm:*', '+eval', '+get', '+pttl', '+set', '+pexpire', '+del', '+hello', '+client']
  await redis.command('acl', 'setuser', 'web', ...rules)
  const client = new Redis(redis.port, {
    username: 'web',
    password: 'pass',
    lazyConnect: true,
    enableReadyCheck: false,
  })
  const cache = redisCache(client)
  expect(await cache.compareAndSet('k', undefined, 'a', 10_000)).toBe(true)
  expect((await cache.get('k'))?.value).toBe('a')
  await redis.command('acl', 'setuser', 'web', '-set')
  await expect(cache.compareAndSet('k2', undefined, 'a', 10_000)).rejects.toThrow('Redis: ')
  await cache.close()
})

function connectionsOf(stats: string): number {
  return Number(/total_connections_received:(\d+)/.exec(stats)?.[1])
}
