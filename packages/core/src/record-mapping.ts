import type { LayoutOptions } from './layout.ts'
import type { LayoutDefinition } from './layout-definition.ts'
import { known, name } from './checks.ts'
import type { FieldData, PortalFields, RecordAnswer, RecordEntry, RecordPage } from './records.ts'
import { SchemaError } from './schema-error.ts'
import { isOwnIssue, issueOf, optionsFor, ownIssue } from './values/codec.ts'
import { validate, whenSettled } from './values/fields.ts'
import { isStandardSchema, type SchemaIssue, type SchemaResult, type StandardSchema } from './values/standard-schema.ts'
import { type DateFormats, operationOf, type Route } from './wire/parameters.ts'
import { isObject } from './wire/shapes.ts'

/** The call that records or fields travel with. */
export interface MappedCall {
  readonly route: Route
  readonly dateformats?: DateFormats | undefined
  readonly recordId?: string | undefined
}

/** What stands between records as they travel and records as the caller has them. */
export interface RecordMapping<Fields, Portals> {
  /** @throws {@link SchemaError} for the first record that does not fit. */
  readonly page: (call: MappedCall, page: RecordPage) => Promise<RecordPage<Fields, Portals>>
  /** @throws {@link SchemaError} where it does not fit. */
  readonly record: (call: MappedCall, record: RecordAnswer) => Promise<RecordAnswer<Fields, Portals>>
  /**
   * Fields and portals' rows as they travel; what is none goes as it is, for whoever checks them. At once where no schema has
   * to be asked: a call is then sent before whoever makes it goes on, and closes the client perhaps.
   *
   * @throws {@link SchemaError} for a field that can't be written.
   */
  readonly written: (
    call: MappedCall,
    method: string,
    fieldData: unknown,
    options: { readonly portalData?: unknown },
  ) => Written | Promise<Written>
}

type Written = readonly [fieldData: unknown, portalData: unknown]

type WireFields = Readonly<Record<string, unknown>>

/** Without a schema records go as they travel. @throws TypeError that names what is wrong with the definition. */
export function createMapping<Fields, Portals>(
  layout: string,
  options: LayoutOptions | LayoutDefinition,
): RecordMapping<Fields, Portals> {
  const mapping: RecordMapping<unknown, unknown> = isDefinition(options) ? mappingBy(layout, options) : AS_THEY_TRAVEL
  // What the schema gives, or what travels, is what the caller's types say.
  return mapping as RecordMapping<Fields, Portals>
}

function mappingBy(layout: string, definition: LayoutDefinition): RecordMapping<unknown, unknown> {
  const { schema, portals = {}, readOnly = [], encode } = definition
  const portalSchemas = Object.entries(portals)

  const readRecord = <Entry extends RecordEntry>(
    call: MappedCall,
    record: Entry,
  ): MappedEntry<Entry> | Promise<MappedEntry<Entry>> => {
    const options = optionsFor(call.dateformats ?? 0)
    const rows = portalSchemas.flatMap(([portal, rowSchema]) =>
      rowsOf(record.portalData, portal).map(({ recordId, modId, ...row }, index) => ({
        portal,
        place: `portalData.${portal}[${index}]`,
        ids: { recordId, modId },
        read: validate(rowSchema, row, options),
      })),
    )
    const results = [validate(schema, record.fieldData, options), ...rows.map(({ read }) => read)]
    return whenSettled(results, (settled) => {
      const places = ['fieldData', ...rows.map(({ place }) => place)]
      refuseIssues({ ...call, recordId: record.recordId }, layout, 'executed', places, settled)
      const [fieldData, ...rowValues] = settled.map(valueOf)
      if (portalSchemas.length === 0) return { ...record, fieldData }
      const mapped = new Map<string, unknown[]>()
      for (const [index, { portal, ids }] of rows.entries()) {
        const row = { ...(rowValues[index] as object), ...ids }
        const others = mapped.get(portal)
        if (others === undefined) mapped.set(portal, [row])
        else others.push(row)
      }
      const portalData = Object.fromEntries([...Object.entries(record.portalData ?? {}), ...mapped])
      return { ...record, fieldData, portalData }
    })
  }

  const writeFields = async (call: MappedCall, method: string, given: unknown): Promise<WireFields> => {
    if (!isObject(given)) throw new TypeError(`${method}: fieldData must be a plain object of fields`)
    const forbidden = Object.keys(given).filter((field) => readOnly.includes(field))
    const refused = { issues: forbidden.map((field) => ownIssue('is read only', [field])) }
    if (forbidden.length > 0) refuseIssues(call, layout, 'not-executed', ['fieldData'], [refused])
    const writer = encode === undefined ? writerOf(schema, given, call) : () => encodeWith(encode, given)
    return write(call, 'fieldData', given, writer)
  }

  const writeRow = async (call: MappedCall, portal: string, row: unknown, index: number): Promise<unknown> => {
    const rowSchema = Object.hasOwn(portals, portal) ? portals[portal] : undefined
    if (rowSchema === undefined || !isObject(row)) return row
    const { recordId, modId, ...fields } = row
    const ids = Object.fromEntries(Object.entries({ recordId, modId }).filter(([, id]) => id !== undefined))
    const place = `portalData.${portal}[${index}]`
    return { ...ids, ...(await write(call, place, fields, writerOf(rowSchema, fields, call))) }
  }

  const writeRows = async (call: MappedCall, portalData: unknown): Promise<unknown> => {
    if (portalSchemas.length === 0 || !isObject(portalData)) return portalData
    const written = Object.entries(portalData).map(async ([portal, rows]): Promise<[string, unknown]> => {
      if (!Array.isArray(rows)) return [portal, rows]
      return [portal, await Promise.all(rows.map((row: unknown, index) => writeRow(call, portal, row, index)))]
    })
    return Object.fromEntries(await Promise.all(written))
  }

  /** Through the schema's own way of writing, or `encode`, or as they are. */
  const write = async (
    call: MappedCall,
    place: string,
    given: WireFields,
    writer: (() => Promise<SchemaResult<unknown>> | SchemaResult<unknown>) | undefined,
  ): Promise<WireFields> => {
    if (writer === undefined) return given
    const result = await writer()
    refuseIssues(call, layout, 'not-executed', [place], [result])
    return valueOf(result) as WireFields
  }

  return {
    record: async (call, record) => readRecord(call, record),
    page: async (call, page) => {
      const records = page.data.map((record) => readRecord(call, record))
      return { ...page, data: await whenSettled(records, (data) => data) }
    },
    written: async (call, method, fieldData, { portalData }) => [
      await writeFields(call, method, fieldData),
      await writeRows(call, portalData),
    ],
  }
}

type MappedEntry<Entry> = Omit<Entry, 'fieldData' | 'portalData'> &
  Pick<RecordEntry<unknown, unknown>, 'fieldData' | 'portalData'>

const AS_THEY_TRAVEL: RecordMapping<FieldData, PortalFields> = {
  page: async (_call, page) => page,
  record: async (_call, record) => record,
  written: (_call, _method, fieldData, { portalData }) => [fieldData, portalData],
}

/** @throws TypeError that names what is wrong. */
function isDefinition(options: LayoutOptions | LayoutDefinition): options is LayoutDefinition {
  if (isStandardSchema(options)) throw new TypeError('layout: a schema is given as an option: { schema }')
  known('layout', options, ['scripts', 'schema', 'portals', 'readOnly', 'encode'])
  if (Object.keys(options).every((option) => option === 'scripts')) return false
  checkDefinition(options as LayoutDefinition)
  return true
}

function checkDefinition(definition: LayoutDefinition): void {
  const { schema, portals = {}, readOnly = [], encode } = definition
  if (!isStandardSchema(schema)) {
    throw new TypeError('layout: schema must be a Standard Schema, of zod, valibot or arktype, or made by fields()')
  }
  if (!isObject(portals)) throw new TypeError('layout: portals must be an object with a schema for each portal')
  for (const [portal, rowSchema] of Object.entries(portals)) {
    if (!isStandardSchema(rowSchema)) throw new TypeError(`layout: portals.${portal} must be a Standard Schema`)
  }
  if (!Array.isArray(readOnly)) throw new TypeError('layout: readOnly must be a list of field names')
  for (const [index, field] of readOnly.entries()) name(`layout: readOnly[${index}]`, field)
  if (encode !== undefined && typeof encode !== 'function') throw new TypeError('layout: encode must be a function')
}

/** `fields()` knows both directions; other schemas know one. */
function writerOf(
  schema: StandardSchema,
  given: WireFields,
  call: MappedCall,
): (() => Promise<SchemaResult<unknown>> | SchemaResult<unknown>) | undefined {
  if (!('~write' in schema) || typeof schema['~write'] !== 'function') return undefined
  const write = schema['~write'] as (
    given: WireFields,
    dateformats: DateFormats,
  ) => SchemaResult<unknown> | Promise<SchemaResult<unknown>>
  return () => write(given, call.dateformats ?? 0)
}

async function encodeWith(
  encode: NonNullable<LayoutDefinition['encode']>,
  given: WireFields,
): Promise<SchemaResult<unknown>> {
  try {
    return { value: await encode(given as never) }
  } catch (error) {
    // What libraries throw when encoding lists issues, as what they return when reading does.
    const listed: unknown = typeof error === 'object' && error !== null && 'issues' in error ? error.issues : undefined
    return { issues: Array.isArray(listed) && listed.length > 0 ? (listed as SchemaIssue[]) : [issueOf(error)] }
  }
}

function rowsOf(portalData: unknown, portal: string): readonly WireFields[] {
  const rows: unknown = isObject(portalData) && Object.hasOwn(portalData, portal) ? portalData[portal] : undefined
  return Array.isArray(rows) ? rows.filter(isObject) : []
}

function valueOf(result: SchemaResult<unknown>): unknown {
  return result.issues === undefined ? result.value : undefined
}

/** One error for all that is wrong, none where nothing is. Only issues of ours are told in words: others may quote values. */
function refuseIssues(
  call: MappedCall,
  layout: string,
  outcome: 'executed' | 'not-executed',
  places: readonly string[],
  results: readonly SchemaResult<unknown>[],
): void {
  const found = results.flatMap((result, index) =>
    (result.issues ?? []).map((issue) => ({ issue, path: (places[index] ?? '') + pathOf(issue) })),
  )
  const [first] = found
  if (first === undefined) return
  const { recordId } = call
  const reason = isOwnIssue(first.issue) ? first.issue.message : 'does not fit the schema'
  const more = found.length === 1 ? '' : ` (and ${found.length - 1} more)`
  const record = recordId === undefined ? '' : `, record ${recordId}`
  throw new SchemaError(`layout "${layout}"${record}: ${first.path} ${reason}${more}`, {
    operation: operationOf(call.route),
    outcome,
    layout,
    recordId,
    paths: found.map(({ path }) => path),
    issues: found.map(({ issue }) => issue),
  })
}

/** `.born`, `[2].amount` */
function pathOf({ path = [] }: SchemaIssue): string {
  return path
    .map((part) => String(typeof part === 'object' ? part.key : part))
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
    .join('')
}
