import { SessionError } from './errors.ts'
import type { Exchange } from './exchange/exchange.ts'
import { createLayout, type FieldData, type Layout } from './layout.ts'
import type { Hold } from './exchange/session-source.ts'
import { operationOf } from './wire/parameters.ts'

/**
 * Several calls on one session: what stands between FMDataAPI's `startCommunication` and `endCommunication`. Others may use
 * the session in between; a renewal inside is not noticed.
 */
export interface Scope extends AsyncDisposable {
  layout<Fields = FieldData>(name: string): Layout<Fields>
  /** Lets the session go. Ending twice is harmless; calls after it are refused. `await using` does it by itself. */
  endCommunication(): Promise<void>
}

export function createScope(exchange: Exchange, hold: Hold, base: string, database: string): Scope {
  let ended = false
  const whileOpen: Exchange = async (call) => {
    if (!ended) return exchange(call)
    throw new SessionError('the scope has ended', { operation: operationOf(call.route), reason: 'closed' })
  }
  const endCommunication = async (): Promise<void> => {
    ended = true
    await hold.release()
  }
  return {
    layout: <Fields>(layout: string) => createLayout<Fields>(whileOpen, base, database, layout),
    endCommunication,
    [Symbol.asyncDispose]: endCommunication,
  }
}
