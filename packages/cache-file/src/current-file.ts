import { mkdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { createIfMissing, identityOf, isSameFile, type FileIdentity } from './file-identity.ts'
import { highestNumber, numberedPath } from './numbered-path.ts'
import { openDatabase } from './open-database.ts'
import { sessionTable, type SessionTable } from './session-table.ts'
import { FileMovedError, isBusy, isDamage, isOutdated, UnusableFileError } from './sqlite-errors.ts'

/** The one file out of a row of numbered ones that all processes use now. */
export interface CurrentFile {
  /**
   * Runs a synchronous step on the file in use.
   *
   * @throws what the step threw. After damage, and after a table that is gone, the next call finds another file or table.
   * FileMovedError when the file was deleted or left by all meanwhile: what the step did is gone with it.
   */
  use<Result>(step: (table: SessionTable) => Result): Promise<Result>
  /** Closes the database. Calls after this one reject. */
  close(): void
}

interface OpenFile {
  readonly number: number
  readonly table: SessionTable
  /** False once the file was deleted or replaced, or all have gone on to the next number. */
  readonly isCurrent: () => boolean
  readonly database: DatabaseSync
  readonly identity: FileIdentity | undefined
}

interface DamagedFile {
  readonly number: number
  readonly identity: FileIdentity | undefined
}

/** Above it something is wrong that another file does not cure. */
const highestAllowed = 999
const listEveryMs = 1000

/**
 * Which file that is, all processes must agree on, without asking each other. The rule: *the one with the highest
 * number.* Whoever finds it unusable makes the next, and whoever works on a lower one notices before his next step,
 * because he looks whether there is a next. So nobody ever goes back to a file that was damaged for somebody else, also
 * when it can be read again. Only when all higher ones are deleted, the highest that is left is in use again.
 */
export function currentFile(path: string): CurrentFile {
  let open: OpenFile | undefined
  let listedAtMs = Number.NEGATIVE_INFINITY
  let damaged: DamagedFile | undefined
  let closed = false

  /** The open file, if nothing happened to it. Two looks at names: some microseconds. */
  function inUse(): OpenFile | undefined {
    if (closed) throw new Error('fileCache: is closed')
    if (open?.isCurrent() === false) leave()
    return open
  }

  // The next number shows at once; one after a gap (somebody deleted files between) needs the folder's list.
  const isListed = (): boolean => performance.now() - listedAtMs < listEveryMs

  async function findCurrent(): Promise<void> {
    const highest = highestNumber(path, await namesIn(dirname(path)))
    listedAtMs = performance.now()
    // Meanwhile another call of this process may have opened one.
    if ((inUse()?.number ?? 0) >= Math.max(1, highest)) return
    leave()
    const isDamaged =
      damaged?.number === highest && isSameFile(damaged.identity, identityOf(numberedPath(path, highest)))
    open = openNumbered(isDamaged ? highest + 1 : Math.max(1, highest))
  }

  function leave(): void {
    const { database } = open ?? {}
    open = undefined
    database?.close()
  }

  function openNumbered(number: number): OpenFile {
    if (number > highestAllowed) throw new Error(`fileCache: ${highestAllowed} files are damaged; delete them`)
    const file = numberedPath(path, number)
    const next = numberedPath(path, number + 1)
    let identity: FileIdentity | undefined
    let database: DatabaseSync | undefined
    const isCurrent = (): boolean => isSameFile(identity, identityOf(file)) && identityOf(next) === undefined
    try {
      makeFolder(dirname(path))
      createIfMissing(file)
      identity = identityOf(file)
      if (identity?.kind === 'other') throw new UnusableFileError(`${basename(file)} is not a file`)
      database = openDatabase(file)
      const table = sessionTable(database)
      // It may have been replaced between the look at it and SQLite's: then nobody knows which one is open.
      if (!isCurrent()) throw new FileMovedError(`fileCache: ${basename(file)} was replaced while it was opened`)
      return { number, database, identity, table, isCurrent }
    } catch (error) {
      database?.close()
      const isGone = identity === undefined ? isMissing(error) : !isSameFile(identity, identityOf(file))
      if (isGone) throw new FileMovedError('fileCache: the file went away while it was opened', { cause: error })
      if (isDamage(error) || isOutdated(error)) damaged = { number, identity }
      throw error
    }
  }

  return {
    use: async (step) => {
      if (inUse() === undefined || !isListed()) await findCurrent()
      // Looked at again in the same breath as the step: while this call waited, another one may have closed the file.
      const file = inUse()
      if (file === undefined) throw new FileMovedError('fileCache: the file went away while it was opened')
      try {
        const result = step(file.table)
        if (file.isCurrent()) return result
      } catch (error) {
        if (isBusy(error)) throw error
        if (isDamage(error)) damaged = { number: file.number, identity: file.identity }
        // After any other error too: a handle opened on a read-only disk, say, stays read-only when the disk is not.
        const isGone = !file.isCurrent()
        if (open === file) leave()
        if (!isGone) throw error
      }
      // Whatever the step did or met, it was in a file that nobody looks at any more, so it has not been done.
      throw new FileMovedError('fileCache: the file was replaced while it was used')
    },
    close: () => {
      closed = true
      leave()
    },
  }
}

/**
 * Without Node's `recursive`: where the system refuses a folder with ENOENT although the folder above is there, as in /proc
 * and below some automounters, that asks again for ever, and stops the event loop.
 */
function makeFolder(folder: string): void {
  if (makeOne(folder)) return
  const above = dirname(folder)
  if (above !== folder) makeFolder(above)
  if (!makeOne(folder)) throw new FileMovedError('fileCache: the folder went away while it was made, or is refused')
}

/** False where the folder above is missing. What is there need not be a folder: whoever opens the file is told. */
function makeOne(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 })
    return true
  } catch (error) {
    if (isMissing(error)) return false
    if (identityOf(folder) !== undefined) return true
    throw error
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
