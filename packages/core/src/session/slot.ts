import { createHash } from 'node:crypto'

/**
 * The rules of sharing one session, as pure functions: what is written in the record, what this process knows, and how
 * long the record has stood so, give what to do next. No I/O, no clock, no randomness.
 *
 * One record in the cache is all that processes must agree on. It is changed only by compare-and-set, each time with a
 * new nonce, so that a process recognises its own write.
 */
export interface SlotRecord {
  readonly format: 1
  /** New at each write: no two records are equal, even if they say the same. */
  readonly nonce: string
  /** Grows with each lease and each publication. */
  readonly generation: number
  /** The session's token, when there is one. */
  readonly token?: string
  /** The token came in place of one that was only doubtful (112); see {@link DOUBT_PAUSE_MS}. */
  readonly afterDoubt?: true
  /** Somebody is logging in. */
  readonly lease?: { readonly owner: string; readonly ms: number }
  /** Exclusive slots only: whose session it is. */
  readonly hold?: { readonly owner: string; readonly ms: number }
  /** Tokens believed alive that nobody shall use any more: to be ended at the server after a grace. */
  readonly old: readonly OldToken[]
  /** Fingerprints of tokens known dead or ended, newest last. */
  readonly gone: readonly string[]
  /** The last login was refused: nobody tries again for `ms`. */
  readonly deny?: Denial
  /** The time to live this record was written with, so that its age is right whatever a reader's own options are. */
  readonly ttlMs: number
}

export interface OldToken {
  readonly token: string
  /** Nobody ends it sooner: the longest time a call of whoever listed it may still run on it. */
  readonly graceMs: number
}

export interface Denial {
  /** FileMaker's code. */
  readonly code: number
  /** The refusals in a row. */
  readonly count: number
  readonly ms: number
}

/** What one process knows about the slot that the record may not say. */
export interface Knowledge {
  /** Its name in leases. */
  readonly process: string
  /** Whether the server refused the token to this process. */
  readonly isDead: (token: string) => boolean
  /** A token that this process holds and believes alive. */
  readonly live?: string | undefined
  /** A token to be replaced although it may be alive: its window vanished, or a call hangs on it. */
  readonly doubtful?: string | undefined
  /** How long this process's calls may still run on a token it lists. */
  readonly graceMs: number
}

/** What to do about a slot, given its record. `next` is to be written by compare-and-set against what was read. */
export type Step =
  /** The record's token is good as far as anybody knows. */
  | { readonly do: 'adopt'; readonly token: string }
  /** Another process is logging in, or has been for less than its lease: look again. */
  | { readonly do: 'follow'; readonly forMs: number }
  /** A login was refused a moment ago: it would be refused again. */
  | { readonly do: 'refuse'; readonly denial: Denial; readonly forMs: number }
  /** The record is lost and this process holds a live token: it goes back into the record, and nobody logs in. */
  | { readonly do: 'promote'; readonly token: string; readonly next: Draft; readonly overflow: readonly string[] }
  /** Nobody has a session: take the lease and log in. */
  | { readonly do: 'lead'; readonly next: Draft; readonly overflow: readonly string[] }

/** A record before it is given its nonce and time to live. */
export type Draft = Omit<SlotRecord, 'nonce' | 'ttlMs' | 'format'>

/** A lease is short, so that a crashed leader delays others by little more. It is renewed every `LEASE_BEAT_MS`. */
export const LEASE_MS = 3_000
export const LEASE_BEAT_MS = 1_000
/** A script that closes its own window must not burn sessions: 112 replaces a slot's token once in this time. */
export const DOUBT_PAUSE_MS = 10_000

const MAX_OLD = 16
const MAX_GONE = 8
/** A record's bound before sealing. Backends must take 8 KiB. */
const MAX_RECORD_BYTES = 4_096

/**
 * Decides about a slot.
 *
 * @param record - As read, or undefined when there is none.
 * @param ageMs - How long ago it was written: by the cache's remaining time, or for as long as this process has watched it
 *   unchanged on its own monotonic clock, whichever is longer.
 */
export function decide(record: SlotRecord | undefined, known: Knowledge, ageMs: number): Step {
  if (record?.token !== undefined && !isReplaceable(record, known, ageMs)) return { do: 'adopt', token: record.token }
  if (record?.lease !== undefined && record.lease.owner !== known.process && ageMs < record.lease.ms) {
    return { do: 'follow', forMs: record.lease.ms - ageMs }
  }
  const base = withoutToken(record, known)
  const live =
    known.live !== undefined && !known.isDead(known.live) && known.live !== known.doubtful ? known.live : undefined
  // In place of a dead token, too: a process whose session is its own after an outage must find back into the record.
  if (live !== undefined && record?.lease === undefined && !isKnown(base, live)) {
    return { do: 'promote', token: live, ...fit({ ...base, generation: base.generation + 1, token: live }) }
  }
  if (record?.deny !== undefined && ageMs < record.deny.ms) {
    return { do: 'refuse', denial: record.deny, forMs: record.deny.ms - ageMs }
  }
  return {
    do: 'lead',
    ...fit({
      ...base,
      generation: base.generation + 1,
      lease: { owner: known.process, ms: LEASE_MS },
      ...(record?.deny === undefined ? {} : { deny: record.deny }),
      ...(record?.token !== undefined && record.token === known.doubtful ? { afterDoubt: true as const } : {}),
    }),
  }
}

/** Only the server's word replaces a token (952 to this process), or a doubt that is not the second in a short while. */
function isReplaceable(record: SlotRecord, known: Knowledge, ageMs: number): boolean {
  if (record.token === undefined || known.isDead(record.token)) return true
  if (record.token !== known.doubtful) return false
  return !(record.afterDoubt === true && ageMs < DOUBT_PAUSE_MS)
}

/** Invalidation and lease are one write: the old token leaves the record in the same swap that names its replacement. */
function withoutToken(record: SlotRecord | undefined, known: Knowledge): Draft {
  const old = record?.old ?? []
  const gone = record?.gone ?? []
  const generation = record?.generation ?? 0
  const token = record?.token
  if (token === undefined) return { generation, old, gone }
  // No live token is ever dropped: it is known dead (`gone`) or listed to be ended (`old`).
  return known.isDead(token)
    ? { generation, old, gone: [...gone, fingerprint(token)] }
    : { generation, old: [...old, { token, graceMs: known.graceMs }], gone }
}

/** The login's token takes the place of the lease. */
export function publish(leased: Draft, token: string): Draft {
  const { lease: _, deny: __, ...rest } = leased
  return { ...rest, token }
}

/** The login failed. With a denial others need not try; without (no answer), the next leader may at once. */
export function giveUp(leased: Draft, denial: Denial | undefined): Draft {
  const { lease: _, deny: __, afterDoubt: ___, ...rest } = leased
  return denial === undefined ? rest : { ...rest, deny: denial }
}

/** Puts live tokens that the record does not know on the list of those to be ended. Undefined when it knows them all. */
export function list(
  record: SlotRecord,
  tokens: readonly string[],
  graceMs: number,
): { readonly next: Draft; readonly overflow: readonly string[] } | undefined {
  const unknown = tokens.filter((token) => !isKnown(record, token))
  if (unknown.length === 0) return undefined
  return fit({ ...draftOf(record), old: [...record.old, ...unknown.map((token) => ({ token, graceMs }))] })
}

/** Takes tokens that were ended at the server off the list. */
export function strike(record: SlotRecord, ended: readonly string[]): Draft {
  return fit({
    ...draftOf(record),
    old: record.old.filter(({ token }) => !ended.includes(token)),
    gone: [...record.gone, ...ended.map(fingerprint)],
  }).next
}

/** Takes the record's own token out before it is ended, so that nobody adopts what is being ended. */
export function retire(record: SlotRecord): Draft {
  const { token, afterDoubt: _, ...rest } = draftOf(record)
  return token === undefined ? rest : fit({ ...rest, gone: [...rest.gone, fingerprint(token)] }).next
}

/** Takes every session out of the record before all of them are ended. */
export function empty(record: SlotRecord): Draft {
  const { token, afterDoubt: _, ...rest } = draftOf(record)
  const ended = [...record.old.map((entry) => entry.token), ...(token === undefined ? [] : [token])]
  return fit({ ...rest, old: [], gone: [...rest.gone, ...ended.map(fingerprint)] }).next
}

/** A holder that is not heard of for this long has let go, whatever became of it. */
const HOLD_MS = 15_000
export const HOLD_BEAT_MS = 5_000

/** What to do about an exclusive slot that a scope wants. */
export type TakeStep =
  /** Another scope holds it. */
  | { readonly do: 'wait'; readonly forMs: number }
  /** A login was refused a moment ago: it would be refused again. */
  | { readonly do: 'refuse'; readonly denial: Denial }
  /** Nobody does: write `next`, end the tokens `toEnd` at the server, and only then log in. */
  | { readonly do: 'take'; readonly next: Draft; readonly toEnd: readonly string[] }

/**
 * Decides whether a scope can have an exclusive slot.
 *
 * A session is never inherited: whatever token lies there belonged to a holder that crashed, froze or could not let go, and
 * its state is anybody's guess. It is ended before the new one is opened, so the server itself fences the former holder,
 * and sessions never exceed slots.
 */
export function take(record: SlotRecord | undefined, owner: string, ageMs: number): TakeStep {
  if (record?.hold !== undefined && record.hold.owner !== owner && ageMs < record.hold.ms) {
    return { do: 'wait', forMs: record.hold.ms - ageMs }
  }
  if (record?.deny !== undefined && record.hold === undefined && ageMs < record.deny.ms) {
    return { do: 'refuse', denial: record.deny }
  }
  const left = record?.token === undefined ? [] : [{ token: record.token, graceMs: 0 }]
  const { next, overflow } = fit({
    generation: (record?.generation ?? 0) + 1,
    hold: { owner, ms: HOLD_MS },
    old: [...(record?.old ?? []), ...left],
    gone: record?.gone ?? [],
  })
  return { do: 'take', next, toEnd: [...overflow, ...next.old.map((entry) => entry.token)] }
}

/**
 * The holder's own session enters the record; those that were ended before it leave. `unended`: the one before, when the
 * server did not say that it is over.
 */
export function occupy(taken: Draft, token: string, unended?: string): Draft {
  const former = [...taken.old.map((entry) => entry.token), ...(taken.token === undefined ? [] : [taken.token])]
  return {
    ...taken,
    token,
    old: unended === undefined ? [] : [{ token: unended, graceMs: 0 }],
    gone: [...taken.gone, ...former.filter((ended) => ended !== unended).map(fingerprint)].slice(-MAX_GONE),
  }
}

/** The holder lets go. Its token stays listed unless it was ended; a refused login is told to the next. */
export function vacate(held: Draft, ended: 'ended' | 'unanswered', denial?: Denial): Draft {
  const { hold: _, token, ...others } = held
  const rest: Draft = denial === undefined ? others : { ...others, deny: denial }
  if (token === undefined) return rest
  return ended === 'ended'
    ? { ...rest, gone: [...rest.gone, fingerprint(token)].slice(-MAX_GONE) }
    : { ...rest, old: [...rest.old, { token, graceMs: 0 }] }
}

/** Whether the record knows the token, in whichever place. */
export function isKnown(record: Pick<SlotRecord, 'token' | 'old' | 'gone'>, token: string): boolean {
  return (
    record.token === token ||
    record.old.some((entry) => entry.token === token) ||
    record.gone.includes(fingerprint(token))
  )
}

/**
 * What a leader finds when its publication was not acknowledged. A swap's `false` means "look", never "lost": clients
 * send commands again, and the second one fails because the first succeeded.
 */
export function judgePublication(
  record: SlotRecord | undefined,
  token: string,
  leased: Draft,
): 'published' | 'still leased' | 'replaced' | 'fenced' {
  if (record === undefined) return 'fenced'
  if (record.token === token) return 'published'
  if (record.lease?.owner === leased.lease?.owner && record.generation === leased.generation) return 'still leased'
  return isKnown(record, token) ? 'replaced' : 'fenced'
}

/**
 * How long a refused login keeps everybody from trying: a wrong password 2 s, doubling to 60 s, so that a fleet does not
 * lock its account; a full server 0.5 s, doubling to 8 s.
 */
export function denialFor(code: number, previous: Denial | undefined, kind: 'credentials' | 'capacity'): Denial {
  const count = previous?.code === code ? previous.count + 1 : 1
  const [first, longest] = kind === 'credentials' ? [2_000, 60_000] : [500, 8_000]
  return { code, count, ms: Math.min(longest, first * 2 ** Math.min(count - 1, 10)) }
}

/** Names a token without telling it. */
export function fingerprint(token: string): string {
  return createHash('sha256').update(token).digest('base64url').slice(0, 11)
}

function draftOf(record: SlotRecord): Draft {
  const { format: _, nonce: __, ttlMs: ___, ...draft } = record
  return draft
}

/** Keeps the record within its bounds: a list that is full ends its oldest before it drops it. */
function fit(draft: Draft): { readonly next: Draft; readonly overflow: readonly string[] } {
  const old = [...draft.old]
  const overflow: string[] = []
  const gone = draft.gone.slice(-MAX_GONE)
  const next = (): Draft => ({ ...draft, old, gone: [...gone, ...overflow.map(fingerprint)].slice(-MAX_GONE) })
  while (old.length > MAX_OLD || (old.length > 0 && Buffer.byteLength(JSON.stringify(next())) > MAX_RECORD_BYTES)) {
    const oldest = old.shift()
    if (oldest !== undefined) overflow.push(oldest.token)
  }
  return { next: next(), overflow }
}
