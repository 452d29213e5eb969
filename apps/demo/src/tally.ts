// What the workers did, added up.

import { CALL_KINDS, type CallKind, type CallReport } from './messages.ts'

export interface Tally {
  add(calls: readonly CallReport[]): void
  readonly total: number
  readonly failed: number
  readonly settled: number
  readonly byKind: ReadonlyMap<CallKind, number>
  /** Different errors of failed calls, with how often each was met. */
  readonly errors: ReadonlyMap<string, number>
  /** Milliseconds that the given part of the calls took at the most: 0.5 is the median. 0 without calls. */
  percentile(part: number): number
}

export function createTally(): Tally {
  const byKind = new Map<CallKind, number>(CALL_KINDS.map((kind) => [kind, 0]))
  const errors = new Map<string, number>()
  const durations: number[] = []
  let failed = 0
  let settled = 0
  return {
    add: (calls) => {
      for (const { kind, ms, end, error } of calls) {
        durations.push(ms)
        byKind.set(kind, (byKind.get(kind) ?? 0) + 1)
        if (end === 'settled') settled += 1
        if (end !== 'failed') continue
        failed += 1
        const text = `${kind}: ${error ?? 'no reason given'}`
        errors.set(text, (errors.get(text) ?? 0) + 1)
      }
    },
    get total() {
      return durations.length
    },
    get failed() {
      return failed
    },
    get settled() {
      return settled
    },
    byKind,
    errors,
    percentile: (part) => {
      const sorted = durations.toSorted((one, other) => one - other)
      return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
    },
  }
}
