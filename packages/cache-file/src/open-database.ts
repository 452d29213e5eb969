import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { createSessionTable } from './session-table.ts'
import { UnusableFileError } from './sqlite-errors.ts'

/** "fmsc": what makes a database ours. SQLite keeps it in the file's first page. */
const applicationId = 0x66_6d_73_63

/**
 * Opens a file as a database of this cache. An empty file becomes one.
 *
 * @throws UnusableFileError, and SQLite's errors for damage, when the file is not ours to use. It is left as it is.
 */
export function openDatabase(path: string): DatabaseSync {
  // "rw", and not SQLite's default, which makes a file that went away just now anew: readable for everybody.
  const url = pathToFileURL(path)
  url.searchParams.set('mode', 'rw')
  const database = new DatabaseSync(url, { timeout: 0 })
  try {
    prepare(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

function prepare(database: DatabaseSync): void {
  // Both numbers in one transaction: between them another process may make the file ours, and half of that looks foreign.
  database.exec('BEGIN')
  const application = numberFrom(database, 'PRAGMA application_id')
  const tables = numberFrom(database, 'SELECT count(*) FROM sqlite_schema')
  database.exec('COMMIT')
  if (application !== applicationId && (application !== 0 || tables > 0)) {
    throw new UnusableFileError('the database belongs to another application')
  }
  // Only now: even choosing a journal can change a file. Why these: apps/docs/decisions, "the file cache".
  database.exec(`PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = OFF; PRAGMA mmap_size = 0;
    PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF`)
  if (tables > 0) return
  database.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${applicationId}; ${createSessionTable}; COMMIT`)
}

function numberFrom(database: DatabaseSync, sql: string): number {
  const [value] = Object.values(database.prepare(sql).get() ?? {})
  if (typeof value !== 'number') throw new UnusableFileError(`no answer to ${sql}`)
  return value
}
