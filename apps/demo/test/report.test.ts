import { expect, test } from 'vitest'
import { faultsOf, reportText, type Results } from '../src/report.ts'
import type { RunFigures } from '../src/run.ts'
import { createTally } from '../src/tally.ts'

function figures(changes: Partial<RunFigures> = {}): RunFigures {
  const tally = createTally()
  tally.add([
    { kind: 'find', ms: 10, end: 'done' },
    { kind: 'create', ms: 30, end: 'settled' },
  ])
  const ended = { disconnected: 4, idledOut: 1 }
  return { seconds: 2, tally, logins: 6, sessions: 1, mostSessions: 1, ended, firstAnswerAtMs: 900, ...changes }
}

function results(changes: Partial<Results> = {}): Results {
  const both = { shared: figures(), loginPerCall: figures() }
  return { ...both, workers: 4, tasks: 4, sessions: 1, visitsLeft: 0, cacheFailures: 0, ...changes }
}

test('a settled write is no fault, and is told apart', () => {
  expect(faultsOf(results())).toEqual([])
  expect(reportText(results())).toMatch(/^settled after an unknown outcome \(1\) +1 +1$/m)
})

test('a failed call is a fault, with its reason', () => {
  const shared = figures()
  shared.tally.add([{ kind: 'get', ms: 1, end: 'failed', error: 'no such record' }])
  expect(faultsOf(results({ shared }))).toEqual(['shared: failed calls: 1', '  1 × get: no such record'])
})

test('a visit that nobody deleted is a fault', () => {
  expect(faultsOf(results({ visitsLeft: 1 }))).toEqual([expect.stringContaining('visits left behind: 1')])
})

test('too few ended sessions prove nothing', () => {
  const shared = figures({ ended: { disconnected: 4, idledOut: 0 } })
  expect(faultsOf(results({ shared }))).toEqual([expect.stringContaining('only 4 sessions')])
})

test('more sessions than agreed are a fault, unless the cache was away', () => {
  const shared = figures({ mostSessions: 2 })
  expect(faultsOf(results({ shared }))).toEqual(['sessions at the server: 2, not 1'])
  expect(faultsOf(results({ shared, cacheFailures: 1 }))).toEqual([])
})

test('no calls at all are a fault', () => {
  expect(faultsOf(results({ loginPerCall: figures({ tally: createTally() }) }))).toHaveLength(1)
})
