import type { TransportErrorReason } from '../errors.ts'
import * as channels from './channels.ts'
import type { Credentials } from './credentials.ts'
import { loginError } from './login-error.ts'
import type { FailedLogin } from './session-source.ts'
import type { Time } from '../time.ts'
import { readEnvelope } from '../wire/envelope.ts'
import { BUSY, CREDENTIALS_REFUSED, SESSION_CAP, TOKEN_INVALID } from '../wire/error-codes.ts'
import { operationOf, pathOf, ROUTES } from '../wire/parameters.ts'
import { spell } from '../wire/spelling.ts'
import type { Transport, WireAnswer, WireRequest, WireResult } from '../wire/request.ts'
import { Stop, Stopped } from '../wire/stop.ts'
import { secretsOfSource, type DataSource } from './data-source.ts'

/** What sessions need of the server. */
export interface SessionServer {
  /** Opens a session. Resolves with its token or with why there is none; never rejects. */
  login(): Promise<LoginResult>
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

export interface SignIn {
  readonly transport: Transport
  /** How events name the server. */
  readonly server: string
  /** `/fmi/data/vLatest` */
  readonly base: string
  readonly database: string
  /** What proves who signs in; asked for before each login. `anew`: what was given before has just been refused. */
  readonly credentials: (anew: boolean) => Credentials | Promise<Credentials>
  /**
   * The credentials are an identity token, which the server refuses once its hour is over, and FileMaker Cloud with a page of
   * HTTP 401: then another one is asked for, once. @defaultValue false
   */
  readonly asksAnew?: boolean
  /** Credentials have left in a login that the server did not put off: those that are good for one are used up. */
  readonly sent?: (credentials: Credentials) => void
  readonly dataSources: () => readonly DataSource[] | Promise<readonly DataSource[]>
  readonly loginMs: number
  readonly time: Time
}

/** What calls need to know of sessions besides their tokens: whether one lives. Needs no credentials. */
export function createValidator(
  options: Pick<SignIn, 'transport' | 'base' | 'loginMs' | 'time'>,
): SessionServer['validate'] {
  const send = sender(options.transport, options.loginMs, options.time)
  return (token) => validateSession(send, options.base, token)
}

/** Opens, ends and asks about sessions over HTTP. */
export function createSessionServer(options: SignIn): SessionServer & LoginLog {
  const { transport, base, database, loginMs, time, asksAnew = false } = options
  const loginPath = base + pathOf(ROUTES.login, { database })
  const send = sender(transport, loginMs, time)
  let failed: readonly FailedLogin[] = []

  const login: SessionServer['login'] = async () => {
    const first = await logIn(false)
    if (!asksAnew || !isRefusedIdentity(first)) return first
    const second = await logIn(true)
    return isRefusedPage(second) ? { failure: REFUSED_BY_PAGE } : second
  }

  async function logIn(anew: boolean): Promise<LoginResult> {
    const result = await tryLogIn(anew)
    if ('failure' in result) {
      failed = [...failed, { at: time.now(), result: wordFor(result.failure) }].slice(-MAX_FAILED_LOGINS)
    }
    return result
  }

  async function tryLogIn(anew: boolean): Promise<LoginResult> {
    const stop = new Stop(time, loginMs)
    try {
      const given = options.credentials(anew)
      const credentials = given instanceof Promise ? await stop.until(given) : given
      const listed = options.dataSources()
      const dataSources = listed instanceof Promise ? await stop.until(listed) : listed
      const headers = [...credentials.headers, 'content-type', 'application/json']
      const { body } = spell(ROUTES.login, { dataSources: dataSources.length === 0 ? undefined : dataSources })
      const result = await transport.send({ method: 'POST', path: loginPath, headers, body }, stop)
      const secrets = [...secretsOf(credentials), ...dataSources.flatMap(secretsOfSource)]
      const answered =
        result.phase === 'answered' ? readLogin(result.answer, secrets) : { failure: unanswered(result, loginMs) }
      if (result.phase !== 'unsent' && !isPutOff(answered)) options.sent?.(credentials)
      return answered
    } catch (error) {
      const cause = error instanceof Stopped ? new Error(`no credentials were given within ${loginMs} ms`) : error
      return { failure: { is: 'without credentials', cause } }
    } finally {
      stop.end()
    }
  }

  return {
    login: () => (channels.logins.hasSubscribers ? tracedLogin(options, login) : login()),
    failedLogins: (sinceMs) => failed.filter(({ at }) => at >= sinceMs),
    logout: async (token) => {
      const path = base + pathOf(ROUTES.logout, { database, token })
      const result = await send({ method: 'DELETE', path, headers: [] })
      if (result.phase !== 'answered') return false
      const envelope = readEnvelope(result.answer)
      return envelope.is === 'ok' || (envelope.is === 'refused' && envelope.code === TOKEN_INVALID)
    },
    validate: (token) => validateSession(send, base, token),
  }
}

/** What the latest logins came to, for the errors of the calls that waited for them. */
export interface LoginLog {
  failedLogins(sinceMs: number): readonly FailedLogin[]
}

/** More of them tell a caller nothing. */
const MAX_FAILED_LOGINS = 20

/** How `attempts` of an error tells it. */
function wordFor(failure: LoginFailure): string {
  if (failure.is === 'refused') return String(failure.code)
  if (failure.is === 'without credentials') return failure.is
  return failure.reason === 'not-filemaker' ? `HTTP ${failure.httpStatus}` : failure.reason
}

/** The login in its channel, as an error where it failed. */
function tracedLogin(
  { server, database }: Pick<SignIn, 'server' | 'database'>,
  login: SessionServer['login'],
): ReturnType<SessionServer['login']> {
  const operation = operationOf(ROUTES.login)
  const message = { operation, server: () => server, database }
  return channels.trace(channels.logins, message, login, (result) => {
    if (!('failure' in result)) return undefined
    const error = loginError(result.failure, { operation, outcome: 'not-executed' }, {})
    const { httpStatus } = error
    Object.assign(
      message,
      { httpStatus },
      result.failure.is === 'refused' ? { fileMakerCode: result.failure.code } : {},
    )
    return error
  })
}

/** Asks whether a session lives and whether a call is running on it. Never rejects. */
async function validateSession(
  send: Send,
  base: string,
  token: string,
): Promise<'idle' | 'in use' | 'dead' | 'unknown'> {
  const path = base + pathOf(ROUTES.validateSession, {})
  const result = await send({ method: 'GET', path, headers: ['authorization', `Bearer ${token}`] })
  if (result.phase !== 'answered') return 'unknown'
  const envelope = readEnvelope(result.answer)
  if (envelope.is === 'refused') return envelope.code === TOKEN_INVALID ? 'dead' : 'unknown'
  if (envelope.is === 'foreign') return 'unknown'
  return envelope.response.isSessionInUse === true ? 'in use' : 'idle'
}

type LoginResult = { readonly token: string } | { readonly failure: LoginFailure }

/** The server looked no further than at its own state: without room, or with the file closed. */
function isPutOff(result: LoginResult): boolean {
  if (!('failure' in result) || result.failure.is !== 'refused') return false
  return SESSION_CAP.has(result.failure.code) || BUSY.has(result.failure.code)
}

/** Inactive or locked accounts are not helped by another token, and trying might lock them for longer. */
const NOT_BY_TOKEN: ReadonlySet<number> = new Set([210, 214])

function isRefusedIdentity(result: LoginResult): boolean {
  if (!('failure' in result)) return false
  const { failure } = result
  if (failure.is === 'refused') return CREDENTIALS_REFUSED.has(failure.code) && !NOT_BY_TOKEN.has(failure.code)
  return isRefusedPage(result)
}

function isRefusedPage(result: LoginResult): boolean {
  return 'failure' in result && result.failure.is === 'unanswered' && result.failure.httpStatus === 401
}

/** FileMaker Cloud sends a page and no code; 212 is what a refusal of credentials is everywhere else. */
const REFUSED_BY_PAGE: LoginFailure = {
  is: 'refused',
  code: 212,
  message: 'HTTP 401 without FileMaker JSON, as FileMaker Cloud answers an identity token that it does not take',
  httpStatus: 401,
}

type Send = (request: WireRequest) => Promise<WireResult>

function sender(transport: Transport, timeoutMs: number, time: Time): Send {
  return async (request) => {
    const stop = new Stop(time, timeoutMs)
    try {
      return await transport.send(request, stop)
    } finally {
      stop.end()
    }
  }
}

/** The token comes in the body; for some kinds of login Claris shows it only in a header. */
function readLogin(answer: WireAnswer, secrets: readonly string[]): LoginResult {
  const envelope = readEnvelope(answer)
  const httpStatus = answer.status
  if (envelope.is === 'refused') {
    const message = clean(envelope.messages[0]?.message ?? '', secrets)
    return { failure: { is: 'refused', code: envelope.code, message, httpStatus } }
  }
  if (envelope.is === 'foreign') {
    const what = `${envelope.what} came instead of FileMaker's JSON (HTTP ${httpStatus})`
    return { failure: { is: 'unanswered', reason: 'not-filemaker', what, httpStatus } }
  }
  const token = envelope.response.token ?? answer.headers['x-fm-data-access-token']
  // Opaque and of any length in reason, but it has to fit into a header and a path.
  if (typeof token === 'string' && /^[\x21-\x7e]{1,1024}$/.test(token)) return { token }
  return {
    failure: { is: 'unanswered', reason: 'not-filemaker', what: 'the login answer has no usable token', httpStatus },
  }
}

function unanswered(result: Exclude<WireResult, { phase: 'answered' }>, loginMs: number): LoginFailure {
  if (result.reason === 'stopped') {
    return { is: 'unanswered', reason: 'timeout', what: `the login got no answer within ${loginMs} ms` }
  }
  if (result.reason === 'too-large')
    return { is: 'unanswered', reason: 'too-large', what: 'the login answer is too large' }
  return result.phase === 'unsent'
    ? { is: 'unanswered', reason: 'unsent', what: `the server can't be reached (${result.errorCode})` }
    : { is: 'unanswered', reason: 'lost', what: `the connection ended during the login (${result.errorCode})` }
}

/** A server or proxy that quotes the request in its message must not carry a secret into an error. */
export function clean(text: string, secrets: readonly string[]): string {
  const scrubbed = secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '…')), text)
  return scrubbed.slice(0, 300)
}

/** The password, and the login's headers as they travel, whole and without their scheme. */
export function secretsOf({ headers, secret }: Credentials): readonly string[] {
  const values = headers.filter((_, index) => index % 2 === 1)
  return [...values, ...values.map((value) => value.replace(/^\S+ /, '')), secret]
}
