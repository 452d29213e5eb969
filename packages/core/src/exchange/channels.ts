import { channel, tracingChannel, type Channel, type TracingChannel } from 'node:diagnostics_channel'
import { FileMakerError } from '../errors.ts'
import { readEnvelope } from '../wire/envelope.ts'
import { NO_RECORDS } from '../wire/error-codes.ts'
import { operationOf, ROUTES, type Route } from '../wire/parameters.ts'
import type { WireResult } from '../wire/request.ts'
import type { Happening } from './retry.ts'

/** Where something happens. No token, no account, no record, no value; the host only for who asks. */
export interface Place {
  /** `https://fms.example.com`. A function, so that no log into which a message is printed names the host. */
  readonly server: () => string
  /** Undefined where the route names none. */
  readonly database: string | undefined
}

/** What a call is about. Names only: no token, no record id, no criterion, no parameter of a script, no field's value. */
export interface CallPlace extends Place {
  /** Method and route pattern, as in errors: `POST /databases/{database}/layouts/{layout}/_find`. */
  readonly operation: string
  /** The route in a word: `find`, `list`, `edit` … */
  readonly name: string
  readonly method: string
  /** The URL's path, its names and ids left out: `/fmi/data/vLatest/databases/{database}/layouts`. */
  readonly template: string
  readonly layout: string | undefined
  /** Of a route that runs a script. */
  readonly script: string | undefined
}

/** What tracing adds when the thing is over; seen on `asyncEnd`. */
export interface Traced {
  /** From its beginning to its end. */
  readonly durationMs?: number
  /** What it failed with; seen on `error`, too. */
  readonly error?: unknown
}

/**
 * One call of a caller's, with everything it waited for and every attempt. Traced as `fm:call`: `tracing:fm:call:start` and
 * the other four channels of Node's `TracingChannel`, the same object on each. A find without a match is no error.
 */
export interface CallMessage extends CallPlace, Traced {
  /** How often it was sent: 1, unless it was repeated, or never got a session. */
  readonly sent?: number
  /** FileMaker's code where it refused; 401 where a find had no match. */
  readonly fileMakerCode?: number
}

/** One HTTP request of a call. Traced as `fm:attempt`. Never an error by itself: whether it is one, the call decides. */
export interface AttemptMessage extends CallPlace, Traced {
  /** 0 for the first time a call is sent, 1 for its first repeat … */
  readonly resend: number
  /** `unsent`: it could not be sent; `lost`: it was, and no whole answer came. */
  readonly end?: 'answered' | 'unsent' | 'lost'
  readonly httpStatus?: number
  /** FileMaker's code where it refused; 401 where a find had no match. */
  readonly fileMakerCode?: number
  /** Of the connection's failure: `ECONNREFUSED` …, or `stopped`. */
  readonly errorCode?: string
}

/** One login. Traced as `fm:login`. Calls that wait for it are not: many may wait for one. */
export interface LoginMessage extends Place, Traced {
  readonly operation: string
  readonly fileMakerCode?: number
  readonly httpStatus?: number
}

/** Published on the channel `fm:retry` before a call pauses and is sent again. */
export interface RetryMessage extends CallPlace {
  readonly because: Exclude<Happening, 'answer'>
  /** 1 for the first repeat for this reason. */
  readonly repeat: number
  readonly pauseMs: number
}

export type Writable<Message> = { -readonly [Key in keyof Message]: Message[Key] }

export const calls: TracingChannel<unknown, Writable<CallMessage>> = tracingChannel('fm:call')
export const attempts: TracingChannel<unknown, Writable<AttemptMessage>> = tracingChannel('fm:attempt')
export const logins: TracingChannel<unknown, Writable<LoginMessage>> = tracingChannel('fm:login')
export const retries: Channel = channel('fm:retry')

/**
 * Runs something inside a tracing channel, whose message gets no result: tokens and field values are in results. Ask
 * `hasSubscribers` first: without any, no message needs to be made.
 *
 * @param failureOf - Tells a result that is a failure, for the channel of errors; the caller gets the result.
 */
export async function trace<Message extends object, Result>(
  tracing: TracingChannel<unknown, Message>,
  message: Message & Writable<Traced>,
  run: () => Promise<Result>,
  failureOf: (result: Result) => Error | undefined = () => undefined,
): Promise<Result> {
  const startedAt = performance.now()
  let end: (() => Result) | undefined
  const inside = async (): Promise<void> => {
    try {
      const result = await run()
      end = () => result
      const failure = failureOf(result)
      if (failure !== undefined) throw failure
    } catch (error) {
      if (!isNoMatch(error)) throw error
      // An expected end of a find, whoever makes an empty page of it; not for the channel of errors.
      end = () => {
        throw error
      }
    } finally {
      message.durationMs = performance.now() - startedAt
    }
  }
  await tracing.tracePromise(inside, message).catch((error: unknown) => {
    end ??= () => {
      throw error
    }
  })
  if (end === undefined) throw new Error('traced, and neither ended nor failed')
  return end()
}

/** Sends a call once inside its channel. For who listens only: an answer that refuses is read once more. */
export function traceAttempt(place: CallPlace, resend: number, send: () => Promise<WireResult>): Promise<WireResult> {
  const message: Writable<AttemptMessage> = { ...place, resend }
  return trace(attempts, message, async () => {
    const result = await send()
    message.end = result.phase
    if (result.phase !== 'answered') message.errorCode = result.errorCode || result.reason
    else {
      const { answer } = result
      message.httpStatus = answer.status
      const envelope = answer.status < 400 ? undefined : readEnvelope(answer)
      if (envelope?.is === 'refused') message.fileMakerCode = envelope.code
    }
    return result
  })
}

function isNoMatch(error: unknown): boolean {
  return error instanceof FileMakerError && error.fileMakerCode === NO_RECORDS
}

/** Reads the names of a call from its path, which is made of the route's pattern. Only for who listens. */
export function placeOf(
  server: string,
  call: { readonly route: Route; readonly path: string; readonly operation?: string },
): CallPlace {
  const { route, path } = call
  const [pathname = ''] = path.split('?')
  const segments = pathname.split('/')
  const pattern = route.pattern.split('/')
  // From the end: what stands before the pattern is the server's matter.
  const named = (name: string): string | undefined => {
    const index = pattern.indexOf(`{${name}}`)
    const segment = index < 0 ? undefined : segments[segments.length - pattern.length + index]
    return segment === undefined ? undefined : decodeURIComponent(segment)
  }
  return {
    operation: call.operation ?? operationOf(route),
    name: Object.entries(ROUTES).find(([, known]) => known === route)?.[0] ?? route.method,
    method: route.method,
    template: segments.slice(0, Math.max(0, segments.length - pattern.length + 1)).join('/') + route.pattern,
    server: () => server,
    database: named('database'),
    layout: named('layout'),
    script: named('script'),
  }
}
