// Creating, editing, duplicating and deleting records. One request is one commit (section 3.13).

import { invalidParameter, Refusal } from './answer.ts'
import type { DateFormat } from './dates.ts'
import { fieldOnLayout, splitRepetition } from './hosted-database.ts'
import type { HostedDatabase } from './hosted-database.ts'
import { isJsonObject, jsonArray, jsonObject } from './json.ts'
import type { JsonText } from './json.ts'
import { schemaMismatch } from './parameters.ts'
import { fieldNamed } from './solution.ts'
import type { Field, Hop, Layout, LayoutField, Occurrence, Portal, Table } from './solution.ts'
import { relatedRows } from './sql.ts'
import { serialValue } from './store.ts'
import { storedValue } from './values.ts'
import type { StoredValue } from './values.ts'

/** Where a write happens, and how dates in it are written. */
export interface WriteContext {
  readonly database: HostedDatabase
  readonly layout: Layout
  readonly dateFormat: DateFormat
}

/** What a request writes, as it came. */
export interface Changes {
  readonly fieldData: Readonly<Record<string, unknown>>
  readonly portalData: Readonly<Record<string, unknown>>
}

/** A record after a write, with an entry for each field written into each new portal row. */
export interface Written {
  readonly recordId: number
  readonly modId: number
  readonly newPortalRecordInfo: readonly JsonText[]
}

/** @throws Refusal 102 for a field that is not on the layout, 201 for one that can't be written, 5xx for bad values. */
export function createRecord(context: WriteContext, changes: Changes): Written {
  const { store } = context.database
  return store.transaction(() => {
    const { table } = context.layout.occurrence
    const plan = planChanges(context, changes.fieldData)
    const recordId = insertRecord(context, table, plan.own)
    return finish(context, recordId, plan, changes.portalData)
  })
}

/**
 * @param modId - What the record's modId has to be, if anything.
 * @throws Refusal 101 without such a record, 306 when it has another modId, and as `createRecord`.
 */
export function editRecord(
  context: WriteContext,
  recordId: number,
  changes: Changes,
  modId: string | undefined,
): Written {
  const { store } = context.database
  return store.transaction(() => {
    const { table } = context.layout.occurrence
    checkModId(context, table, recordId, modId)
    const plan = planChanges(context, changes.fieldData)
    if (plan.own.size > 0) store.update(table, recordId, plan.own)
    return finish(context, recordId, plan, changes.portalData)
  })
}

/** A copy with serials of its own (section 3.14). @throws Refusal 101 */
export function duplicateRecord(context: WriteContext, recordId: number): Written {
  const { store } = context.database
  const { table } = context.layout.occurrence
  return store.transaction(() => {
    const columns = table.fields.flatMap((field) => field.columns)
    const row = store.row(
      `SELECT id${columns.map((column) => `, ${column}`).join('')} FROM ${table.sqlName} WHERE id = ?`,
      [recordId],
    )
    if (row === undefined) throw new Refusal(101)
    const values = new Map<string, StoredValue>()
    for (const field of table.fields) {
      for (const column of field.columns) {
        const value = row[columns.indexOf(column) + 1] ?? null
        if (field.definition.serial !== undefined || value === null) continue
        values.set(column, field.type === 'container' ? store.copyContainer(value) : value)
      }
    }
    const copyId = insertRecord(context, table, values)
    return { recordId: copyId, modId: 0, newPortalRecordInfo: [] }
  })
}

/** @throws Refusal 101 */
export function deleteRecord(context: WriteContext, recordId: number): void {
  const { store } = context.database
  const { table } = context.layout.occurrence
  if (store.modId(table, recordId) === undefined) throw new Refusal(101)
  store.transaction(() => store.delete(table, recordId))
}

/** The stored form of a value in a request. @throws Refusal 960 for null, booleans and objects (section 8.6). */
export function valueInRequest(field: Field, given: unknown, dateFormat: DateFormat): StoredValue {
  if (typeof given !== 'string' && typeof given !== 'number') throw invalidParameter()
  return storedValue(field.type, given, dateFormat)
}

/** `fieldData` taken apart. */
interface Plan {
  /** Columns of the record itself. */
  readonly own: Map<string, StoredValue>
  readonly related: RelatedChange[]
  readonly deletions: { readonly name: string; readonly recordId: number }[]
}

/** A related field written through `fieldData`: of the first related record, of the named one, or of a new one ('0'). */
interface RelatedChange {
  readonly field: LayoutField
  readonly column: string
  readonly value: StoredValue
  readonly recordId: string | undefined
}

function planChanges(context: WriteContext, fieldData: Readonly<Record<string, unknown>>): Plan {
  const plan: Plan = { own: new Map(), related: [], deletions: [] }
  for (const [key, given] of Object.entries(fieldData)) {
    if (key === 'deleteRelated') {
      plan.deletions.push(...parseDeletions(given))
      continue
    }
    // The older spelling of related fields: `TO::field(2).17`.
    const numbered = key.includes('::') ? /^(.*)\.(\d+)$/s.exec(key) : null
    const { field, repetition } = fieldOnLayout(context.layout, numbered?.[1] ?? key)
    if (field.field.global) throw new Refusal(201)
    const column = field.field.columns[repetition] ?? ''
    const value = valueInRequest(field.field, given, context.dateFormat)
    if (field.path.length === 0) plan.own.set(column, value)
    else plan.related.push({ field, column, value, recordId: numbered?.[2] })
  }
  return plan
}

function parseDeletions(given: unknown): Plan['deletions'] {
  const list: unknown[] = Array.isArray(given) ? given : [given]
  return list.map((entry) => {
    const match = typeof entry === 'string' ? /^(.+)\.(\d{1,15})$/s.exec(entry) : null
    if (match === null) throw invalidParameter()
    return { name: match[1] ?? '', recordId: Number(match[2]) }
  })
}

/** What comes after the record itself: related fields, portal rows, deletions. */
function finish(
  context: WriteContext,
  recordId: number,
  plan: Plan,
  portalData: Readonly<Record<string, unknown>>,
): Written {
  const { store } = context.database
  writeRelated(context, recordId, plan.related)
  const newPortalRecordInfo = Object.entries(portalData).flatMap(([name, rows]) =>
    writePortal(context, recordId, name, rows),
  )
  for (const deletion of plan.deletions) {
    const { occurrence, path } = portalOrOccurrence(context, deletion.name)
    if (!isRelated(context, recordId, path, deletion.recordId)) throw new Refusal(101)
    store.delete(occurrence.table, deletion.recordId)
  }
  const modId = store.modId(context.layout.occurrence.table, recordId) ?? 0
  return { recordId, modId, newPortalRecordInfo }
}

function writeRelated(context: WriteContext, recordId: number, changes: readonly RelatedChange[]): void {
  const { store } = context.database
  // Fields of one related record are one change of it.
  const groups = new Map<string, RelatedChange[]>()
  for (const change of changes) {
    const group = `${change.field.occurrence.name}.${change.recordId ?? 'first'}`
    groups.set(group, [...(groups.get(group) ?? []), change])
  }
  for (const group of groups.values()) {
    const [first] = group
    if (first === undefined) continue
    const { path, occurrence } = first.field
    const values = new Map(group.map(({ column, value }) => [column, value]))
    const wanted = first.recordId
    const target = wanted === undefined ? firstRelated(context, recordId, path) : Number(wanted)
    if (wanted === '0' || target === undefined) {
      createRelated(context, recordId, path, values)
    } else {
      if (wanted !== undefined && !isRelated(context, recordId, path, target)) throw new Refusal(101)
      store.update(occurrence.table, target, values)
    }
  }
}

function writePortal(context: WriteContext, recordId: number, name: string, rows: unknown): JsonText[] {
  const portal = context.layout.portals.find((candidate) => candidate.key === name)
  // Rows may be named after the occurrence too where the portal has an object name.
  const found = portal ?? context.layout.portals.find((candidate) => candidate.occurrence.name === name)
  if (found === undefined) throw new Refusal(102)
  if (!Array.isArray(rows)) throw schemaMismatch()
  return rows.flatMap((row: unknown) => {
    if (!isJsonObject(row)) throw schemaMismatch()
    return writePortalRow(context, recordId, found, row)
  })
}

function writePortalRow(
  context: WriteContext,
  parentId: number,
  portal: Portal,
  row: Readonly<Record<string, unknown>>,
): JsonText[] {
  const { store } = context.database
  const { table } = portal.occurrence
  const { recordId, modId, ...fields } = row
  const values = new Map<string, StoredValue>()
  for (const [key, given] of Object.entries(fields)) {
    const { base, repetition } = splitRepetition(key)
    const field = fieldNamed(portal.fields, base)
    if (field === undefined || field.path.length > 0) throw new Refusal(102)
    const column = field.field.columns[repetition]
    if (column === undefined) throw new Refusal(111)
    if (field.field.global) throw new Refusal(201)
    values.set(column, valueInRequest(field.field, given, context.dateFormat))
  }
  if (recordId !== undefined && recordId !== '' && recordId !== '0' && recordId !== 0) {
    const id = Number(recordId)
    if (!Number.isSafeInteger(id) || !isRelated(context, parentId, portal.path, id)) throw new Refusal(101)
    checkModId(context, table, id, modIdInRequest(modId))
    if (values.size > 0) store.update(table, id, values)
    return []
  }
  const fieldCount = values.size
  const newId = createRelated(context, parentId, portal.path, values)
  const entry = jsonObject([
    ['tableName', JSON.stringify(portal.occurrence.name)],
    ['recordId', `"${newId}"`],
    ['modId', '"0"'],
  ])
  // One entry for each field that was written, all alike (section 3.13).
  return Array.from({ length: Math.max(1, fieldCount) }, () => entry)
}

/** A modId as requests bring it: text, or a number from careless clients. @throws Refusal 960 */
export function modIdInRequest(given: unknown): string | undefined {
  if (given === undefined || given === '') return undefined
  if (typeof given !== 'string' && typeof given !== 'number') throw invalidParameter()
  return String(given)
}

/** @throws Refusal 101 without such a record, 306 when it has another modId. */
function checkModId(context: WriteContext, table: Table, recordId: number, wanted: string | undefined): void {
  const modId = context.database.store.modId(table, recordId)
  if (modId === undefined) throw new Refusal(101)
  if (wanted !== undefined && wanted !== String(modId)) throw new Refusal(306)
}

function insertRecord(context: WriteContext, table: Table, values: Map<string, StoredValue>): number {
  const { store } = context.database
  for (const field of table.fields) {
    const [column = ''] = field.columns
    if (field.definition.serial === undefined || (values.get(column) ?? null) !== null) continue
    const serial = store.takeSerial(field)
    if (serial !== undefined) values.set(column, serialValue(field, serial))
  }
  return store.insert(table, values)
}

/** @throws Refusal 101 when the relationship does not let records be created, or the parent has no key to give. */
function createRelated(
  context: WriteContext,
  parentId: number,
  path: readonly Hop[],
  values: Map<string, StoredValue>,
): number {
  const { store } = context.database
  const [hop] = path
  if (hop === undefined || path.length > 1 || !hop.allowCreate) throw new Refusal(101)
  const keys = hop.match.map(({ near }) => near.columns[0]).join(', ')
  const parent = context.layout.occurrence.table
  const row = store.row(`SELECT ${keys} FROM ${parent.sqlName} WHERE id = ?`, [parentId])
  for (const [index, { near, far }] of hop.match.entries()) {
    const key = row?.[index] ?? null
    if (key === null) throw new Refusal(101)
    // Keys of two types match where their texts do, so the new record gets its own type's form of the text.
    const own = near.type === far.type ? key : storedValue(far.type, String(key), context.dateFormat)
    values.set(far.columns[0] ?? '', own)
  }
  return insertRecord(context, hop.to.table, values)
}

function firstRelated(context: WriteContext, recordId: number, path: readonly Hop[]): number | undefined {
  const related = relatedRows(path, 'b')
  const { sqlName } = context.layout.occurrence.table
  const row = context.database.store.row(
    `SELECT ${related.alias}.id FROM ${sqlName} AS b CROSS JOIN ${related.from} WHERE b.id = ? AND ${related.where} ORDER BY ${related.alias}.id LIMIT 1`,
    [recordId],
  )
  return row === undefined ? undefined : Number(row[0])
}

function isRelated(context: WriteContext, recordId: number, path: readonly Hop[], relatedId: number): boolean {
  const related = relatedRows(path, 'b')
  const { sqlName } = context.layout.occurrence.table
  const row = context.database.store.row(
    `SELECT 1 FROM ${sqlName} AS b CROSS JOIN ${related.from} WHERE b.id = ? AND ${related.where} AND ${related.alias}.id = ? LIMIT 1`,
    [recordId, relatedId],
  )
  return row !== undefined
}

/** What a name in `deleteRelated` means: a portal of the layout, or an occurrence that it shows. @throws Refusal 101 */
function portalOrOccurrence(context: WriteContext, name: string): { occurrence: Occurrence; path: readonly Hop[] } {
  const { portals, fields } = context.layout
  const portal = portals.find(({ key }) => key === name) ?? portals.find(({ occurrence }) => occurrence.name === name)
  const field = fields.find(({ occurrence, path }) => occurrence.name === name && path.length > 0)
  const found = portal ?? field
  if (found === undefined) throw new Refusal(101)
  return found
}

/** The `newPortalRecordInfo` key of an answer, if rows were added. */
export function newPortalEntry(written: Written): [string, JsonText][] {
  return written.newPortalRecordInfo.length === 0
    ? []
    : [['newPortalRecordInfo', jsonArray(written.newPortalRecordInfo)]]
}
