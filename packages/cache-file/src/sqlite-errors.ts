/** A file that cannot be used as it lies there, and must not be changed: damaged, or not made by this cache. */
export class UnusableFileError extends Error {
  override readonly name = 'UnusableFileError'
}

/** The file was replaced by another at the wrong moment; the next look finds the right one. */
export class FileMovedError extends Error {
  override readonly name = 'FileMovedError'
}

// The low byte of an extended result code is the primary one. https://www.sqlite.org/rescode.html
const primary = { error: 1, busy: 5, locked: 6, corrupt: 11, schema: 17, notADatabase: 26 } as const

/** Whether the same step may succeed when it is tried again, perhaps on another file. */
export function isPassing(error: unknown): boolean {
  return error instanceof FileMovedError || isBusy(error) || isDamage(error) || isOutdated(error)
}

/** Somebody else holds the lock: nothing was changed, the same step may succeed in a moment. */
export function isBusy(error: unknown): boolean {
  return isOneOf(error, primary.busy, primary.locked)
}

/** The file's content is no database, or not a whole one. */
export function isDamage(error: unknown): boolean {
  return error instanceof UnusableFileError || isOneOf(error, primary.corrupt, primary.notADatabase)
}

/** A statement no longer fits what is in the file: it was emptied, and has no table until somebody opens it again. */
export function isOutdated(error: unknown): boolean {
  return isOneOf(error, primary.error, primary.schema)
}

function isOneOf(error: unknown, ...codes: readonly number[]): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false
  return codes.includes(error.errcode & 0xff)
}
