import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createChecker } from './checker.ts'
import * as faults from './faults.ts'
import { createLoad, usualLoad } from './load.ts'
import { USUAL, type Scenario } from './scenario.ts'
import { createStage } from './stage.ts'

export interface SoakResult {
  /** Of the heap in use, each after a simulated hour and a full collection. */
  readonly heapBytes: readonly number[]
  readonly calls: number
  readonly logins: number
  readonly violations: readonly string[]
}

const HOUR_MS = 3_600_000

const SOAK: Scenario = {
  ...USUAL,
  name: 'soak',
  about: 'a few processes for half a day, with all that goes wrong and nobody who begins anew',
  processes: [3, 3],
  shared: [2, 2],
  faultsMs: 12 * HOUR_MS,
  // Tokens come and go every few seconds: a set that keeps them would grow to thousands.
  faults: (stage) => {
    faults.killSessions(2_000, 8_000)(stage)
    faults.cacheOutages(stage, 120_000)
    faults.cacheLosses(20_000, 200_000)(stage)
    stage.cache.faults.loseAnswer = 0.02
    stage.cache.faults.twice = 0.02
    stage.server.faults.loseAnswer = 0.01
  },
  bounds: { live: 'known', orphans: 0 },
}

/** Plays half a day with the same processes, and weighs the heap every hour. */
export async function soak(seed: number): Promise<SoakResult> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const stage = createStage(SOAK, seed, false)
  const checker = createChecker(stage)
  for (let count = stage.random.whole(...SOAK.processes); count > 0; count--) stage.join()
  usualLoad(stage, createLoad(stage, checker))
  SOAK.faults?.(stage)
  const heapBytes: number[] = []
  for (let hour = 1; hour <= SOAK.faultsMs / HOUR_MS; hour++) {
    await stage.timeline.runUntil(hour * HOUR_MS)
    collect()
    heapBytes.push(process.memoryUsage().heapUsed)
  }
  const { figures, violations } = checker
  return { heapBytes, calls: figures.calls, logins: stage.server.logins, violations }
}
