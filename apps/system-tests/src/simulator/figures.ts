import type { TrialResult } from './trial.ts'

/** What came of many seeds of one scenario. */
export interface Figures {
  readonly scenario: string
  seeds: number
  calls: number
  failed: number
  logins: number
  maxLive: number
  orphans: number
  scopes: number
  longestWaitMs: number
  cacheOperations: number
  events: number
  /** Time spent, of all workers together. */
  tookMs: number
  readonly broken: { readonly seed: number; readonly violations: readonly string[] }[]
}

export function noFigures(scenario: string): Figures {
  return {
    scenario,
    seeds: 0,
    calls: 0,
    failed: 0,
    logins: 0,
    maxLive: 0,
    orphans: 0,
    scopes: 0,
    longestWaitMs: 0,
    cacheOperations: 0,
    events: 0,
    tookMs: 0,
    broken: [],
  }
}

export function addTrial(figures: Figures, trial: TrialResult): void {
  const { seed, violations } = trial
  add(figures, {
    ...trial,
    scenario: figures.scenario,
    seeds: 1,
    broken: violations.length > 0 ? [{ seed, violations }] : [],
  })
}

export function add(figures: Figures, more: Figures): void {
  figures.seeds += more.seeds
  figures.calls += more.calls
  figures.failed += more.failed
  figures.logins += more.logins
  figures.maxLive = Math.max(figures.maxLive, more.maxLive)
  figures.orphans += more.orphans
  figures.scopes += more.scopes
  figures.longestWaitMs = Math.max(figures.longestWaitMs, more.longestWaitMs)
  figures.cacheOperations += more.cacheOperations
  figures.events += more.events
  figures.tookMs += more.tookMs
  figures.broken.push(...more.broken)
}

const COLUMNS: readonly [title: string, width: number, cell: (figures: Figures) => string | number][] = [
  ['seeds', 6, ({ seeds }) => seeds],
  ['calls', 9, ({ calls }) => calls],
  ['failed', 7, ({ failed }) => failed],
  ['logins', 7, ({ logins }) => logins],
  ['max live', 9, ({ maxLive }) => maxLive],
  ['orphans', 8, ({ orphans }) => orphans],
  ['scopes', 7, ({ scopes }) => scopes],
  ['longest wait', 13, ({ longestWaitMs }) => `${(longestWaitMs / 1_000).toFixed(1)} s`],
  ['cache/call', 11, ({ cacheOperations, calls }) => (cacheOperations / Math.max(1, calls)).toFixed(2)],
  ['events/s', 9, ({ events, tookMs }) => Math.round(events / Math.max(0.001, tookMs / 1_000))],
  ['broken', 7, ({ broken }) => broken.length],
]

export const TABLE_HEAD: string =
  'scenario'.padEnd(16) + COLUMNS.map(([title, width]) => title.padStart(width)).join('')

export function tableRow(figures: Figures): string {
  return figures.scenario.padEnd(16) + COLUMNS.map(([, width, cell]) => String(cell(figures)).padStart(width)).join('')
}

/** How to see a broken seed happen again. */
export function replayCommand(scenario: string, seed: number, mutant: string | undefined): string {
  const broken = mutant === undefined ? '' : ` --mutant ${mutant}`
  return `node --conditions=@fm/source apps/system-tests/src/simulate.ts ${scenario} --from ${seed} --trace${broken}`
}
