import { appendFileSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { SessionCache } from '@fm/core'

/**
 * A cache on a SQLite file, for child processes; broken in the way that a case's name says.
 *
 * @param argument - JSON with `path` and `broken`, the name of a case, or anything else for a sound cache.
 */
export function createCache(argument: string): SessionCache {
  const { path, broken }: { path: string; broken: string } = JSON.parse(argument)
  const sound = sqliteCache(path)
  switch (broken) {
    case 'another process sees what this one wrote':
      return { ...sound, get: missingAtFirst(sound) }
    case 'of the swaps of many processes each has one winner, and none is lost':
      return { ...sound, compareAndSet: carelessAmongMany(sound, registerAmong(path)) }
    case 'a process killed in the middle of a swap has made it or has not, and holds up nobody':
      return { ...sound, get: unlessSomebodyDied(sound, registerAmong(path)) }
    default:
      return sound
  }
}

function sqliteCache(path: string): SessionCache {
  const database = new DatabaseSync(path, { timeout: 2000 })
  database.exec(
    'PRAGMA synchronous = OFF; CREATE TABLE IF NOT EXISTS entry (key TEXT PRIMARY KEY, value TEXT NOT NULL)',
  )
  const select = database.prepare('SELECT value FROM entry WHERE key = ?')
  const insert = database.prepare('INSERT INTO entry VALUES (?, ?) ON CONFLICT DO NOTHING')
  const update = database.prepare('UPDATE entry SET value = ? WHERE key = ? AND value = ?')
  return {
    supports: { sharedBy: 'machine', atomic: true },
    get: async (key) => {
      const row = select.get(key)
      return row && { value: String(row.value) }
    },
    // Enough for the cases with processes, which neither delete nor wait.
    compareAndSet: async (key, expected, next = '') =>
      (expected === undefined ? insert.run(key, next) : update.run(next, key, expected)).changes === 1,
    close: async () => database.close(),
  }
}

/** Like a replica that gets a key only when somebody has asked for it. */
function missingAtFirst(sound: SessionCache): SessionCache['get'] {
  const asked = new Set<string>()
  return async (key, options) => {
    const found = await sound.get(key, options)
    if (asked.has(key)) return found
    asked.add(key)
    return undefined
  }
}

/** From four processes on it compares, waits, and writes without comparing. */
function carelessAmongMany(sound: SessionCache, others: () => number[]): SessionCache['compareAndSet'] {
  return async (key, expected, ...rest) => {
    if (others().filter((pid) => isAlive(pid)).length < 4) return sound.compareAndSet(key, expected, ...rest)
    const found = await sound.get(key)
    if (found?.value !== expected) return false
    await new Promise((resolve) => setTimeout(resolve, 5))
    return sound.compareAndSet(key, (await sound.get(key))?.value, ...rest)
  }
}

/** Like a lock that its owner took with him. */
function unlessSomebodyDied(sound: SessionCache, others: () => number[]): SessionCache['get'] {
  return async (key, options) => {
    if (!others().every((pid) => isAlive(pid))) throw new Error('waits for somebody who is dead')
    return sound.get(key, options)
  }
}

/** Enters this process in a list beside the file; the function reads it. */
function registerAmong(path: string): () => number[] {
  const list = `${path}.processes`
  appendFileSync(list, `${process.pid}\n`)
  return () => readFileSync(list, 'utf8').trim().split('\n').map(Number)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
