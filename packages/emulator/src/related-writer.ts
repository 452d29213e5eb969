// Writing related records: portal rows, related fields, deletions (section 3.13).

import { Refusal } from './answer.ts'
import { splitRepetition } from './hosted-database.ts'
import { isJsonObject, jsonObject } from './json.ts'
import type { JsonText } from './json.ts'
import { schemaMismatch } from './parameters.ts'
import { checkModId, insertRecord, modIdInRequest, valueInRequest } from './record-write.ts'
import type { WriteContext } from './record-write.ts'
import { fieldNamed } from './solution.ts'
import type { Hop, LayoutField, Occurrence, Portal } from './solution.ts'
import { relatedRows } from './sql.ts'
import { storedValue } from './values.ts'
import type { StoredValue } from './values.ts'

/** A related field written through `fieldData`: of the first related record, of the named one, or of a new one ('0'). */
export interface RelatedChange {
  readonly field: LayoutField
  readonly column: string
  readonly value: StoredValue
  readonly recordId: string | undefined
}

export function writeRelated(context: WriteContext, recordId: number, changes: readonly RelatedChange[]): void {
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

export function writePortal(context: WriteContext, recordId: number, name: string, rows: unknown): JsonText[] {
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

/** Deletes a related record. @throws Refusal 101 when there is none such among those of the record. */
export function deleteRelated(context: WriteContext, recordId: number, name: string, relatedId: number): void {
  const { occurrence, path } = portalOrOccurrence(context, name)
  if (!isRelated(context, recordId, path, relatedId)) throw new Refusal(101)
  context.database.store.delete(occurrence.table, relatedId)
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
