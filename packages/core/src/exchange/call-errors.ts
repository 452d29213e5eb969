import {
  CallAbortedError,
  ContainerError,
  SessionError,
  SessionLostError,
  TransportError,
  type Attempt,
  type CallDetails,
  type CallError,
  type Outcome,
  type SessionErrorReason,
  type TransportErrorReason,
} from '../errors.ts'
import { operationOf } from '../wire/parameters.ts'
import { Stopped, type Stop } from '../wire/stop.ts'
import type { Call, ExchangeParts } from './call.ts'
import { loginError } from './login-error.ts'
import * as retry from './retry.ts'
import { NoSession, NoTurn } from './session-source.ts'
import type { Trouble } from './verdict.ts'

/** What errors know of a call. Its path is no part of that: names, ids and tokens are in it. */
export type ToldCall = Omit<Call, 'path' | 'body'>

/** What became of one call so far, and the errors it can end with: each tells of all attempts, and the first error is its cause. */
export class CallErrors {
  readonly call: ToldCall
  /** How often the call was sent again, and why. */
  readonly tally: retry.Tally = {}
  /** What must not get into an error, besides the token. */
  secrets: readonly string[] = []
  readonly #parts: Pick<ExchangeParts, 'time' | 'failedLogins'>
  readonly #stop: Stop
  readonly #startedAt: number
  readonly #attempts: Attempt[] = []
  #first: CallError | undefined

  constructor(call: ToldCall, parts: Pick<ExchangeParts, 'time' | 'failedLogins'>, stop: Stop) {
    this.call = call
    this.#parts = parts
    this.#stop = stop
    this.#startedAt = parts.time.now()
  }

  /** The call was sent, or could not be sent, and this came of it. */
  note(result: string): void {
    this.#attempts.push(this.#attempt(this.#parts.time.now(), 'call', result))
  }

  /** The call is going to be sent again. How often now, for this reason. */
  again({ happening, error }: Trouble, outcome: Outcome): number {
    this.#first ??= error(outcome)
    const repeat = (this.tally[happening] ?? 0) + 1
    this.tally[happening] = repeat
    return repeat
  }

  /** What an earlier attempt left behind, when this one did nothing. */
  soFar(): Outcome {
    return retry.soFar('not-executed', this.call.verb, this.tally)
  }

  /** A read leaves nothing behind. */
  unlessRead(outcome: Outcome): Outcome {
    return this.call.verb === 'read' ? 'not-executed' : outcome
  }

  details(outcome: Outcome = this.soFar()): CallDetails & { readonly attempts: readonly Attempt[] } {
    const logins = this.#parts.failedLogins(this.#startedAt).map(({ at, result }) => this.#attempt(at, 'login', result))
    const attempts = [...this.#attempts, ...logins].toSorted((one, other) => one.atMs - other.atMs)
    return { operation: this.call.operation ?? operationOf(this.call.route), outcome, attempts }
  }

  cause(): ErrorOptions {
    return this.#first === undefined ? {} : { cause: this.#first }
  }

  transport(
    message: string,
    reason: TransportErrorReason,
    outcome: Outcome = this.soFar(),
    httpStatus?: number,
  ): CallError {
    return new TransportError(message, { ...this.details(outcome), reason, httpStatus }, this.cause())
  }

  /** The caller's signal, or the time limit of the whole call. `timeUp` says the latter in words. */
  stopped(outcome: Outcome = this.soFar(), timeUp: string = this.#timeUp()): CallError {
    const why = this.#stop.reason
    this.note(why?.by === 'caller' ? 'aborted' : 'timeout')
    if (why?.by !== 'caller') return this.transport(timeUp, 'timeout', outcome)
    return new CallAbortedError('the call was aborted', this.details(outcome), { cause: why.reason })
  }

  /** What the wait for a turn among the client's calls was rejected with, in an error that names this call. */
  noTurn(error: unknown, queueMs: number | undefined): CallError {
    if (!(error instanceof Stopped) || this.#stop.reason !== undefined) return this.noSession(error)
    const message = `its turn did not come within ${queueMs} ms (timeouts.queueMs, maxConcurrentCalls)`
    return new SessionError(message, { ...this.details(), reason: 'queue' })
  }

  /** What the search for a session was rejected with, in an error that names this call. */
  noSession(error: unknown): CallError {
    if (error instanceof Stopped) {
      if (this.#stop.reason !== undefined) return this.stopped()
      return this.transport(`no session within ${this.call.timeouts?.loginMs} ms (timeouts.loginMs)`, 'timeout')
    }
    const details = this.details()
    if (error instanceof NoTurn) {
      if (error.why === 'session lost') return new SessionLostError(SESSION_LOST, details, this.cause())
      const [reason, message] = NO_TURN[error.why]
      return new SessionError(message, { ...details, reason }, this.cause())
    }
    if (!(error instanceof NoSession)) {
      // What a scope's setup throws is its own affair, unless there is more to tell: of that it knows nothing.
      if (details.outcome === 'not-executed') throw error
      return new SessionLostError('the session of this scope is gone, and could not be restored', details, {
        cause: error,
      })
    }
    // One that was refused a moment ago, to another call: no answer of this call's has a status.
    const told = details.attempts.some(({ sent }) => sent === 'login') ? details : { ...details, httpStatus: undefined }
    return loginError(error.failure, told, this.cause())
  }

  /** The call would be sent again, and its stream can't. */
  spent(cause: CallError): CallError {
    const message = "the call would be made again, but its stream has been begun and can't be read twice"
    return new ContainerError(message, { ...this.details(cause.outcome), reason: 'spent' }, { cause })
  }

  #timeUp(): string {
    const what = this.call.upload === undefined ? 'no answer within' : 'no answer, and nothing moved for'
    return `${what} ${this.#stop.timeoutMs} ms`
  }

  #attempt(at: number, sent: Attempt['sent'], result: string): Attempt {
    return { atMs: Math.round(at - this.#startedAt), sent, result }
  }
}

const SESSION_LOST = 'the session of this scope is gone, and the state that lived in it; a setup could restore it'

const NO_TURN: Readonly<Record<Exclude<NoTurn['why'], 'session lost'>, readonly [SessionErrorReason, string]>> = {
  closed: ['closed', 'the client was closed before this call had a session; is an await missing?'],
  'all taken': ['queue', 'all exclusive sessions stayed taken (sessions.exclusive); end a scope, or allow more'],
  'queue full': ['queue', 'too many calls wait for a session'],
  'line full': ['queue', 'too many calls wait for their turn (maxConcurrentCalls, maxQueuedCalls)'],
  'token dead': ['token', 'the token that was given has died, and no login of ours may take its place'],
}
