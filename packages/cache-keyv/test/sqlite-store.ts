import { EventEmitter } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import type { SessionCache } from '@fm/core'

/**
 * A Keyv store in a SQLite file, as somebody else might have written it: the contract of keyv 5, which keyv 6 takes too,
 * and a compare-and-set of its own.
 */
export class SqliteStore extends EventEmitter {
  /** Keyv 5 sets it, and then gives keys that begin with it. */
  namespace: string | undefined
  readonly opts = { dialect: 'sqlite', url: 'sqlite://' }
  private readonly database: DatabaseSync

  constructor(path: string) {
    super()
    // The wait for a lock stops the event loop: no example for a server.
    this.database = new DatabaseSync(path, { timeout: 5_000 })
    this.database.exec('PRAGMA journal_mode = WAL')
    this.database.exec('CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires INTEGER)')
  }

  async get(key: string): Promise<unknown> {
    const live = 'SELECT value FROM entry WHERE key = ? AND (expires IS NULL OR expires > ?)'
    return this.database.prepare(live).get(key, Date.now())?.['value']
  }

  async set(key: string, value: string, ttl?: number): Promise<boolean> {
    const expires = ttl === undefined ? null : Date.now() + ttl
    this.database.prepare('INSERT OR REPLACE INTO entry VALUES (?, ?, ?)').run(key, value, expires)
    return true
  }

  async delete(key: string): Promise<boolean> {
    return this.database.prepare('DELETE FROM entry WHERE key = ?').run(key).changes === 1
  }

  async clear(): Promise<void> {
    this.database.exec('DELETE FROM entry')
  }

  async disconnect(): Promise<void> {
    this.database.close()
  }

  /** Each case is a single statement: SQLite makes it one step for all processes. `value` is Keyv's envelope. */
  readonly compareAndSet: SessionCache['compareAndSet'] = async (key, expected, next, ttlMs) => {
    const now = Date.now()
    const parameters = { key, now, expires: now + Math.ceil(ttlMs) }
    const live = 'key = :key AND expires > :now'
    if (expected === undefined && next === undefined) {
      return this.database.prepare(`SELECT 1 FROM entry WHERE ${live}`).get({ key, now }) === undefined
    }
    const envelope = `json_object('value', :next, 'expires', :expires)`
    if (expected === undefined) {
      return this.changes(
        `INSERT INTO entry VALUES (:key, ${envelope}, :expires)
         ON CONFLICT DO UPDATE SET value = excluded.value, expires = excluded.expires WHERE entry.expires <= :now`,
        { ...parameters, next: next ?? '' },
      )
    }
    const unchanged = `${live} AND value ->> '$.value' = :expected`
    if (next === undefined) return this.changes(`DELETE FROM entry WHERE ${unchanged}`, { key, now, expected })
    const update = `UPDATE entry SET value = ${envelope}, expires = :expires WHERE ${unchanged}`
    return this.changes(update, { ...parameters, next, expected })
  }

  private changes(statement: string, parameters: Record<string, string | number>): boolean {
    return this.database.prepare(statement).run(parameters).changes === 1
  }
}
