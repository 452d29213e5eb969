import type { DatabaseSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import { isLive, machineNowMs } from './machine-clock.ts'
import { UnusableFileError } from './sqlite-errors.ts'

/**
 * Columns in another order or of another kind need another name: then two versions of this package live side by side in
 * one file. (Marking the file as foreign instead would have both flee from each other, from number to number.)
 */
export const createSessionTable = `CREATE TABLE IF NOT EXISTS session_1 (
  key TEXT PRIMARY KEY, value BLOB NOT NULL, written_at_ms INTEGER NOT NULL, ttl_ms INTEGER NOT NULL,
  checksum INTEGER NOT NULL) STRICT, WITHOUT ROWID`

/** The one table of an open database. Each step is one SQL statement, so that it is done as a whole or not at all. */
export interface SessionTable {
  /** @throws UnusableFileError when the row is not as it was written. */
  read(key: string): { readonly value: string; readonly ttlMs: number } | undefined
  /** Whether `expected` was there and is replaced by `next`; undefined stands for nothing. */
  replace(key: string, expected: string | undefined, next: string | undefined, ttlMs: number): boolean
}

// The clock is read by the statement itself, when it has the lock. Read before, it could be behind what another process
// has written meanwhile, which would then seem to come from before a restart, and be overwritten or swept away.
const live = 'written_at_ms <= now_ms() AND written_at_ms + ttl_ms > now_ms()'
const sweepEveryMs = 60_000

export function sessionTable(database: DatabaseSync): SessionTable {
  database.function('now_ms', machineNowMs)
  const select = database.prepare('SELECT value, written_at_ms, ttl_ms, checksum FROM session_1 WHERE key = :key')
  const insert = database.prepare(`INSERT INTO session_1 VALUES (:key, :next, :now, :ttl, :checksum)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value, written_at_ms = excluded.written_at_ms,
      ttl_ms = excluded.ttl_ms, checksum = excluded.checksum WHERE NOT (${live})`)
  const update = database.prepare(`UPDATE session_1
    SET value = :next, written_at_ms = :now, ttl_ms = :ttl, checksum = :checksum
    WHERE key = :key AND value = :expected AND ${live}`)
  const remove = database.prepare(`DELETE FROM session_1 WHERE key = :key AND value = :expected AND ${live}`)
  // A few at a time: removing thousands at once would hold up the event loop.
  const sweep = database.prepare(`DELETE FROM session_1
    WHERE key IN (SELECT key FROM session_1 WHERE NOT (${live}) LIMIT 100)`)
  let sweptAtMs = Number.NEGATIVE_INFINITY

  function read(key: string): { value: string; ttlMs: number } | undefined {
    const row = select.get({ key })
    if (row === undefined) return undefined
    const { value, written_at_ms: writtenAtMs, ttl_ms: ttlMs, checksum } = row
    if (!(value instanceof Uint8Array) || typeof writtenAtMs !== 'number' || typeof ttlMs !== 'number') {
      throw new UnusableFileError('a row holds values of other kinds')
    }
    // Without fsync a power cut can leave half a row. A torn time to live would otherwise pass for a real one.
    if (checksum !== checksumOf(key, value, writtenAtMs, ttlMs)) throw new UnusableFileError('a row is torn')
    const now = machineNowMs()
    if (!isLive(writtenAtMs, ttlMs, now)) return undefined
    return { value: Buffer.from(value).toString('utf8'), ttlMs: writtenAtMs + ttlMs - now }
  }

  return {
    read,
    replace: (key, expected, next, ttlMs) => {
      const now = machineNowMs()
      if (now - sweptAtMs > sweepEveryMs) {
        // Before the change and not after it: an error here must not hide that the change was made.
        sweep.run()
        sweptAtMs = now
      }
      const old = expected === undefined ? undefined : Buffer.from(expected, 'utf8')
      if (next === undefined) {
        return old === undefined ? read(key) === undefined : remove.run({ key, expected: old }).changes === 1
      }
      const value = Buffer.from(next, 'utf8')
      const ttl = Math.floor(ttlMs)
      const row = { key, next: value, now, ttl, checksum: checksumOf(key, value, now, ttl) }
      const { changes } = old === undefined ? insert.run(row) : update.run({ ...row, expected: old })
      return changes === 1
    },
  }
}

function checksumOf(key: string, value: Uint8Array, writtenAtMs: number, ttlMs: number): number {
  return crc32(value, crc32(`${key} ${writtenAtMs} ${ttlMs} `))
}
