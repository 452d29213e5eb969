import type { Seal } from '@fm/core/simulation'
import type { SimulatedCache } from './cache.ts'

/** What a record says of sessions, as the checker reads it. */
export interface RecordedSessions {
  readonly token: string | undefined
  readonly old: readonly string[]
}

/** All that the records of one account know. */
export interface Recorded {
  /** Tokens in use, each with its slot. */
  readonly current: ReadonlyMap<string, string>
  /** Tokens to be ended. */
  readonly listed: ReadonlySet<string>
}

export interface Records {
  of(account: string): Recorded
  open(key: string, value: string | undefined): RecordedSessions
}

const NOTHING: RecordedSessions = { token: undefined, old: [] }

export function createRecords(
  cache: SimulatedCache,
  seals: ReadonlyMap<string, Seal>,
  shared: number,
  exclusive: number,
): Records {
  const slots = [
    ...Array.from({ length: shared }, (_, index) => `s${index}`),
    ...Array.from({ length: exclusive }, (_, index) => `x${index}`),
  ]
  const places = [...seals].map(([account, seal]) => ({
    account,
    keys: slots.map((slot) => ({ slot, key: seal.keyOf(slot) })),
  }))
  const sealOf = new Map(
    [...seals.values()].flatMap((seal) => slots.map((slot): [string, Seal] => [seal.keyOf(slot), seal])),
  )
  /** What lies in the cache is looked at much more often than it changes. */
  const opened = new Map<string, { readonly value: string; readonly sessions: RecordedSessions }>()

  function open(key: string, value: string | undefined): RecordedSessions {
    const text = value === undefined ? undefined : sealOf.get(key)?.open(key, value)
    if (text === undefined) return NOTHING
    const { token, old = [] } = JSON.parse(text) as { token?: string; old?: readonly { token: string }[] }
    return { token, old: old.map((entry) => entry.token) }
  }

  function peek(key: string): RecordedSessions {
    const value = cache.peek(key)
    if (value === undefined) return NOTHING
    const last = opened.get(key)
    if (last?.value === value) return last.sessions
    const sessions = open(key, value)
    opened.set(key, { value, sessions })
    return sessions
  }

  return {
    open,
    of: (account) => {
      const current = new Map<string, string>()
      const listed = new Set<string>()
      for (const { slot, key } of places.find((place) => place.account === account)?.keys ?? []) {
        const { token, old } = peek(key)
        if (token !== undefined) current.set(token, slot)
        for (const entry of old) listed.add(entry)
      }
      return { current, listed }
    },
  }
}
