import type { HostedDatabase } from './hosted-database.ts'
import { US_DATES } from './dates.ts'
import type { Field } from './solution.ts'
import type { Store } from './store.ts'
import { wireValue } from './values.ts'
import type { StoredValue } from './values.ts'

/** A record as it is stored, for assertions. */
export interface StoredRecord {
  readonly recordId: string
  readonly modId: string
  /** As the Data API gives values, with US dates; a container field has the file's name. Empty is ''. */
  readonly fieldData: Readonly<Record<string, string | number>>
}

/** All records of a table. @throws TypeError without such a table */
export function storedRecords({ solution, store }: HostedDatabase, tableName: string): StoredRecord[] {
  const table = solution.tables.find(({ name }) => name === tableName)
  if (table === undefined) throw new TypeError(`records(): there is no table ${JSON.stringify(tableName)}`)
  const fields = table.fields.filter((field) => !field.global)
  const columns = fields.flatMap((field) => field.columns.map((column) => `, ${column}`))
  const records: StoredRecord[] = []
  for (const row of store.rows(`SELECT id, mod${columns.join('')} FROM ${table.sqlName} ORDER BY id`, [])) {
    const [recordId, modId, ...values] = row
    const fieldData: Record<string, string | number> = {}
    for (const field of fields) {
      for (const [index] of field.columns.entries()) {
        const key = field.columns.length === 1 ? field.name : `${field.name}(${index + 1})`
        fieldData[key] = plainValue(field, values.shift() ?? null, store)
      }
    }
    records.push({ recordId: String(recordId), modId: String(modId), fieldData })
  }
  return records
}

function plainValue(field: Field, value: StoredValue, store: Store): string | number {
  if (field.type === 'container') return store.container(value)?.name ?? ''
  return JSON.parse(wireValue(field.type, value, US_DATES)) as string | number
}
