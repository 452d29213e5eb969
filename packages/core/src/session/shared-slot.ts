import { NoSession } from '../exchange/session-source.ts'
import type { LoginFailure, SessionServer } from '../exchange/sign-in.ts'
import { SESSION_CAP } from '../wire/error-codes.ts'
import { between, sleep, type Time } from '../time.ts'
import { createCallsInFlight, type Abandonment, type Entry } from './calls-in-flight.ts'
import { endRecorded } from './end-recorded.ts'
import { endUnlisted } from './end-unlisted.ts'
import { lead } from './lead.ts'
import { denialOf, pauseBeforeLogin, refusal } from './login-failures.ts'
import type { Reading, Register } from './register.ts'
import * as rules from './slot.ts'
import { createWatch } from './watch.ts'

/** One slot as this process sees it: the session it holds, and its single search for one. */
export interface SharedSlot {
  readonly name: string
  /** The token, when a call can use it at once, without I/O. */
  readonly token: string | undefined
  readonly generation: number
  /** Calls of this process that are in flight on the slot. */
  readonly inFlight: number
  /**
   * Something holds the session at the server, which works its calls off in turn: a call that timed out and may still run
   * there, or one that has been in flight for a while. Others avoid the slot while they can.
   */
  readonly blocked: boolean
  /** What this process holds: nothing, the record's session, or one that no cache knows because it was away. */
  readonly state: 'closed' | 'shared' | 'local'
  /**
   * Finds a session: adopts the record's, follows somebody's login, or logs in. One search at a time, whoever asks;
   * rejects with {@link NoSession}, and a rejection is never kept.
   */
  open(): Promise<void>
  /** A call goes out on the token. */
  enter(token: string): Entry
  /** The server answered a call that was `sentAt` on this token: time to renew the record once in a while, in the background. */
  answered(token: string, sentAt: number): void
  /** The server refused the token. */
  refused(token: string): void
  /** The token may be alive, and is to be replaced (112). */
  doubted(token: string): void
  /** A call on this token ended here and may still run at the server. */
  abandoned(token: string, because: Abandonment): void
  /** Renews the record now. */
  renew(): Promise<void>
  /** Out of the record first, then ended at the server. */
  end(): Promise<void>
  /** Ends every session that the record knows, whoever opened it. */
  endAny(): Promise<void>
  /** Ends what only this process knows and lists what nobody does; the record's own session stays for others. */
  leaveToOthers(): Promise<void>
  /** Ends at once what is waiting for calls to be over, or for another try. */
  endLeaving(): Promise<void>
  /** Whether this process answers for the session: uses it, has yet to list it, or is about to end it. */
  knows(token: string): boolean
}

export interface SlotEnvironment {
  readonly name: string
  readonly register: Register
  readonly server: SessionServer
  readonly time: Time
  /** This process, in leases. */
  readonly process: string
  /** How long after this process lists a token others must not end it: it may still use it, or have a call running on it. */
  readonly graceMs: () => number
  /** Whether another session may be opened that no cache knows. */
  readonly mayOpenLocal: () => boolean
  /** Whether any call still waits for a session: a search that nobody waits for gives up instead of trying again. */
  readonly isWanted: () => boolean
  readonly report: (event: SlotEvent) => void
}

/** What happened to a session, as `fm:session` tells it. */
export type SlotEvent =
  /** This process begins to log in. */
  | 'login'
  /** Another session took the place of the one this process held. */
  | 'adopted'
  /** The record was lost, and this process put its live session back. */
  | 'promoted'
  /** Somebody took over while this process logged in; its session is ended. */
  | 'fenced'
  /** A live session that the record had lost sight of is on its list of those to be ended. */
  | 'listed'
  /** A session was ended at the server. */
  | 'ended'
  /** A session was opened that no cache knows, because the cache is away. */
  | 'local'

/** The record's age at which it is renewed, by whoever calls next. */
export const TOUCH_MS = 60_000
/** Longer than that unlooked-at, a token is compared with the record before it is used: it may have been listed to be ended. */
export const UNSEEN_MS = 75_000
/** How long one search tries to log in before it gives up. */
const SEARCH_MS = 30_000
/** A cache that refuses one swap after the other, with the same value there each time, does not work. */
const MAX_LOST_SWAPS = 20
/** How long a search without a session insists on a cache that fails, before it opens a session of its own. */
const CACHE_PATIENCE_MS = 750
/** So long a process takes a refusal for granted before it looks at the record again. */
const REFUSED_MS = 1_000
const MAX_DEAD = 64

interface Holding {
  readonly token: string
  readonly generation: number
  /** The record it stands in; undefined for a session that only this process knows. */
  readonly reading: Reading | undefined
  readonly checkedAt: number
  readonly renewedAt: number
}

export function createSharedSlot(environment: SlotEnvironment): SharedSlot {
  const { name, register, time, report } = environment
  const server: SessionServer = {
    ...environment.server,
    login: async () => {
      const result = await environment.server.login()
      // Handed out anew, by something in front that repeats its answers: the call that uses it finds out, once.
      if ('token' in result) dead.delete(result.token)
      return result
    },
  }
  const dead = new Set<string>()
  /** Live tokens of ours that the record has lost sight of: to be listed in it. */
  const strays = new Set<string>()
  /** Being ended: nobody else can know of them. */
  const leaving = new Set<string>()
  /** Since when this process has seen a token on the record's list. */
  const listedSince = new Map<string, number>()
  let holding: Holding | undefined
  let doubtful: string | undefined
  /** The last refusal of the account's credentials, and until when the record is not asked about it again. */
  let refused: { readonly denial: rules.Denial; readonly until: number } | undefined
  let search: Promise<void> | undefined
  let ending: Promise<unknown> = Promise.resolve()
  let tending: Promise<void> | undefined
  let tendedAt = Number.NEGATIVE_INFINITY

  const isUsable = (token: string): boolean => !dead.has(token) && token !== doubtful
  const isAlive = (token: string): boolean => !dead.has(token)

  const calls = createCallsInFlight({
    server,
    time,
    isHeld: (token) => isAlive(token) && holding?.token === token,
    onDead: (token) => slot.refused(token),
    onHung: (token) => {
      slot.doubted(token)
      // Replaced now, and not when somebody needs it: the session that hangs is to be ended.
      slot.open().catch(() => {})
    },
  })

  const slot: SharedSlot = {
    name,
    get token() {
      if (holding === undefined || !isUsable(holding.token)) return undefined
      return time.now() - holding.checkedAt < UNSEEN_MS ? holding.token : undefined
    },
    get generation() {
      return holding?.generation ?? 0
    },
    get inFlight() {
      return holding === undefined ? 0 : calls.count(holding.token)
    },
    get blocked() {
      return holding !== undefined && calls.isBlocked(holding.token)
    },
    get state() {
      if (holding === undefined || !isAlive(holding.token)) return 'closed'
      return holding.reading === undefined ? 'local' : 'shared'
    },
    open: () => (search ??= find().finally(() => (search = undefined))),
    enter: (token) => calls.enter(token),
    answered: (token, sentAt) => {
      if (token !== holding?.token) return
      calls.answered(token, sentAt)
      const settled = holding.reading !== undefined && strays.size === 0
      if (settled && time.now() - holding.renewedAt < TOUCH_MS) return
      void tend(settled ? 0 : 2_000)
    },
    refused: (token) => {
      dead.add(token)
      strays.delete(token)
      const [oldest] = dead
      if (dead.size > MAX_DEAD && oldest !== undefined) dead.delete(oldest)
    },
    doubted: (token) => {
      if (token === holding?.token) doubtful = token
    },
    abandoned: (token, because) => calls.abandoned(token, because),
    renew: () => tend(0, 'now'),
    end: async () => {
      if (search !== undefined) await search.catch(() => {})
      // Without a search this runs at once: no call can come in between.
      await takeOut()
    },
    endAny: async () => {
      if (search !== undefined) await search.catch(() => {})
      await takeOut()
      await endRecorded(register, server)
      report('ended')
    },
    leaveToOthers: async () => {
      await search?.catch(() => {})
      if (strays.size > 0 || (holding !== undefined && holding.reading === undefined)) {
        // One that is under way may have begun before there was anything to list.
        await tending
        await tend(0, 'now')
      }
      if (holding !== undefined && holding.reading === undefined && isAlive(holding.token)) {
        await server.logout(holding.token)
      }
      holding = undefined
    },
    endLeaving: async () => void (await Promise.all([...leaving].map((token) => server.logout(token)))),
    knows: (token) => holding?.token === token || strays.has(token) || leaving.has(token),
  }
  return slot

  // ---- the search -------------------------------------------------------------------------------------------------

  async function find(): Promise<void> {
    await ending
    if (refused !== undefined && time.now() < refused.until) throw new NoSession(refusal(refused.denial.code))
    const until = time.now() + SEARCH_MS
    const patientUntil = time.now() + CACHE_PATIENCE_MS
    const watch = createWatch(time)
    let cacheFailures = 0
    let loginFailures = 0
    let lostSwaps = 0
    let pauseMs = 25
    for (;;) {
      if (!register.available) return withoutCache()
      try {
        const reading = await register.read()
        const ageMs = watch.age(reading)
        const step = rules.decide(reading.record, knowledge(), ageMs)
        switch (step.do) {
          case 'adopt':
            return adopt(reading)
          case 'follow':
            // For as long as it takes: a lease that is not renewed is over in seconds, and a session of our own would be one
            // too many. Waiting for a full server may have used up the search's time before.
            await sleep(time, between(time, 1, pauseMs))
            pauseMs = Math.min(250, pauseMs * 2)
            break
          case 'refuse': {
            const { code } = step.denial
            remember(step.denial, Math.min(step.forMs, REFUSED_MS))
            const failure = refusal(code)
            if (!SESSION_CAP.has(code) || time.now() > until || !environment.isWanted()) throw new NoSession(failure)
            await sleep(time, Math.min(step.forMs, between(time, 50, 500)))
            break
          }
          case 'promote':
          case 'lead': {
            const written = await register.swap(reading, step.next)
            if (written === undefined) {
              if (++lostSwaps > MAX_LOST_SWAPS) return await withoutCache()
              if (lostSwaps > 3) await sleep(time, between(time, 5, 100))
              break
            }
            discardAll(step.overflow)
            if (step.do === 'promote') {
              report('promoted')
              return adopt(written)
            }
            report('login')
            const end = await lead(register, server, time, written, step.next)
            if (end.is === 'published') return adopt(end.reading)
            if (end.is === 'unconfirmed') return holdLocal(end.token)
            if (end.is === 'fenced') {
              report('fenced')
              discardAll([end.token])
            }
            if (end.is !== 'failed') break
            const { failure } = end
            rememberRefusal(failure, REFUSED_MS)
            const pause = pauseBeforeLogin(failure, ++loginFailures)
            if (pause === undefined || time.now() > until || !environment.isWanted()) throw new NoSession(failure)
            await sleep(time, pause)
          }
        }
      } catch (error) {
        if (error instanceof NoSession) throw error
        // The cache failed. With a session in hand there is no reason to insist; without, a second look is cheaper than
        // a session of our own.
        if (hasUsable() || ++cacheFailures > 3 || time.now() > patientUntil) return withoutCache()
        await sleep(time, between(time, 10, 100))
      }
    }
  }

  /** The cache is away: the token at hand, or at worst a session that only this process knows. */
  async function withoutCache(): Promise<void> {
    if (holding !== undefined && isAlive(holding.token)) {
      if (doubtful === holding.token) doubtful = undefined
      holding = { ...holding, checkedAt: time.now() }
      return
    }
    if (!environment.mayOpenLocal()) {
      throw new NoSession({
        is: 'unanswered',
        reason: 'unsent',
        what: 'the session cache is away and degraded.localSessions is used up',
      })
    }
    for (let failures = 1; ; failures++) {
      report('login')
      const result = await server.login()
      if ('token' in result) return holdLocal(result.token)
      rememberRefusal(result.failure)
      const pause = pauseBeforeLogin(result.failure, failures)
      if (pause === undefined || !environment.isWanted()) throw new NoSession(result.failure)
      await sleep(time, pause)
    }
  }

  /** A refused password is not tried again for each call, be it that others wait for the record's word, or that it is away. */
  function rememberRefusal(failure: LoginFailure, atMostMs = Number.POSITIVE_INFINITY): void {
    const denial = denialOf(failure, refused?.denial)
    if (denial !== undefined) remember(denial, Math.min(denial.ms, atMostMs))
  }

  function remember(denial: rules.Denial, forMs: number): void {
    if (!SESSION_CAP.has(denial.code)) refused = { denial, until: time.now() + forMs }
  }

  function adopt(reading: Reading): undefined {
    const record = reading.record
    if (record?.token === undefined) return undefined
    const now = time.now()
    const former = holding
    if (doubtful !== undefined) doubtful = undefined
    holding = {
      token: record.token,
      generation: record.generation,
      reading,
      checkedAt: now,
      renewedAt: now - Math.min(reading.ageMs ?? Number.POSITIVE_INFINITY, record.ttlMs),
    }
    strays.delete(record.token)
    if (former === undefined || former.token === record.token || !isAlive(former.token)) return undefined
    if (former.reading === undefined) discardAll([former.token])
    else if (!rules.isKnown(record, former.token)) strays.add(former.token)
    report('adopted')
    return undefined
  }

  function holdLocal(token: string): undefined {
    report('local')
    const now = time.now()
    const former = holding
    holding = { token, generation: 0, reading: undefined, checkedAt: now, renewedAt: now }
    // One before it that was doubted: the record never had it, so nobody else can end it.
    if (former !== undefined && former.reading === undefined && isAlive(former.token)) discardAll([former.token])
    return undefined
  }

  function knowledge(): rules.Knowledge {
    return {
      process: environment.process,
      isDead: (token) => dead.has(token),
      live: holding !== undefined && isUsable(holding.token) ? holding.token : undefined,
      doubtful,
      graceMs: environment.graceMs(),
    }
  }

  function hasUsable(): boolean {
    return holding !== undefined && isUsable(holding.token)
  }

  // ---- in the background -------------------------------------------------------------------------------------------

  /** Keeps the record alive and true: renews it, finds out when it changed, ends what is listed. Never rejects. */
  async function tend(notSoonerThanMs: number, when: 'due' | 'now' = 'due'): Promise<void> {
    if (tending !== undefined || !register.available) return
    if (when === 'due' && time.now() - tendedAt < notSoonerThanMs) return
    tendedAt = time.now()
    tending = tendOnce().finally(() => (tending = undefined))
    await tending
  }

  async function tendOnce(): Promise<void> {
    try {
      const held = holding
      if (held?.reading === undefined || strays.size > 0) await reconcile()
      else {
        holding = { ...held, renewedAt: time.now() }
        if (await register.touch(held.reading)) {
          if (holding?.token === held.token) holding = { ...holding, checkedAt: time.now() }
        } else await reconcile()
      }
      await reap()
    } catch {
      // The breaker has counted it; the next call's answer tries again.
    }
  }

  /** The record is not what this process last saw: after a fail-over, an eviction, or another's change. */
  async function reconcile(): Promise<void> {
    for (let round = 0; round < 6; round++) {
      const reading = await register.read()
      const { record } = reading
      for (const stray of strays)
        if (dead.has(stray) || (record !== undefined && rules.isKnown(record, stray))) strays.delete(stray)
      if (record?.token !== undefined && isUsable(record.token)) {
        const ours = holding?.reading !== undefined && isAlive(holding.token) ? [holding.token] : []
        const listing = rules.list(record, [...strays, ...ours], environment.graceMs())
        if (listing === undefined) return adopt(reading)
        const written = await register.swap(reading, listing.next)
        if (written === undefined) continue
        report('listed')
        discardAll(listing.overflow)
        strays.clear()
        return adopt(written)
      }
      // Somebody is logging in: a write now would fence them.
      if (record?.lease !== undefined) return
      const step = rules.decide(record, knowledge(), reading.ageMs ?? 0)
      if (step.do !== 'promote') return
      const written = await register.swap(reading, step.next)
      if (written === undefined) continue
      report('promoted')
      discardAll(step.overflow)
      adopt(written)
      return
    }
  }

  /** Ends listed tokens that this process has seen on the list for as long as anybody's call may take. */
  async function reap(): Promise<void> {
    const held = holding
    const record = held?.reading?.record
    if (held?.reading === undefined || record === undefined) return
    if (record.old.length === 0) return listedSince.clear()
    const now = time.now()
    const due = record.old.filter(({ token, graceMs: theirs }) => {
      const since = listedSince.get(token) ?? now
      listedSince.set(token, since)
      return now - since >= Math.max(theirs, environment.graceMs())
    })
    const ended: string[] = []
    for (const { token } of due) if (await server.logout(token)) ended.push(token)
    if (ended.length === 0) return
    report('ended')
    const written = await register.swap(held.reading, rules.strike(record, ended))
    for (const token of ended) listedSince.delete(token)
    if (written === undefined) return reconcile()
    if (holding === held) holding = { ...held, reading: written, checkedAt: time.now(), renewedAt: time.now() }
  }

  /** Ends sessions that nobody else can know of, once this process's calls on them are over. */
  function discardAll(tokens: readonly string[]): void {
    for (const token of tokens) void discard(token)
  }

  async function discard(token: string): Promise<void> {
    leaving.add(token)
    const until = time.now() + environment.graceMs()
    while (calls.count(token) > 0 && time.now() < until) await unawaited(1_000)
    if (await endUnlisted(server, time, token)) report('ended')
    leaving.delete(token)
  }

  /** Ends the session this process holds. The next search waits until it is out of the record, and no longer. */
  async function takeOut(): Promise<void> {
    const held = holding
    holding = undefined
    if (held === undefined || !isAlive(held.token)) return
    leaving.add(held.token)
    ending = strikeOut(held)
    await ending
    if (await server.logout(held.token)) {
      leaving.delete(held.token)
      report('ended')
    } else discardAll([held.token])
  }

  async function strikeOut(held: Holding): Promise<void> {
    if (held.reading === undefined) return
    try {
      for (let seen = held.reading, round = 0; round < 3 && seen.record?.token === held.token; round++) {
        if ((await register.swap(seen, rules.retire(seen.record))) !== undefined) return
        seen = await register.read()
      }
    } catch {
      // The record outlives the session then, and whoever finds it gets one 952.
    }
  }

  function unawaited(ms: number): Promise<void> {
    return new Promise((resolve) => void time.afterUnawaited(ms, resolve))
  }
}
