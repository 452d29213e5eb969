import { startFaultyProxy, startRedisCluster, type RedisCluster } from '@fm/redis-fixture'
import { Cluster } from 'ioredis'
import { Cluster as Cluster5 } from 'ioredis5'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { redisCache } from '../src/index.ts'
import { runForgetfulProgram } from './forgetful-program.ts'

let cluster: RedisCluster
beforeAll(async () => {
  cluster = await startRedisCluster()
})
afterAll(async () => {
  await cluster[Symbol.asyncDispose]()
})

const libraries = [
  ['ioredis 6', Cluster],
  ['ioredis 5', Cluster5 as unknown as typeof Cluster],
] as const

// One and more for each node.
const keys = Array.from({ length: 30 }, (_, index) => `k${index}`)

describe.each(libraries)('a cluster with %s', (library, Client) => {
  test('keys on all nodes work, from the first operation on', async () => {
    const client = new Client(startNodes(), { lazyConnect: true, scaleReads: 'all', slotsRefreshInterval: 1_000 })
    const cache = redisCache(client)
    const prefixed = keys.map((key) => `${library.replace(' ', '-')}:${key}`)
    const stored = prefixed.map((key) => cache.compareAndSet(key, undefined, `of ${key}`, 10_000, signalOf(250)))
    expect(await Promise.all(stored)).toEqual(keys.map(() => true))
    for (const key of prefixed) expect((await cache.get(key))?.value).toBe(`of ${key}`)
    expect(await cache.compareAndSet(prefixed[0] ?? '', 'other', 'x', 10_000)).toBe(false)
    await cache.close()
    expect(client.status).toBe('wait')
  })

  test('a node that stalls does not disturb the others, and is used again when it goes on', async () => {
    const [node, ...others] = cluster.nodes
    await using proxy = await startFaultyProxy(node?.port ?? 0)
    const natMap = Object.fromEntries([
      [`127.0.0.1:${node?.port}`, { host: '127.0.0.1', port: proxy.port }],
      ...others.map(({ port }) => [`127.0.0.1:${port}`, { host: '127.0.0.1', port }]),
    ])
    const client = new Client(
      others.map(({ port }) => ({ host: '127.0.0.1', port })),
      { lazyConnect: true, natMap },
    )
    const cache = redisCache(client)
    const ask = (): Promise<boolean[]> =>
      Promise.all(
        keys.map((key) =>
          cache.get(key, signalOf(250)).then(
            () => true,
            () => false,
          ),
        ),
      )
    expect(await ask()).toEqual(keys.map(() => true))
    proxy.setFaults({ stallShare: 1 })
    const during = await ask()
    expect(during.filter(Boolean).length).toBeGreaterThan(10)
    expect(during.filter(Boolean).length).toBeLessThan(keys.length)
    // The same keys and no others: the nodes' connections are given up one by one.
    expect(await ask()).toEqual(during)
    proxy.setFaults({})
    const healed = performance.now()
    while (!(await ask()).every(Boolean)) expect(performance.now() - healed).toBeLessThan(2_000)
    await cache.close()
  })
})

test('idle connections to the nodes do not keep the process alive', async () => {
  expect(await runForgetfulProgram(cluster.nodes[0]?.port ?? 0, 'cluster')).toEqual({ stdout: 'nothing', stderr: '' })
})

// The last one here: nothing is left afterwards.
test('a cluster that is gone is said to be so', async () => {
  const cache = redisCache(new Cluster(startNodes(), { lazyConnect: true }))
  await cache.get('nothing-here')
  await Promise.all(cluster.nodes.map((node) => node.stop()))
  await expect(cache.get('k', signalOf(250))).rejects.toThrow('Redis: ')
  const started = performance.now()
  await expect(cache.get('k')).rejects.toThrow('no node of the cluster answers')
  expect(performance.now() - started).toBeLessThan(1_000)
  await cache.close()
})

function startNodes(): { host: string; port: number }[] {
  return cluster.nodes.map(({ port }) => ({ host: '127.0.0.1', port }))
}

function signalOf(limitMs: number): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(limitMs) }
}
