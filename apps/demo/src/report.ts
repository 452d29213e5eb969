// What the demo says at its end, and whether all went well.

import { CALL_KINDS } from './messages.ts'
import { endedText } from './progress.ts'
import type { RunFigures } from './run.ts'
import { CREDITS } from './sources.ts'

export interface Results {
  readonly shared: RunFigures
  readonly loginPerCall: RunFigures
  readonly workers: number
  readonly tasks: number
  /** `sessions.shared` of the first run. */
  readonly sessions: number
  /** Visits that nobody deleted: a write was done twice, or not at all. */
  readonly visitsLeft: number
  readonly cacheFailures: number
}

/** So many sessions must have been ended under the workers before the demo may say that they did not notice. */
export const ENOUGH_ENDED = 5

/** Everything that must not be. Empty when all went well. */
export function faultsOf({ shared, loginPerCall, sessions, visitsLeft, cacheFailures }: Results): readonly string[] {
  const faults: string[] = []
  for (const [run, { tally }] of [
    ['shared', shared],
    ['login for each call', loginPerCall],
  ] as const) {
    if (tally.total === 0) faults.push(`${run}: no call was made`)
    if (tally.failed > 0) faults.push(`${run}: failed calls: ${tally.failed}`)
    for (const [error, count] of [...tally.errors].slice(0, 5)) faults.push(`  ${count} × ${error}`)
  }
  if (visitsLeft > 0) faults.push(`visits left behind: ${visitsLeft}; a write was done twice, or not at all`)
  // With the cache away each worker may open one of its own (`degraded.localSessions`), and the report says so.
  if (cacheFailures === 0 && shared.mostSessions > sessions) {
    faults.push(`sessions at the server: ${shared.mostSessions}, not ${sessions}`)
  }
  const endedCount = shared.ended.disconnected + shared.ended.idledOut
  if (endedCount < ENOUGH_ENDED) faults.push(`only ${endedCount} sessions were ended meanwhile: that proves nothing`)
  return faults
}

export function reportText(results: Results): string {
  const { shared, loginPerCall, workers, tasks, sessions, visitsLeft, cacheFailures } = results
  const runs = [shared, loginPerCall]
  const row = (label: string, value: (figures: RunFigures) => string): string =>
    label.padEnd(38) + runs.map((figures) => value(figures).padStart(17)).join('')
  const number = (value: number): string => Math.round(value).toLocaleString('en')
  const milliseconds = (part: number) => (figures: RunFigures) => `${figures.tally.percentile(part).toFixed(0)} ms`
  const sharedHead = sessions === 1 ? 'one session' : `${sessions} sessions`
  const lines = [
    `${workers} worker processes, ${tasks} tasks each`,
    '',
    ''.padEnd(38) + sharedHead.padStart(17) + 'login per call'.padStart(17),
    row('ran for', ({ seconds }) => `${seconds.toFixed(1)} s`),
    row('calls', ({ tally }) => number(tally.total)),
    ...CALL_KINDS.map((kind) => row(`  ${kind}`, ({ tally }) => number(tally.byKind.get(kind) ?? 0))),
    row('failed calls', ({ tally }) => number(tally.failed)),
    row('settled after an unknown outcome (1)', ({ tally }) => number(tally.settled)),
    row('calls per second', ({ seconds, tally }) => (tally.total / seconds).toFixed(0)),
    row('median of a call', milliseconds(0.5)),
    row('99th percentile of a call', milliseconds(0.99)),
    row('logins', ({ logins }) => number(logins)),
    row('sessions at the server, at most', ({ mostSessions }) => number(mostSessions)),
    row('sessions ended there meanwhile', ({ ended }) => number(ended.disconnected + ended.idledOut)),
    '',
    `Sessions ended at the server: ${endedText(shared.ended)}. Visits left behind: ${visitsLeft}.`,
    `The first answer came ${((shared.firstAnswerAtMs ?? 0) / 1_000).toFixed(1)} s after the start of the program.`,
    ...(cacheFailures > 0 ? [`The cache failed ${cacheFailures} times; calls went on without it.`] : []),
    '',
    '(1) An administrator closed the session under a running write. The server may or may not have done it, so core does',
    '    not repeat it; the worker looked for its record, by a key of its own, and did what was missing.',
    'Nobody ends sessions in the second run. A login costs the emulated server next to nothing, unlike a real one.',
    '',
    ...CREDITS,
  ]
  return lines.map((line) => line.trimEnd()).join('\n')
}
