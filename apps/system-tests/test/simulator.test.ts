import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Figures } from '../src/simulator/figures.ts'

// The simulator turns core's inside, which only the sources show. FM_TEST_DIST=1 has nothing to turn.
const isSource = process.env.FM_TEST_DIST !== '1'
const isFull = process.env.FM_TEST_FULL === '1'
const HOURS = 3_600_000

if (isSource) {
  const { replayCommand, TABLE_HEAD, tableRow } = await import('../src/simulator/figures.ts')
  const { play, playInParallel } = await import('../src/simulator/runs.ts')
  const { SCENARIOS } = await import('../src/simulator/scenarios.ts')

  describe('in every scenario each promise is kept', () => {
    const outcomes = new Map(SCENARIOS.map(({ name }) => [name, Promise.withResolvers<Figures>()]))

    beforeAll(() => {
      const runs = SCENARIOS.map(({ name }) => ({
        scenario: name,
        from: 1,
        to: isFull ? 10_000 : name === 'cold' ? 4 : 16,
      }))
      const fail = (error: unknown): void => {
        for (const { reject } of outcomes.values()) reject(error)
      }
      for (const { promise } of outcomes.values()) promise.catch(() => {})
      playInParallel(runs, availableParallelism(), (figures) => outcomes.get(figures.scenario)?.resolve(figures)).catch(
        fail,
      )
      if (isFull) process.stdout.write(`${TABLE_HEAD}\n`)
    })

    test.each(SCENARIOS.map(({ name, about }) => [name, about]))(
      '%s: %s',
      async (name) => {
        const figures = await outcomes.get(name)?.promise
        if (figures === undefined) throw new Error(`there is no scenario ${name}`)
        if (isFull) process.stdout.write(`${tableRow(figures)}\n`)
        const broken = figures.broken.map(({ seed, violations }) => [
          violations[0],
          replayCommand(name, seed, undefined),
        ])
        expect(broken).toEqual([])
        expect(figures.calls).toBeGreaterThan(0)
      },
      isFull ? 12 * HOURS : 150_000,
    )
  })

  test('a seed happens again as it happened before', async () => {
    const run = { scenario: 'chaos', from: 7, to: 7 }
    const [first, second] = [await play(run, false, 1), await play(run, false, 1)]
    expect({ ...second, tookMs: 0 }).toEqual({ ...first, tookMs: 0 })
  })

  // What the simulator found, by the seed that showed it.
  test.each([
    ['partitions', 7, 'a call is not lost while the one local session stands in another slot'],
    ['cap', 16, 'a search that has waited for a full server opens no session besides the one being opened'],
    ['ending', 1, 'a token leaves the record before it is ended with all others'],
    ['exclusive-chaos', 3, 'a scope’s session is ended again when the server did not answer'],
    ['exclusive-chaos', 4, 'a holder’s heartbeat keeps the token in the record that could not be written at first'],
    ['closing', 38, 'a process closes only after the sessions that it was about to end'],
  ])('%s, seed %i: %s', async (scenario, seed) => {
    const { broken } = await play({ scenario, from: seed, to: seed }, false, 1)
    expect(broken).toEqual([])
  })

  test('half a day of killed sessions and cache failures leaves the heap level', { timeout: 120_000 }, async () => {
    const heapBytes = (await soak()).heapBytes
    const [, afterTwoHours = 0] = heapBytes
    expect(heapBytes).toHaveLength(12)
    expect((heapBytes.at(-1) ?? Infinity) - afterTwoHours).toBeLessThan(1_000_000)
  })
} else {
  test.skip('the simulator runs on sources only, not on dist', () => {})
}

/** In a process of its own: nothing else is in that heap. */
function soak(): Promise<{ readonly heapBytes: readonly number[] }> {
  const command = fileURLToPath(new URL('../src/simulate.ts', import.meta.url))
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--conditions=@fm/source', command, '--soak'], (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout) as { heapBytes: number[] })
      else reject(error)
    })
  })
}
