import { NoTurn, type ExclusiveSession, type Grant, type SessionSource, type Wish } from '../exchange/session-source.ts'
import type { SessionServer } from '../exchange/sign-in.ts'
import type { Time } from '../time.ts'
import type { Stop } from '../wire/stop.ts'
import { createExclusiveSlots } from './exclusive-slots.ts'
import { BLOCKED_MS } from './calls-in-flight.ts'
import { createSharedSlot, UNSEEN_MS, type SharedSlot, type SlotEvent } from './shared-slot.ts'
import type { Register } from './register.ts'

/** Gives each call a session: which slot it uses, when another is opened, and when sessions end. */
export interface Coordinator extends SessionSource {
  /** Keeps one slot's session for several calls: it is not ended between them. */
  hold(stop: Stop): Promise<Hold>
  /** A session for one scope alone. */
  exclusive(stop: Stop): Promise<ExclusiveSession>
  inspect(): SessionsReport
  /** Whether this process answers for the session: what it neither knows nor finds in a record is orphaned. */
  knows(token: string): boolean
  /** Ends all sessions of this identity that the records know, other processes' too. */
  endAll(): Promise<void>
  /** Resolves once no call and no scope uses it, or it is closed. */
  quiet(): Promise<void>
  /** Refuses new calls, waits for those in flight, ends or leaves the sessions as `end` says. */
  close(deadlineMs: number): Promise<void>
}

export interface Hold {
  readonly slot: number
  /** Renews the record and lets the session go. */
  release(): Promise<void>
}

/** What a process knows about its sessions. No tokens. */
export interface SessionsReport {
  /** Logins made by this process for this account, refused ones included. */
  readonly logins: number
  /** Sessions that this process holds. */
  readonly live: number
  /** Of these, sessions that belong to one exclusive scope each. */
  readonly exclusive: number
  /** Calls that wait for a session. */
  readonly waiting: number
  readonly slots: readonly SlotReport[]
}

export interface SlotReport {
  /** `s0`, `s1` … */
  readonly slot: string
  readonly state: 'closed' | 'shared' | 'local'
  /** Grows with each login in the slot, in whichever process. */
  readonly generation: number
  readonly inFlight: number
}

/** When sessions are ended: never (others use them), when the last client closes, or as soon as no call uses them. */
export type EndPolicy = 'never' | 'own' | 'when idle'

export interface CoordinatorEnvironment {
  readonly shared: readonly Register[]
  readonly exclusive: readonly Register[]
  readonly server: SessionServer
  readonly time: Time
  readonly process: string
  /** The time limit of a call that names none. */
  readonly callMs: number
  readonly end: EndPolicy
  readonly localSessions: number
  /** Calls of this process in flight on one session; more wait for their turn. */
  readonly callsPerSession: number
  readonly maxWaiting: number
  readonly report: (event: SlotEvent, slot: string) => void
}

/** How long close() gives the server to end sessions, once the calls are over. */
const CLOSING_MS = 2_000

interface SlotGrant extends Grant {
  readonly slot: number
}

export function createCoordinator(environment: CoordinatorEnvironment): Coordinator {
  const { time, end, callsPerSession } = environment
  let logins = 0
  let waiting = 0
  let granted = 0
  let holds = 0
  let longestCallMs = environment.callMs
  /** While it is closing, calls that had begun go on; each client refuses new ones by itself. */
  let state: 'open' | 'closing' | 'closed' = 'open'
  let crowdTimer: (() => void) | undefined
  /** Calls that found every session taken, first come, first served. */
  const queue: { readonly wish: Wish; readonly wake: () => void }[] = []
  const drained: (() => void)[] = []
  const quieted: (() => void)[] = []

  const slots: readonly SharedSlot[] = environment.shared.map((register, index) => {
    const name = `s${index}`
    return createSharedSlot({
      name,
      register,
      server: environment.server,
      time,
      process: environment.process,
      graceMs: () => UNSEEN_MS + longestCallMs,
      // For a process that has no token: being crowded is no reason to open a session that nobody can share.
      mayOpenLocal: () =>
        slots.every((slot) => slot.token === undefined) &&
        slots.filter((slot) => slot.state === 'local').length < environment.localSessions,
      isWanted: () => waiting > 0 && state !== 'closed',
      report: (event) => {
        if (event === 'login') logins++
        environment.report(event, name)
      },
    })
  })

  const exclusives = createExclusiveSlots({
    registers: environment.exclusive,
    server: environment.server,
    time,
    process: environment.process,
    mayOpenLocal: () => environment.localSessions > 0,
    callBegan: () => {
      granted++
    },
    callEnded: () => {
      granted--
      tellDrained()
    },
    released: tellDrained,
    report: (event) => {
      if (event === 'login') logins++
      environment.report(event, 'x')
    },
  })

  return { acquire, spare, hold, exclusive, inspect, knows, endAll, quiet, close }

  function acquire(stop: Stop, wish: Wish = {}): SlotGrant | Promise<SlotGrant> {
    if (state === 'closed') throw new NoTurn('closed')
    longestCallMs = Math.max(longestCallMs, stop.timeoutMs)
    const isQueued = queue.some((other) => other.wish.slot === wish.slot)
    const slot = isQueued ? undefined : choose(wish)
    return slot === undefined ? wait(stop, wish) : grant(slot)
  }

  /** The least busy of the open sessions, the first of equals; a blocked one only where there is no other. */
  function choose(wish: Wish): SharedSlot | undefined {
    if (wish.slot !== undefined) {
      const slot = slots[wish.slot]
      return slot?.token !== undefined && slot.inFlight < callsPerSession ? slot : undefined
    }
    let best: SharedSlot | undefined
    for (const slot of slots) {
      if (slot.token === undefined || slot.inFlight >= callsPerSession) continue
      if (best === undefined || isBetter(slot, best)) best = slot
    }
    return best
  }

  function spare(besides: Grant): SlotGrant | undefined {
    if (state !== 'open' || queue.length > 0) return undefined
    let best: SharedSlot | undefined
    for (const slot of slots) {
      if (slot.token === undefined || slot.token === besides.token || slot.blocked) continue
      if (slot.inFlight < callsPerSession && (best === undefined || slot.inFlight < best.inFlight)) best = slot
    }
    if (best === undefined) crowded()
    return best === undefined ? undefined : grant(best)
  }

  async function wait(stop: Stop, wish: Wish): Promise<SlotGrant> {
    if (waiting >= environment.maxWaiting) throw new NoTurn('queue full')
    waiting++
    try {
      for (;;) {
        const candidates = wish.slot === undefined ? slots : slots.filter((_, index) => index === wish.slot)
        if (candidates.some((slot) => slot.token !== undefined)) {
          // A session is there, but all its turns are taken.
          crowded()
          await turn(stop, wish)
        } else {
          const [slot] = candidates.filter((candidate) => !candidate.blocked).concat(candidates)
          if (slot === undefined) throw new RangeError('no such slot')
          await stop.until(search(slot)).catch(async (error: unknown) => {
            // No call fails by a login while another session is open, or has only not been looked at for a while.
            if (choose(wish) !== undefined) return
            const unseen = candidates.find((other) => other !== slot && other.state !== 'closed')
            if (unseen === undefined || stop.reason !== undefined) throw error
            await stop.until(search(unseen))
          })
        }
        if (state === 'closed') throw new NoTurn('closed')
        const slot = choose(wish)
        if (slot !== undefined) return grant(slot)
      }
    } finally {
      waiting--
      endIdle()
      tellDrained()
    }
  }

  /** Waits until a call somewhere is over. Who stops waiting does not take the turn of those behind. */
  async function turn(stop: Stop, wish: Wish): Promise<void> {
    let wake = (): void => {}
    const woken = new Promise<void>((resolve) => (wake = resolve))
    const place = { wish, wake }
    queue.push(place)
    try {
      await stop.until(woken)
    } catch (error) {
      const index = queue.indexOf(place)
      if (index === -1) wakeNext()
      else queue.splice(index, 1)
      throw error
    }
  }

  /** The first in the queue whom a session can be given now: a scope that wants one slot holds up nobody else. */
  function wakeNext(): void {
    const index = queue.findIndex(({ wish }) => choose(wish) !== undefined)
    if (index !== -1) queue.splice(index, 1)[0]?.wake()
  }

  async function search(slot: SharedSlot): Promise<void> {
    await slot.open()
    for (let turns = Math.min(callsPerSession, queue.length); turns > 0; turns--) wakeNext()
    // Those who asked may be gone by now.
    endIdle()
  }

  function grant(slot: SharedSlot): SlotGrant {
    const token = slot.token ?? ''
    const grantedAt = time.now()
    const entry = slot.enter(token)
    granted++
    if (slot.inFlight > 1 || slot.blocked) crowded()
    let released = false
    return {
      token,
      slot: slots.indexOf(slot),
      isBehind: entry.isBehind,
      answered: () => slot.answered(token, grantedAt),
      refused: () => slot.refused(token),
      doubted: () => slot.doubted(token),
      abandoned: (because) => slot.abandoned(token, because),
      release: () => {
        if (released) return
        released = true
        entry.leave()
        granted--
        if (queue.length > 0) wakeNext()
        endIdle()
        tellDrained()
      },
    }
  }

  /** Slots are parallelism: where calls have stood behind each other for a while, the next slot is opened. */
  function crowded(): void {
    if (crowdTimer !== undefined || slots.length === 1) return
    crowdTimer = time.afterUnawaited(BLOCKED_MS, () => {
      crowdTimer = undefined
      if (state !== 'open') return
      const open = slots.filter((slot) => slot.token !== undefined)
      const next = slots.find((slot) => slot.token === undefined)
      if (next === undefined || !open.every(isCrowded)) return
      // Its failure is nobody's: the calls go on where they are.
      search(next).catch(() => {})
    })
  }

  function isCrowded(slot: SharedSlot): boolean {
    return slot.blocked || slot.inFlight > 1 || (queue.length > 0 && slot.inFlight >= callsPerSession)
  }

  async function hold(stop: Stop): Promise<Hold> {
    holds++
    try {
      const first = await acquire(stop)
      first.release()
      const slot = slots[first.slot]
      let released = false
      return {
        slot: first.slot,
        release: async () => {
          if (released) return
          released = true
          if (end !== 'when idle') await slot?.renew()
          holds--
          endIdle()
          tellDrained()
        },
      }
    } catch (error) {
      holds--
      endIdle()
      throw error
    }
  }

  /** Without a cache a session lives as long as some call or scope uses it. */
  function endIdle(): void {
    if (end !== 'when idle' || holds > 0 || !isDrained()) return
    for (const slot of slots) if (slot.state !== 'closed') void slot.end()
  }

  /** Calls on a token that has been replaced since count, too. */
  function isDrained(): boolean {
    return granted === 0 && waiting === 0
  }

  function tellDrained(): void {
    if (state === 'closing' && isDrained()) for (const resolve of drained.splice(0)) resolve()
    if (quieted.length > 0 && isQuiet()) for (const resolve of quieted.splice(0)) resolve()
  }

  function isQuiet(): boolean {
    return state === 'closed' || (isDrained() && holds === 0 && exclusives.held === 0)
  }

  async function quiet(): Promise<void> {
    if (!isQuiet()) await new Promise<void>((resolve) => void quieted.push(resolve))
  }

  async function exclusive(stop: Stop): Promise<ExclusiveSession> {
    if (state === 'closed') throw new NoTurn('closed')
    return exclusives.take(stop)
  }

  function inspect(): SessionsReport {
    return {
      logins,
      live: slots.filter((slot) => slot.state !== 'closed').length + exclusives.held,
      exclusive: exclusives.held,
      waiting,
      slots: slots.map((slot) => ({
        slot: slot.name,
        state: slot.state,
        generation: slot.generation,
        inFlight: slot.inFlight,
      })),
    }
  }

  function knows(token: string): boolean {
    return slots.some((slot) => slot.knows(token)) || exclusives.knows(token)
  }

  async function endAll(): Promise<void> {
    await Promise.all([...slots.map((slot) => slot.endAny()), exclusives.endAny()])
  }

  async function close(deadlineMs: number): Promise<void> {
    if (state !== 'open') return
    state = 'closing'
    crowdTimer?.()
    if (!isDrained()) {
      await new Promise<void>((resolve) => {
        const callOff = time.after(deadlineMs, resolve)
        drained.push(() => (callOff(), resolve()))
      })
    }
    state = 'closed'
    tellDrained()
    for (const { wake } of queue.splice(0)) wake()
    // A server that does not answer must not hold up the closing: what could not be ended in time idles out.
    await atMost(CLOSING_MS, endEverything())
  }

  async function endEverything(): Promise<void> {
    const ending = slots.map((slot) => (end === 'never' ? slot.leaveToOthers() : slot.end()))
    await Promise.all([...ending, exclusives.close()])
    await Promise.all(slots.map((slot) => slot.endLeaving()))
  }

  async function atMost(ms: number, work: Promise<void>): Promise<void> {
    let callOff = (): void => {}
    await Promise.race([work, new Promise<void>((resolve) => (callOff = time.after(ms, resolve)))]).finally(callOff)
  }
}

function isBetter(slot: SharedSlot, than: SharedSlot): boolean {
  return slot.blocked === than.blocked ? slot.inFlight < than.inFlight : than.blocked
}
