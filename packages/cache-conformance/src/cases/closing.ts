import assert from 'node:assert/strict'
import type { Case } from '../case.ts'
import { hourMs, outcome, write } from './steps.ts'

const limitMs = 1500

export const closing: readonly Case[] = [
  {
    name: 'close resolves, used or not, and again',
    only: ['closable'],
    run: async ({ cache, another, key }) => {
      const unused = another()
      await write(cache, key(), 'there')
      for (const closed of [cache, unused, cache]) {
        assert.equal((await outcome(closed.close?.() ?? Promise.resolve(), 5000)).kind, 'resolved')
      }
    },
  },
  {
    name: 'after close an operation does not hang',
    only: ['closable'],
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there')
      await cache.close?.()
      const looked = await outcome(cache.get(key(), { signal: AbortSignal.timeout(250) }), limitMs)
      assert.notEqual(looked.kind, 'hangs')
    },
  },
  {
    name: 'after close an operation rejects, or tells the truth',
    only: ['closable', 'shared'],
    run: async ({ cache, another, key }) => {
      const other = another()
      await write(cache, key(), 'there')
      await cache.close?.()
      const options = { signal: AbortSignal.timeout(250) }
      const looked = await outcome(cache.get(key(), options), limitMs)
      if (looked.kind === 'resolved') assert.equal(looked.result?.value, 'there')
      const swapped = await outcome(cache.compareAndSet(key(), 'there', 'next', hourMs, options), limitMs)
      const value = (await other.get(key()))?.value
      if (swapped.kind === 'resolved') assert.equal(value, swapped.result ? 'next' : 'there')
    },
  },
  {
    name: 'closing ends operations that are under way',
    only: ['closable'],
    run: async ({ cache, key }) => {
      const underWay = [cache.get(key()), cache.compareAndSet(key(), undefined, 'there', hourMs)]
      const ends = underWay.map((operation) => outcome<unknown>(operation, limitMs))
      await cache.close?.()
      assert.ok((await Promise.all(ends)).every((end) => end.kind !== 'hangs'))
    },
  },
  {
    name: 'closing one cache leaves the others on the same store alone',
    only: ['closable', 'shared'],
    run: async ({ cache, another, key }) => {
      const other = another()
      await write(other, key(), 'there')
      await cache.get(key())
      await cache.close?.()
      assert.equal((await other.get(key()))?.value, 'there')
      assert.ok(await other.compareAndSet(key(), 'there', 'next', hourMs))
    },
  },
]
