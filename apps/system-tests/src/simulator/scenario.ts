import type { Seal } from '@fm/core/simulation'
import type { SimulatedCacheOptions } from './cache.ts'
import type { Load } from './load.ts'
import type { ScenarioName } from './scenario-names.ts'
import type { Stage } from './stage.ts'

/** What is played: who calls how often, and what goes wrong meanwhile. */
export interface Scenario {
  readonly name: ScenarioName | 'soak'
  readonly about: string
  readonly accounts: readonly string[]
  readonly processes: readonly [least: number, most: number]
  readonly shared: readonly [least: number, most: number]
  readonly exclusive: readonly [least: number, most: number]
  /** How long things go wrong. */
  readonly faultsMs: number
  /** How long they have to get right again. */
  readonly quietMs: number
  readonly callMs: number
  readonly end: 'never' | 'own'
  readonly cache: Partial<SimulatedCacheOptions>
  readonly password?: string
  readonly seal?: (account: string) => Seal
  /** What calls; the usual load when left out. */
  readonly load?: (stage: Stage, load: Load) => void
  readonly faults?: (stage: Stage) => void
  readonly bounds: Bounds
}

/** What is promised in a scenario, beyond what always is. */
export interface Bounds {
  /**
   * `slots`: no session beyond the slots, but those that a frozen process, a crash or a lost login answer explains;
   * `listed`: and those that a record lists to be ended; `known`: as many as somebody knows, and no process has more than its
   * share for itself.
   */
  readonly live: 'slots' | 'listed' | 'known'
  /** How many sessions may end up known to nobody, besides those that a double fault explains. */
  readonly orphans: number
  /** Whether reads that stand behind a call that hangs get their answer from another session. */
  readonly readsPassHung?: true
  /** The longest wait of a call beyond what the server works on it and on those before it. */
  readonly waitMs?: number
}

/** An hour's worth of trouble in some minutes. */
export const USUAL: Omit<Scenario, 'name' | 'about'> = {
  accounts: ['A', 'B'],
  processes: [2, 6],
  shared: [1, 2],
  exclusive: [0, 0],
  faultsMs: 600_000,
  quietMs: 420_000,
  callMs: 60_000,
  end: 'never',
  cache: {},
  bounds: { live: 'slots', orphans: 0 },
}
