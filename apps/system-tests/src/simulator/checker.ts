import { CallError, FileMakerError, SessionError } from '@fm/core/simulation'
import type { Course } from './load.ts'
import type { Recorded } from './records.ts'
import type { SimulatedSession } from './server.ts'
import type { Stage } from './stage.ts'

/** Watches a trial, and says which promise was broken when. */
export interface Checker {
  readonly violations: readonly string[]
  readonly figures: CheckedFigures
  judge(course: Course, error: unknown): void
  violate(invariant: string, what: string): void
  /** At the end: everything has got right again. */
  conclude(underWay: ReadonlySet<Course>): void
}

export interface CheckedFigures {
  calls: number
  /** Calls that failed, for whatever reason. */
  failed: number
  /** Of these, calls that no fault excuses. */
  unexcused: number
  maxLive: number
  orphans: number
  longestWaitMs: number
}

/** A login's answer and its publication may take so long; sessions younger than that are on their way into a record. */
const FRESH_MS = 20_000
/** So long after the last fault a search of its time may still go on; then no call waits longer than for a lease, a
 * login and the calls that stand before it. */
const CALM_MS = 70_000
const CALM_WAIT_MS = 3_000 + 500 + 500 + 1_000
/** A frozen leader that wakes up ends its session within this time. */
const FENCED_MS = 1_000
/** What is on a record's list is ended by a process that has seen it there for two minutes, and looks once a minute. */
const LISTED_MS = 240_000
/** How often it looks at what nobody tells it. */
const WATCH_MS = 2_000
const MAX_VIOLATIONS = 20

export function createChecker(stage: Stage): Checker {
  const { timeline, server, cache, records, accounts, shared, exclusive, scenario } = stage
  const { bounds } = scenario
  const slots = shared + exclusive
  const violations: string[] = []
  const figures: CheckedFigures = { calls: 0, failed: 0, unexcused: 0, maxLive: 0, orphans: 0, longestWaitMs: 0 }
  const orphans = new Set<string>()
  const droppedAt = new Map<string, number>()
  const unknownSince = new Map<string, number>()
  const listedAt = new Map<string, number>()
  /** The last executions of calls, for what is used in the end. */
  const usedAt = new Map<string, number>()

  function violate(invariant: string, what: string): void {
    stage.note(`VIOLATION ${invariant} ${what}`)
    if (violations.length < MAX_VIOLATIONS) violations.push(`${invariant} at ${timeline.now / 1_000} s: ${what}`)
  }

  // ---- what the server sees ---------------------------------------------------------------------------------------

  server.onLogin = (session) => {
    stage.note(`server: ${session.openedBy.name} opens ${session.token} of ${session.account}`)
    const live = server.live(session.account)
    figures.maxLive = Math.max(figures.maxLive, live.length)
    checkLive(session.account, live)
  }

  server.onExecute = (session, call) => {
    usedAt.set(session.token, timeline.now)
    if (session.account !== call.account) violate('I1', `a call of ${call.account} on a session of ${session.account}`)
    const user = call.scope ?? 'shared'
    session.usedBy ??= user
    if (session.usedBy !== user) violate('I8', `${user} meets ${session.usedBy} on ${session.token}`)
    if (call.state === 'sets') session.hasState = true
    if (call.state === 'needs' && !session.hasState) violate('I8', `${user} runs on ${session.token} without its state`)
    if (call.verb === 'write' && call.executed > 1) violate('W1', 'a write was carried out twice')
  }

  server.onLogout = (session, by) => {
    stage.note(`server: ${by.name} ends ${session.token}`)
    const slot = records.of(session.account).current.get(session.token)
    if (slot?.startsWith('s') === true) violate('I7', `${by.name} ended ${session.token}, which is current in ${slot}`)
  }

  server.onEnd = (session, how) => {
    if (how !== 'ended') stage.note(`server: ${session.token} ${how}`)
    unknownSince.delete(session.token)
    droppedAt.delete(session.token)
  }

  cache.onSwap = (key, before, after, by) => {
    stage.note(`cache: ${by.name} ${key} ${JSON.stringify(records.open(key, after))}`)
    if (before === undefined) return
    const was = records.open(key, before)
    const is = records.open(key, after)
    for (const token of is.old) if (!was.old.includes(token)) listedAt.set(token, timeline.now)
    const kept = new Set([is.token, ...is.old])
    server.sweep()
    for (const token of [was.token, ...was.old]) {
      if (token === undefined || kept.has(token) || !server.sessions.has(token)) continue
      droppedAt.set(token, timeline.now)
      // A list that is full, and a session on its way out: dropped, and ended at once.
      const isEnding = was.old.length >= 16 || scenario.end === 'own' || scenario.cache.atomic === false
      if (!isEnding) violate('I5', `${by.name} dropped ${token}, which lives, from ${key}`)
    }
  }

  // ---- sessions ---------------------------------------------------------------------------------------------------

  function checkLive(account: string, live: readonly SimulatedSession[]): void {
    if (bounds.live === 'known') return
    const recorded = records.of(account)
    const beyond = live.filter((session) => !isAccountedFor(session, recorded))
    if (beyond.length <= slots) return
    violate(
      'I3',
      `${beyond.length} live sessions of ${account} in ${slots} slots: ${beyond.map((s) => s.token).join()}`,
    )
  }

  /** Whether the session may be there besides those of the slots. */
  function isAccountedFor(session: SimulatedSession, { current, listed }: Recorded): boolean {
    if (current.has(session.token)) return false
    if (session.excuse !== undefined || isWithFrozen(session)) return true
    // On its way out: out of the record first, then ended.
    if (timeline.now - (droppedAt.get(session.token) ?? Number.NEGATIVE_INFINITY) < 12_000)
      return scenario.end === 'own'
    return bounds.live === 'listed' && listed.has(session.token)
  }

  /** A frozen leader ends its session when it wakes up. */
  function isWithFrozen({ openedBy }: SimulatedSession): boolean {
    return openedBy.state === 'frozen' || timeline.now - openedBy.thawedAt < FENCED_MS
  }

  function isKnown(token: string): boolean {
    return stage.members.some(({ clients }) => clients.some(({ coordinator }) => coordinator.knows(token)))
  }

  function watch(): void {
    server.sweep()
    const recorded = new Map(accounts.map((account) => [account, records.of(account)]))
    for (const session of server.sessions.values()) {
      const { token, excuse } = session
      const known = recorded.get(session.account)
      if (known === undefined) continue
      const isRecorded = known.current.has(token) || known.listed.has(token)
      // It was published after all, by a swap that was under way when its process died.
      if (isRecorded && (excuse === 'crash' || excuse === 'double fault')) session.excuse = undefined
      const isFresh = timeline.now - session.openedAt < FRESH_MS
      if (isRecorded || excuse !== undefined || isFresh || isWithFrozen(session) || isKnown(token)) {
        unknownSince.delete(token)
        continue
      }
      const since = unknownSince.get(token) ?? timeline.now
      unknownSince.set(token, since)
      if (timeline.now - since < FRESH_MS || orphans.has(token)) continue
      orphans.add(token)
      session.excuse = 'orphan'
      figures.orphans++
      stage.note(`orphan ${token}`)
      if (figures.orphans > bounds.orphans) violate('I4', `${token} of ${session.account} lives, and nobody knows it`)
    }
    for (const account of accounts) checkLive(account, server.live(account))
    for (const { process, clients } of stage.members) {
      for (const { coordinator } of clients) {
        const local = coordinator.inspect().slots.filter((slot) => slot.state === 'local').length
        if (local > Math.max(1, shared)) violate('I3', `${process.name} has ${local} sessions of its own`)
      }
    }
    timeline.after(WATCH_MS, watch)
  }
  timeline.after(0, watch)

  // What was listed to be ended, and what nobody living holds, is lost with the record: a double fault.
  stage.onCacheLoss = (loss) => {
    const before = accounts.map((account) => records.of(account))
    loss()
    const after = accounts.map((account) => records.of(account))
    for (const [index, { current, listed }] of before.entries()) {
      for (const token of [...listed, ...current.keys()]) {
        const session = server.sessions.get(token)
        if (session === undefined || after[index]?.current.has(token) || after[index]?.listed.has(token)) continue
        if (listed.has(token) || !isKnown(token)) session.excuse ??= 'double fault'
      }
    }
  }

  // With it goes what only it knew: a session on its way into a record, or one that the cache has lost.
  stage.onKill = ({ process, clients }) => {
    for (const session of server.sessions.values()) {
      const isTheirs = clients.some(({ coordinator }) => coordinator.knows(session.token))
      if (session.openedBy !== process && (!isTheirs || isKnown(session.token))) continue
      const { current, listed } = records.of(session.account)
      if (!current.has(session.token) && !listed.has(session.token)) session.excuse ??= 'crash'
    }
  }

  // ---- calls ------------------------------------------------------------------------------------------------------

  function judge(course: Course, error: unknown): void {
    const { call, startedAt } = course
    figures.calls++
    const wait = timeline.now - startedAt - call.ms
    figures.longestWaitMs = Math.max(figures.longestWaitMs, wait)
    const isCalm = startedAt > scenario.faultsMs + CALM_MS && call.met.hung === 0
    if (wait > (isCalm ? CALM_WAIT_MS : (bounds.waitMs ?? Number.POSITIVE_INFINITY))) {
      violate('I9', `a call of ${course.member.process.name} waited ${Math.round(wait)} ms`)
    }
    if (error === undefined) {
      if (call.executed === 0) violate('W2', 'a call that was never carried out succeeded')
      return
    }
    figures.failed++
    if (!(error instanceof CallError)) return violate('W3', 'a call failed with what is no error of a call')
    if (call.verb === 'write') {
      if (error.outcome === 'not-executed' && call.executed > 0) violate('W2', 'an executed write says not-executed')
      if (error.outcome === 'executed' && call.executed === 0) violate('W2', 'a write that was not executed says so')
    }
    if (isExcused(course, error)) return
    figures.unexcused++
    violate('I2', `${course.member.process.name}: ${error.message} ${JSON.stringify(error.attempts)}`)
  }

  /** Whether the server did more to the call than the table of repeats promises to make good. */
  function isExcused({ call, member, startedAt }: Course, error: CallError): boolean {
    const { met } = call
    const { process, isLeaving } = member
    if (server.loginTroubleUntil > startedAt) return true
    if (met.hung > 0) return call.verb === 'write' || bounds.readsPassHung !== true
    // Its time limit, or that of the login it waits for, went by while nothing ran.
    if (process.thawedAt > startedAt - 15_000) return true
    if (error instanceof SessionError) {
      if (error.reason === 'closed') return isLeaving
      // The last refusal holds for 8 s at most.
      if (error.reason === 'capacity') return timeline.now - server.fullAt < 9_000
    }
    if (scenario.end === 'own' && error instanceof FileMakerError) return true
    if (scenario.password !== undefined && error instanceof SessionError) return true
    if (met.refused > 3 || met.unsent > 3) return true
    if (call.verb === 'read') return met.killed > 1 || met.lost > 2
    return (met.killed > 0 && error instanceof FileMakerError) || met.lost > 0
  }

  /** A fleet with a wrong password does not lock its account. */
  function checkRefusals(): void {
    const [first = 0] = server.refusedAt
    const within = (fromMs: number): number =>
      server.refusedAt.filter((at) => at >= first + fromMs && at < first + fromMs + 60_000).length
    if (within(0) > 6) violate('I10', `${within(0)} refused logins in the first minute`)
    for (let fromMs = 60_000; fromMs < scenario.faultsMs; fromMs += 60_000) {
      if (within(fromMs) > 2) violate('I10', `${within(fromMs)} refused logins a minute`)
    }
  }

  function conclude(underWay: ReadonlySet<Course>): void {
    checkRefusals()
    for (const { member, startedAt } of underWay) {
      if (member.process.state !== 'running') continue
      violate('I9', `a call of ${member.process.name} has not ended since ${startedAt / 1_000} s`)
    }
    const callsEndedAt = scenario.faultsMs + scenario.quietMs
    for (const account of accounts) {
      const { current, listed } = records.of(account)
      for (const { token, excuse, usedAt: lastUse } of server.live(account)) {
        if (current.has(token) || excuse !== undefined) continue
        // A slot that nobody needs is not looked at: what is listed there idles out.
        if (slots > 1 && timeline.now - lastUse > 150_000) continue
        if (listed.has(token) && callsEndedAt - (listedAt.get(token) ?? Number.NEGATIVE_INFINITY) < LISTED_MS) continue
        violate('I6', `${token} of ${account} is live in the end, and not in a slot (used ${lastUse / 1_000} s)`)
      }
      if (current.size > slots) violate('I6', `${current.size} tokens in ${slots} slots`)
    }
  }

  return { violations, figures, judge, violate, conclude }
}
