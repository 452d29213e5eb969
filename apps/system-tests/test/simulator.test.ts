import { execFile } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { replayCommand, TABLE_HEAD, tableRow, type Figures } from '../src/simulator/figures.ts'
import { SCENARIO_NAMES, type ScenarioName } from '../src/simulator/scenario-names.ts'

const isFull = process.env.FM_TEST_FULL === '1'
const FULL_MS = 12 * 3_600_000

// The simulator turns core's inside, which only its sources show.
describe.skipIf(process.env.FM_TEST_DIST === '1')('the simulator', () => {
  const outcomes = new Map(SCENARIO_NAMES.map((name) => [name as string, Promise.withResolvers<Figures>()]))

  beforeAll(async () => {
    const { playInParallel } = await import('../src/simulator/runs.ts')
    const runs = SCENARIO_NAMES.map((scenario) => ({ scenario, from: 1, to: seedsOf(scenario) }))
    for (const { promise } of outcomes.values()) promise.catch(() => {})
    playInParallel(runs, availableParallelism(), (figures) => {
      if (isFull) process.stdout.write(`${tableRow(figures)}\n`)
      outcomes.get(figures.scenario)?.resolve(figures)
    }).catch((error: unknown) => {
      for (const { reject } of outcomes.values()) reject(error)
    })
    if (isFull) process.stdout.write(`${TABLE_HEAD}\n`)
  })

  test.each(SCENARIO_NAMES)(
    'finds each promise kept: %s',
    async (scenario) => {
      const figures = await outcomes.get(scenario)?.promise
      const broken = figures?.broken.map(({ seed, violations }) => [
        violations[0],
        replayCommand(scenario, seed, undefined),
      ])
      expect(broken).toEqual([])
      expect(figures?.calls).toBeGreaterThan(0)
    },
    isFull ? FULL_MS : 150_000,
  )

  test('plays every scenario that there is', async () => {
    const { SCENARIOS } = await import('../src/simulator/scenarios.ts')
    expect(SCENARIOS.map(({ name }) => name)).toEqual(SCENARIO_NAMES)
  })

  test('plays a seed again as it was played before', async () => {
    const { play } = await import('../src/simulator/runs.ts')
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
    ['cold-few', 107, 'a session is not replaced for being busy'],
    ['no-ttl', 647, 'a session of its own that was doubted is ended when another takes its place'],
  ])('found in %s, seed %i, that %s', async (scenario, seed) => {
    const { play } = await import('../src/simulator/runs.ts')
    const { broken } = await play({ scenario, from: seed, to: seed }, false, 1)
    expect(broken).toEqual([])
  })

  test(
    'finds the heap level after half a day of killed sessions and cache failures',
    { timeout: 120_000 },
    async () => {
      const { heapBytes } = await soak()
      const [, afterTwoHours = 0] = heapBytes
      expect(heapBytes).toHaveLength(12)
      expect((heapBytes.at(-1) ?? Infinity) - afterTwoHours).toBeLessThan(700_000)
    },
  )
})

/** A thousand processes count for more than a few. */
function seedsOf(scenario: ScenarioName): number {
  if (isFull) return 10_000
  return scenario === 'cold' || scenario === 'stampede' ? 4 : 16
}

/** In a process of its own: nothing else is in that heap. */
function soak(): Promise<{ readonly heapBytes: readonly number[] }> {
  const command = fileURLToPath(new URL('../src/simulate.ts', import.meta.url))
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--conditions=@fm/source', command, '--soak'], (error, stdout) => {
      if (error instanceof Error) reject(error)
      else resolve(JSON.parse(stdout) as { heapBytes: number[] })
    })
  })
}
