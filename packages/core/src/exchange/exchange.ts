import { FileMakerError } from '../errors.ts'
import { ROUTES } from '../wire/parameters.ts'
import type { WireRequest, WireResult } from '../wire/request.ts'
import type { JsonObject } from '../wire/shapes.ts'
import { Stop, Stopped, type Stoppable } from '../wire/stop.ts'
import type { Call, Exchange, ExchangeParts } from './call.ts'
import { CallErrors } from './call-errors.ts'
import * as channels from './channels.ts'
import type { Credentials } from './credentials.ts'
import { isInTurn, runInTurn } from './held-turn.ts'
import { sendHedged } from './hedge.ts'
import * as retry from './retry.ts'
import { NoSession, type Grant, type SessionSource } from './session-source.ts'
import { secretsOf } from './sign-in.ts'
import type { Turns } from './turns.ts'
import { judge, judgeSession, type Trouble } from './verdict.ts'

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
  const errors = new CallErrors({ route: ROUTES.login, operation, verb: 'read', ...limits }, parts, stop)
  try {
    return await withinLoginTime(find, limits, parts, stop)
  } catch (error) {
    throw errors.noSession(error)
  } finally {
    stop.end()
  }
}

function withinLoginTime<Found>(
  find: (stop: Stop) => Found | Promise<Found>,
  { timeouts }: Pick<Call, 'timeouts'>,
  { time }: ExchangeParts,
  stop: Stop,
): Found | Promise<Found> {
  const loginMs = timeouts?.loginMs
  return loginMs === undefined ? find(stop) : stop.within(time, loginMs, find)
}

/** One call from its first attempt to its end. */
class Course {
  readonly #call: Call
  readonly #parts: ExchangeParts
  readonly #stop: Stop
  readonly #errors: CallErrors
  #source: SessionSource | undefined
  #headers: readonly string[] = []
  /** How often it was sent. */
  sent = 0

  constructor(call: Call, parts: ExchangeParts, stop: Stop) {
    this.#call = call
    this.#parts = parts
    this.#stop = stop
    this.#errors = new CallErrors(call, parts, stop)
  }

  async run(): Promise<JsonObject> {
    if (this.#stop.reason !== undefined) throw this.#errors.stopped()
    const { turns } = this.#parts
    if (turns === undefined || isInTurn(turns)) return this.#sendUntilOver()
    const begun = this.#turn(turns)
    const end = begun instanceof Promise ? await begun : begun
    try {
      return await runInTurn(turns, () => this.#sendUntilOver())
    } finally {
      end()
    }
  }

  /** Among the client's calls, where it bounds how many go on at once. */
  #turn(turns: Turns): (() => void) | Promise<() => void> {
    const { queueMs: usualMs, time } = this.#parts
    const queueMs = this.#call.timeouts?.queueMs ?? usualMs
    try {
      const begun = turns.take(this.#stop, { time, queueMs })
      if (!(begun instanceof Promise)) return begun
      return begun.catch((error: unknown) => {
        throw this.#errors.noTurn(error, queueMs)
      })
    } catch (error) {
      throw this.#errors.noTurn(error, queueMs)
    }
  }

  async #sendUntilOver(): Promise<JsonObject> {
    const { budget } = this.#parts
    budget.left = retry.earn(budget.left)
    for (;;) {
      const granted = await this.#session()
      try {
        const doubt = await this.#doubt(granted)
        if (doubt !== undefined) {
          await this.#recover(doubt, granted)
          continue
        }
        const { result, grant } = await this.#send(granted)
        const first = judge(result, grant, this.#errors)
        const verdict = first.is === 'unsettled' ? first.settle(await this.#ask(first.token)) : first
        if (verdict.is === 'done') {
          this.#answered(grant)
          return verdict.response
        }
        if (verdict.is === 'over') {
          if (verdict.session === 'answered') this.#answered(grant)
          if (verdict.session === 'abandoned') grant?.abandoned('timeout')
          throw verdict.error
        }
        await this.#recover(verdict, grant)
      } finally {
        granted?.release()
      }
    }
  }

  /** What the call is sent on; undefined for one that takes no session. */
  async #session(): Promise<Grant | undefined> {
    const { sessions, wish } = this.#parts
    const { instead } = this.#call
    if (instead === 'nothing') return undefined
    try {
      if (instead !== undefined) return await this.#credentials(instead)
      const ready = sessions()
      const source = ready instanceof Promise ? await this.#stop.until(ready) : ready
      this.#source = source
      const grant = withinLoginTime((stop) => source.acquire(stop, wish), this.#call, this.#parts, this.#stop)
      return grant instanceof Promise ? await grant : grant
    } catch (error) {
      throw this.#errors.noSession(error)
    }
  }

  async #credentials(read: () => Credentials | Promise<Credentials>): Promise<undefined> {
    try {
      // In a promise of its own, so that a function that throws at once rejects as well.
      const credentials = await this.#stop.until(Promise.resolve().then(read))
      this.#headers = credentials.headers
      this.#errors.secrets = secretsOf(credentials)
    } catch (cause) {
      throw cause instanceof Stopped ? cause : new NoSession({ is: 'without credentials', cause })
    }
  }

  /** A body that can't be made twice is begun only on a session that is known to be good. Undefined: nothing against it. */
  async #doubt(grant: Grant | undefined): Promise<Trouble | undefined> {
    const { upload } = this.#call
    if (upload === undefined || upload.isRepeatable || grant === undefined) return undefined
    // Of the session behind a proxy's key nobody here can ask.
    if (grant.isProxyKey === true || this.#parts.proven?.isProven(grant.token) === true) return undefined
    return judgeSession(await this.#ask(grant.token), this.#errors)
  }

  /** Whether a session lives. */
  #ask(token: string): ReturnType<ExchangeParts['validate']> {
    return this.#stop.until(this.#parts.validate(token)).catch(() => {
      throw this.#errors.stopped()
    })
  }

  /** A read whose session seems to be blocked is asked on another one, too; the first answer counts. */
  async #send(grant: Grant | undefined): Promise<{ readonly result: WireResult; readonly grant: Grant | undefined }> {
    const { transport, time, wish, server, budget } = this.#parts
    const source = this.#source
    const send = (on: Grant | undefined, stop: Stoppable): Promise<WireResult> => {
      const resend = this.sent++
      if (!channels.attempts.hasSubscribers) return transport.send(this.#request(on), stop)
      const place = channels.placeOf(server, this.#call)
      return channels.traceAttempt(place, resend, () => transport.send(this.#request(on), stop))
    }
    // A scope's calls stay on its session.
    if (this.#call.verb !== 'read' || grant === undefined || wish !== undefined || source?.spare === undefined) {
      return { result: await send(grant, this.#stop), grant }
    }
    // Drawn as it is sent, not when it is answered: reads that hang together share one budget.
    const spare = (): Grant | undefined => {
      const other = retry.canDraw(budget, time.now()) ? source.spare?.(grant) : undefined
      if (other !== undefined) retry.drawFrom(budget, time.now())
      return other
    }
    return sendHedged({ grant, spare, send, stop: this.#stop, time })
  }

  #request(grant: Grant | undefined): WireRequest {
    const { route, path, body, upload } = this.#call
    const connectMs = this.#call.timeouts?.connectMs
    const headers = grant === undefined ? [...this.#headers] : ['authorization', `Bearer ${grant.token}`]
    // No charset: FileMaker Server 18 answers 400 to it. No content type where there is no body.
    if (body !== undefined) headers.push('content-type', 'application/json')
    if (upload === undefined) return { method: route.method, path, headers, body, connectMs }
    headers.push('content-type', upload.contentType)
    if (upload.length !== undefined) headers.push('content-length', String(upload.length))
    return { method: route.method, path, headers, body: upload, connectMs, moved: () => this.#stop.restart() }
  }

  #answered(grant: Grant | undefined): void {
    if (grant === undefined) return
    grant.answered()
    this.#parts.proven?.answered(grant.token)
    this.#call.answeredOn?.(grant.token)
  }

  /** Returns when the call is to be sent again; throws when it is not. */
  async #recover(trouble: Trouble, grant: Grant | undefined): Promise<void> {
    const { time, server, budget, retry: options } = this.#parts
    const { verb, upload } = this.#call
    const { happening, retryAfterMs } = trouble
    const decision = retry.decide(happening, verb, this.#errors.tally, options)
    const { outcome } = decision
    if (decision.session === 'dead') grant?.refused()
    if (decision.session === 'doubtful') grant?.doubted()
    if (decision.is === 'repeat' && upload?.isBegun === true && !upload.isRepeatable) {
      throw this.#errors.spent(trouble.error(outcome))
    }
    if (!retry.goesOn(decision, budget, time.now())) throw trouble.error(outcome)
    const repeat = this.#errors.again(trouble, outcome)
    // The session is free for others while this call pauses.
    grant?.release()
    const pauseMs = decision.pause === 'none' ? 0 : (retryAfterMs ?? retry.backoffMs(repeat, time.random()))
    if (channels.retries.hasSubscribers) {
      const place = channels.placeOf(server, this.#call)
      channels.retries.publish({ ...place, because: happening, repeat, pauseMs } satisfies channels.RetryMessage)
    }
    if (decision.pause === 'none') return
    await this.#stop.pause(time, pauseMs).catch(() => {
      throw this.#errors.stopped()
    })
  }
}
