import type { SimulatedCache } from './cache.ts'

/** What a record says of sessions, as the checker reads it. */
export interface RecordedSessions {
  readonly token: string | undefined
  readonly old: readonly string[]
}

const NOTHING: RecordedSessions = { token: undefined, old: [] }

export function readRecord(value: string | undefined): RecordedSessions {
  if (value === undefined) return NOTHING
  const { token, old = [] } = JSON.parse(value) as { token?: string; old?: readonly { token: string }[] }
  return { token, old: old.map((entry) => entry.token) }
}

/** All that the records of one account know. */
export interface Recorded {
  /** Tokens in use, by slot. */
  readonly current: ReadonlyMap<string, string>
  /** Tokens to be ended. */
  readonly listed: ReadonlySet<string>
}

export function recordedSessions(cache: SimulatedCache, account: string): Recorded {
  const current = new Map<string, string>()
  const listed = new Set<string>()
  for (const key of cache.keys) {
    if (!key.startsWith(`${account}:`)) continue
    const { token, old } = readRecord(cache.peek(key))
    if (token !== undefined) current.set(token, key.slice(account.length + 1))
    for (const entry of old) listed.add(entry)
  }
  return { current, listed }
}
