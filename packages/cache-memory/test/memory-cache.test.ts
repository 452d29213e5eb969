import { expect, test } from 'vitest'
import { memoryCache } from '../src/index.ts'

test('a value is there until its time is over, and then as if it had never been', async () => {
  const cache = memoryCache()
  expect(await cache.compareAndSet('k', undefined, 'a', 60)).toBe(true)
  const found = await cache.get('k')
  expect(found?.value).toBe('a')
  expect(found?.ttlMs).toBeLessThanOrEqual(60)
  await new Promise((resolve) => setTimeout(resolve, 80))
  expect(await cache.get('k')).toBeUndefined()
  expect(await cache.compareAndSet('k', 'a', 'b', 60)).toBe(false)
  expect(await cache.compareAndSet('k', undefined, 'b', 60)).toBe(true)
})

test('of a hundred swaps from one value exactly one succeeds', async () => {
  const cache = memoryCache()
  await cache.compareAndSet('k', undefined, 'start', 10_000)
  const swaps = Array.from({ length: 100 }, (_, index) => cache.compareAndSet('k', 'start', `by ${index}`, 10_000))
  expect((await Promise.all(swaps)).filter(Boolean)).toHaveLength(1)
})

test('the same value twice renews the time to live and changes nothing else', async () => {
  const cache = memoryCache()
  await cache.compareAndSet('k', undefined, 'a', 50)
  expect(await cache.compareAndSet('k', 'a', 'a', 10_000)).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 70))
  expect((await cache.get('k'))?.value).toBe('a')
  expect(await cache.compareAndSet('other', 'a', 'a', 10_000)).toBe(false)
  expect(await cache.get('other')).toBeUndefined()
})

test('nothing as the next value deletes, and only what was expected', async () => {
  const cache = memoryCache()
  await cache.compareAndSet('k', undefined, 'a', 10_000)
  expect(await cache.compareAndSet('k', 'b', undefined, 10_000)).toBe(false)
  expect(await cache.compareAndSet('k', 'a', undefined, 10_000)).toBe(true)
  expect(await cache.get('k')).toBeUndefined()
  expect(await cache.compareAndSet('k', undefined, undefined, 10_000)).toBe(true)
})

test('more keys than allowed drop the one that was written longest ago', async () => {
  const cache = memoryCache({ maxKeys: 2 })
  await cache.compareAndSet('a', undefined, '1', 10_000)
  await cache.compareAndSet('b', undefined, '1', 10_000)
  await cache.compareAndSet('a', '1', '2', 10_000)
  await cache.compareAndSet('c', undefined, '1', 10_000)
  expect(await cache.get('b')).toBeUndefined()
  expect((await cache.get('a'))?.value).toBe('2')
})

test('a bound that is no whole number of at least 1, and an option that is none, are refused by name', () => {
  expect(() => memoryCache({ max: 3 } as object)).toThrow('there is no option "max"')
  for (const maxKeys of [0, -1, 1.5, Number.NaN]) expect(() => memoryCache({ maxKeys })).toThrow(/maxKeys/)
})
