import assert from 'node:assert/strict'
import type { SessionCache } from '@fm/core'
import type { Case } from '../case.ts'
import { hourMs, write } from './steps.ts'

/** Many at once, in one process and through one cache object. */
export const contention: readonly Case[] = [
  {
    name: 'of many that write where nothing is, exactly one is told true',
    only: ['atomic'],
    run: async ({ cache, key }) => {
      assert.equal((await winners(cache, key(), undefined)).length, 1)
    },
  },
  {
    name: 'of many that replace one value, exactly one is told true',
    only: ['atomic'],
    run: async ({ cache, key }) => {
      await write(cache, key(), 'start')
      assert.equal((await winners(cache, key(), 'start')).length, 1)
    },
  },
  {
    name: 'of many that delete one value, exactly one is told true',
    only: ['atomic'],
    run: async ({ cache, key }) => {
      await write(cache, key(), 'start')
      const swaps = Array.from({ length: 50 }, () => cache.compareAndSet(key(), 'start', undefined, hourMs))
      assert.equal((await Promise.all(swaps)).filter(Boolean).length, 1)
    },
  },
  {
    name: 'of many at once, the one whose value stays was told true',
    only: ['weak'],
    run: async ({ cache, key }) => {
      const told = await winners(cache, key(), undefined)
      const stays = (await cache.get(key()))?.value
      assert.ok(stays !== undefined && told.includes(stays), `${stays} stays, and was told false`)
    },
  },
]

/** The values of those who were told that theirs is written. */
async function winners(cache: SessionCache, key: string, expected: string | undefined): Promise<string[]> {
  const values = Array.from({ length: 50 }, (_, index) => `by ${index}`)
  const told = await Promise.all(values.map((value) => cache.compareAndSet(key, expected, value, hourMs)))
  return values.filter((_, index) => told[index])
}
