import { errorMeaning } from './error-meanings.ts'

/** Whether the server may have carried out a call that failed. `unknown`: it was sent, and nobody can say. */
export type Outcome = 'not-executed' | 'executed' | 'unknown'

/** One time a call was sent, or could not be sent. */
export interface Attempt {
  /** Milliseconds since the call began. */
  readonly atMs: number
  /** The call itself, or a login that it waited for. */
  readonly sent: 'call' | 'login'
  /** What became of it: FileMaker's code, an HTTP status without FileMaker's JSON, `unsent`, `lost` or `timeout`. */
  readonly result: string
}

/** What every error of a call can tell. */
export interface CallDetails {
  /** Method and route pattern, for example `GET /databases/{database}/layouts/{layout}/records`. */
  readonly operation: string
  readonly outcome: Outcome
  /** The attempts before the error, oldest first. */
  readonly attempts?: readonly Attempt[]
  /** Of the answer that failed the call, where there was one. */
  readonly httpStatus?: number | undefined
}

/** What all errors of a call have in common. Catch a subclass where you can do something about it. */
export abstract class CallError extends Error {
  /** Compare this and not the message: it is the same in every version and every copy of this package. */
  abstract readonly code: string
  /** Method and route pattern. The real path is not kept: closing a session has the token in it. */
  readonly operation: string
  readonly outcome: Outcome
  /** What was sent before the error, oldest first: the call, and logins that failed while it waited for a session. */
  readonly attempts: readonly Attempt[]
  /** Of the answer that failed the call. Undefined where none came. */
  readonly httpStatus: number | undefined

  constructor(message: string, details: CallDetails, options?: ErrorOptions) {
    super(`${details.operation}: ${message}`, options)
    this.operation = details.operation
    this.outcome = details.outcome
    this.attempts = details.attempts ?? []
    this.httpStatus = details.httpStatus
  }
}

/** One entry of `messages` in FileMaker's answer. */
export interface FileMakerMessage {
  readonly code: number
  readonly message: string
}

/** A value that does not meet its field's validation options. FileMaker does not name the field. */
export interface ValidationFailure extends FileMakerMessage {
  /** What the code means: 504 is a value that is not unique. */
  readonly meaning: string
}

/** The record was changed by somebody else since it was read. */
export interface ModIdConflict {
  /** The modId that the call named. */
  readonly given: string
  /** The record's own, read after the refusal. Undefined unless that was asked for (`onConflict: 'read'`), and succeeded. */
  readonly present: string | undefined
}

/** FileMaker took the request and refused it: no such field, a locked record, a failed validation. */
export class FileMakerError extends CallError {
  override readonly name = 'FileMakerError'
  readonly code = 'FM_REFUSED'
  declare readonly httpStatus: number
  /** FileMaker's own number, `messages[0].code` on the wire: 105 is a missing layout. */
  readonly fileMakerCode: number
  /** What the code means, in the same words whatever the server's version. Undefined for a code that is not documented. */
  readonly meaning: string | undefined
  /** All that FileMaker said. */
  readonly messages: readonly FileMakerMessage[]
  /** Each validation that failed (500 to 511), of all messages. Empty where none did. */
  readonly validationErrors: readonly ValidationFailure[]
  /** Of a 306 where the call named the record's modId. */
  readonly conflict: ModIdConflict | undefined

  constructor(
    details: CallDetails & {
      readonly httpStatus: number
      readonly messages: readonly FileMakerMessage[]
      readonly conflict?: ModIdConflict | undefined
    },
    options?: ErrorOptions,
  ) {
    const [first = { code: -1, message: '' }] = details.messages
    const meaning = errorMeaning(first.code)
    super(`${first.message || (meaning ?? 'Unknown error')} (FileMaker error ${first.code})`, details, options)
    this.fileMakerCode = first.code
    this.meaning = meaning
    this.messages = details.messages
    this.validationErrors = details.messages.flatMap(readValidation)
    this.conflict = details.conflict
  }
}

function readValidation({ code, message }: FileMakerMessage): readonly ValidationFailure[] {
  return code >= 500 && code <= 511 ? [{ code, message, meaning: errorMeaning(code) ?? message }] : []
}

/**
 * Whether FileMaker refused a call, with one of the codes given, or at all when none is given. Knows errors of every copy
 * of this package in an install, which `instanceof` does not. A refused login is a {@link SessionError} and none of these.
 *
 * @param codes - FileMaker's numbers: 301 is a record in use, 306 a changed modId.
 * @example
 * if (isFileMakerError(error, 301, 306)) return tryLater(error.fileMakerCode) // 301 | 306
 */
export function isFileMakerError<const Code extends number = number>(
  error: unknown,
  ...codes: readonly Code[]
): error is FileMakerError & { readonly fileMakerCode: Code } {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'FM_REFUSED') return false
  if (!('fileMakerCode' in error)) return false
  const { fileMakerCode } = error
  return codes.length === 0 || codes.some((code) => code === fileMakerCode)
}

/** Why there is no session. */
export type SessionErrorReason =
  /** Wrong account or password, a locked account, no Data API privilege; an OAuth pair that has been used. */
  | 'credentials'
  /** The server has no room for another session. */
  | 'capacity'
  /**
   * More calls wait than `maxQueuedCalls` or `sessions.maxWaiting`, a call's turn did not come within `timeouts.queueMs`, or
   * all exclusive sessions stayed taken for the whole call.
   */
  | 'queue'
  /** The token that was given to `heldToken` has died. Whoever opened it has to open another. */
  | 'token'
  /** The login was refused for another reason, or got no answer. */
  | 'login'
  /** An operator's view of the sessions was asked for, and the cache does not answer. Calls never fail by it. */
  | 'cache'
  /** The client was closed. */
  | 'closed'

/** No session token is to be had, so the call was not sent; `outcome` tells of attempts before. */
export class SessionError extends CallError {
  override readonly name = 'SessionError'
  readonly code = 'FM_NO_SESSION'
  readonly reason: SessionErrorReason
  /** FileMaker's number where the server refused the login: 212 is a wrong account or password. */
  readonly fileMakerCode: number | undefined
  /** What that number means, in words. */
  readonly meaning: string | undefined

  constructor(
    message: string,
    details: CallDetails & { readonly reason: SessionErrorReason; readonly fileMakerCode?: number },
    options?: ErrorOptions,
  ) {
    super(message, details, options)
    this.reason = details.reason
    this.fileMakerCode = details.fileMakerCode
    this.meaning = details.fileMakerCode === undefined ? undefined : errorMeaning(details.fileMakerCode)
  }
}

/** The session that an exclusive scope stood on is gone, and with it the state that lived in it. */
export class SessionLostError extends CallError {
  override readonly name = 'SessionLostError'
  readonly code = 'FM_SESSION_LOST'
}

/** Why there is no answer from FileMaker. */
export type TransportErrorReason =
  /** It could not be sent: refused, not resolved, TLS or connect time-out. */
  | 'unsent'
  /** It was sent and the connection ended without a whole answer. */
  | 'lost'
  /** The call's time limit ended. */
  | 'timeout'
  /** The answer is not FileMaker's JSON: a page of a web server or proxy, or a cut-off body. */
  | 'not-filemaker'
  /** The answer is larger than `maxResponseBytes`. */
  | 'too-large'

/** No answer from FileMaker: the server is not there, the connection broke, time ran out, or something else answered. */
export class TransportError extends CallError {
  override readonly name = 'TransportError'
  readonly code = 'FM_NO_ANSWER'
  readonly reason: TransportErrorReason

  constructor(
    message: string,
    details: CallDetails & { readonly reason: TransportErrorReason },
    options?: ErrorOptions,
  ) {
    super(message, details, options)
    this.reason = details.reason
  }
}

/** Something in front of FileMaker Server wants credentials of its own: the session token is good, the call got a 401. */
export class ProxyAuthError extends CallError {
  override readonly name = 'ProxyAuthError'
  readonly code = 'FM_PROXY_AUTH'
}

/** The caller's own signal ended the call. `name` is `AbortError`, as everywhere in Node; the reason given is `cause`. */
export class CallAbortedError extends CallError {
  override readonly name = 'AbortError'
  readonly code = 'FM_ABORTED'
}

/** Why a container's content could not be moved. */
export type ContainerErrorReason =
  /** What was to be uploaded could not be read; `cause` says why. */
  | 'source'
  /** A stream that can be read only once had been begun when the call had to be made again: upload with a new stream. */
  | 'spent'
  /** The URL is not valid any more: it ends with the session that read it, or sooner. Read the record again. */
  | 'gone'
  /** The URL, or where it leads, is on another server: nothing was asked there. */
  | 'elsewhere'
  /** The field holds a reference to a file on somebody's disk, which the server does not give out. */
  | 'reference'

/** A file could not be brought into a container field, or out of it, for a reason of its own. */
export class ContainerError extends CallError {
  override readonly name = 'ContainerError'
  readonly code = 'FM_CONTAINER'
  readonly reason: ContainerErrorReason

  constructor(
    message: string,
    details: CallDetails & { readonly reason: ContainerErrorReason },
    options?: ErrorOptions,
  ) {
    super(message, details, options)
    this.reason = details.reason
  }
}
