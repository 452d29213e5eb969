import type { Stop } from '../wire/stop.ts'
import type { LoginFailure } from './sign-in.ts'

/** Where calls get their sessions from. The session floor gives one. */
export interface SessionSource {
  /**
   * A session for one call. At once where one is open; else as soon as one is found.
   *
   * @throws {@link NoSession}, {@link NoTurn}, or `Stopped` when the call is stopped before.
   */
  acquire(stop: Stop, wish?: Wish): Grant | Promise<Grant>
  /** Another session than the grant's, where one is open and nothing blocks it; at once or not at all. */
  spare?(besides: Grant): Grant | undefined
  /** Logins for these sessions that failed since then, whoever waited for them. */
  failedLogins?(sinceMs: number): readonly FailedLogin[]
}

/** A login that brought no session. */
export interface FailedLogin {
  /** By the clock of the process. */
  readonly at: number
  /** As in `attempts` of an error. */
  readonly result: string
}

export interface Wish {
  /** Only this slot. */
  readonly slot?: number
}

/** One call's use of a session. Say what came of it, then release it, once. */
export interface Grant {
  readonly token: string
  /** The token is a proxy's key, and no session is known here. @defaultValue false */
  readonly isProxyKey?: boolean
  /** Whether an older call of this process is in flight on the same session. */
  readonly isBehind: () => boolean
  answered(): void
  refused(): void
  doubted(): void
  /** It got no answer in its time, or another session answered sooner (`outrun`); it may still run at the server. */
  abandoned(because: 'timeout' | 'outrun'): void
  release(): void
}

/** A session that one scope has to itself. */
export interface ExclusiveSession {
  /** Undefined once the session is lost. */
  readonly token: string | undefined
  /** The server refused the token. */
  refused(token: string): void
  /** Its state is lost; the session may live on, and has to be ended. */
  doubted(token: string): void
  /** Opens a new session in the same slot. False when the slot is not ours any more. */
  renew(): Promise<boolean>
  /** A call begins on the session; it is over when what is returned is called. */
  enter(): () => void
  /** Once its calls are over, ends the session and lets the slot go. Ending twice is harmless. */
  end(): Promise<void>
}

/** What the search for a session rejects with. Callers are told in an error of their own, which names their operation. */
export class NoSession extends Error {
  readonly failure: LoginFailure

  constructor(failure: LoginFailure) {
    super(failure.is)
    this.failure = failure
  }
}

/** Why a call gets no session at all. Callers are told in an error of their own, which names their operation. */
export class NoTurn extends Error {
  readonly why: 'closed' | 'queue full' | 'line full' | 'all taken' | 'session lost' | 'token dead'

  constructor(why: NoTurn['why']) {
    super(why)
    this.why = why
  }
}
