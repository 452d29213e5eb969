import {
  CallAbortedError,
  ContainerError,
  FileMakerError,
  ProxyAuthError,
  SessionError,
  SessionLostError,
  TransportError,
  type Attempt,
  type CallError,
  type Outcome,
} from '../errors.ts'
import type { Credentials } from './credentials.ts'
import type { Time } from '../time.ts'
import { readEnvelope } from '../wire/envelope.ts'
import { TOKEN_INVALID } from '../wire/error-codes.ts'
import type { StreamedBody } from '../wire/multipart.ts'
import { operationOf, ROUTES, type Route } from '../wire/parameters.ts'
import type { Transport, WireAnswer, WireResult } from '../wire/request.ts'
import type { JsonObject } from '../wire/shapes.ts'
import { Stop, Stopped, type Stoppable } from '../wire/stop.ts'
import * as channels from './channels.ts'
import { sendHedged } from './hedge.ts'
import { loginError } from './login-error.ts'
import type { ProvenSessions } from './proven-sessions.ts'
import * as retry from './retry.ts'
import { NoSession, NoTurn, type FailedLogin, type Grant, type SessionSource, type Wish } from './session-source.ts'
import { clean, secretsOf, type LoginFailure, type SessionServer } from './sign-in.ts'
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
  readonly verb: retry.Verb
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
  readonly retry: retry.RetryOptions
  readonly budget: BudgetHolder
  /** Left out: no session counts as proven. */
  readonly proven?: ProvenSessions
  readonly time: Time
}

/** What a client may still spend on repeats, shared by all its calls. */
export interface BudgetHolder {
  left: retry.RetryBudget
}

export function createExchange(parts: ExchangeParts): Exchange {
  const make = async (call: Call, message?: channels.Writable<channels.CallMessage>): Promise<JsonObject> => {
    const stop = new Stop(parts.time, call.timeoutMs ?? parts.timeoutMs, call.signal)
    const course = new Course(call, parts, stop)
    const leave = parts.underWay?.enter()
    try {
      return await course.run()
    } catch (error) {
      if (message !== undefined && error instanceof FileMakerError) message.fileMakerCode = error.fileMakerCode
      throw error
    } finally {
      stop.end()
      leave?.()
      if (message !== undefined) message.sent = course.sent
    }
  }
  return (call) => {
    if (!channels.calls.hasSubscribers) return make(call)
    const message: channels.Writable<channels.CallMessage> = channels.placeOf(parts.server, call)
    return channels.trace(channels.calls, message, () => make(call, message))
  }
}

/** Finds a session for several calls: one that is kept, or one for a scope alone. What fails is told in the errors of calls. */
export async function openSession<Session>(
  parts: ExchangeParts,
  limits: Pick<Call, 'signal' | 'timeoutMs' | 'timeouts'>,
  operation: string,
  find: (stop: Stop) => Promise<Session>,
): Promise<Session> {
  const stop = new Stop(parts.time, limits.timeoutMs ?? parts.timeoutMs, limits.signal)
  try {
    return await new Course({ route: ROUTES.login, operation, path: '', verb: 'read', ...limits }, parts, stop).open(
      find,
    )
  } finally {
    stop.end()
  }
}

/** The answer as a verdict: an envelope's content, or what happened instead. */
type Verdict =
  | { readonly is: 'done'; readonly response: JsonObject }
  | { readonly is: 'refused'; readonly error: (outcome: Outcome) => CallError; readonly code: number }
  | Trouble
  | { readonly is: 'over'; readonly error: CallError }

interface Trouble {
  readonly is: 'trouble'
  readonly happening: Exclude<retry.Happening, 'answer'>
  readonly error: (outcome: Outcome) => CallError
}

/** One call from its first attempt to its end. */
class Course {
  readonly #call: Call
  readonly #parts: ExchangeParts
  readonly #stop: Stop
  readonly #startedAt: number
  readonly #attempts: Attempt[] = []
  readonly #tally: retry.Tally = {}
  #first: CallError | undefined
  #retryAfterMs: number | undefined
  #source: SessionSource | undefined
  #headers: readonly string[] = []
  #secrets: readonly string[] = []
  /** How often it was sent. */
  sent = 0

  constructor(call: Call, parts: ExchangeParts, stop: Stop) {
    this.#call = call
    this.#parts = parts
    this.#stop = stop
    this.#startedAt = parts.time.now()
  }

  async run(): Promise<JsonObject> {
    if (this.#stop.reason !== undefined) throw this.#stoppedError('not-executed')
    const begun = this.#turn()
    const end = begun instanceof Promise ? await begun : begun
    try {
      return await this.#runInTurn()
    } finally {
      end?.()
    }
  }

  #turn(): (() => void) | Promise<() => void> | undefined {
    const { turns, queueMs: usualMs, time } = this.#parts
    if (turns === undefined) return undefined
    const queueMs = this.#call.timeouts?.queueMs ?? usualMs
    try {
      const begun = turns.take(this.#stop, { time, queueMs })
      return begun instanceof Promise ? begun.catch((error: unknown) => this.#noTurnYet(error, queueMs)) : begun
    } catch (error) {
      throw this.#noSession(error)
    }
  }

  #noTurnYet(error: unknown, queueMs: number | undefined): never {
    if (!(error instanceof Stopped) || this.#stop.reason !== undefined) throw this.#noSession(error)
    const message = `its turn did not come within ${queueMs} ms (timeouts.queueMs, maxConcurrentCalls)`
    throw new SessionError(message, { ...this.#details('not-executed'), reason: 'queue' })
  }

  async #runInTurn(): Promise<JsonObject> {
    const { verb } = this.#call
    this.#parts.budget.left = retry.earn(this.#parts.budget.left)
    for (;;) {
      const granted = await this.#session()
      try {
        const doubt = await this.#doubt(granted)
        if (doubt !== undefined) {
          await this.#recover(doubt, granted)
          continue
        }
        const { result, grant } = await this.#send(granted)
        const verdict = await this.#judge(result, grant)
        if (verdict.is === 'done') {
          this.#answered(grant)
          return verdict.response
        }
        if (verdict.is === 'over') throw verdict.error
        if (verdict.is === 'refused') {
          this.#answered(grant)
          const meaning = retry.judgeRefusal(verdict.code, verb, this.#tally)
          if (meaning === 'done') return {}
          throw verdict.error(meaning === 'not-executed' ? this.#unlessRead(this.#refusedWith(verdict.code)) : meaning)
        }
        await this.#recover(verdict, grant)
      } finally {
        granted?.release()
      }
    }
  }

  #answered(grant: Grant | undefined): void {
    if (grant === undefined) return
    grant.answered()
    this.#parts.proven?.answered(grant.token)
    this.#call.answeredOn?.(grant.token)
  }

  /** A body that can't be made twice is begun only on a session that is known to be good. Undefined: nothing against it. */
  async #doubt(grant: Grant | undefined): Promise<Trouble | undefined> {
    const { upload } = this.#call
    const { proven, validate } = this.#parts
    if (upload === undefined || upload.isRepeatable || grant === undefined) return undefined
    // Of the session behind a proxy's key nobody here can ask.
    if (grant.isProxyKey === true || proven?.isProven(grant.token) === true) return undefined
    const state = await this.#stop.until(validate(grant.token)).catch(() => undefined)
    if (state === undefined) throw this.#stoppedError(this.#soFar())
    if (state === 'dead') {
      this.#note(String(TOKEN_INVALID))
      const messages = [{ code: TOKEN_INVALID, message: 'Invalid FileMaker Data API token' }]
      const error = (outcome: Outcome): CallError =>
        new FileMakerError({ ...this.#details(outcome), httpStatus: 401, messages }, this.#cause())
      return { is: 'trouble', happening: 'token refused', error }
    }
    if (state !== 'unknown') return undefined
    this.#note('unsent')
    const message = "the session can't be validated, and a stream that can be read only once is not begun without"
    return {
      is: 'trouble',
      happening: 'unsent',
      error: (outcome) => this.#transportError(message, 'unsent', outcome),
    }
  }

  /** A read whose session seems to be blocked is asked on another one, too; the first answer counts. */
  async #send(grant: Grant | undefined): Promise<{ readonly result: WireResult; readonly grant: Grant | undefined }> {
    const { transport, time, wish } = this.#parts
    const source = this.#source
    const send = (on: Grant | undefined, stop: Stoppable): Promise<WireResult> => {
      const resend = this.sent++
      if (!channels.attempts.hasSubscribers) return transport.send(this.#request(on), stop)
      return this.#traced(resend, () => transport.send(this.#request(on), stop))
    }
    // A scope's calls stay on its session.
    if (this.#call.verb !== 'read' || grant === undefined || wish !== undefined || source?.spare === undefined) {
      return { result: await send(grant, this.#stop), grant }
    }
    // Drawn as it is sent, not when it is answered: reads that hang together share one budget.
    const spare = (): Grant | undefined => {
      const other = this.#canDraw() ? source.spare?.(grant) : undefined
      if (other !== undefined) this.#draw()
      return other
    }
    return sendHedged({ grant, spare, send, stop: this.#stop, time })
  }

  #traced(resend: number, send: () => Promise<WireResult>): Promise<WireResult> {
    const message: channels.Writable<channels.AttemptMessage> = {
      ...channels.placeOf(this.#parts.server, this.#call),
      resend,
    }
    return channels.trace(channels.attempts, message, async () => {
      const result = await send()
      message.end = result.phase
      if (result.phase !== 'answered') message.errorCode = result.errorCode || result.reason
      else {
        const { answer } = result
        message.httpStatus = answer.status
        // Small where it is a refusal, and read once more for who listens only.
        const envelope = answer.status < 400 ? undefined : readEnvelope(answer)
        if (envelope?.is === 'refused') message.fileMakerCode = envelope.code
      }
      return result
    })
  }

  async open<Session>(find: (stop: Stop) => Promise<Session>): Promise<Session> {
    const { loginMs } = this.#call.timeouts ?? {}
    try {
      return await (loginMs === undefined ? find(this.#stop) : this.#stop.within(this.#parts.time, loginMs, find))
    } catch (error) {
      throw this.#noSession(error)
    }
  }

  /** Returns when the call is to be sent again; throws when it is not. */
  async #recover(trouble: Trouble, grant: Grant | undefined): Promise<void> {
    const { happening } = trouble
    const decision = retry.decide(happening, this.#call.verb, this.#tally, this.#parts.retry)
    if (decision.session === 'dead') grant?.refused()
    if (decision.session === 'doubtful') grant?.doubted()
    if (decision.is === 'repeat' && this.#isSpent()) throw this.#spentError(trouble.error(decision.outcome))
    const goesOn = decision.is === 'repeat' && (decision.budget === 'free' || this.#draw())
    if (!goesOn) throw trouble.error(decision.outcome)
    const repeat = (this.#tally[happening] ?? 0) + 1
    this.#tally[happening] = repeat
    this.#first ??= trouble.error(decision.outcome)
    // The session is free for others while this call pauses.
    grant?.release()
    const { time, server } = this.#parts
    const pauseMs = decision.pause === 'none' ? 0 : (this.#retryAfterMs ?? retry.backoffMs(repeat, time.random()))
    if (channels.retries.hasSubscribers) {
      const place = channels.placeOf(server, this.#call)
      channels.retries.publish({ ...place, because: happening, repeat, pauseMs } satisfies channels.RetryMessage)
    }
    if (decision.pause === 'none') return
    this.#retryAfterMs = undefined
    try {
      await this.#stop.pause(time, pauseMs)
    } catch {
      throw this.#stoppedError(this.#soFar())
    }
  }

  #isSpent(): boolean {
    const { upload } = this.#call
    return upload !== undefined && upload.isBegun && !upload.isRepeatable
  }

  #spentError(cause: CallError): CallError {
    const message = "the call would be made again, but its stream has been begun and can't be read twice"
    return new ContainerError(message, { ...this.#details(cause.outcome), reason: 'spent' }, { cause })
  }

  async #session(): Promise<Grant | undefined> {
    const { instead } = this.#call
    if (instead === 'nothing') return undefined
    if (instead !== undefined) return this.#credentials(instead)
    try {
      const ready = this.#parts.sessions()
      const source = ready instanceof Promise ? await this.#stop.until(ready) : ready
      this.#source = source
      const { loginMs } = this.#call.timeouts ?? {}
      const acquire = (stop: Stop): Grant | Promise<Grant> => source.acquire(stop, this.#parts.wish)
      const grant = loginMs === undefined ? acquire(this.#stop) : this.#stop.within(this.#parts.time, loginMs, acquire)
      return grant instanceof Promise ? await grant : grant
    } catch (error) {
      throw this.#noSession(error)
    }
  }

  async #credentials(read: () => Credentials | Promise<Credentials>): Promise<undefined> {
    try {
      // In a promise of its own, so that a function that throws at once rejects as well.
      const credentials = await this.#stop.until(Promise.resolve().then(read))
      this.#headers = credentials.headers
      this.#secrets = secretsOf(credentials)
    } catch (error) {
      throw error instanceof Stopped
        ? this.#noSession(error)
        : this.#noSession(new NoSession({ is: 'without credentials', cause: error }))
    }
  }

  #request(grant: Grant | undefined): Parameters<Transport['send']>[0] {
    const { route, path, body, upload } = this.#call
    const sent = grant === undefined ? [...this.#headers] : ['authorization', `Bearer ${grant.token}`]
    // No charset: FileMaker Server 18 answers 400 to it. No content type where there is no body.
    if (body !== undefined) sent.push('content-type', 'application/json')
    const { connectMs } = this.#call.timeouts ?? {}
    if (upload === undefined) return { method: route.method, path, headers: sent, body, connectMs }
    sent.push('content-type', upload.contentType)
    if (upload.length !== undefined) sent.push('content-length', String(upload.length))
    return { method: route.method, path, headers: sent, body: upload, connectMs, moved: () => this.#stop.restart() }
  }

  async #judge(result: WireResult, grant: Grant | undefined): Promise<Verdict> {
    if (result.phase !== 'answered') return this.#judgeSilence(result, grant)
    const envelope = readEnvelope(result.answer)
    if (envelope.is === 'ok') return { is: 'done', response: envelope.response }
    const httpStatus = result.answer.status
    if (envelope.is === 'foreign') return this.#judgeForeign(result.answer, envelope.what, grant)
    this.#note(String(envelope.code))
    const secrets = grant === undefined ? this.#secrets : [grant.token]
    const messages = envelope.messages.map(({ code, message }) => ({ code, message: clean(message, secrets) }))
    const error = (outcome: Outcome): CallError =>
      new FileMakerError({ ...this.#details(outcome), httpStatus, messages }, this.#cause())
    const happening = retry.happeningOfCode(envelope.code)
    return happening === 'answer' ? { is: 'refused', error, code: envelope.code } : { is: 'trouble', happening, error }
  }

  #judgeSilence(result: Exclude<WireResult, { phase: 'answered' }>, grant: Grant | undefined): Verdict {
    const { phase, reason, errorCode, status = 0 } = result
    const failure = this.#call.upload?.failure
    if (failure !== undefined) {
      this.#note('source')
      // What was sent is no whole file; what the server makes of that, nobody can say.
      const details = { ...this.#details(phase === 'lost' ? 'unknown' : this.#soFar()), reason: 'source' } as const
      const error = new ContainerError('what was to be uploaded could not be read to its end', details, failure)
      return { is: 'over', error }
    }
    if (reason === 'stopped') {
      if (phase === 'lost') grant?.abandoned('timeout')
      const outcome = phase === 'lost' ? this.#unlessRead('unknown') : this.#soFar()
      return { is: 'over', error: this.#stoppedError(outcome) }
    }
    if (reason === 'too-large') {
      this.#note('too large')
      // An answer of success that is too large is one all the same; of anything else nobody can say.
      const outcome = status >= 200 && status < 300 ? 'executed' : 'unknown'
      const message = 'the answer is larger than maxResponseBytes'
      return { is: 'over', error: this.#transportError(message, 'too-large', this.#unlessRead(outcome), status) }
    }
    this.#note(phase)
    const what = phase === 'unsent' ? "the server can't be reached" : 'the connection ended without a whole answer'
    const error = (outcome: Outcome): CallError => this.#transportError(`${what} (${errorCode})`, phase, outcome)
    return { is: 'trouble', happening: phase, error }
  }

  async #judgeForeign(answer: WireAnswer, what: string, grant: Grant | undefined): Promise<Verdict> {
    const { status } = answer
    this.#note(`HTTP ${status}`)
    const error = (outcome: Outcome): CallError =>
      this.#transportError(
        `${what} came instead of FileMaker's JSON (HTTP ${status})`,
        'not-filemaker',
        outcome,
        status,
      )
    if (grant?.isProxyKey === true && (status === 401 || status === 403)) {
      const message = `the proxy refused the key, or what the call wants to do (HTTP ${status})`
      return { is: 'over', error: new ProxyAuthError(message, this.#details(this.#soFar()), this.#cause()) }
    }
    if (status === 401 && grant !== undefined) {
      const asked = this.#stop.until(this.#parts.validate(grant.token))
      const state = await asked.catch(() => undefined)
      if (state === undefined) return { is: 'over', error: this.#stoppedError(this.#soFar()) }
      if (state === 'dead') return { is: 'trouble', happening: 'token refused', error }
      if (state !== 'unknown') {
        const message = 'HTTP 401 from something in front of FileMaker Server; the session itself is good'
        const details = { ...this.#details(this.#soFar()), httpStatus: status }
        return { is: 'over', error: new ProxyAuthError(message, details, this.#cause()) }
      }
    }
    const happening = retry.happeningOfStatus(status)
    if (happening !== 'answer') {
      if (happening === 'throttled') this.#retryAfterMs = readRetryAfter(answer)
      return { is: 'trouble', happening, error }
    }
    const refused = status >= 400 && status < 500
    return { is: 'over', error: error(refused ? this.#soFar() : this.#unlessRead('unknown')) }
  }

  /** A call that got no session: the search's reason, in an error that names this call. */
  #noSession(error: unknown): CallError {
    if (error instanceof Stopped) {
      if (this.#stop.reason !== undefined) return this.#stoppedError(this.#soFar())
      const message = `no session within ${this.#call.timeouts?.loginMs} ms (timeouts.loginMs)`
      return this.#transportError(message, 'timeout', this.#soFar())
    }
    if (error instanceof NoTurn) return this.#noTurn(error.why)
    if (!(error instanceof NoSession)) throw error
    return this.#loginError(error.failure)
  }

  #noTurn(why: NoTurn['why']): CallError {
    const details = this.#details(this.#soFar())
    switch (why) {
      case 'closed':
        return new SessionError(
          'the client was closed before this call had a session; is an await missing?',
          { ...details, reason: 'closed' },
          this.#cause(),
        )
      case 'all taken':
        return new SessionError(
          'all exclusive sessions stayed taken (sessions.exclusive); end a scope, or allow more',
          { ...details, reason: 'queue' },
          this.#cause(),
        )
      case 'queue full':
        return new SessionError('too many calls wait for a session', { ...details, reason: 'queue' }, this.#cause())
      case 'line full':
        return new SessionError(
          'too many calls wait for their turn (maxConcurrentCalls, maxQueuedCalls)',
          { ...details, reason: 'queue' },
          this.#cause(),
        )
      case 'token dead': {
        const message = 'the token that was given has died, and no login of ours may take its place'
        return new SessionError(message, { ...details, reason: 'token' }, this.#cause())
      }
      case 'session lost': {
        const message = 'the session of this scope is gone, and the state that lived in it; a setup could restore it'
        return new SessionLostError(message, this.#details(this.#soFar()), this.#cause())
      }
    }
  }

  #loginError(failure: LoginFailure): CallError {
    const details = this.#details(this.#soFar())
    // One that was refused a moment ago, to another call: no answer of this call's has a status.
    const told = details.attempts.some(({ sent }) => sent === 'login') ? details : { ...details, httpStatus: undefined }
    return loginError(failure, told, this.#cause())
  }

  #stoppedError(outcome: Outcome): CallError {
    const why = this.#stop.reason
    this.#note(why?.by === 'caller' ? 'aborted' : 'timeout')
    if (why?.by === 'caller') {
      return new CallAbortedError('the call was aborted', this.#details(outcome), { cause: why.reason })
    }
    const limit = this.#call.timeoutMs ?? this.#parts.timeoutMs
    const what = this.#call.upload === undefined ? `no answer within` : 'no answer, and nothing moved for'
    return this.#transportError(`${what} ${limit} ms`, 'timeout', outcome)
  }

  #transportError(message: string, reason: TransportError['reason'], outcome: Outcome, httpStatus?: number): CallError {
    const details = { ...this.#details(outcome), reason, ...(httpStatus === undefined ? {} : { httpStatus }) }
    return new TransportError(message, details, this.#cause())
  }

  #details(outcome: Outcome): { operation: string; outcome: Outcome; attempts: readonly Attempt[] } {
    const logins = this.#parts.failedLogins(this.#startedAt).map(({ at, result }) => this.#attempt(at, 'login', result))
    const attempts = [...this.#attempts, ...logins].toSorted((one, other) => one.atMs - other.atMs)
    return { operation: this.#operation(), outcome, attempts }
  }

  /** What an earlier attempt left behind, when this one did nothing. */
  #soFar(): Outcome {
    const meaning = retry.judgeRefusal(0, this.#call.verb, this.#tally)
    return meaning === 'done' ? 'executed' : meaning
  }

  #refusedWith(code: number): Outcome {
    return this.#call.refusalOutcome?.(code) ?? 'not-executed'
  }

  #unlessRead(outcome: Outcome): Outcome {
    return this.#call.verb === 'read' ? 'not-executed' : outcome
  }

  #cause(): ErrorOptions {
    return this.#first === undefined ? {} : { cause: this.#first }
  }

  #operation(): string {
    return this.#call.operation ?? operationOf(this.#call.route)
  }

  #note(result: string): void {
    this.#attempts.push(this.#attempt(this.#parts.time.now(), 'call', result))
  }

  #attempt(at: number, sent: Attempt['sent'], result: string): Attempt {
    return { atMs: Math.round(at - this.#startedAt), sent, result }
  }

  #canDraw(): boolean {
    const { budget, time } = this.#parts
    return retry.draw(retry.refill(budget.left, time.now())) !== undefined
  }

  #draw(): boolean {
    const { budget, time } = this.#parts
    const left = retry.draw(retry.refill(budget.left, time.now()))
    if (left !== undefined) budget.left = left
    return left !== undefined
  }
}

/** Seconds, or a date; at most a minute is waited, and never less than nothing. */
function readRetryAfter(answer: WireAnswer): number | undefined {
  const header = answer.headers['retry-after']
  if (typeof header !== 'string') return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(60_000, Math.max(0, ms))
}
