import type { Stop } from '../wire/stop.ts'
import type { LoginFailure } from './sign-in.ts'

/** Where calls get their sessions from. The floor above is one. */
export interface SessionSource {
  /**
   * A session for one call. At once where one is open; else as soon as one is found.
   *
   * @throws {@link NoSession}, {@link NoTurn}, or `Stopped` when the call is stopped before.
   */
  acquire(stop: Stop, wish?: Wish): Grant | Promise<Grant>
  /** Keeps one slot's session for several calls: it is not ended between them. */
  hold(stop: Stop): Promise<Hold>
}

export interface Wish {
  /** Only this slot. */
  readonly slot?: number
}

/** One call's use of a session. Say what came of it, then release it, once. */
export interface Grant {
  readonly token: string
  readonly slot: number
  answered(): void
  refused(): void
  doubted(): void
  abandoned(): void
  release(): void
}

export interface Hold {
  readonly slot: number
  /** Renews the record and lets the session go. */
  release(): Promise<void>
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
  readonly why: 'closed' | 'queue full'

  constructor(why: 'closed' | 'queue full') {
    super(why)
    this.why = why
  }
}
