import { createAllRecords, type AllRecords, type AllRecordsOptions, type KeepSession } from './all-records.ts'
import {
  CALL_OPTIONS,
  checkCall,
  GET_OPTIONS,
  limitsOf,
  LIST_OPTIONS,
  readFieldData,
  readListOptions,
  readParameters,
  readRecordId,
  readRequests,
  readWriteOptions,
  SCRIPTED_OPTIONS,
  WRITE_OPTIONS,
  type CallOptions,
  type EditOptions,
  type FindRequest,
  type GetOptions,
  type LayoutMetadataOptions,
  type ListOptions,
  type RunScriptOptions,
  type ScriptedOptions,
  type WriteOptions,
} from './call-options.ts'
import { createLayoutContainers, type ContainersParts, type LayoutContainers } from './container.ts'
import type { Call } from './exchange/call.ts'
import { layoutMetadataOf, oldMetadataOf, type LayoutMetadata, type OldFieldMetadata } from './layout-metadata.ts'
import type { LayoutDefinition, WrittenFields } from './layout-definition.ts'
import { PRESENT_MOD_ID_MS, withModIds } from './mod-id-conflict.ts'
import { name } from './checks.ts'
import { EDIT_OPTIONS, isConditional, readEdit } from './edits.ts'
import { readPortalData, type PortalWrites } from './portal-writes.ts'
import { createdOf, editedOf, pageOf, recordOf } from './record-answers.ts'
import { createMapping } from './record-mapping.ts'
import type { CreatedRecord, EditedRecord, FieldData, PortalFields, RecordAnswer, RecordPage } from './records.ts'
import {
  checkScriptSessions,
  readResult,
  readScriptCall,
  readScriptParameter,
  readScripts,
  scriptResultsOf,
  type ScriptPlaces,
  type ScriptResult,
  type ScriptResults,
  type ScriptSessions,
} from './script-options.ts'
import { pathBelow, pathOf, ROUTES, type Parameters, type PathValues, type Route } from './wire/parameters.ts'
import { spell } from './wire/spelling.ts'

/** The records of one layout. Only the fields on the layout can be read and written. */
export interface Layout<
  Fields = FieldData,
  Portals = PortalFields,
  Written = WrittenFields<Fields>,
  Rows = PortalWrites<Portals>,
> extends LayoutContainers<Fields> {
  readonly name: string
  /**
   * A page of all records. A page beyond the last record is empty.
   *
   * @throws {@link FileMakerError} 105 when there is no such layout, 102 when a sort field is not on it.
   * @see Claris FileMaker Data API Guide, "Get a range of records"
   */
  list(options?: ListOptions): Promise<RecordPage<Fields, Portals>>
  /**
   * One record.
   *
   * @throws {@link FileMakerError} 101 when there is no such record.
   * @see Claris FileMaker Data API Guide, "Get a single record"
   */
  get(recordId: string | number, options?: GetOptions): Promise<RecordAnswer<Fields, Portals>>
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
  find(requests: readonly FindRequest<Fields>[], options?: ListOptions): Promise<RecordPage<Fields, Portals>>
  /**
   * All records, however many, one after the other.
   *
   * @example
   * for await (const person of people.listAll()) console.log(person.fieldData.name)
   * const everybody = await Array.fromAsync(people.listAll()) // all of them in memory
   */
  listAll(options?: AllRecordsOptions): AllRecords<Fields, Portals>
  /**
   * All records that match, however many, one after the other.
   *
   * @example
   * for await (const person of people.findAll([{ city: '==Oslo' }])) console.log(person.fieldData.name)
   * const oldest = await people.findAll([{ city: '==Oslo' }], { sort: [{ fieldName: 'born' }] }).first()
   */
  findAll(requests: readonly FindRequest<Fields>[], options?: AllRecordsOptions): AllRecords<Fields, Portals>
  /**
   * Creates a record, with related rows where `portalData` has some; fields left out get their auto-enter values.
   *
   * @throws {@link FileMakerError} 102 for a field that is not on the layout, 500 to 511 for a value that fails validation.
   * @see Claris FileMaker Data API Guide, "Create a record"
   */
  create(fieldData: Written, options?: WriteOptions<Rows>): Promise<CreatedRecord>
  /**
   * Edits the given fields of a record, and the related rows in `portalData` and `deleteRelated`: all of it, or nothing.
   *
   * @throws {@link FileMakerError} 101 no such record, 301 locked by another user, 306 `modId` is not the record's: its
   * `conflict` has the modId given and, with `onConflict: 'read'`, the record's own.
   * @see Claris FileMaker Data API Guide, "Edit a record"
   */
  edit(recordId: string | number, fieldData: Written, options?: EditOptions<Rows>): Promise<EditedRecord>
  /**
   * Duplicates a record.
   *
   * @see Claris FileMaker Data API Guide, "Duplicate a record"
   */
  duplicate(recordId: string | number, options?: ScriptedOptions): Promise<CreatedRecord>
  /**
   * Deletes a record.
   *
   * @throws {@link FileMakerError} 101 no such record, 301 locked by another user.
   * @see Claris FileMaker Data API Guide, "Delete a record"
   */
  delete(recordId: string | number, options?: ScriptedOptions): Promise<ScriptResults>
  /**
   * Runs a script on the layout. It is not run again when its answer is lost, unless it is said to be `idempotent`.
   *
   * @param script - Its name. Names may be there twice in a database: FileMaker takes one of them.
   * @param parameter - What `Get(ScriptParameter)` gives in the script. It travels in the URL: for more than about 1,500
   * characters name the script as `script` of a find, a create or an edit instead.
   * @returns What it returned, and its own error: an error in a script is an answer and not thrown.
   * @throws {@link FileMakerError} 104 when there is no such script, or the account may not run it.
   * @see Claris FileMaker Data API Guide, "Run a FileMaker script"
   */
  runScript(script: string, parameter?: string, options?: RunScriptOptions): Promise<ScriptResult>
  /**
   * The layout's fields, portals and value lists.
   *
   * @see Claris FileMaker Data API Guide, "Get layout metadata"
   */
  metadata(options?: LayoutMetadataOptions): Promise<LayoutMetadata>
  /** The layout's fields as FileMaker Server 17 has them, which has no other metadata. Later servers know it too. */
  oldMetadata(options?: CallOptions): Promise<readonly OldFieldMetadata[]>
}

/** What holds for all calls on a layout. */
export interface LayoutOptions {
  /** On which session calls with scripts are made. @defaultValue what the client says; else 'shared' */
  readonly scripts?: ScriptSessions | undefined
}

/** Where a layout's calls go: the client's exchanges, or a scope's. */
export interface LayoutPlace extends ScriptPlaces {
  /** `/fmi/data/vLatest` */
  readonly base: string
  readonly database: string
  readonly keepSession?: KeepSession | undefined
  readonly containers: ContainersParts
}

/** One layout. Nothing is sent. */
export function createLayout<Fields, Portals, Written, Rows>(
  place: LayoutPlace,
  layout: string,
  options: LayoutOptions | LayoutDefinition = {},
): Layout<Fields, Portals, Written, Rows> {
  name('layout', layout)
  const mapping = createMapping<Fields, Portals>(layout, options)
  const { scripts = place.scripts } = options
  checkScriptSessions('layout: scripts', scripts)
  const places: ScriptPlaces = { shared: place.shared, exclusive: place.exclusive, scripts }
  const { base, database } = place
  const above = base + pathOf(ROUTES.layoutMetadata, { database, layout })

  /** A route's call, its parameters spelled and its names in place. */
  const callOf = (
    route: Route,
    verb: Call['verb'],
    limits: CallOptions,
    parameters: Parameters = {},
    names: PathValues = {},
  ): Call => {
    const { query, body } = spell(route, parameters)
    const path = above + pathBelow(ROUTES.layoutMetadata, route, names) + query
    return { route, path, verb, ...(body === undefined ? {} : { body }), ...limitsOf(limits) }
  }
  const list = async (given: ListOptions): Promise<RecordPage> => {
    checkCall('list', given, LIST_OPTIONS)
    const { send, parameters } = readScripts('list', given, places)
    const call = callOf(ROUTES.list, 'read', given, { ...readListOptions('list', given), ...parameters })
    return pageOf(send(call), database, layout)
  }
  const find = async (query: readonly unknown[], given: ListOptions): Promise<RecordPage> => {
    const { send, parameters } = readScripts('find', given, places)
    const call = callOf(ROUTES.find, 'read', given, { query, ...readListOptions('find', given), ...parameters })
    return pageOf(send(call), database, layout)
  }

  return {
    name: layout,
    ...createLayoutContainers<Fields>(place.shared, place.containers, above),
    list: async (given = {}) => mapping.page({ route: ROUTES.list, ...given }, await list(given)),
    get: async (recordId, given = {}) => {
      checkCall('get', given, GET_OPTIONS)
      const { send, parameters } = readScripts('get', given, places)
      const shown = { ...readParameters('get', given), ...parameters }
      const call = callOf(ROUTES.get, 'read', given, shown, { recordId: readRecordId(recordId) })
      return mapping.record({ route: ROUTES.get, ...given }, recordOf(await send(call)))
    },
    find: async (requests, given = {}) => {
      checkCall('find', given, LIST_OPTIONS)
      return mapping.page({ route: ROUTES.find, ...given }, await find(readRequests(requests), given))
    },
    listAll: (given = {}) => {
      const map = (page: RecordPage): Promise<RecordPage<Fields, Portals>> =>
        mapping.page({ route: ROUTES.list, ...given }, page)
      return createAllRecords('listAll', given, list, map, place.keepSession)
    },
    findAll: (requests, given = {}) => {
      const query = readRequests(requests, 'findAll')
      const map = (page: RecordPage): Promise<RecordPage<Fields, Portals>> =>
        mapping.page({ route: ROUTES.find, ...given }, page)
      return createAllRecords('findAll', given, (page) => find(query, page), map, place.keepSession)
    },
    create: async (fieldData, given = {}) => {
      checkCall('create', given, WRITE_OPTIONS)
      const { send, parameters } = readScripts('create', given, places)
      const mapped = mapping.written({ route: ROUTES.create, ...given }, 'create', fieldData, given)
      const [fields, rows] = mapped instanceof Promise ? await mapped : mapped
      const written = {
        fieldData: readFieldData('create', fields),
        portalData: readPortalData('create', rows),
        ...readWriteOptions('create', given),
        ...parameters,
      }
      return createdOf(ROUTES.create, await send(callOf(ROUTES.create, 'write', given, written)))
    },
    edit: async (recordId, fieldData, given = {}) => {
      checkCall('edit', given, EDIT_OPTIONS)
      const id = readRecordId(recordId)
      const mapped = mapping.written({ route: ROUTES.edit, ...given, recordId: id }, 'edit', fieldData, given)
      const [fields, rows] = mapped instanceof Promise ? await mapped : mapped
      const changes = readEdit(fields, rows, given)
      const { send, parameters } = readScripts('edit', given, places)
      const verb = isConditional(changes) ? 'edit' : 'write'
      const editing = send(callOf(ROUTES.edit, verb, given, { ...changes, ...parameters }, { recordId: id }))
      const readPresent = async (): Promise<string | undefined> => {
        const limits = { ...given, timeoutMs: PRESENT_MOD_ID_MS }
        return recordOf(await place.shared(callOf(ROUTES.get, 'read', limits, { portal: [] }, { recordId: id }))).modId
      }
      return editedOf(await withModIds(editing, given.modId, given.onConflict === 'read' ? readPresent : undefined))
    },
    duplicate: async (recordId, given = {}) => {
      checkCall('duplicate', given, SCRIPTED_OPTIONS)
      const { send, parameters } = readScripts('duplicate', given, places)
      const call = callOf(ROUTES.duplicate, 'write', given, parameters, { recordId: readRecordId(recordId) })
      return createdOf(ROUTES.duplicate, await send(call))
    },
    delete: async (recordId, given = {}) => {
      checkCall('delete', given, SCRIPTED_OPTIONS)
      const { send, parameters } = readScripts('delete', given, places)
      const call = callOf(ROUTES.delete, 'delete', given, parameters, { recordId: readRecordId(recordId) })
      return scriptResultsOf(await send(call))
    },
    runScript: async (script, parameter, given = {}) => {
      checkCall('runScript', given, ['scripts', 'idempotent', ...CALL_OPTIONS])
      name('runScript: script', script)
      const { send, verb } = readScriptCall('runScript', given, places)
      const scriptParam = readScriptParameter('runScript: parameter', parameter)
      const { scriptResult, scriptError } = await send(
        callOf(ROUTES.runScript, verb, given, { scriptParam }, { script }),
      )
      return readResult(scriptResult, scriptError)
    },
    metadata: async (given = {}) => {
      checkCall('metadata', given, ['recordId', ...CALL_OPTIONS])
      const recordId = given.recordId === undefined ? undefined : readRecordId(given.recordId, 'metadata: recordId')
      return layoutMetadataOf(await place.shared(callOf(ROUTES.layoutMetadata, 'read', given, { recordId })))
    },
    oldMetadata: async (given = {}) => {
      checkCall('oldMetadata', given, CALL_OPTIONS)
      return oldMetadataOf(await place.shared(callOf(ROUTES.oldLayoutMetadata, 'read', given)))
    },
  }
}
