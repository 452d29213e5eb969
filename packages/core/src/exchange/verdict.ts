import { ContainerError, FileMakerError, ProxyAuthError, type CallError, type Outcome } from '../errors.ts'
import { readEnvelope, type Envelope } from '../wire/envelope.ts'
import { TOKEN_INVALID } from '../wire/error-codes.ts'
import type { WireAnswer, WireResult } from '../wire/request.ts'
import type { JsonObject } from '../wire/shapes.ts'
import type { CallErrors } from './call-errors.ts'
import * as retry from './retry.ts'
import type { Grant } from './session-source.ts'
import { clean, type SessionServer } from './sign-in.ts'

/** What sending a call once came to. */
export type Verdict =
  | { readonly is: 'done'; readonly response: JsonObject }
  | Trouble
  /** `session`: what that tells about the one it was sent on. */
  | { readonly is: 'over'; readonly error: CallError; readonly session?: 'answered' | 'abandoned' }

/** Anything after which a call may be sent again. */
export interface Trouble {
  readonly is: 'trouble'
  readonly happening: Exclude<retry.Happening, 'answer'>
  /** What it is called where it is not. */
  readonly error: (outcome: Outcome) => CallError
  /** How long the server wants to be left alone. */
  readonly retryAfterMs?: number | undefined
}

/** A 401 from who knows whom: it depends on whether the session lives. */
export interface Unsettled {
  readonly is: 'unsettled'
  readonly token: string
  readonly settle: (state: SessionState) => Verdict
}

type SessionState = Awaited<ReturnType<SessionServer['validate']>>

/** Judges one result. What is no success becomes one of the call's attempts. */
export function judge(result: WireResult, grant: Grant | undefined, errors: CallErrors): Verdict | Unsettled {
  if (result.phase !== 'answered') return judgeSilence(result, errors)
  const { answer } = result
  const envelope = readEnvelope(answer)
  switch (envelope.is) {
    case 'ok':
      return { is: 'done', response: envelope.response }
    case 'refused':
      return judgeRefusal(envelope, answer.status, grant, errors)
    case 'foreign':
      return judgeForeign(answer, envelope.what, grant, errors)
  }
}

/** What the server said of a session on which a body is to be begun that can't be made twice. Undefined: nothing against it. */
export function judgeSession(state: SessionState, errors: CallErrors): Trouble | undefined {
  if (state === 'dead') {
    errors.note(String(TOKEN_INVALID))
    const messages = [{ code: TOKEN_INVALID, message: 'Invalid FileMaker Data API token' }]
    return { is: 'trouble', happening: 'token refused', error: refusal(messages, 401, errors) }
  }
  if (state !== 'unknown') return undefined
  errors.note('unsent')
  const message = "the session can't be validated, and a stream that can be read only once is not begun without"
  return { is: 'trouble', happening: 'unsent', error: (outcome) => errors.transport(message, 'unsent', outcome) }
}

/** The connection failed, before or after the call was sent. */
export function judgeConnection(phase: 'unsent' | 'lost', errorCode: string, errors: CallErrors): Trouble {
  errors.note(phase)
  const what = phase === 'unsent' ? "the server can't be reached" : 'the connection ended without a whole answer'
  const error = (outcome: Outcome): CallError => errors.transport(`${what} (${errorCode})`, phase, outcome)
  return { is: 'trouble', happening: phase, error }
}

function judgeSilence(result: Exclude<WireResult, { phase: 'answered' }>, errors: CallErrors): Verdict {
  const { phase, reason, errorCode, status = 0 } = result
  const failure = errors.call.upload?.failure
  if (failure !== undefined) {
    errors.note('source')
    // What was sent is no whole file; what the server makes of that, nobody can say.
    const details = { ...errors.details(phase === 'lost' ? 'unknown' : undefined), reason: 'source' } as const
    const error = new ContainerError('what was to be uploaded could not be read to its end', details, failure)
    return { is: 'over', error }
  }
  if (reason === 'stopped') {
    if (phase === 'unsent') return { is: 'over', error: errors.stopped() }
    return { is: 'over', error: errors.stopped(errors.unlessRead('unknown')), session: 'abandoned' }
  }
  if (reason === 'too-large') {
    errors.note('too large')
    // An answer of success that is too large is one all the same; of anything else nobody can say.
    const outcome = errors.unlessRead(status >= 200 && status < 300 ? 'executed' : 'unknown')
    return {
      is: 'over',
      error: errors.transport('the answer is larger than maxResponseBytes', reason, outcome, status),
    }
  }
  return judgeConnection(phase, errorCode, errors)
}

function judgeRefusal(
  { code, messages }: Extract<Envelope, { is: 'refused' }>,
  httpStatus: number,
  grant: Grant | undefined,
  errors: CallErrors,
): Verdict {
  errors.note(String(code))
  const secrets = grant === undefined ? errors.secrets : [grant.token]
  const cleaned = messages.map((said) => ({ code: said.code, message: clean(said.message, secrets) }))
  const error = refusal(cleaned, httpStatus, errors)
  const happening = retry.happeningOfCode(code)
  if (happening !== 'answer') return { is: 'trouble', happening, error }
  const { verb, refusalOutcome } = errors.call
  const meaning = retry.judgeRefusal(code, verb, errors.tally)
  if (meaning === 'done') return { is: 'done', response: {} }
  const outcome = meaning === 'not-executed' ? errors.unlessRead(refusalOutcome?.(code) ?? meaning) : meaning
  return { is: 'over', error: error(outcome), session: 'answered' }
}

function refusal(
  messages: FileMakerError['messages'],
  httpStatus: number,
  errors: CallErrors,
): (outcome: Outcome) => CallError {
  return (outcome) => new FileMakerError({ ...errors.details(outcome), httpStatus, messages }, errors.cause())
}

function judgeForeign(
  answer: WireAnswer,
  what: string,
  grant: Grant | undefined,
  errors: CallErrors,
): Verdict | Unsettled {
  const { status } = answer
  errors.note(`HTTP ${status}`)
  if (grant?.isProxyKey === true && (status === 401 || status === 403)) {
    const message = `the proxy refused the key, or what the call wants to do (HTTP ${status})`
    const details = { ...errors.details(), httpStatus: status }
    return { is: 'over', error: new ProxyAuthError(message, details, errors.cause()) }
  }
  const said = `${what} came instead of FileMaker's JSON (HTTP ${status})`
  const error = (outcome: Outcome): CallError => errors.transport(said, 'not-filemaker', outcome, status)
  if (status === 401 && grant !== undefined) {
    const settle = (state: SessionState): Verdict => {
      if (state === 'dead') return { is: 'trouble', happening: 'token refused', error }
      if (state === 'unknown') return { is: 'over', error: error(errors.soFar()) }
      const message = 'HTTP 401 from something in front of FileMaker Server; the session itself is good'
      return {
        is: 'over',
        error: new ProxyAuthError(message, { ...errors.details(), httpStatus: status }, errors.cause()),
      }
    }
    return { is: 'unsettled', token: grant.token, settle }
  }
  const happening = retry.happeningOfStatus(status)
  if (happening !== 'answer') {
    return {
      is: 'trouble',
      happening,
      error,
      retryAfterMs: happening === 'throttled' ? readRetryAfter(answer) : undefined,
    }
  }
  const refused = status >= 400 && status < 500
  return { is: 'over', error: error(refused ? errors.soFar() : errors.unlessRead('unknown')) }
}

/** Seconds, or a date; at most a minute is waited, and never less than nothing. */
export function readRetryAfter({ headers }: Pick<WireAnswer, 'headers'>): number | undefined {
  const header = headers['retry-after']
  if (typeof header !== 'string') return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isNaN(ms) ? undefined : Math.min(60_000, Math.max(0, ms))
}
