// The records of one file, in SQLite: a table for each table, a column for each repetition of each field. JSON in a
// column would have to be parsed for each row of a find: 758 ms for 171,075 rows, against 15 ms with LIKE on a column.

import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'
import type { Content, ContentStore } from './content.ts'
import { definedRows, definedValue } from './defined-records.ts'
import type { ContainerDefinition } from './definition.ts'
import { mediaTypeOf } from './media-types.ts'
import { createSerials } from './serials.ts'
import type { Field, Solution, Table } from './solution.ts'
import { orderExpression } from './sql.ts'
import { registerFunctions } from './sql-functions.ts'
import type { StoredValue } from './values.ts'

/** A row as SQLite gives it: values in the order of the SELECT. */
export type Row = readonly StoredValue[]

export interface StoredContainer {
  readonly name: string
  readonly type: string
  readonly content: Content
}

export interface Store {
  /** The rows one after the other; nothing is read ahead. */
  rows(sql: string, values: readonly StoredValue[]): Iterable<Row>
  row(sql: string, values: readonly StoredValue[]): Row | undefined
  /** Number of records in a table, without counting them. */
  count(table: Table): number
  /** Adds a record and returns its id. Ids are never used again. */
  insert(table: Table, values: ReadonlyMap<string, StoredValue>): number
  /** Sets columns of a record and raises its modId by one. */
  update(table: Table, recordId: number, values: ReadonlyMap<string, StoredValue>): void
  delete(table: Table, recordId: number): void
  modId(table: Table, recordId: number): number | undefined
  /** The next number of an auto-enter serial. */
  takeSerial(field: Field): StoredValue | undefined
  /** All of it happens, or nothing (section 3.13: one commit). */
  transaction<Result>(work: () => Result): Result
  /** Makes an index on what the column is compared by, where the table is large enough to want one. */
  wantIndex(field: Field, column: string, kind: 'value' | 'order'): void
  container(key: StoredValue): StoredContainer | undefined
  /** Stores a file and returns its key. */
  addContainer(name: string, content: Content): StoredValue
  /** Forgets the content under the key, if there is one. */
  deleteContainer(key: StoredValue): void
  /** Stores the content once more and returns the copy's key. */
  copyContainer(key: StoredValue): StoredValue
  /** What global fields hold for sessions that have not set them, by column. */
  readonly globals: ReadonlyMap<Field, readonly StoredValue[]>
  close(): void
}

/** Below this an index costs more than the scans it saves. */
const INDEX_FROM_ROWS = 5_000
/** Statements are kept ready up to this number; finds of ever new shape must not fill the memory. */
const MAX_STATEMENTS = 500

/**
 * Builds the tables in memory and loads the definition's records.
 *
 * @throws TypeError that names table, record and field when a record does not fit its table.
 */
export function openStore(solution: Solution, contents: ContentStore): Store {
  const sqlite = new DatabaseSync(':memory:')
  const statements = new Map<string, StatementSync>()
  const counts = new Map<Table, number>()
  const nextIds = new Map<Table, number>()
  const serials = createSerials(solution)
  const globals = new Map<Field, readonly StoredValue[]>()
  const indexes = new Set<string>()

  registerFunctions(sqlite)
  sqlite.exec(
    'CREATE TABLE containers (key INTEGER PRIMARY KEY, name TEXT, type TEXT, content BLOB, file TEXT, size INTEGER)',
  )
  for (const table of solution.tables) {
    const columns = table.fields.flatMap((field) => field.columns.map((column) => `, ${column} ${columnType(field)}`))
    sqlite.exec(
      `CREATE TABLE ${table.sqlName} (id INTEGER PRIMARY KEY, mod INTEGER NOT NULL DEFAULT 0${columns.join('')})`,
    )
    counts.set(table, 0)
    nextIds.set(table, 1)
  }

  function statement(sql: string): StatementSync {
    let prepared = statements.get(sql)
    if (prepared === undefined) {
      if (statements.size >= MAX_STATEMENTS) statements.delete(statements.keys().next().value ?? '')
      prepared = sqlite.prepare(sql)
      prepared.setReturnArrays(true)
      statements.set(sql, prepared)
    }
    return prepared
  }

  function addContainer(name: string, type: string, content: Content): number {
    const [bytes, file, size] = 'file' in content ? [null, content.file, content.size] : [content, null, null]
    const insert = 'INSERT INTO containers (name, type, content, file, size) VALUES (?, ?, ?, ?, ?)'
    return Number(statement(insert).run(name, type, bytes, file, size).lastInsertRowid)
  }

  function addDefined({ name, type = mediaTypeOf(name), content }: ContainerDefinition): number {
    if (typeof content === 'string') return addContainer(name, type, Buffer.from(content))
    if (!('file' in content)) return addContainer(name, type, content)
    return addContainer(name, type, { file: content.file, size: statSync(content.file).size })
  }

  /** Files that a transaction may have set free: they go once it is through. */
  const freed = new Set<string>()

  function deleteContainer(key: StoredValue): void {
    const file = statement('DELETE FROM containers WHERE key = ? RETURNING file').get(key) as unknown as
      | [string | null]
      | undefined
    if (typeof file?.[0] === 'string') freed.add(file[0])
  }

  function deleteFreed(): void {
    for (const file of freed) {
      // A duplicate of the record may stand on the same file.
      const users = statement('SELECT count(*) FROM containers WHERE file = ?').get(file) as unknown as [number]
      if (users[0] === 0) void contents.delete(file)
    }
    freed.clear()
  }

  function load(table: Table, place: string): void {
    const columns = table.fields.flatMap((field) => field.columns)
    const insert = sqlite.prepare(insertion(table, columns))
    let recordId = 0
    for (const row of definedRows(table, place, serials, addDefined)) {
      insert.run(...row)
      recordId += 1
    }
    counts.set(table, recordId)
    nextIds.set(table, recordId + 1)
  }

  function setGlobals(table: Table, place: string): void {
    for (const field of table.fields.filter((candidate) => candidate.global)) {
      const { value } = field.definition
      const where = `${place}.fields.${field.name}.value`
      const first = value === undefined ? null : definedValue(field, value, where, addDefined)
      const others = field.columns.slice(1).map(() => null)
      globals.set(field, [first, ...others])
    }
  }

  const store: Store = {
    rows: (sql, values) => statement(sql).iterate(...values) as Iterable<unknown> as Iterable<Row>,
    row: (sql, values) => statement(sql).get(...values) as unknown as Row | undefined,
    count: (table) => counts.get(table) ?? 0,
    insert: (table, values) => {
      const recordId = nextIds.get(table) ?? 1
      nextIds.set(table, recordId + 1)
      const columns = [...values.keys()]
      statement(insertion(table, columns)).run(recordId, ...values.values())
      counts.set(table, (counts.get(table) ?? 0) + 1)
      return recordId
    },
    update: (table, recordId, values) => {
      const assignments = [...values.keys()].map((column) => `, ${column} = ?`).join('')
      statement(`UPDATE ${table.sqlName} SET mod = mod + 1${assignments} WHERE id = ?`).run(
        ...values.values(),
        recordId,
      )
    },
    delete: (table, recordId) => {
      for (const field of table.fields.filter((candidate) => candidate.type === 'container' && !candidate.global)) {
        for (const column of field.columns) {
          const [key = null] = store.row(`SELECT ${column} FROM ${table.sqlName} WHERE id = ?`, [recordId]) ?? []
          deleteContainer(key)
        }
      }
      const { changes } = statement(`DELETE FROM ${table.sqlName} WHERE id = ?`).run(recordId)
      counts.set(table, (counts.get(table) ?? 0) - Number(changes))
    },
    modId: (table, recordId) => {
      const row = store.row(`SELECT mod FROM ${table.sqlName} WHERE id = ?`, [recordId])
      return row === undefined ? undefined : Number(row[0])
    },
    takeSerial: (field) => serials.take(field),
    transaction: (work) => {
      const countsBefore = new Map(counts)
      sqlite.exec('BEGIN')
      try {
        const result = work()
        sqlite.exec('COMMIT')
        deleteFreed()
        return result
      } catch (error) {
        sqlite.exec('ROLLBACK')
        freed.clear()
        for (const [table, count] of countsBefore) counts.set(table, count)
        throw error
      }
    },
    wantIndex: (field, column, kind) => {
      const name = `${field.table.sqlName}_${column}_${kind}`
      if (indexes.has(name) || store.count(field.table) < INDEX_FROM_ROWS) return
      indexes.add(name)
      const indexed = kind === 'order' ? orderExpression(field, column) : column
      sqlite.exec(`CREATE INDEX IF NOT EXISTS ${name} ON ${field.table.sqlName} (${indexed})`)
    },
    container: (key) => {
      if (key === null) return undefined
      const row = statement('SELECT name, type, content, file, size FROM containers WHERE key = ?').get(
        key,
      ) as unknown as
        | [name: string, type: string, bytes: Uint8Array, file: null, size: null]
        | [name: string, type: string, bytes: null, file: string, size: number]
        | undefined
      if (row === undefined) return undefined
      const [name, type, bytes, file, size] = row
      return { name, type, content: bytes ?? { file, size } }
    },
    addContainer: (name, content) => addContainer(name, mediaTypeOf(name), content),
    deleteContainer,
    copyContainer: (key) => {
      const { lastInsertRowid } = statement(
        'INSERT INTO containers (name, type, content, file, size) SELECT name, type, content, file, size FROM containers WHERE key = ?',
      ).run(key)
      return Number(lastInsertRowid)
    },
    globals,
    close: () => {
      statements.clear()
      sqlite.close()
    },
  }

  store.transaction(() => {
    for (const table of solution.tables) {
      const place = `databases.${solution.name}.tables.${table.name}`
      setGlobals(table, place)
      load(table, place)
    }
  })
  for (const { match } of solution.relationships) {
    for (const field of match.flatMap((pair) => [pair.from, pair.to])) {
      const { sqlName } = field.table
      const column = field.columns[0] ?? ''
      sqlite.exec(`CREATE INDEX IF NOT EXISTS ${sqlName}_${column}_value ON ${sqlName} (${column})`)
      indexes.add(`${sqlName}_${column}_value`)
    }
  }
  return store
}

/** NOCASE makes = and key fields blind to case. Number columns have no type: SQLite would round long digit strings. */
function columnType(field: Field): string {
  if (field.type === 'text') return 'TEXT COLLATE NOCASE'
  return field.type === 'date' || field.type === 'timestamp' ? 'TEXT' : ''
}

function insertion(table: Table, columns: readonly string[]): string {
  return `INSERT INTO ${table.sqlName} (${['id', ...columns].join(', ')}) VALUES (?${', ?'.repeat(columns.length)})`
}
