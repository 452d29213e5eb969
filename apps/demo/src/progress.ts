// What is shown while a run goes on.

import type { RunFigures } from './run.ts'

/** For a terminal. */
export function progressLines(title: string, figures: RunFigures, seconds: number): readonly string[] {
  const { tally, logins, sessions, ended } = figures
  const kinds = [...tally.byKind].map(([kind, count]) => `${kind} ${count}`)
  return [
    title,
    `  ${bar(figures.seconds / seconds)} ${Math.min(figures.seconds, seconds).toFixed(1)} of ${seconds} s`,
    `  calls     ${tally.total}: ${kinds.join(', ')}`,
    `  failed    ${tally.failed}`,
    `  logins    ${logins}`,
    `  sessions  ${sessions} at the server; ended there so far: ${endedText(ended)}`,
  ]
}

/** For a log. */
export function progressLine(figures: RunFigures, seconds: number): string {
  const { tally, logins, sessions, ended } = figures
  const counts = `${tally.total} calls, ${tally.failed} failed, ${logins} logins, sessions at the server: ${sessions}`
  return `${Math.min(figures.seconds, seconds).toFixed(0)} of ${seconds} s: ${counts}, ended there: ${endedText(ended)}`
}

export function endedText({ disconnected, idledOut }: RunFigures['ended']): string {
  const total = disconnected + idledOut
  return total === 0 ? '0' : `${total} (${disconnected} disconnected, ${idledOut} idled out)`
}

function bar(part: number): string {
  const full = Math.round(Math.min(1, part) * BAR_WIDTH)
  return '█'.repeat(full) + '░'.repeat(BAR_WIDTH - full)
}

const BAR_WIDTH = 30
