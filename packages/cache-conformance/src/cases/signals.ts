import assert from 'node:assert/strict'
import type { Case } from '../case.ts'
import { hourMs, write } from './steps.ts'

export const signals: readonly Case[] = [
  {
    name: 'get rejects when its signal is aborted',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there')
      await assert.rejects(cache.get(key(), { signal: AbortSignal.abort() }))
    },
  },
  {
    name: 'compareAndSet rejects when its signal is aborted',
    run: async ({ cache, key }) => {
      await assert.rejects(cache.compareAndSet(key(), undefined, 'next', hourMs, { signal: AbortSignal.abort() }))
    },
  },
  {
    name: 'compareAndSet changes nothing when its signal was aborted before',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there')
      await cache.compareAndSet(key(), 'there', 'next', hourMs, { signal: AbortSignal.abort() }).catch(() => {})
      assert.equal((await cache.get(key()))?.value, 'there')
    },
  },
  {
    name: 'a signal that is never aborted disturbs nothing',
    run: async ({ cache, key }) => {
      const { signal } = new AbortController()
      assert.ok(await cache.compareAndSet(key(), undefined, 'there', hourMs, { signal }))
      assert.equal((await cache.get(key(), { signal }))?.value, 'there')
    },
  },
]
