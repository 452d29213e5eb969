import { EventEmitter } from 'node:events'
import { Keyv } from 'keyv'
import { Keyv as Keyv5 } from 'keyv5'
import { describe, expect, test } from 'vitest'
import { keyvCache, type KeyvStore } from '../src/index.ts'

/** A store over a Map that can be told to fail, in each of the ways in which stores fail. */
class MoodyStore extends EventEmitter {
  readonly opts = { dialect: 'sqlite', url: 'sqlite://' }
  readonly entries = new Map<string, unknown>()
  mood: 'well' | 'throws' | 'reports' | 'says false' | 'does nothing' = 'well'
  /** Called before each operation. */
  before: () => Promise<void> = async () => {}

  async get(key: string): Promise<unknown> {
    await this.before()
    if (await this.fails()) return undefined
    return this.entries.get(key)
  }

  async set(key: string, value: unknown): Promise<boolean> {
    await this.before()
    if (await this.fails()) return this.mood !== 'says false'
    this.entries.set(key, value)
    return true
  }

  async delete(key: string): Promise<boolean> {
    await this.before()
    if (await this.fails()) return this.mood !== 'says false'
    return this.entries.delete(key)
  }

  async clear(): Promise<void> {
    this.entries.clear()
  }

  private async fails(): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (this.mood === 'throws') throw new Error('the store is down')
    if (this.mood === 'reports') this.emit('error', new Error('the store is down'))
    return this.mood !== 'well'
  }
}

const versions: readonly (readonly [string, (store?: MoodyStore | Map<string, unknown>) => KeyvStore])[] = [
  ['Keyv 6', (store) => new Keyv(store === undefined ? {} : { store })],
  ['Keyv 5', (store) => new Keyv5(store === undefined ? {} : { store })],
]

describe.each(versions)('%s', (_, createKeyv) => {
  test.for(['throws', 'reports'] as const)(
    'a store that %s fails the call, and nothing is said to be absent',
    async (mood) => {
      const store = new MoodyStore()
      const cache = keyvCache(createKeyv(store))
      await cache.compareAndSet('k', undefined, 'a', 10_000)
      store.mood = mood
      const failure = await cache.get('k').catch((error: unknown) => error)
      expect(failure).toMatchObject({ message: 'Keyv: get failed', cause: { message: 'the store is down' } })
      await expect(cache.compareAndSet('k', 'a', 'b', 10_000)).rejects.toThrow('Keyv: get failed')
      store.mood = 'well'
      expect((await cache.get('k'))?.value).toBe('a')
    },
  )

  test('a write that is not done is no false, and no true', async () => {
    const store = new MoodyStore()
    const cache = keyvCache(createKeyv(store))
    await cache.compareAndSet('k', undefined, 'a', 10_000)
    for (const mood of ['throws', 'reports', 'says false'] as const) {
      // It turns bad between the read and the write.
      for (const next of ['b', undefined]) {
        let operations = 0
        store.mood = 'well'
        store.before = async () => {
          if (++operations === 2) store.mood = mood
        }
        await expect(cache.compareAndSet('k', 'a', next, 10_000)).rejects.toThrow(/^Keyv: (set|delete)/)
      }
    }
  })

  test('an error fails the call that it belongs to, and not the one beside it', async () => {
    const store = new MoodyStore()
    const cache = keyvCache(createKeyv(store))
    await cache.compareAndSet('k', undefined, 'a', 10_000)
    const slow = Promise.withResolvers<undefined>()
    store.before = () => slow.promise
    const beside = cache.get('k')
    await untilInStore()
    store.before = async () => {}
    store.mood = 'reports'
    await expect(cache.get('k')).rejects.toThrow('Keyv: get failed')
    store.mood = 'well'
    slow.resolve(undefined)
    expect((await beside)?.value).toBe('a')
  })

  test('an error that belongs to no call fails all that are in flight, and is not unhandled when there are none', async () => {
    const store = new MoodyStore()
    const cache = keyvCache(createKeyv(store))
    await cache.get('k')
    store.emit('error', new Error('the connection was lost'))
    const slow = Promise.withResolvers<undefined>()
    store.before = () => slow.promise
    const calls = [cache.get('k'), cache.get('k2')]
    await untilInStore()
    store.emit('error', new Error('the connection was lost'))
    slow.resolve(undefined)
    for (const call of calls) await expect(call).rejects.toThrow('Keyv: get failed')
  })

  test('a store that silently does nothing is found out by the first operation, and tried again by the next', async () => {
    const store = new MoodyStore()
    store.mood = 'does nothing'
    const cache = keyvCache(createKeyv(store))
    await expect(cache.get('k')).rejects.toThrow('the store does not keep what is stored in it')
    await expect(cache.compareAndSet('k', undefined, 'a', 1_000)).rejects.toThrow('does not keep')
    store.mood = 'well'
    expect(await cache.compareAndSet('k', undefined, 'a', 1_000)).toBe(true)
    // The probe leaves nothing behind.
    expect(store.entries.size).toBe(1)
  })

  test('a compare-and-set that writes elsewhere than the Keyv reads is found out too', async () => {
    const elsewhere = new Map<string, string>()
    const cache = keyvCache(createKeyv(), {
      compareAndSet: async (key, expected, next) => {
        if (elsewhere.get(key) !== expected) return false
        if (next === undefined) return elsewhere.delete(key)
        elsewhere.set(key, next)
        return true
      },
    })
    expect(cache.supports.atomic).toBe(true)
    await expect(cache.get('k')).rejects.toThrow('the store does not keep what is stored in it')
  })

  test('what nobody waits for any more is not written', async () => {
    const store = new MoodyStore()
    const cache = keyvCache(createKeyv(store))
    await cache.get('k')
    store.before = () => new Promise((resolve) => setTimeout(resolve, 50))
    const started = performance.now()
    const swap = cache.compareAndSet('k', undefined, 'a', 10_000, { signal: AbortSignal.timeout(20) })
    await expect(swap).rejects.toThrow(/timeout/)
    expect(performance.now() - started).toBeLessThan(45)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(store.entries.size).toBe(0)
  })

  test('a Map is taken for a store of this process, anything else for one on the network, unless the option says', () => {
    const sharedBy = (keyv: KeyvStore): string => keyvCache(keyv).supports.sharedBy
    expect([createKeyv(), createKeyv(new Map()), createKeyv(new MoodyStore())].map(sharedBy)).toEqual([
      'process',
      'process',
      'network',
    ])
    expect(keyvCache(createKeyv(), { sharedBy: 'machine' }).supports).toEqual({ sharedBy: 'machine', atomic: false })
  })

  test('something else than text under a key is neither taken for a value nor for none', async () => {
    const keyv = createKeyv()
    const cache = keyvCache(keyv)
    await keyv.set('k', 5 as unknown as string)
    await expect(cache.get('k')).rejects.toThrow('something else than text')
  })
})

test('a wrong argument is a TypeError that names it', () => {
  expect(() => keyvCache(new Map() as unknown as KeyvStore)).toThrow(/^keyv:/)
  expect(() => keyvCache(undefined as unknown as KeyvStore)).toThrow(TypeError)
  expect(() => keyvCache(new Keyv(), { sharedBy: 'everybody' as 'network' })).toThrow(/^sharedBy:/)
  expect(() => keyvCache(new Keyv(), { shared: 'machine' } as object)).toThrow('there is no option "shared"')
  expect(() => keyvCache(new Keyv(), { compareAndSet: true as unknown as () => Promise<boolean> })).toThrow(
    /^compareAndSet:/,
  )
})

/** A few turns of the event loop, after which the calls made before wait in the store. */
function untilInStore(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10))
}
