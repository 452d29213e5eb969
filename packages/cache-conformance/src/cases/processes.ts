import assert from 'node:assert/strict'
import type { SessionCache } from '@fm/core'
import type { Case } from '../case.ts'
import { sleep, write } from './steps.ts'

/** Several processes on one store, some of them killed. */
export const processes: readonly Case[] = [
  {
    name: 'another process sees what this one wrote',
    only: ['shared'],
    run: async ({ cache, key, startChild }) => {
      const child = await startChild()
      await write(cache, key(), 'there')
      assert.equal((await child.follow({ kind: 'get', key: key() })).value, 'there')
    },
  },
  {
    name: 'of the swaps of many processes each has one winner, and none is lost',
    only: ['shared', 'atomic'],
    run: async ({ cache, key, startChild }) => {
      const children = await Promise.all([startChild(), startChild(), startChild(), startChild()])
      const order = { kind: 'count', key: key(), forMs: 700 } as const
      const reports = await Promise.all(children.map((child) => child.follow(order)))
      assert.deepEqual([...new Set(reports.flatMap((report) => report.errors))], [])
      const won = reports.flatMap((report) => report.won)
      assert.ok(won.length > 0, 'nobody won a single swap')
      assert.equal(new Set(won).size, won.length, 'a swap had two winners')
      assert.equal(await countIn(cache, key()), won.length, 'the last count is not the number of winners')
    },
  },
  {
    name: 'a process killed in the middle of a swap has made it or has not, and holds up nobody',
    only: ['shared', 'atomic'],
    run: async ({ cache, key, startChild }) => {
      const survivors = await Promise.all([startChild(), startChild()])
      const reports = survivors.map((child) => child.follow({ kind: 'count', key: key(), forMs: 2000 }))
      const killed = []
      for (let kill = 0; kill < 6; kill += 1) {
        const child = await startChild()
        // It never reports: its end is not of its own choosing.
        child.follow({ kind: 'count', key: key(), forMs: 60_000 }).catch(() => {})
        await sleep(10 + Math.random() * 40)
        await child.kill()
        killed.push(child)
      }
      const finished = await Promise.all(reports)
      assert.deepEqual([...new Set(finished.flatMap((report) => report.errors))], [])
      const won = [...finished.flatMap((report) => report.won), ...killed.flatMap((child) => child.won)]
      assert.equal(new Set(won).size, won.length, 'a swap had two winners')
      const count = await countIn(cache, key())
      // Killed between its swap and its word about it, a process has won without our knowing.
      assert.ok(count >= won.length && count <= won.length + killed.length, `${won.length} winners counted to ${count}`)
      const late = await Promise.all(survivors.map((child) => child.follow({ kind: 'count', key: key(), forMs: 100 })))
      assert.ok(
        late.some((report) => report.won.length > 0),
        'after the kills nobody won a swap',
      )
    },
  },
]

async function countIn(cache: SessionCache, key: string): Promise<number> {
  return Number((await cache.get(key))?.value.split(' ')[0])
}
