// The records of a definition as rows for SQLite.

import type { ContainerDefinition, RecordDefinition, ValueDefinition } from './definition.ts'
import { fail, quote } from './definition-mistake.ts'
import type { Serials } from './serials.ts'
import { fieldNamed } from './solution.ts'
import type { Field, Table } from './solution.ts'
import { storedFromDefinition } from './values.ts'
import type { StoredValue } from './values.ts'

/** Stores a file and returns its key. */
export type AddContainer = (container: ContainerDefinition) => StoredValue

/**
 * A table's records one after the other, each with its id first and then the columns in the table's order.
 *
 * @throws TypeError that names record and field when a record does not fit the table.
 */
export function* definedRows(
  table: Table,
  place: string,
  serials: Serials,
  addContainer: AddContainer,
): Generator<StoredValue[]> {
  const columns = table.fields.flatMap((field) => field.columns)
  // Records have the same few keys again and again, so each is taken apart once.
  const known = new Map<string, { field: Field; at: number }>()
  const withSerial = table.fields.filter((field) => field.definition.serial !== undefined)
  let recordId = 0
  for (const record of table.records) {
    const where = `${place}.records[${recordId}]`
    recordId += 1
    const row: StoredValue[] = [recordId, ...columns.map(() => null)]
    for (const [key, value] of Object.entries<RecordDefinition[string]>(record)) {
      let column = known.get(key)
      if (column === undefined) {
        const { field, name } = columnForKey(table, key, where)
        column = { field, at: columns.indexOf(name) + 1 }
        known.set(key, column)
      }
      if (value === null || value === undefined) continue
      row[column.at] = definedValue(column.field, value, `${where}.${key}`, addContainer)
    }
    for (const field of withSerial) {
      const at = columns.indexOf(field.columns[0] ?? '') + 1
      const given = row[at] ?? null
      if (given === null) row[at] = serials.take(field) ?? null
      else serials.skip(field, given)
    }
    yield row
  }
}

/** @throws TypeError when the value is none of the field's type. */
export function definedValue(
  field: Field,
  value: ValueDefinition,
  where: string,
  addContainer: AddContainer,
): StoredValue {
  if (typeof value === 'object') {
    if (field.type === 'container') return addContainer(value)
  } else if (field.type !== 'container' && (typeof value === 'string' || typeof value === 'number')) {
    const stored = storedFromDefinition(field.type, value)
    if (stored !== undefined) return stored
  }
  const hint = typeof value === 'boolean' ? ': FileMaker has no booleans, give 1 or 0' : ''
  return fail(where, `the value is no ${field.type}${hint}`)
}

function columnForKey(table: Table, key: string, where: string): { field: Field; name: string } {
  const match = /^(.*)\((\d+)\)$/s.exec(key)
  const field = fieldNamed(table.fields, key) ?? fieldNamed(table.fields, match?.[1] ?? key)
  if (field === undefined) return fail(where, `there is no field ${quote(key)}`)
  const isWhole = field.name.toLowerCase() === key.toLowerCase()
  const name = field.columns[isWhole ? 0 : Number(match?.[2]) - 1]
  if (name === undefined) return fail(where, `${quote(key)} is beyond the field's repetitions`)
  return { field, name }
}
