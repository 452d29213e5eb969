// One run of the workers against the server, and its figures.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Emulator } from '@fm/emulator'
import { endSessions, type EndedSessions } from './administrator.ts'
import type { Crew } from './crew.ts'
import type { Job } from './messages.ts'
import { createTally, type Tally } from './tally.ts'

export interface RunOptions {
  readonly crew: Crew
  readonly emulator: Emulator
  readonly job: (worker: number) => Job
  readonly seconds: number
  /** How often all sessions are ended at the server. @defaultValue never */
  readonly endSessionsEveryMs?: number | undefined
  /** Where sessions are ended: the run goes on until there were so many, on a machine that is too slow for them. */
  readonly endAtLeast: number
  /** Calls that may be in flight at the same time. */
  readonly callsAtOnce: number
  /** Gets the figures so far, several times a second. */
  readonly show: (figures: RunFigures) => void
  /** Never resolves; rejects when there is no point in going on. */
  readonly interrupted: Promise<never>
}

export interface RunFigures {
  /** From the first order to the last answer. */
  readonly seconds: number
  readonly tally: Tally
  readonly logins: number
  readonly sessions: number
  /** Sessions that were seen at the server at the same time. */
  readonly mostSessions: number
  readonly ended: Readonly<EndedSessions>
  /** Milliseconds from the start of this program to the first answer. */
  readonly firstAnswerAtMs: number | undefined
}

export async function runWorkers(options: RunOptions): Promise<RunFigures> {
  const { crew, emulator, job, seconds, endSessionsEveryMs, endAtLeast, callsAtOnce, show, interrupted } = options
  const tally = createTally()
  const ended: EndedSessions = { disconnected: 0, idledOut: 0 }
  const loginsBefore = emulator.count(LOGIN)
  const startedAt = performance.now()
  let mostSessions = 0
  let firstAnswerAtMs: number | undefined
  const figures = (): RunFigures => {
    const sessions = emulator.sessions().length
    mostSessions = Math.max(mostSessions, sessions)
    const logins = emulator.count(LOGIN) - loginsBefore
    return {
      seconds: (performance.now() - startedAt) / 1_000,
      tally,
      logins,
      sessions,
      mostSessions,
      ended: { ...ended },
      firstAnswerAtMs,
    }
  }

  crew.work(job, (calls) => {
    firstAnswerAtMs ??= performance.now()
    tally.add(calls)
  })
  const watching = setInterval(() => show(figures()), WATCH_EVERY_MS)
  const over = new AbortController()
  const { signal } = over
  const disturbing = [endSessionsEveryMs]
    .filter((everyMs) => everyMs !== undefined)
    .map(async (everyMs) => {
      try {
        await endSessions({ emulator, crew, tally, everyMs, callsBetween: 3 * callsAtOnce, signal }, ended)
      } catch (error) {
        if (!signal.aborted) throw error
      }
    })
  const workedEnough = async (): Promise<void> => {
    await sleep(seconds * 1_000, undefined, { signal })
    if (endSessionsEveryMs === undefined) return
    const until = performance.now() + EXTRA_MS
    while (ended.disconnected + ended.idledOut < endAtLeast && tally.failed === 0 && performance.now() < until) {
      await sleep(50, undefined, { signal })
    }
  }
  try {
    await Promise.race([workedEnough(), interrupted, ...disturbing])
    over.abort()
    await Promise.all(disturbing)
    await Promise.race([crew.finish(), interrupted, overdue()])
    return figures()
  } finally {
    over.abort()
    clearInterval(watching)
  }
}

const LOGIN = 'POST /sessions'
const WATCH_EVERY_MS = 50
const EXTRA_MS = 60_000
/** A call may take a minute, and a round goes on to its end. */
const FINISH_MS = 90_000

async function overdue(): Promise<never> {
  await sleep(FINISH_MS, undefined, { ref: false })
  throw new Error(`the workers did not finish within ${FINISH_MS / 1_000} s`)
}
