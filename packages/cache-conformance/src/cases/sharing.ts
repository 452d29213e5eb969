import assert from 'node:assert/strict'
import type { Case } from '../case.ts'
import { hourMs, write } from './steps.ts'

/** Several cache objects on one store. */
export const sharing: readonly Case[] = [
  {
    name: 'two caches on one store see the same values',
    only: ['shared'],
    run: async ({ cache, another, key }) => {
      const other = another()
      await write(cache, key(), 'there')
      assert.equal((await other.get(key()))?.value, 'there')
    },
  },
  {
    name: 'a change is seen at once by a cache that had looked before',
    only: ['shared'],
    run: async ({ cache, another, key }) => {
      const other = another()
      await write(cache, key(), 'before')
      await other.get(key())
      await cache.compareAndSet(key(), 'before', 'after', hourMs)
      assert.equal((await other.get(key()))?.value, 'after')
    },
  },
  {
    name: 'a swap compares with what another cache has just written',
    only: ['shared'],
    run: async ({ cache, another, key }) => {
      const other = another()
      await write(cache, key(), 'before')
      await other.get(key())
      await cache.compareAndSet(key(), 'before', 'after', hourMs)
      assert.equal(await other.compareAndSet(key(), 'before', 'too late', hourMs), false)
    },
  },
]
