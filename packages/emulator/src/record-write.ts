// What creating and editing share, be it a record of the layout or a related one.

import { invalidParameter, Refusal } from './answer.ts'
import type { DateFormat } from './dates.ts'
import type { HostedDatabase } from './hosted-database.ts'
import type { Field, Layout, Table } from './solution.ts'
import { storedValue } from './values.ts'
import type { StoredValue } from './values.ts'

/** Where a write happens, and how dates in it are written. */
export interface WriteContext {
  readonly database: HostedDatabase
  readonly layout: Layout
  readonly dateFormat: DateFormat
}

/** The stored form of a value in a request. @throws Refusal 960 for null, booleans and objects (section 8.6). */
export function valueInRequest(field: Field, given: unknown, dateFormat: DateFormat): StoredValue {
  if (typeof given !== 'string' && typeof given !== 'number') throw invalidParameter()
  return storedValue(field.type, given, dateFormat)
}

/** A modId as requests bring it: text, or a number from careless clients. @throws Refusal 960 */
export function modIdInRequest(given: unknown): string | undefined {
  if (given === undefined || given === '') return undefined
  if (typeof given !== 'string' && typeof given !== 'number') throw invalidParameter()
  return String(given)
}

/** @throws Refusal 101 without such a record, 306 when it has another modId. */
export function checkModId(context: WriteContext, table: Table, recordId: number, wanted: string | undefined): void {
  const modId = context.database.store.modId(table, recordId)
  if (modId === undefined) throw new Refusal(101)
  if (wanted !== undefined && wanted !== String(modId)) throw new Refusal(306)
}

export function insertRecord(context: WriteContext, table: Table, values: Map<string, StoredValue>): number {
  const { store } = context.database
  for (const field of table.fields.filter((candidate) => candidate.definition.serial !== undefined)) {
    const [column = ''] = field.columns
    if ((values.get(column) ?? null) === null) values.set(column, store.takeSerial(field) ?? null)
  }
  return store.insert(table, values)
}
