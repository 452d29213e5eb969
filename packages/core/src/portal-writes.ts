import { checkValue, isPlain, readRecordId, withDigits } from './call-options.ts'
import type { WrittenFields } from './layout-definition.ts'
import { name } from './checks.ts'
import type { FieldData, PortalFields } from './records.ts'
import { isObject, textOf, type JsonObject } from './wire/shapes.ts'

/** Rows to be written, by portal. */
export type PortalWrites<Portals = PortalFields> = {
  readonly [Portal in keyof Portals]?: readonly PortalRowWrite<Portals[Portal]>[]
}

/**
 * A related row: values by full name, `Occurrence::field`. With `recordId` the row is edited, and only if `modId` is still
 * its own where that is given (else error 306); without, it is created, which the relationship has to allow.
 */
export type PortalRowWrite<Row = FieldData> = PortalRowIds & WrittenFields<Row>

export interface PortalRowIds {
  readonly recordId?: string | number
  readonly modId?: string
}

/** A related record that a call created. */
export interface NewPortalRecord {
  /** The table occurrence. */
  readonly tableName: string
  readonly recordId: string
  readonly modId: string
}

/** What an edit does to related records. */
export interface RelatedChanges {
  readonly portalData: Readonly<Record<string, readonly unknown[]>> | undefined
  /** In the spelling of `fieldData.deleteRelated`. */
  readonly deleteRelated: string | readonly string[] | undefined
}

/** @throws TypeError that names the portal and the row. */
export function readPortalData(method: string, portalData: unknown): RelatedChanges['portalData'] {
  if (portalData === undefined) return undefined
  if (!isPlain(portalData)) throw new TypeError(`${method}: portalData must be a plain object of lists of rows`)
  return Object.fromEntries(
    Object.entries(portalData).map(([portal, rows]) => [portal, readRows(method, portal, rows)]),
  )
}

function readRows(method: string, portal: string, rows: unknown): readonly unknown[] {
  name(`${method}: the name of a portal`, portal)
  const place = `${method}: portalData.${portal}`
  if (!Array.isArray(rows)) throw new TypeError(`${place} must be a list of rows`)
  return rows.map((row: unknown, index) => readRow(`${place}[${index}]`, row))
}

function readRow(place: string, row: unknown): Readonly<Record<string, unknown>> {
  if (!isPlain(row)) throw new TypeError(`${place} must be a plain object of fields`)
  const { recordId, modId, ...given } = row
  for (const [field, value] of Object.entries(given)) checkValue(place, field, value)
  const fields = withDigits(given)
  if (recordId === undefined) {
    if (modId !== undefined) throw new TypeError(`${place}.modId goes with recordId: a new row has none`)
    return fields
  }
  const id = readRecordId(recordId, `${place}.recordId`)
  return { recordId: id, ...(modId === undefined ? {} : { modId: name(`${place}.modId`, modId) }), ...fields }
}

/** `Lines.3`, or a list of such. @throws TypeError that names the occurrence. */
export function readDeleteRelated(method: string, given: unknown): RelatedChanges['deleteRelated'] {
  if (given === undefined) return undefined
  const place = `${method}: deleteRelated`
  if (!isPlain(given)) throw new TypeError(`${place} must be an object of lists of record ids, by table occurrence`)
  const entries = Object.entries(given).flatMap(([occurrence, recordIds]) => {
    name(`${place}: the name of a table occurrence`, occurrence)
    if (!Array.isArray(recordIds)) throw new TypeError(`${place}.${occurrence} must be a list of record ids`)
    return recordIds.map(
      (recordId: unknown, index) => `${occurrence}.${readRecordId(recordId, `${place}.${occurrence}[${index}]`)}`,
    )
  })
  const [first, ...others] = entries
  return others.length === 0 ? first : entries
}

/** Whether some row is to be created, which done twice would be two. */
export function createsRows(portalData: RelatedChanges['portalData']): boolean {
  return Object.values(portalData ?? {}).some((rows) => rows.some((row) => isObject(row) && row.recordId === undefined))
}

/** One for each record: servers have an entry for each field of it. Some are said to write `Lines::recordId`. */
export function newPortalRecordsOf(response: JsonObject): readonly NewPortalRecord[] | undefined {
  const { newPortalRecordInfo } = response
  if (!Array.isArray(newPortalRecordInfo)) return undefined
  const records = new Map<string, NewPortalRecord>()
  for (const entry of newPortalRecordInfo) {
    if (!isObject(entry)) continue
    const plain: JsonObject = Object.fromEntries(
      Object.entries(entry).map(([key, value]) => [key.slice(key.lastIndexOf(':') + 1), value]),
    )
    const record = {
      tableName: textOf(plain.tableName),
      recordId: textOf(plain.recordId),
      modId: textOf(plain.modId),
    }
    records.set(JSON.stringify([record.tableName, record.recordId]), record)
  }
  return [...records.values()]
}
