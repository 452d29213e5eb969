import { FileMakerError, TransportError } from './errors.ts'
import type { Call, Exchange } from './exchange/exchange.ts'
import { count, known, name } from './options.ts'
import { NO_RECORDS, RECORD_MISSING } from './wire/error-codes.ts'
import {
  operationOf,
  pathOf,
  readBody,
  readQuery,
  ROUTES,
  type DateFormats,
  type PortalSelection,
  type ReadParameters,
  type Route,
  type SortOrder,
} from './wire/parameters.ts'
import { isObject, type JsonObject } from './wire/shapes.ts'

/** A value as it travels: FileMaker knows no null and no boolean. An empty field, of numbers too, is `''`. */
export type FieldValue = string | number

/** The fields of a layout by name; related ones are `Occurrence::field`, repetitions `field(2)`. */
export type FieldData = Readonly<Record<string, FieldValue>>

/** One record. */
export interface RecordEntry<Fields = FieldData> {
  readonly fieldData: Fields
  /** Related rows by portal: its object name, or the table occurrence where it has none. */
  readonly portalData: Readonly<Record<string, readonly PortalRow[]>>
  /** FileMaker's own id of the record. A text: it may exceed what a number holds. */
  readonly recordId: string
  /** Grows with each commit; give it to {@link Layout.edit} to edit only what you have seen. */
  readonly modId: string
  readonly portalDataInfo?: readonly PortalDataInfo[]
}

/** A related row: its fields by full name (`Occurrence::field`), and its own ids. */
export type PortalRow = { readonly recordId: string; readonly modId: string } & Readonly<Record<string, FieldValue>>

export interface PortalDataInfo {
  readonly portalObjectName?: string
  readonly database: string
  readonly table: string
  readonly foundCount: number
  readonly returnedCount: number
}

/** One page of records. */
export interface RecordPage<Fields = FieldData> {
  readonly data: readonly RecordEntry<Fields>[]
  readonly dataInfo: DataInfo
}

export interface DataInfo {
  readonly database: string
  readonly layout: string
  /** Table occurrence. Empty where nothing was found: FileMaker tells it with records only. */
  readonly table: string
  /** Records in the table. Undefined where nothing was found, for the same reason. */
  readonly totalRecordCount: number | undefined
  /** Records that match, whatever the limit. */
  readonly foundCount: number
  /** Records on this page. */
  readonly returnedCount: number
}

/** Any call's own limits. */
export interface CallOptions {
  /** Ends the call wherever it is, with an error named `AbortError` that says whether it may have been executed. */
  readonly signal?: AbortSignal | undefined
  /** For the whole call, in milliseconds. @defaultValue `timeouts.callMs` of the client */
  readonly timeoutMs?: number | undefined
}

export interface GetOptions extends CallOptions {
  /** Which portals come along, and which of their rows. @defaultValue all portals, 50 rows each */
  readonly portal?: PortalSelection | undefined
  /** Answers with the fields and portals of another layout of the same table. */
  readonly layoutResponse?: string | undefined
  /** How dates are written. @defaultValue 0: US */
  readonly dateformats?: DateFormats | undefined
}

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
  ? Readonly<Record<string, FieldValue | boolean>>
  : { readonly [Field in keyof Fields]?: FieldValue } & { readonly omit?: boolean | 'true' | 'false' }

export interface WriteOptions extends CallOptions {
  /** How dates in the fields are written. @defaultValue 0: US */
  readonly dateformats?: DateFormats | undefined
}

export interface EditOptions extends WriteOptions {
  /** Edits only if this is still the record's modId, else error 306. Lets a lost answer be sorted out, too. */
  readonly modId?: string | undefined
}

/** The records of one layout. Only the fields on the layout can be read and written. */
export interface Layout<Fields = FieldData> {
  readonly name: string
  /**
   * A page of all records. A page beyond the last record is empty.
   *
   * @throws {@link FileMakerError} 105 when there is no such layout, 102 when a sort field is not on it.
   * @see Claris FileMaker Data API Guide, "Get a range of records"
   */
  list(options?: ListOptions): Promise<RecordPage<Fields>>
  /**
   * One record.
   *
   * @throws {@link FileMakerError} 101 when there is no such record.
   * @see Claris FileMaker Data API Guide, "Get a single record"
   */
  get(recordId: string | number, options?: GetOptions): Promise<RecordEntry<Fields>>
  /**
   * The records that match.
   *
   * A find that matches nothing is an answer, not a failure: FileMaker reports it as error 401, and this method resolves with
   * an empty page. Values are find criteria: `=`, `==`, `*`, `@`, `#`, `!`, `<`, `>`, `...`, `"` and `~` have a meaning, and
   * are taken literally behind a `\`.
   *
   * @param requests - Fields in one request are joined with AND, requests with OR, in their order.
   * @throws {@link FileMakerError} 102 when a field is not on the layout, 105 when there is no such layout.
   * @see Claris FileMaker Data API Guide, "Perform a find request"
   * @example
   * const page = await people.find([{ city: '==Oslo' }], { limit: 20 })
   */
  find(requests: readonly FindRequest<Fields>[], options?: ListOptions): Promise<RecordPage<Fields>>
  /**
   * Creates a record; fields left out get their auto-enter values.
   *
   * @throws {@link FileMakerError} 102 for a field that is not on the layout, 500 to 511 for a value that fails validation.
   * @see Claris FileMaker Data API Guide, "Create a record"
   */
  create(
    fieldData: Partial<Fields>,
    options?: WriteOptions,
  ): Promise<{ readonly recordId: string; readonly modId: string }>
  /**
   * Edits the given fields of a record.
   *
   * @throws {@link FileMakerError} 101 no such record, 301 locked by another user, 306 `modId` is not the record's.
   * @see Claris FileMaker Data API Guide, "Edit a record"
   */
  edit(
    recordId: string | number,
    fieldData: Partial<Fields>,
    options?: EditOptions,
  ): Promise<{ readonly modId: string }>
  /**
   * Duplicates a record.
   *
   * @see Claris FileMaker Data API Guide, "Duplicate a record"
   */
  duplicate(
    recordId: string | number,
    options?: CallOptions,
  ): Promise<{ readonly recordId: string; readonly modId: string }>
  /**
   * Deletes a record.
   *
   * @throws {@link FileMakerError} 101 no such record, 301 locked by another user.
   * @see Claris FileMaker Data API Guide, "Delete a record"
   */
  delete(recordId: string | number, options?: CallOptions): Promise<void>
  /**
   * The layout's fields, portals and value lists.
   *
   * @see Claris FileMaker Data API Guide, "Get layout metadata"
   */
  metadata(options?: CallOptions): Promise<LayoutMetadata>
}

export interface LayoutMetadata {
  readonly fieldMetaData: readonly FieldMetadata[]
  /** The fields of each portal. */
  readonly portalMetaData: Readonly<Record<string, readonly FieldMetadata[]>>
  /** Empty when the layout uses none. */
  readonly valueLists: readonly ValueList[]
}

export interface FieldMetadata {
  readonly name: string
  readonly type: 'normal' | 'calculation' | 'summary'
  readonly displayType: string
  readonly result: 'text' | 'number' | 'date' | 'time' | 'timeStamp' | 'container'
  readonly valueList?: string
  readonly global: boolean
  readonly autoEnter: boolean
  readonly fourDigitYear: boolean
  readonly maxRepeat: number
  readonly maxCharacters: number
  readonly notEmpty: boolean
  readonly numeric: boolean
  readonly timeOfDay: boolean
  readonly repetitionStart: number
  readonly repetitionEnd: number
}

export interface ValueList {
  readonly name: string
  readonly type: string
  readonly values: readonly { readonly displayValue: string; readonly value: string }[]
}

/** One layout, its calls made by the given exchange: the client's, or a scope's. */
export function createLayout<Fields>(
  exchange: Exchange,
  base: string,
  database: string,
  layout: string,
): Layout<Fields> {
  name('layout', layout)
  const inLayout = (route: Route): string => base + pathOf(route, { database, layout })
  const paths = { list: inLayout(ROUTES.list), find: inLayout(ROUTES.find), metadata: inLayout(ROUTES.layoutMetadata) }
  const recordPath = (recordId: string | number): string => `${paths.list}/${readRecordId(recordId)}`

  return {
    name: layout,
    list: async (options = {}) => {
      const parameters = readListOptions('list', options)
      const call = { route: ROUTES.list, path: paths.list + readQuery(parameters), verb: 'read' as const }
      return readPage(exchange, { ...call, ...limitsOf(options) }, database, layout)
    },
    get: async (recordId, options = {}) => {
      checkCall('get', options, GET_OPTIONS)
      const path = recordPath(recordId) + readQuery(readParameters('get', options))
      const response = await exchange({ route: ROUTES.get, path, verb: 'read', ...limitsOf(options) })
      const [record] = recordsOf<Fields>(response)
      if (record !== undefined) return record
      const messages = [{ code: RECORD_MISSING, message: 'Record is missing' }]
      const operation = operationOf(ROUTES.get)
      throw new FileMakerError({ operation, outcome: 'not-executed', httpStatus: 200, messages })
    },
    find: async (requests, options = {}) => {
      const parameters = readListOptions('find', options)
      const body = JSON.stringify({ query: readRequests(requests), ...readBody(parameters) })
      const call = { route: ROUTES.find, path: paths.find, body, verb: 'read' as const }
      return readPage(exchange, { ...call, ...limitsOf(options) }, database, layout)
    },
    create: async (fieldData, options = {}) => {
      checkCall('create', options, WRITE_OPTIONS)
      checkDateFormats('create', options.dateformats)
      const body = JSON.stringify({ fieldData: readFieldData('create', fieldData), dateformats: options.dateformats })
      const response = await exchange({
        route: ROUTES.create,
        path: paths.list,
        body,
        verb: 'write',
        ...limitsOf(options),
      })
      return idsOf(ROUTES.create, response)
    },
    edit: async (recordId, fieldData, options = {}) => {
      checkCall('edit', options, ['modId', ...WRITE_OPTIONS])
      const { modId, dateformats } = options
      if (modId !== undefined) name('edit: modId', modId)
      checkDateFormats('edit', dateformats)
      const fields = readFieldData('edit', fieldData)
      const body = JSON.stringify({ fieldData: fields, modId, dateformats })
      const path = recordPath(recordId)
      const verb = isConditional(fields, modId) ? 'edit' : 'write'
      const response = await exchange({ route: ROUTES.edit, path, body, verb, ...limitsOf(options) })
      return { modId: idOf(response.modId) }
    },
    duplicate: async (recordId, options = {}) => {
      checkCall('duplicate', options, CALL_OPTIONS)
      const path = recordPath(recordId)
      const response = await exchange({
        route: ROUTES.duplicate,
        path,
        body: '{}',
        verb: 'write',
        ...limitsOf(options),
      })
      return idsOf(ROUTES.duplicate, response)
    },
    delete: async (recordId, options = {}) => {
      checkCall('delete', options, CALL_OPTIONS)
      await exchange({ route: ROUTES.delete, path: recordPath(recordId), verb: 'delete', ...limitsOf(options) })
    },
    metadata: async (options = {}) => {
      checkCall('metadata', options, CALL_OPTIONS)
      const call = { route: ROUTES.layoutMetadata, path: paths.metadata, verb: 'read' as const }
      const response = (await exchange({ ...call, ...limitsOf(options) })) as unknown as LayoutMetadata
      return { ...response, valueLists: response.valueLists ?? [] }
    },
  }
}

/**
 * Whether doing the edit twice does no more than once: the server refuses the second because the first changed the modId.
 * That holds where the edit names a modId and changes a field of the record itself; an edit of related fields alone leaves
 * the record's own modId as it is, and `deleteRelated` is no field.
 */
function isConditional(fields: Readonly<Record<string, unknown>>, modId: string | undefined): boolean {
  const names = Object.keys(fields)
  if (modId === undefined || names.includes('deleteRelated')) return false
  return names.some((field) => !field.includes('::'))
}

async function readPage<Fields>(
  exchange: Exchange,
  call: Call,
  database: string,
  layout: string,
): Promise<RecordPage<Fields>> {
  try {
    const response = await exchange(call)
    const data = recordsOf<Fields>(response)
    const told: JsonObject = isObject(response.dataInfo) ? response.dataInfo : {}
    // Servers before FileMaker 18 send no dataInfo: then what is here is all that is known.
    const counted = {
      database,
      layout,
      table: '',
      totalRecordCount: undefined,
      foundCount: data.length,
      returnedCount: data.length,
    }
    return { data, dataInfo: { ...counted, ...told } }
  } catch (error) {
    if (!(error instanceof FileMakerError) || error.fileMakerCode !== NO_RECORDS) throw error
    const dataInfo = { database, layout, table: '', totalRecordCount: undefined, foundCount: 0, returnedCount: 0 }
    return { data: [], dataInfo }
  }
}

function recordsOf<Fields>(response: JsonObject): readonly RecordEntry<Fields>[] {
  return Array.isArray(response.data)
    ? (response.data.filter(isObject) as unknown as readonly RecordEntry<Fields>[])
    : []
}

/** A success that does not say which record it made is none of FileMaker's, and the record may be there. */
function idsOf(route: Route, response: JsonObject): { readonly recordId: string; readonly modId: string } {
  if (idOf(response.recordId) === '') {
    const details = { operation: operationOf(route), outcome: 'unknown', reason: 'not-filemaker' } as const
    throw new TransportError('an answer without a recordId', details)
  }
  return { recordId: idOf(response.recordId), modId: idOf(response.modId) }
}

/** Ids are texts on the wire. */
function idOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** The server wants `omit` as a text. */
function readRequests(requests: unknown): readonly unknown[] {
  if (!Array.isArray(requests) || requests.length === 0)
    throw new TypeError('find: requests must be a list with at least one request')
  return requests.map((request: unknown, index) => {
    if (!isPlain(request)) throw new TypeError(`find: requests[${index}] must be a plain object of criteria`)
    const { omit, ...criteria } = request
    if (Object.keys(criteria).length === 0) throw new TypeError(`find: requests[${index}] has no criteria`)
    for (const [field, criterion] of Object.entries(criteria)) checkValue(`find: requests[${index}]`, field, criterion)
    return omit === undefined ? criteria : { ...criteria, omit: readOmit(omit, index) }
  })
}

function readOmit(omit: unknown, index: number): 'true' | 'false' {
  if (omit === true || omit === 'true') return 'true'
  if (omit === false || omit === 'false') return 'false'
  throw new TypeError(`find: requests[${index}].omit must be true or false`)
}

export function readFieldData(method: string, fieldData: unknown): Readonly<Record<string, unknown>> {
  if (!isPlain(fieldData)) throw new TypeError(`${method}: fieldData must be a plain object of fields`)
  for (const [field, value] of Object.entries(fieldData)) checkValue(method, field, value)
  return fieldData
}

/** A Map or an instance would be sent as an empty object. */
function isPlain(value: unknown): value is JsonObject {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The server refuses null, and JSON would drop what is undefined or turn a NaN into null without a word. */
function checkValue(where: string, field: string, value: unknown): void {
  name(`${where}: the name of a field`, field)
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError(`${where}: the value of "${field}" holds half of a surrogate pair`)
  } else if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new TypeError(`${where}: the value of "${field}" must be a text or a finite number; '' empties a field`)
  }
}

function readRecordId(recordId: unknown): string {
  // A number above 2^53 has been rounded already, and would be another record's id.
  if (typeof recordId === 'number' ? Number.isSafeInteger(recordId) && recordId >= 0 : isDigits(recordId)) {
    return String(recordId)
  }
  throw new TypeError('recordId: must be the digits of a record id, as a text where it is large')
}

function isDigits(value: unknown): boolean {
  return typeof value === 'string' && /^\d+$/.test(value)
}

const CALL_OPTIONS = ['signal', 'timeoutMs']
const WRITE_OPTIONS = ['dateformats', ...CALL_OPTIONS]
const GET_OPTIONS = ['portal', 'layoutResponse', 'dateformats', ...CALL_OPTIONS]
const LIST_OPTIONS = ['limit', 'offset', 'sort', ...GET_OPTIONS]

function readListOptions(method: string, options: ListOptions): ReadParameters {
  checkCall(method, options, LIST_OPTIONS)
  const { limit, offset, sort } = options
  if (limit !== undefined) count(`${method}: limit`, limit, 1, Number.MAX_SAFE_INTEGER)
  if (offset !== undefined) count(`${method}: offset`, offset, 1, Number.MAX_SAFE_INTEGER)
  if (sort !== undefined && !Array.isArray(sort)) {
    throw new TypeError(`${method}: sort must be a list like [{ fieldName: 'name', sortOrder: 'descend' }]`)
  }
  for (const [index, order] of (sort ?? []).entries()) {
    const place = `${method}: sort[${index}]`
    known(place, order, ['fieldName', 'sortOrder'])
    name(`${place}.fieldName`, order.fieldName)
    if (order.sortOrder !== undefined) name(`${place}.sortOrder`, order.sortOrder)
  }
  return { limit, offset, sort, ...readParameters(method, options) }
}

function readParameters(method: string, { portal, layoutResponse, dateformats }: GetOptions): ReadParameters {
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
    const place = `${option}.${portalName}`
    known(place, range, ['offset', 'limit'])
    const { offset, limit } = range as Record<string, unknown>
    if (offset !== undefined) count(`${place}.offset`, offset, 1, Number.MAX_SAFE_INTEGER)
    if (limit !== undefined) count(`${place}.limit`, limit, 1, Number.MAX_SAFE_INTEGER)
  }
}

function checkDateFormats(method: string, dateformats: unknown): void {
  if (dateformats === undefined || dateformats === 0 || dateformats === 1 || dateformats === 2) return
  throw new TypeError(`${method}: dateformats must be 0, 1 or 2`)
}

/** Options that a call does not take, or that make no sense, never reach the server. */
export function checkCall(method: string, options: CallOptions, names: readonly string[] = CALL_OPTIONS): void {
  known(method, options, names)
  if (options.timeoutMs !== undefined) count(`${method}: timeoutMs`, options.timeoutMs, 1, 2_147_483_647)
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) {
    throw new TypeError(`${method}: signal must be an AbortSignal`)
  }
}

export function limitsOf({ signal, timeoutMs }: CallOptions): Pick<Call, 'signal' | 'timeoutMs'> {
  return { signal, timeoutMs }
}
