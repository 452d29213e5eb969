// Who ends the workers' sessions at the server.

import { setTimeout as sleep } from 'node:timers/promises'
import type { Emulator } from '@fm/emulator'
import type { Crew } from './crew.ts'
import type { Tally } from './tally.ts'

/** How many sessions ended before their time, and how. */
export interface EndedSessions {
  /** Closed by an administrator with calls under way: the running one is answered 112, all others 952. */
  disconnected: number
  /** Closed by the server after 15 minutes without a call, which the emulator's clock jumps over. */
  idledOut: number
}

export interface EndSessionsOptions {
  readonly emulator: Emulator
  readonly crew: Crew
  readonly tally: Tally
  readonly everyMs: number
  /** Calls that must have come through since the last time. */
  readonly callsBetween: number
  readonly signal: AbortSignal
}

/**
 * Ends all sessions now and then, every third time by letting them idle out, until the signal.
 *
 * Never before all calls that were in flight the last time are through: the same read would be hit twice, and core
 * repeats one once only. No administrator is that quick, but a slow machine may be that slow.
 */
export async function endSessions(options: EndSessionsOptions, ended: EndedSessions): Promise<void> {
  const { emulator, crew, tally, everyMs, callsBetween, signal } = options
  const wait = (ms: number): Promise<void> => sleep(ms, undefined, { signal })
  for (let times = 1; ; times += 1) {
    const callsBefore = tally.total
    await wait(everyMs)
    while (tally.total < callsBefore + callsBetween) await wait(10)
    if (times % 3 === 0) ended.idledOut += await letIdleOut(emulator, crew)
    else ended.disconnected += await disconnect(emulator, wait)
  }
}

async function disconnect(emulator: Emulator, wait: (ms: number) => Promise<void>): Promise<number> {
  // The emulator works most calls off in one go, so that nothing can happen in the middle of one: for this moment calls
  // take a little longer.
  const slow = emulator.fault({ do: { delayMs: 5 } })
  try {
    await wait(100)
    // There is none for the moment that a login takes.
    while (!emulator.sessions().some(({ inUse }) => inUse)) await wait(5)
    return emulator.killSessions()
  } finally {
    slow[Symbol.dispose]()
  }
}

const IDLE_MS = 15 * 60_000

async function letIdleOut(emulator: Emulator, crew: Crew): Promise<number> {
  await crew.pause()
  const before = emulator.sessions().length
  emulator.advance(IDLE_MS)
  const idledOut = before - emulator.sessions().length
  crew.resume()
  return idledOut
}
