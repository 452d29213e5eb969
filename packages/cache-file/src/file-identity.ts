import { closeSync, openSync, statSync } from 'node:fs'

/** What tells a file from another that got its name later. */
export interface FileIdentity {
  readonly device: bigint
  readonly inode: bigint
  readonly kind: 'file' | 'other'
}

/** The identity of what has this name; undefined when nothing has it. */
export function identityOf(path: string): FileIdentity | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found && { device: found.dev, inode: found.ino, kind: found.isFile() ? 'file' : 'other' }
}

export function isSameFile(one: FileIdentity | undefined, other: FileIdentity | undefined): boolean {
  return one !== undefined && one.device === other?.device && one.inode === other.inode
}

/**
 * Makes an empty file that only its owner can read, where nothing has the name. To be done before SQLite opens it: what
 * SQLite makes can be read by everybody, and its journal takes the mode of the main file.
 *
 * Synchronous on purpose. Closing any handle of a file drops the locks that SQLite holds on it for this process
 * (https://www.sqlite.org/howtocorrupt.html, section 2.2); between two synchronous steps it holds none.
 */
export function createIfMissing(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
