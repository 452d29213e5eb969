import { describe, expect, test } from 'vitest'
import * as rules from '../../src/session/slot.ts'
import type { Draft, Knowledge, SlotRecord } from '../../src/session/slot.ts'

const record = (more: Partial<SlotRecord> = {}): SlotRecord => ({
  format: 1,
  nonce: 'n',
  generation: 7,
  old: [],
  gone: [],
  ttlMs: 1_020_000,
  ...more,
})
const known = (more: Partial<Knowledge> = {}): Knowledge => ({
  process: 'me',
  isDead: () => false,
  graceMs: 135_000,
  ...more,
})
const deadIs = (...tokens: string[]): Pick<Knowledge, 'isDead'> => ({ isDead: (token) => tokens.includes(token) })

describe('a record with a token', () => {
  test('is adopted, however old it is: no clock replaces a token', () => {
    for (const ageMs of [0, 60_000, 10_000_000]) {
      expect(rules.decide(record({ token: 'a' }), known(), ageMs)).toEqual({ do: 'adopt', token: 'a' })
    }
  })

  test('that the server refused here is taken out and replaced by a lease in one write', () => {
    const step = rules.decide(record({ token: 'a' }), known(deadIs('a')), 0)
    expect(step).toMatchObject({
      do: 'lead',
      next: { generation: 8, lease: { owner: 'me', ms: rules.LEASE_MS }, gone: [rules.fingerprint('a')], old: [] },
    })
    expect('next' in step && step.next.token).toBe(undefined)
  })

  test('that is newer than the one the server refused here is adopted: a late 952 replaces nothing', () => {
    expect(rules.decide(record({ token: 'b' }), known(deadIs('a')), 0)).toEqual({ do: 'adopt', token: 'b' })
  })

  test('that is only doubtful is listed to be ended, not called dead', () => {
    const step = rules.decide(record({ token: 'a' }), known({ doubtful: 'a' }), 0)
    expect(step).toMatchObject({
      do: 'lead',
      next: { old: [{ token: 'a', graceMs: 135_000 }], gone: [], afterDoubt: true },
    })
  })

  test('that replaced a doubtful one a moment ago is not replaced for a second doubt', () => {
    const replaced = record({ token: 'b', afterDoubt: true })
    const doubting = known({ doubtful: 'b' })
    expect(rules.decide(replaced, doubting, rules.DOUBT_PAUSE_MS - 1)).toEqual({ do: 'adopt', token: 'b' })
    expect(rules.decide(replaced, doubting, rules.DOUBT_PAUSE_MS).do).toBe('lead')
  })
})

describe('a record with a lease', () => {
  const leased = record({ lease: { owner: 'other', ms: 3_000 } })

  test('of another is followed for as long as the lease has left', () => {
    expect(rules.decide(leased, known(), 1_000)).toEqual({ do: 'follow', forMs: 2_000 })
  })

  test('that is over is taken over, with a higher generation to fence the former leader', () => {
    expect(rules.decide(leased, known(), 3_000)).toMatchObject({ do: 'lead', next: { generation: 8 } })
  })

  test('of this very process is no reason to wait: its login is over or was never begun', () => {
    expect(rules.decide(record({ lease: { owner: 'me', ms: 3_000 } }), known(), 0).do).toBe('lead')
  })

  test('is not overwritten by a live token of ours: that would fence the leader', () => {
    expect(rules.decide(leased, known({ live: 'mine' }), 0).do).toBe('follow')
  })
})

describe('a record with neither', () => {
  test('makes this process the leader', () => {
    expect(rules.decide(undefined, known(), 0)).toMatchObject({ do: 'lead', next: { generation: 1 } })
    expect(rules.decide(record(), known(), 0)).toMatchObject({ do: 'lead', next: { generation: 8 } })
  })

  test('is given the live token this process holds, and nobody logs in', () => {
    expect(rules.decide(undefined, known({ live: 'mine' }), 0)).toMatchObject({
      do: 'promote',
      next: { token: 'mine' },
    })
  })

  test('or with a dead token is given the live one, or a process with a session of its own would never find back', () => {
    const step = rules.decide(record({ token: 'a' }), known({ live: 'mine', ...deadIs('a') }), 0)
    expect(step).toMatchObject({ do: 'promote', next: { token: 'mine', gone: [rules.fingerprint('a')] } })
  })

  test('is not given a token that is dead, doubtful, or on a list of those to be ended', () => {
    expect(rules.decide(undefined, known({ live: 'mine', ...deadIs('mine') }), 0).do).toBe('lead')
    expect(rules.decide(undefined, known({ live: 'mine', doubtful: 'mine' }), 0).do).toBe('lead')
    const listed = record({ old: [{ token: 'mine', graceMs: 1 }] })
    expect(rules.decide(listed, known({ live: 'mine' }), 0).do).toBe('lead')
  })
})

describe('a refused login', () => {
  test('keeps everybody from trying for its time, and its count goes on with the next attempt', () => {
    const denied = record({ deny: { code: 212, count: 2, ms: 4_000 } })
    expect(rules.decide(denied, known(), 1_000)).toMatchObject({ do: 'refuse', forMs: 3_000, denial: { code: 212 } })
    expect(rules.decide(denied, known(), 4_000)).toMatchObject({ do: 'lead', next: { deny: { count: 2 } } })
  })

  test('of a password waits 2 s doubling to 60 s, so that fifty processes try five times in the first minute', () => {
    let denial: rules.Denial | undefined
    let at = 0
    let attempts = 0
    while (at < 60_000) {
      attempts++
      denial = rules.denialFor(212, denial, 'credentials')
      at += denial.ms
    }
    expect(attempts).toBe(5)
    for (let i = 0; i < 20; i++) denial = rules.denialFor(212, denial, 'credentials')
    expect(denial?.ms).toBe(60_000)
  })

  test('for want of room waits 0.5 s doubling to 8 s; another code starts anew', () => {
    const first = rules.denialFor(812, undefined, 'capacity')
    const second = rules.denialFor(812, first, 'capacity')
    expect([first.ms, second.ms]).toEqual([500, 1_000])
    expect(rules.denialFor(212, second, 'credentials').count).toBe(1)
  })
})

describe('a publication that was not acknowledged', () => {
  const leased: Draft = { generation: 8, old: [], gone: [], lease: { owner: 'me', ms: 3_000 } }

  test('counts as done when the record has the token', () => {
    expect(rules.judgePublication(record({ token: 't' }), 't', leased)).toBe('published')
  })

  test('was done and undone since when the record lists the token', () => {
    expect(rules.judgePublication(record({ token: 'u', gone: [rules.fingerprint('t')] }), 't', leased)).toBe('replaced')
    expect(rules.judgePublication(record({ old: [{ token: 't', graceMs: 1 }] }), 't', leased)).toBe('replaced')
  })

  test('can be repeated while the record still has our own lease, from a heartbeat whose answer was lost', () => {
    expect(rules.judgePublication(record({ generation: 8, lease: { owner: 'me', ms: 3_000 } }), 't', leased)).toBe(
      'still leased',
    )
  })

  test('was fenced off in every other case', () => {
    expect(rules.judgePublication(undefined, 't', leased)).toBe('fenced')
    expect(rules.judgePublication(record({ generation: 9, lease: { owner: 'other', ms: 3_000 } }), 't', leased)).toBe(
      'fenced',
    )
    expect(rules.judgePublication(record({ generation: 9, token: 'u' }), 't', leased)).toBe('fenced')
  })
})

describe('the lists', () => {
  test('a live token that the record does not know is listed; one that it knows is not listed twice', () => {
    const listing = rules.list(record({ token: 'a' }), ['a', 'b'], 5)
    expect(listing?.next.old).toEqual([{ token: 'b', graceMs: 5 }])
    expect(rules.list(record({ token: 'a', old: [{ token: 'b', graceMs: 5 }] }), ['a', 'b'], 5)).toBeUndefined()
  })

  test('a list that is full gives up its oldest to be ended at once, and remembers it as gone', () => {
    const old = Array.from({ length: 16 }, (_, index) => ({ token: `t${index}`, graceMs: 1 }))
    const listing = rules.list(record({ token: 'a', old }), ['new'], 1)
    expect(listing?.overflow).toEqual(['t0'])
    expect(listing?.next.old).toHaveLength(16)
    expect(listing?.next.gone).toEqual([rules.fingerprint('t0')])
  })

  test('a record stays within 4 KiB however long the tokens are', () => {
    const old = Array.from({ length: 12 }, (_, index) => ({ token: `${index}`.padEnd(600, 'x'), graceMs: 1 }))
    const listing = rules.list(record({ token: 'a', old }), ['new'], 1)
    expect(Buffer.byteLength(JSON.stringify(listing?.next))).toBeLessThanOrEqual(4_096)
    expect(listing?.overflow.length).toBeGreaterThan(0)
  })

  test('an ended token leaves the list; of the fingerprints the newest eight stay', () => {
    const gone = Array.from({ length: 8 }, (_, index) => `g${index}`)
    const next = rules.strike(record({ token: 'a', old: [{ token: 'b', graceMs: 1 }], gone }), ['b'])
    expect(next.old).toEqual([])
    expect(next.gone).toEqual([...gone.slice(1), rules.fingerprint('b')])
    expect(next.token).toBe('a')
  })

  test('a retired token is out of the record and known as gone', () => {
    const next = rules.retire(record({ token: 'a' }))
    expect(next.token).toBeUndefined()
    expect(next.gone).toEqual([rules.fingerprint('a')])
  })
})

test('a record whose sessions are all to be ended holds none of them any more', () => {
  const full = record({ token: 'a', old: [{ token: 'b', graceMs: 1 }], afterDoubt: true })
  const next = rules.empty(full)
  expect(next).not.toHaveProperty('token')
  expect(next).toMatchObject({ old: [], gone: [rules.fingerprint('b'), rules.fingerprint('a')] })
})
