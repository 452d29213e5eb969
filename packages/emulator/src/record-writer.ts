// Creating, editing, duplicating and deleting records. One request is one commit (section 3.13).

import { invalidParameter, Refusal } from './answer.ts'
import { fieldOnLayout } from './hosted-database.ts'
import { jsonArray } from './json.ts'
import type { JsonText } from './json.ts'
import { checkModId, insertRecord, valueInRequest } from './record-write.ts'
import type { WriteContext } from './record-write.ts'
import { deleteRelated, writePortal, writeRelated } from './related-writer.ts'
import type { RelatedChange } from './related-writer.ts'
import type { StoredValue } from './values.ts'

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

/** The `newPortalRecordInfo` key of an answer, if rows were added. */
export function newPortalEntry(written: Written): [string, JsonText][] {
  return written.newPortalRecordInfo.length === 0
    ? []
    : [['newPortalRecordInfo', jsonArray(written.newPortalRecordInfo)]]
}

/** `fieldData` taken apart. */
interface Plan {
  /** Columns of the record itself. */
  readonly own: Map<string, StoredValue>
  readonly related: RelatedChange[]
  readonly deletions: { readonly name: string; readonly recordId: number }[]
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
  for (const { name, recordId: relatedId } of plan.deletions) deleteRelated(context, recordId, name, relatedId)
  const modId = store.modId(context.layout.occurrence.table, recordId) ?? 0
  return { recordId, modId, newPortalRecordInfo }
}
