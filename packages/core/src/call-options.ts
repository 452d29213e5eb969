import type { Call } from './exchange/call.ts'
import { count, known, name, oneOf } from './checks.ts'
import type { PortalWrites } from './portal-writes.ts'
import type { WritableValue } from './layout-definition.ts'
import type { FieldData } from './records.ts'
import { SCRIPT_OPTIONS, type ScriptOptions } from './script-options.ts'
import type { DateFormats, EntryMode, Parameters, PortalSelection, SortOrder } from './wire/parameters.ts'
import { isObject, type JsonObject } from './wire/shapes.ts'

/** Any call's own limits. */
export interface CallOptions {
  /** Ends the call wherever it is, with an error named `AbortError` that says whether it may have been executed. */
  readonly signal?: AbortSignal | undefined
  /** For the whole call, in milliseconds. @defaultValue `timeouts.callMs` of the client */
  readonly timeoutMs?: number | undefined
  /** Limits for parts of it. The whole call's holds besides. */
  readonly timeouts?: CallTimeouts | undefined
}

/** Limits of one call's parts, in milliseconds. */
export interface CallTimeouts {
  /** Waiting for a connection, one that is opened or one that gets free, at each attempt. @defaultValue the client's, for opening */
  readonly connectMs?: number | undefined
  /**
   * Waiting for a session: a login, or a turn where `sessions.callsPerSession` bounds them. The login itself goes on for others
   * who wait for it. @defaultValue as long as the call has
   */
  readonly loginMs?: number | undefined
  /** Waiting for its turn among the client's calls (`maxConcurrentCalls`). @defaultValue `timeouts.queueMs` of the client */
  readonly queueMs?: number | undefined
}

/** How records are shown in an answer. */
export interface ShownOptions extends CallOptions {
  /** Which portals come along, and which of their rows. @defaultValue all portals, 50 rows each */
  readonly portal?: PortalSelection | undefined
  /** Answers with the fields and portals of another layout of the same table. */
  readonly layoutResponse?: string | undefined
  /** How dates are written. @defaultValue 0: US */
  readonly dateformats?: DateFormats | undefined
}

export interface GetOptions extends ShownOptions, ScriptOptions {}

export interface ListOptions extends GetOptions {
  /** Records on the page, at the most. @defaultValue 100 */
  readonly limit?: number | undefined
  /** The first record of the page, counted from 1. @defaultValue 1 */
  readonly offset?: number | undefined
  /** @defaultValue order of creation */
  readonly sort?: readonly SortOrder[] | undefined
}

/** Criteria by field, in FileMaker's find symbols; joined with AND. `omit: true` takes the matching records out. */
export type FindRequest<Fields = FieldData> = string extends keyof Fields
  ? Readonly<Record<string, WritableValue | boolean>>
  : { readonly [Field in keyof Fields]?: WritableValue } & { readonly omit?: boolean | 'true' | 'false' }

/** Duplicating and deleting: scripts, and nothing else. */
export interface ScriptedOptions extends CallOptions, ScriptOptions {}

export interface WriteOptions<Rows = PortalWrites> extends ScriptedOptions {
  /**
   * Related rows, written in one commit with the record: by portal (its object name, or the table occurrence where it has
   * none), a row with `recordId` edited, one without created. Values by full name, `Occurrence::field`.
   */
  readonly portalData?: Rows | undefined
  /** How dates in the fields are written. @defaultValue 0: US */
  readonly dateformats?: DateFormats | undefined
  /** `script` writes what users may not override in a validation. FileMaker Server 2024 and later. @defaultValue 'user' */
  readonly entrymode?: EntryMode | undefined
  /** `script` writes where "prohibit modification of value" is set. FileMaker Server 2024 and later. @defaultValue 'user' */
  readonly prohibitmode?: EntryMode | undefined
}

export interface EditOptions<Rows = PortalWrites> extends WriteOptions<Rows> {
  /** Edits only if this is still the record's modId, else error 306. Lets a lost answer be sorted out, too. */
  readonly modId?: string | undefined
  /** Related records to be deleted with the edit: their record ids, by table occurrence or portal. */
  readonly deleteRelated?: Readonly<Record<string, readonly (string | number)[]>> | undefined
  /**
   * FileMaker does not say which modId the record has when it refuses another. `read`: asks for it, in one more read of at
   * most 5 s, so that the error's `conflict` has both. What is read is the record as it is then. @defaultValue 'fail'
   */
  readonly onConflict?: 'fail' | 'read' | undefined
}

export interface RunScriptOptions extends CallOptions, Pick<ScriptOptions, 'scripts' | 'idempotent'> {}

export interface LayoutMetadataOptions extends CallOptions {
  /** The record whose values are meant where a value list shows related ones only. @defaultValue none */
  readonly recordId?: string | number | undefined
}

/** The server wants `omit` as a text. */
export function readRequests(requests: unknown, method = 'find'): readonly unknown[] {
  if (!Array.isArray(requests) || requests.length === 0)
    throw new TypeError(`${method}: requests must be a list with at least one request`)
  return requests.map((request: unknown, index) => {
    if (!isPlain(request)) throw new TypeError(`${method}: requests[${index}] must be a plain object of criteria`)
    const { omit, ...criteria } = request
    if (Object.keys(criteria).length === 0) throw new TypeError(`${method}: requests[${index}] has no criteria`)
    for (const [field, criterion] of Object.entries(criteria))
      checkValue(`${method}: requests[${index}]`, field, criterion)
    const read = withDigits(criteria)
    return omit === undefined ? read : { ...read, omit: readOmit(omit, `${method}: requests[${index}].omit`) }
  })
}

function readOmit(omit: unknown, option: string): 'true' | 'false' {
  if (omit === true || omit === 'true') return 'true'
  if (omit === false || omit === 'false') return 'false'
  throw new TypeError(`${option} must be true or false`)
}

export function readFieldData(method: string, fieldData: unknown): Readonly<Record<string, unknown>> {
  if (!isPlain(fieldData)) throw new TypeError(`${method}: fieldData must be a plain object of fields`)
  for (const [field, value] of Object.entries(fieldData)) checkValue(method, field, value)
  return withDigits(fieldData)
}

/** A bigint travels as the text of its digits, which FileMaker takes for a number; JSON has no form for it. */
export function withDigits(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(values)
  if (!entries.some(([, value]) => typeof value === 'bigint')) return values
  return Object.fromEntries(entries.map(([field, value]) => [field, typeof value === 'bigint' ? String(value) : value]))
}

/** A Map or an instance would be sent as an empty object. */
export function isPlain(value: unknown): value is JsonObject {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The server refuses null, and JSON would drop what is undefined or turn a NaN into null without a word. */
export function checkValue(where: string, field: string, value: unknown): void {
  name(`${where}: the name of a field`, field)
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError(`${where}: the value of "${field}" holds half of a surrogate pair`)
  } else if (typeof value !== 'bigint' && !Number.isFinite(value)) {
    throw new TypeError(
      `${where}: the value of "${field}" must be a text, a finite number or a bigint; '' empties a field`,
    )
  }
}

export function checkOnConflict(onConflict: unknown): void {
  if (onConflict === undefined || onConflict === 'fail' || onConflict === 'read') return
  throw new TypeError("edit: onConflict must be 'fail' or 'read'")
}

export function readRecordId(recordId: unknown, option = 'recordId'): string {
  // A number above 2^53 has been rounded already, and would be another record's id.
  if (typeof recordId === 'number' ? Number.isSafeInteger(recordId) && recordId >= 0 : isDigits(recordId)) {
    return String(recordId)
  }
  throw new TypeError(`${option}: must be the digits of a record id, as a text where it is large`)
}

function isDigits(value: unknown): boolean {
  return typeof value === 'string' && /^\d+$/.test(value)
}

export const CALL_OPTIONS: readonly string[] = ['signal', 'timeoutMs', 'timeouts']
export const SCRIPTED_OPTIONS: readonly string[] = [...SCRIPT_OPTIONS, ...CALL_OPTIONS]
export const WRITE_OPTIONS: readonly string[] = [
  'portalData',
  'dateformats',
  'entrymode',
  'prohibitmode',
  ...SCRIPTED_OPTIONS,
]
export const SHOWN_OPTIONS: readonly string[] = ['portal', 'layoutResponse', 'dateformats', ...CALL_OPTIONS]
export const GET_OPTIONS: readonly string[] = [...SHOWN_OPTIONS, ...SCRIPT_OPTIONS]
export const LIST_OPTIONS: readonly string[] = ['limit', 'offset', 'sort', ...GET_OPTIONS]

/** @throws TypeError that names the option. */
export function readListOptions(method: string, options: ListOptions): Parameters {
  const { limit, offset, sort } = options
  if (limit !== undefined) count(`${method}: limit`, limit, 1, Number.MAX_SAFE_INTEGER)
  if (offset !== undefined) count(`${method}: offset`, offset, 1, Number.MAX_SAFE_INTEGER)
  if (sort !== undefined && !Array.isArray(sort)) {
    throw new TypeError(`${method}: sort must be a list like [{ fieldName: 'name', sortOrder: 'descend' }]`)
  }
  for (const [index, order] of (sort ?? []).entries()) {
    const place = `${method}: sort[${index}]`
    if (!isPlain(order)) throw new TypeError(`${place} must be an object like { fieldName: 'name' }`)
    known(place, order, ['fieldName', 'sortOrder'])
    name(`${place}.fieldName`, order.fieldName)
    if (order.sortOrder !== undefined) name(`${place}.sortOrder`, order.sortOrder)
  }
  return { limit, offset, sort, ...readParameters(method, options) }
}

export function readParameters(method: string, { portal, layoutResponse, dateformats }: ShownOptions): Parameters {
  if (portal !== undefined) checkPortals(`${method}: portal`, portal)
  if (layoutResponse !== undefined) name(`${method}: layoutResponse`, layoutResponse)
  checkDateFormats(method, dateformats)
  return { portal, layoutResponse, dateformats }
}

function checkPortals(option: string, portal: unknown): void {
  if (Array.isArray(portal)) {
    for (const [index, portalName] of portal.entries()) name(`${option}[${index}]`, portalName)
    return
  }
  if (!isPlain(portal))
    throw new TypeError(`${option}: must be a list of names, or an object with a range for each name`)
  for (const [portalName, range] of Object.entries(portal)) {
    name(`${option}: the name of a portal`, portalName)
    const place = `${option}.${portalName}`
    known(place, range, ['offset', 'limit'])
    const { offset, limit } = range as Record<string, unknown>
    if (offset !== undefined) count(`${place}.offset`, offset, 1, Number.MAX_SAFE_INTEGER)
    if (limit !== undefined) count(`${place}.limit`, limit, 1, Number.MAX_SAFE_INTEGER)
  }
}

/** What a write says beside its fields. */
export function readWriteOptions(
  method: string,
  options: Omit<WriteOptions, 'portalData'>,
): Pick<Parameters, 'dateformats' | 'options'> {
  const { dateformats, entrymode, prohibitmode } = options
  checkDateFormats(method, dateformats)
  if (entrymode !== undefined) oneOf(`${method}: entrymode`, entrymode, ['user', 'script'])
  if (prohibitmode !== undefined) oneOf(`${method}: prohibitmode`, prohibitmode, ['user', 'script'])
  const modes = entrymode === undefined && prohibitmode === undefined ? {} : { options: { entrymode, prohibitmode } }
  return { dateformats, ...modes }
}

function checkDateFormats(method: string, dateformats: unknown): void {
  if (dateformats === undefined || dateformats === 0 || dateformats === 1 || dateformats === 2) return
  throw new TypeError(`${method}: dateformats must be 0, 1 or 2`)
}

/** Options that a call does not take, or that make no sense, never reach the server. */
export function checkCall(method: string, options: CallOptions, names: readonly string[] = CALL_OPTIONS): void {
  known(method, options, names)
  if (options.timeoutMs !== undefined) count(`${method}: timeoutMs`, options.timeoutMs, 1, 2_147_483_647)
  if (options.timeouts !== undefined) checkTimeouts(`${method}: timeouts`, options.timeouts)
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    throw new TypeError(`${method}: signal must be an AbortSignal`)
  }
}

function checkTimeouts(option: string, timeouts: CallTimeouts): void {
  known(option, timeouts, ['connectMs', 'loginMs', 'queueMs'])
  for (const [part, ms] of Object.entries(timeouts)) {
    if (ms !== undefined) count(`${option}.${part}`, ms, 1, 2_147_483_647)
  }
}

export function limitsOf({
  signal,
  timeoutMs,
  timeouts,
}: CallOptions): Pick<Call, 'signal' | 'timeoutMs' | 'timeouts'> {
  return { signal, timeoutMs, timeouts }
}
