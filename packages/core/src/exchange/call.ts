import type { Outcome } from '../errors.ts'
import type { Time } from '../time.ts'
import type { StreamedBody } from '../wire/multipart.ts'
import type { Route } from '../wire/parameters.ts'
import type { Transport } from '../wire/request.ts'
import type { JsonObject } from '../wire/shapes.ts'
import type { Credentials } from './credentials.ts'
import type { ProvenSessions } from './proven-sessions.ts'
import type { BudgetHolder, RetryOptions, Verb } from './retry.ts'
import type { FailedLogin, SessionSource, Wish } from './session-source.ts'
import type { SessionServer } from './sign-in.ts'
import type { Turns } from './turns.ts'
import type { UnderWay } from './under-way.ts'

/** One call of the Data API, ready to be made and made again. */
export interface Call {
  readonly route: Route
  /** How errors name it. @defaultValue method and pattern of the route */
  readonly operation?: string
  readonly path: string
  readonly body?: string | undefined
  /** A body that is made while it is sent, in place of `body`. The time limit then begins anew whenever bytes of it move. */
  readonly upload?: StreamedBody
  /** Told which session the answer came from. */
  readonly answeredOn?: (token: string) => void
  readonly verb: Verb
  /** What a refusal of this call means, by FileMaker's code. @defaultValue nothing was executed */
  readonly refusalOutcome?: (code: number) => Outcome
  /** The few routes that take no session: none at all, or the account's credentials. */
  readonly instead?: 'nothing' | (() => Credentials | Promise<Credentials>)
  readonly signal?: AbortSignal | undefined
  /** For all of the call: waiting for a session, every attempt and every pause. */
  readonly timeoutMs?: number | undefined
  /** For parts of it. */
  readonly timeouts?: PartLimits | undefined
}

/** Limits of a call's parts, in milliseconds. */
export interface PartLimits {
  /** Waiting for a connection, at each attempt. */
  readonly connectMs?: number | undefined
  /** Waiting for a session. */
  readonly loginMs?: number | undefined
  /** Waiting for its turn among the client's calls. */
  readonly queueMs?: number | undefined
}

/** Makes a call good: finds it a session, sends it, judges the answer, renews the session, repeats it where that is safe. */
export type Exchange = (call: Call) => Promise<JsonObject>

/** What that takes. */
export interface ExchangeParts {
  readonly transport: Transport
  readonly validate: SessionServer['validate']
  readonly sessions: () => SessionSource | Promise<SessionSource>
  /** Logins of the account that failed since then, by the clock `time`. */
  readonly failedLogins: (sinceMs: number) => readonly FailedLogin[]
  /** How events name the server. */
  readonly server: string
  readonly wish?: Wish
  /** Bounds how many calls go on at once. @defaultValue no bound */
  readonly turns?: Turns | undefined
  /** Counts the calls, those in line too: a client that is closed waits for them. */
  readonly underWay?: UnderWay
  readonly timeoutMs: number
  /** How long a call that says nothing else waits for its turn. @defaultValue as long as it has */
  readonly queueMs?: number | undefined
  readonly retry: RetryOptions
  readonly budget: BudgetHolder
  /** Left out: no session counts as proven. */
  readonly proven?: ProvenSessions
  readonly time: Time
}
