import { FileMakerError, TransportError } from './errors.ts'
import type { Call, Exchange } from './exchange/exchange.ts'
import {
  CALL_OPTIONS,
  checkCall,
  checkDateFormats,
  checkOnConflict,
  GET_OPTIONS,
  limitsOf,
  readFieldData,
  readListOptions,
  readParameters,
  readRecordId,
  readRequests,
  WRITE_OPTIONS,
  type CallOptions,
  type EditOptions,
  type FindRequest,
  type GetOptions,
  type ListOptions,
  type WriteOptions,
} from './call-options.ts'
import { PRESENT_MOD_ID_MS, withModIds } from './mod-id-conflict.ts'
import { name } from './options.ts'
import type { FieldData, RecordEntry, RecordPage } from './records.ts'
import { NO_RECORDS, RECORD_MISSING } from './wire/error-codes.ts'
import { operationOf, pathOf, readBody, readQuery, ROUTES, type Route } from './wire/parameters.ts'
import { isObject, type JsonObject } from './wire/shapes.ts'

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
   * @throws {@link FileMakerError} 101 no such record, 301 locked by another user, 306 `modId` is not the record's: its
   * `conflict` has the modId given and, with `onConflict: 'read'`, the record's own.
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
      checkCall('edit', options, ['modId', 'onConflict', ...WRITE_OPTIONS])
      const { modId, dateformats } = options
      checkOnConflict(options.onConflict)
      if (modId !== undefined) name('edit: modId', modId)
      checkDateFormats('edit', dateformats)
      const fields = readFieldData('edit', fieldData)
      const body = JSON.stringify({ fieldData: fields, modId, dateformats })
      const path = recordPath(recordId)
      const verb = isConditional(fields, modId) ? 'edit' : 'write'
      const readPresent = async (): Promise<string | undefined> => {
        const query = readQuery({ portal: [] })
        const limits = { ...limitsOf(options), timeoutMs: PRESENT_MOD_ID_MS }
        const read = await exchange({ route: ROUTES.get, path: path + query, verb: 'read', ...limits })
        return recordsOf(read)[0]?.modId
      }
      const editing = exchange({ route: ROUTES.edit, path, body, verb, ...limitsOf(options) })
      const response = await withModIds(editing, modId, options.onConflict === 'read' ? readPresent : undefined)
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
