import assert from 'node:assert/strict'
import type { Case } from '../case.ts'
import { sleep, write } from './steps.ts'

const ttlMs = 60_000

/** `ttlMs` of `get`, where a cache gives it. A cache that doesn't keeps these promises. */
export const timeLeft: readonly Case[] = [
  {
    name: 'ttlMs is at most what was written',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', ttlMs)
      const left = (await cache.get(key()))?.ttlMs ?? ttlMs
      assert.ok(left <= ttlMs, `${left} of ${ttlMs} ms are left`)
    },
  },
  {
    name: 'ttlMs never grows without a write',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', ttlMs)
      let before = Number.POSITIVE_INFINITY
      for (let look = 0; look < 20; look += 1) {
        const left = (await cache.get(key()))?.ttlMs ?? 0
        assert.ok(left <= before, `it grew from ${before} to ${left} ms`)
        before = left
        await sleep(5)
      }
    },
  },
  {
    name: 'ttlMs is what is left, within two seconds',
    run: async ({ cache, key }) => {
      const written = performance.now()
      await write(cache, key(), 'there', ttlMs)
      await sleep(300)
      const looked = performance.now()
      const left = (await cache.get(key()))?.ttlMs ?? ttlMs - (looked - written)
      // The upper bound is what leases live by: an entry must not look younger than it is.
      assert.ok(left <= ttlMs - 250, `after 300 ms ${left} of ${ttlMs} ms are left`)
      assert.ok(left >= ttlMs - (performance.now() - written) - 2000, `after 300 ms ${left} of ${ttlMs} ms are left`)
    },
  },
  {
    name: 'a touch sets ttlMs to what it gives',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', 5 * ttlMs)
      await cache.compareAndSet(key(), 'there', 'there', ttlMs)
      const left = (await cache.get(key()))?.ttlMs ?? ttlMs
      assert.ok(left <= ttlMs && left > ttlMs - 10_000, `${left} of ${ttlMs} ms are left`)
    },
  },
]
