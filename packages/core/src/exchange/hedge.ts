import type { Time } from '../time.ts'
import type { WireResult } from '../wire/request.ts'
import { Part, type Stop, type Stoppable } from '../wire/stop.ts'
import type { Grant } from './session-source.ts'

/** A read without an answer that stands behind another call is asked again on another session after this time. */
const HEDGE_MS = 2_000
/**
 * One that stands behind none of this process may be slow by itself, and would be slow there, too: it is asked again after
 * this time, or half of what the call has, whichever is less.
 */
const HEDGE_ALONE_MS = 10_000

export interface Hedging {
  readonly grant: Grant
  readonly spare: () => Grant | undefined
  readonly send: (on: Grant, stop: Stoppable) => Promise<WireResult>
  readonly stop: Stop
  readonly time: Time
}

/**
 * Sends a read, and after a while sends it on another session as well, without giving up the first: the server works the
 * calls of one session off in turn, so a read may stand behind somebody's call that hangs for minutes, in whichever
 * process. The first whole answer counts. For reads only: what is done twice here must change nothing.
 */
export async function sendHedged({ grant, spare, send, stop, time }: Hedging): Promise<{
  readonly result: WireResult
  readonly grant: Grant
}> {
  return new Promise((resolve) => {
    const running = new Map<Part, Grant>()
    let callOff = (): void => {}
    const startedAt = time.now()
    const aloneMs = Math.min(HEDGE_ALONE_MS, stop.timeoutMs / 2)
    const lookMs = Math.min(HEDGE_MS, aloneMs)

    const start = (on: Grant): void => {
      const part = new Part()
      if (stop.reason !== undefined) part.stop(stop.reason)
      running.set(part, on)
      // `send` never rejects.
      void send(on, part).then((result) => finish(part, on, result))
    }
    const finish = (part: Part, on: Grant, result: WireResult): void => {
      if (!running.delete(part)) return
      // Without an answer the other one is waited for, as long as the call itself goes on.
      if (result.phase !== 'answered' && running.size > 0 && stop.reason === undefined) return on.release()
      callOff()
      stop.listen(undefined)
      for (const [other, its] of running) {
        other.stop({ by: 'timeout' })
        its.abandoned('outrun')
        its.release()
      }
      running.clear()
      // The caller releases its own grant; one that was borrowed here is released with it.
      if (on !== grant) on.release()
      resolve({ result, grant: on })
    }
    const hedge = (): void => {
      // A timer may fire a fraction of a millisecond early.
      const isDue = grant.isBehind() || time.now() - startedAt + 1 >= aloneMs
      const other = isDue ? spare() : undefined
      if (other === undefined) return void (callOff = time.after(lookMs, hedge))
      start(other)
    }

    stop.listen((reason) => {
      for (const part of running.keys()) part.stop(reason)
    })
    callOff = time.after(lookMs, hedge)
    start(grant)
  })
}
