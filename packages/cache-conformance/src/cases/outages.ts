import assert from 'node:assert/strict'
import type { OutageCase } from '../case.ts'
import { hourMs, outcome, sleep, write } from './steps.ts'

const patienceMs = 250

/** What a cache does while its store can't answer: it says so, by rejecting. */
export const outages: readonly OutageCase[] = [
  {
    name: 'get rejects, and does not say that there is nothing',
    run: async ({ cache, key }, breakStore) => {
      await write(cache, key(), 'there')
      const repair = await breakStore()
      try {
        const looked = await outcome(cache.get(key(), { signal: AbortSignal.timeout(patienceMs) }), 10_000)
        assert.equal(looked.kind, 'rejected')
      } finally {
        await repair()
      }
    },
  },
  {
    name: 'compareAndSet rejects, and does not say false',
    run: async ({ cache, key }, breakStore) => {
      await write(cache, key(), 'there')
      const repair = await breakStore()
      try {
        const signal = AbortSignal.timeout(patienceMs)
        const swapped = await outcome(cache.compareAndSet(key(), 'there', 'next', hourMs, { signal }), 10_000)
        assert.equal(swapped.kind, 'rejected')
      } finally {
        await repair()
      }
    },
  },
  {
    name: 'neither hangs longer than its signal lets it',
    run: async ({ cache, key }, breakStore) => {
      await write(cache, key(), 'there')
      const repair = await breakStore()
      try {
        const options = { signal: AbortSignal.timeout(patienceMs) }
        // A second more than the signal says: a machine may be slow, and a cache that hangs does so for longer.
        const operations = [cache.get(key(), options), cache.compareAndSet(key(), 'there', 'next', hourMs, options)]
        const ends = await Promise.all(operations.map((operation) => outcome<unknown>(operation, patienceMs + 1000)))
        assert.ok(ends.every((end) => end.kind !== 'hangs'))
      } finally {
        await repair()
      }
    },
  },
  {
    name: 'it answers again within 5 s after the end',
    run: async ({ cache, key }, breakStore) => {
      const repair = await breakStore()
      await cache.get(key(), { signal: AbortSignal.timeout(patienceMs) }).catch(() => {})
      await repair()
      const end = performance.now() + 5000
      for (;;) {
        // An attempt at a time, as the client does: some stores come back in steps.
        const signal = AbortSignal.timeout(1000)
        const tried = await outcome(cache.compareAndSet(key(), undefined, 'there', hourMs, { signal }), 1500)
        if (tried.kind === 'resolved') return
        assert.ok(performance.now() < end, `after 5 s: ${tried.kind === 'rejected' ? String(tried.error) : tried.kind}`)
        await sleep(50)
      }
    },
  },
]
