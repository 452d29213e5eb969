import { inspect } from 'node:util'
import { startFaultyProxy, startRedis, type RedisServer } from '@fm/redis-fixture'
import { Redis } from 'ioredis'
import { Redis as Redis5 } from 'ioredis5'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { redisCache } from '../src/index.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(async () => {
  await redis.stop()
})

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

const libraries = [
  ['ioredis 6', Redis],
  ['ioredis 5', Redis5 as unknown as typeof Redis],
] as const

describe.each(libraries)('with %s', (library, Client) => {
  async function behindProxy(): Promise<{
    cache: ReturnType<typeof redisCache>
    proxy: Awaited<ReturnType<typeof startFaultyProxy>>
  }> {
    const proxy = await startFaultyProxy(redis.port)
    // A client nobody uses: its copies have our settings.
    const cache = redisCache(new Client(proxy.port, { lazyConnect: true }))
    open.push(
      () => cache.close(),
      () => proxy[Symbol.asyncDispose](),
    )
    return { cache, proxy }
  }

  test('a hundred operations before there is a connection all succeed', async () => {
    const { cache, proxy } = await behindProxy()
    proxy.setFaults({ delayMs: 10 })
    await Promise.all(Array.from({ length: 100 }, (_value, index) => cache.get(`k${index}`, signalOf(250))))
    expect(proxy.connections).toBe(1)
  })

  test('a reply that is swallowed fails its command, and no other command gets a wrong answer', async () => {
    const { cache, proxy } = await behindProxy()
    const expected = new Map(Array.from({ length: 20 }, (_value, index) => [`s${index}`, `value ${index}`]))
    for (const [key, value] of expected) await cache.compareAndSet(key, await valueOf(cache, key), value, 60_000)
    const length = Buffer.byteLength('*3\r\n$7\r\nvalue 0\r\n:60000\r\n$2\r\n41\r\n')
    for (const swallowBytes of [1, 5, 13, length, length + 1, 3 * length]) {
      proxy.setFaults({ swallowBytes })
      const started = performance.now()
      const answers = await Promise.allSettled([...expected.keys()].map((key) => cache.get(key, signalOf(250))))
      expect(answers.some((answer) => answer.status === 'rejected')).toBe(true)
      const wrong = answers.filter(
        (answer, index) => answer.status === 'fulfilled' && answer.value?.value !== `value ${index}`,
      )
      expect(wrong).toEqual([])
      // What comes next finds a good connection at once.
      expect((await cache.get('s7', signalOf(250)))?.value).toBe('value 7')
      expect(performance.now() - started).toBeLessThan(1_000)
    }
  })

  test('after an operation without an answer the next one succeeds, on another connection if need be', async () => {
    const { cache, proxy } = await behindProxy()
    await cache.get('k')
    proxy.setFaults({ stallShare: 1 })
    await expect(cache.get('k', signalOf(250))).rejects.toThrow(/timeout/)
    proxy.setFaults({})
    await cache.get('k', signalOf(250))
    expect(proxy.connections).toBe(2)
  })

  test('a connection that is only slow for a moment is kept', async () => {
    const { cache, proxy } = await behindProxy()
    await cache.get('k')
    proxy.setFaults({ delayMs: 100 })
    await expect(cache.get('k', signalOf(80))).rejects.toThrow(/timeout/)
    proxy.setFaults({})
    await cache.get('k', signalOf(250))
    expect(proxy.connections).toBe(1)
  })

  test('so is one whose answer waits to be read, because this process had no turn', async () => {
    const { cache, proxy } = await behindProxy()
    await cache.get('k')
    const late = cache.get('k', signalOf(250))
    // The command is on its way, and the answer arrives while nothing else runs here.
    await new Promise((resolve) => setImmediate(resolve))
    const busyUntil = performance.now() + 300
    while (performance.now() < busyUntil);
    await late.catch(() => {})
    await cache.get('k', signalOf(250))
    expect(proxy.connections).toBe(1)
  })

  test('an aborted signal ends an operation at once, sent or not', async () => {
    const { cache, proxy } = await behindProxy()
    await expect(cache.get('k', { signal: AbortSignal.abort(new Error('mine')) })).rejects.toThrow('mine')
    expect(proxy.connections).toBe(0)
    proxy.setFaults({ stallShare: 1 })
    const started = performance.now()
    await expect(cache.compareAndSet('late', undefined, 'a', 1_000, signalOf(50))).rejects.toThrow(/timeout/)
    expect(performance.now() - started).toBeLessThan(120)
  })

  test('a swap whose caller left before there was a connection is never sent', async () => {
    const { cache, proxy } = await behindProxy()
    proxy.setFaults({ delayMs: 100 })
    await expect(cache.compareAndSet('never', undefined, 'a', 10_000, signalOf(50))).rejects.toThrow(/timeout/)
    proxy.setFaults({})
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await redis.command('exists', 'fm:never')).toBe('0')
  })

  test('without a signal nothing waits longer than a second', async () => {
    const { cache, proxy } = await behindProxy()
    proxy.setFaults({ stallShare: 1 })
    const started = performance.now()
    await expect(cache.get('k')).rejects.toThrow('Redis: ')
    expect(performance.now() - started).toBeLessThan(1_200)
  })

  test('a reset connection never turns an error into false, and the next operation succeeds', async () => {
    const { cache, proxy } = await behindProxy()
    const answers: (boolean | 'failed')[] = []
    proxy.setFaults({ resetShare: 0.05 })
    for (let round = 0; round < 200; round++) {
      const swap = cache.compareAndSet(`${library}-${round}`, undefined, 'a', 10_000, signalOf(250))
      answers.push(await swap.catch(() => 'failed' as const))
    }
    proxy.setFaults({})
    // Nobody else writes these keys, so false would be a lie.
    expect(new Set(answers)).toEqual(new Set([true, 'failed']))
    expect(await cache.compareAndSet(`${library}-last`, undefined, 'a', 10_000, signalOf(250))).toBe(true)
  })
})

test('a server that is down is said to be so soon, and is found again soon after it is back', async () => {
  await using server = await startRedis()
  const cache = redisCache(server.url)
  await cache.get('k')
  await server.stop()
  const started = performance.now()
  await expect(cache.get('k', signalOf(250))).rejects.toThrow(/^Redis: .*(lost|ECONNREFUSED)/)
  await expect(cache.get('k', signalOf(250))).rejects.toThrow(/^Redis: .*ECONNREFUSED/)
  expect(performance.now() - started).toBeLessThan(500)
  for (let attempt = 0; attempt < 10; attempt++) await cache.get('k', signalOf(250)).catch(() => {})

  await server.restart()
  const back = performance.now()
  for (;;) {
    const answered = await cache.get('k', signalOf(250)).then(
      () => true,
      () => false,
    )
    if (answered) break
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(performance.now() - back).toBeLessThan(1_000)
  expect(await cache.compareAndSet('k', undefined, 'a', 1_000)).toBe(true)
  await cache.close()
})

test('a server that pauses all commands is used again as soon as it goes on', async () => {
  const cache = redisCache(redis.url)
  await cache.get('k')
  await redis.pause(1_000)
  const paused = performance.now()
  await expect(cache.get('k', signalOf(250))).rejects.toThrow(/timeout|Redis: /)
  await expect(cache.get('k', signalOf(250))).rejects.toThrow(/timeout|Redis: /)
  await new Promise((resolve) => setTimeout(resolve, 1_100 - (performance.now() - paused)))
  expect(await cache.compareAndSet('paused', undefined, 'a', 1_000, signalOf(250))).toBe(true)
  await cache.close()
})

// Half a millisecond a key, and between the keys it answers.
const slowLoading = { 'key-load-delay': '500', 'loading-process-events-interval-bytes': '1024' }

test('a server that loads its data says so, and is used as soon as it is done', async () => {
  await using loading = await startRedis({ settings: { 'enable-debug-command': 'local', ...slowLoading } })
  const cache = redisCache(loading.url)
  await loading.command('debug', 'populate', '2000')
  const reloaded = loading.command('debug', 'reload')
  await new Promise((resolve) => setTimeout(resolve, 300))
  await expect(cache.get('k', signalOf(250))).rejects.toThrow('Redis: the server still loads its data (LOADING)')
  await reloaded
  expect(await cache.compareAndSet('k', undefined, 'a', 1_000, signalOf(250))).toBe(true)
  await cache.close()
})

test('errors say what to do and hold no password, address or value', async () => {
  await using guarded = await startRedis({ settings: { requirepass: 'right-password' } })
  const wrong = redisCache(`redis://web:wrong-password@127.0.0.1:${guarded.port}`)
  const failure = await wrong.compareAndSet('k', undefined, 'a sealed value', 1_000).catch((error: unknown) => error)
  expect(inspect(failure, { depth: 9, showHidden: true })).toMatch(
    /refused the user name or the password \(WRONGPASS\)/,
  )
  expect(inspect(failure, { depth: 9, showHidden: true })).not.toMatch(/wrong-password|a sealed value/)
  await wrong.close()

  await guarded.command('lpush', 'fm:list', 'x')
  const right = redisCache(`redis://:right-password@127.0.0.1:${guarded.port}`)
  await expect(right.get('list')).rejects.toThrow('something else than text lies under this key (WRONGTYPE)')
  await guarded.command('config', 'set', 'maxmemory', '1')
  const full = await right.compareAndSet('k', undefined, 'a sealed value', 1_000).catch((error: unknown) => error)
  expect(inspect(full, { depth: 9 })).toMatch(/full and may not evict \(OOM\)/)
  expect(inspect(full, { depth: 9 })).not.toContain('a sealed value')
  await right.close()
})

async function valueOf(cache: ReturnType<typeof redisCache>, key: string): Promise<string | undefined> {
  return (await cache.get(key))?.value
}

function signalOf(limitMs: number): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(limitMs) }
}
