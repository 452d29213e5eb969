import type { TransportErrorReason } from '../errors.ts'

/** What sessions need of the server. */
export interface SessionServer {
  /** Opens a session. Resolves with its token or with why there is none; never rejects. */
  login(): Promise<{ readonly token: string } | { readonly failure: LoginFailure }>
  /** Ends a session. Resolves with whether it is over now: ended, or dead before. Never rejects. */
  logout(token: string): Promise<boolean>
  /** Asks whether the session lives and whether a call is running on it. Never rejects. */
  validate(token: string): Promise<'idle' | 'in use' | 'dead' | 'unknown'>
}

/** Why a login brought no token. */
export type LoginFailure =
  | { readonly is: 'refused'; readonly code: number; readonly message: string; readonly httpStatus: number }
  | {
      readonly is: 'unanswered'
      readonly reason: TransportErrorReason
      readonly what: string
      readonly httpStatus?: number
    }
  /** The credentials themselves could not be had: a password function that threw. */
  | { readonly is: 'without credentials'; readonly cause: unknown }

/** What the search for a session rejects with. Callers are told in an error of their own, which names their operation. */
export class NoSession extends Error {
  readonly failure: LoginFailure

  constructor(failure: LoginFailure) {
    super(failure.is)
    this.failure = failure
  }
}
