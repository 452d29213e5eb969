import type { Attributes } from '@opentelemetry/api'
import type { AttemptMessage, CallMessage, CallPlace, Place } from '@fm/core'

/**
 * No name for FileMaker is in the conventions' list; what is not there is to be the product's name in lower case.
 *
 * @see OpenTelemetry, "Semantic conventions for database client spans"
 */
const SYSTEM = 'filemaker'
/** The Data API is HTTPS on the web server's port: another one is worth telling. */
const DEFAULT_PORT = 443
/** No records match the request: FileMaker answers HTTP 500, and nothing is wrong. */
const NO_RECORDS = 401

/** Of an operation on a database: a call, a login. */
export function operationAttributes(place: Place, operation: string): Attributes {
  const { hostname, port } = addressOf(place.server())
  return {
    ...databaseAttributes(place),
    'db.operation.name': operation,
    'server.address': hostname,
    ...(port === DEFAULT_PORT ? {} : { 'server.port': port }),
  }
}

export function databaseAttributes({ database }: Pick<Place, 'database'>): Attributes {
  return { 'db.system.name': SYSTEM, ...(database === undefined ? {} : { 'db.namespace': database }) }
}

export function callAttributes(call: CallPlace): Attributes {
  return {
    ...operationAttributes(call, call.name),
    ...(call.layout === undefined ? {} : { 'db.collection.name': call.layout }),
    ...(call.script === undefined ? {} : { 'db.stored_procedure.name': call.script }),
  }
}

/** `find People`: the operation and what it is about. */
export function callName({ name, script, layout, database }: CallPlace): string {
  const target = script ?? layout ?? database
  return target === undefined ? name : `${name} ${target}`
}

/**
 * Of one HTTP request. `url.full` is left out: paths and queries hold record ids, criteria and parameters of scripts; the
 * template says where it went.
 */
export function requestAttributes({ server, method, template }: CallPlace): Attributes {
  const { hostname, port } = addressOf(server())
  return { 'http.request.method': method, 'server.address': hostname, 'server.port': port, 'url.template': template }
}

export function answerAttributes(attempt: AttemptMessage): Attributes {
  const errorType = requestErrorType(attempt)
  return {
    ...(attempt.httpStatus === undefined ? {} : { 'http.response.status_code': attempt.httpStatus }),
    ...(errorType === undefined ? {} : { 'error.type': errorType }),
  }
}

/** FileMaker's code, as a text, where it refused; a find without a match is no failure. */
export function failureAttributes({ error, fileMakerCode }: Pick<CallMessage, 'error' | 'fileMakerCode'>): Attributes {
  if (error === undefined) return {}
  return {
    'error.type': errorTypeOf(error, fileMakerCode),
    ...(fileMakerCode === undefined ? {} : { 'db.response.status_code': String(fileMakerCode) }),
  }
}

/** FileMaker's code; without one the error's reason (`timeout`, `lost`, `queue` …), its code, or its name. */
function errorTypeOf(error: unknown, fileMakerCode: number | undefined): string {
  if (fileMakerCode !== undefined) return String(fileMakerCode)
  if (!(error instanceof Error)) return '_OTHER'
  if ('reason' in error && typeof error.reason === 'string') return error.reason
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

function requestErrorType({ end, httpStatus, errorCode, fileMakerCode }: AttemptMessage): string | undefined {
  if (end !== 'answered') return errorCode ?? end ?? '_OTHER'
  if (httpStatus === undefined || httpStatus < 400 || fileMakerCode === NO_RECORDS) return undefined
  return String(httpStatus)
}

function addressOf(server: string): { readonly hostname: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(server)
  return { hostname, port: port === '' ? (protocol === 'http:' ? 80 : DEFAULT_PORT) : Number(port) }
}
