import { checkCall, limitsOf, type CallOptions } from './call-options.ts'
import type { Exchange } from './exchange/call.ts'
import { pathOf, ROUTES } from './wire/parameters.ts'

/** A session as the server sees it. */
export interface SessionState {
  /** Whether a call is running on it. Undefined where the server does not tell: FileMaker Server 19.0. */
  readonly isSessionInUse?: boolean
}

export interface SessionCheck {
  /**
   * Asks the server about the session that the next call would use. Calls need no such question: one that meets a dead
   * session renews it by itself, and so does this one. It keeps a session from idling out, and in an exclusive scope it tells
   * whether the session with its state is still there.
   *
   * @throws {@link SessionLostError} in an exclusive scope whose session is gone and can't be restored.
   * @see Claris FileMaker Data API Guide, "Validate database session"
   */
  validateSession(options?: CallOptions): Promise<SessionState>
}

export function createSessionCheck(exchange: Exchange, base: string): SessionCheck {
  const path = base + pathOf(ROUTES.validateSession, {})
  return {
    validateSession: async (options = {}) => {
      checkCall('validateSession', options)
      const call = { route: ROUTES.validateSession, path, verb: 'read' as const }
      const { isSessionInUse } = await exchange({ ...call, ...limitsOf(options) })
      return typeof isSessionInUse === 'boolean' ? { isSessionInUse } : {}
    },
  }
}
