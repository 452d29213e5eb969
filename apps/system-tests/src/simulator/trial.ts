import { createChecker, type CheckedFigures } from './checker.ts'
import { createLoad, usualLoad } from './load.ts'
import type { Scenario } from './scenario.ts'
import { createStage } from './stage.ts'

/** What came of one seed. */
export interface TrialResult extends CheckedFigures {
  readonly seed: number
  readonly violations: readonly string[]
  readonly logins: number
  readonly events: number
  readonly cacheOperations: number
  readonly scopes: number
  readonly tookMs: number
}

/** Plays a scenario once: trouble, quiet, and a look at what is left. */
export async function runTrial(scenario: Scenario, seed: number, trace: boolean): Promise<TrialResult> {
  const began = performance.now()
  const stage = createStage(scenario, seed, trace)
  const { timeline, server, cache } = stage
  const checker = createChecker(stage)
  const onRejection = (reason: unknown): void => checker.violate('W4', `unhandled rejection: ${String(reason)}`)
  process.on('unhandledRejection', onRejection)
  try {
    const load = createLoad(stage, checker)
    for (let count = stage.random.whole(...scenario.processes); count > 0; count--) stage.join()
    ;(scenario.load ?? usualLoad)(stage, load)
    scenario.faults?.(stage)
    await timeline.runUntil(scenario.faultsMs)
    stage.phase = 'quiet'
    stage.note('quiet')
    Object.assign(cache.faults, { down: false, loseAnswer: 0, late: 0, twice: 0, slowMs: 0 })
    cache.faults.unreachableFrom.clear()
    Object.assign(server.faults, { down: false, loseLogin: 0, failLogin: 0, slowLogin: 0, loseAnswer: 0, hang: 0 })
    server.held = 0
    await timeline.runUntil(scenario.faultsMs + scenario.quietMs)
    stage.phase = 'over'
    await timeline.runUntil(scenario.faultsMs + scenario.quietMs + scenario.callMs + 1_000)
    checker.conclude(load.underWay)
    await new Promise((resolve) => setImmediate(resolve))
  } finally {
    process.off('unhandledRejection', onRejection)
  }
  return {
    seed,
    ...checker.figures,
    violations: checker.violations,
    logins: server.logins,
    events: timeline.events,
    cacheOperations: cache.operations,
    scopes: stage.counts.get('scopes') ?? 0,
    tookMs: performance.now() - began,
  }
}
