import type { Account } from './account.ts'
import type { Exchange, ExchangeParts } from './exchange/call.ts'
import { createExchange, openSession } from './exchange/exchange.ts'
import type { ExclusiveSession } from './exchange/session-source.ts'
import { createExclusiveSource } from './session/exclusive-source.ts'
import { operationOf } from './wire/parameters.ts'
import { withStop, type Stop } from './wire/stop.ts'

export interface ExclusiveCallsParts {
  readonly parts: ExchangeParts
  /** How many exclusive sessions there may be. */
  readonly exclusive: number
  readonly withSessions: Account['withSessions']
}

/** Makes each call on a session of its own, which is ended behind it: nobody meets what the call's scripts leave there. */
export function createExclusiveCalls({ parts, exclusive, withSessions }: ExclusiveCallsParts): Exchange {
  return async (call) => {
    if (exclusive === 0) throw new TypeError("scripts: 'exclusive' needs sessions.exclusive, which is 0")
    const { signal, timeoutMs = parts.timeoutMs, timeouts } = call
    const startedAt = parts.time.now()
    const operation = operationOf(call.route)
    const leftMs = (): number => Math.max(1, Math.ceil(timeoutMs - (parts.time.now() - startedAt)))
    const takeWithin = (stop: Stop): Promise<ExclusiveSession> =>
      withSessions(stop, (coordinator) => coordinator.exclusive(stop))
    // Within the call, which tells in an error of its own why there is none, and what it has done before.
    const takeAnother = (): Promise<ExclusiveSession> => withStop(parts.time, leftMs(), takeWithin)
    // From here on: a client that is closed waits for calls that wait for a session, as it does for others.
    const leave = parts.underWay?.enter()
    try {
      const limits = { signal, timeoutMs: leftMs(), timeouts }
      const session = await openSession(parts, limits, operation, takeWithin)
      const source = createExclusiveSource(session, {
        canRestore: () => true,
        take: takeAnother,
        bring: async () => {},
      })
      try {
        return await createExchange({ ...parts, sessions: () => source })({ ...call, timeoutMs: leftMs() })
      } finally {
        // The caller has its answer and need not wait for the logout; the closing of the client does.
        source.end().catch(() => {})
      }
    } finally {
      leave?.()
    }
  }
}
