/** A file that cannot be used as it lies there, and must not be changed: damaged, or not made by this cache. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError'
}

/** The file was replaced by another at the wrong moment; the next look finds the right one. */
export class FileMovedError extends Error {
  override readonly name = 'FileMovedError'
}

// https://www.sqlite.org/rescode.html: the low byte of an extended code is the primary one.
const primary = { error: 1, busy: 5, locked: 6, corrupt: 11, schema: 17, notADatabase: 26 } as const
const extended = { shortRead: 522, moved: 1032 } as const

/** Whether the same step may succeed when it is tried again, perhaps on another file. Nothing was changed then. */
export function isPassing(error: unknown): boolean {
  return isBusy(error) || isMoved(error) || isDamage(error) || isOutdated(error)
}

/** Somebody else holds the lock. */
export function isBusy(error: unknown): boolean {
  return [primary.busy, primary.locked].some((code) => code === primaryCode(error))
}

/** The file's content is no database, or not a whole one. */
export function isDamage(error: unknown): boolean {
  if (error instanceof UnusableFileError || errorCode(error) === extended.shortRead) return true
  return [primary.corrupt, primary.notADatabase].some((code) => code === primaryCode(error))
}

/** A statement no longer fits what is in the file: it was emptied, and has no table until somebody opens it again. */
export function isOutdated(error: unknown): boolean {
  return [primary.error, primary.schema].some((code) => code === primaryCode(error))
}

/** SQLite itself looks, too, before it changes a file, whether it still has its name. */
function isMoved(error: unknown): boolean {
  return error instanceof FileMovedError || errorCode(error) === extended.moved
}

function primaryCode(error: unknown): number | undefined {
  const code = errorCode(error)
  return code === undefined ? undefined : code & 0xff
}

function errorCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined
}
