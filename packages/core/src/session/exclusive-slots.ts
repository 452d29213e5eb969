import { NoSession, NoTurn, type ExclusiveSession } from '../exchange/session-source.ts'
import type { LoginFailure, SessionServer } from '../exchange/sign-in.ts'
import { SESSION_CAP } from '../wire/error-codes.ts'
import { between, type Time } from '../time.ts'
import { Stopped, type Stop } from '../wire/stop.ts'
import { endRecorded } from './end-recorded.ts'
import { endUnlisted } from './end-unlisted.ts'
import { keepBeating } from './heartbeat.ts'
import { denialOf, pauseBeforeLogin, refusal } from './login-failures.ts'
import type { Reading, Register } from './register.ts'
import * as rules from './slot.ts'
import { createWatch } from './watch.ts'

/** Sessions that one scope has to itself. */
export interface ExclusiveSlots {
  /** Takes a free slot and opens a session in it; waits for one while the call has time. First come, first served here. */
  take(stop: Stop): Promise<ExclusiveSession>
  readonly held: number
  /** Ends every session that the records know, other processes' too: their scopes restore theirs, or say that it is lost. */
  endAny(): Promise<void>
  /** Ends the sessions of scopes that were not ended. */
  close(): Promise<void>
  /** Whether this process answers for the session. */
  knows(token: string): boolean
}

export interface ExclusiveEnvironment {
  readonly registers: readonly Register[]
  readonly server: SessionServer
  readonly time: Time
  /** This process, in holds. */
  readonly process: string
  /** Whether another session may be opened that no cache knows. */
  readonly mayOpenLocal: () => boolean
  /** Calls on exclusive sessions count for the coordinator, which waits for them before it closes. */
  readonly callBegan: () => void
  readonly callEnded: () => void
  /** A scope has let go of its session. */
  readonly released: () => void
  readonly report: (event: 'login' | 'ended' | 'fenced' | 'local') => void
}

/** A slot that this process has taken: its record, kept alive, or nothing where the cache is away. */
interface Holding {
  /** Rewrites what the record says of the holder's token, and of the one before if that could not be ended. */
  publish(token: string, unended?: string): Promise<'held' | 'lost'>
  /** Lets the slot go, with a word to others where the login was refused. */
  vacate(token: string | undefined, denial?: rules.Denial): Promise<void>
  readonly lost: boolean
}

export function createExclusiveSlots(environment: ExclusiveEnvironment): ExclusiveSlots {
  const { registers, time, report } = environment
  let scopes = 0
  const held = new Set<ExclusiveSession>()
  /** Tokens of sessions opened here that this process has yet to end. */
  const opened = new Set<string>()
  const server: SessionServer = {
    ...environment.server,
    login: async () => {
      const result = await environment.server.login()
      if ('token' in result) opened.add(result.token)
      return result
    },
    // An answer that does not come is no reason to forget the session: it is tried again in the background.
    logout: async (token) => {
      const over = await environment.server.logout(token)
      if (over) opened.delete(token)
      else void follow(endUnlisted(environment.server, time, token)).then(() => opened.delete(token))
      return over
    },
  }
  let local = 0
  let closed = false
  const underWay = new Set<Promise<unknown>>()
  /** One search at a time in this process: those who wait do so in their order. */
  let turn = Promise.resolve()

  return {
    take: async (stop) => {
      const before = turn
      let pass = (): void => {}
      const mine = new Promise<void>((resolve) => (pass = resolve))
      turn = before.then(() => mine)
      try {
        await stop.until(before).catch(tellTaken)
        const taken = await search(stop)
        held.add(taken)
        if (!closed) return taken
        await taken.end()
        throw new NoTurn('closed')
      } finally {
        pass()
      }
    },
    get held() {
      return held.size
    },
    endAny: async () => {
      await Promise.all(registers.map((register) => endRecorded(register, server)))
    },
    close: async () => {
      closed = true
      await Promise.all([...held].map((session) => session.end()))
      // Those that are being opened, renewed or ended just now.
      await Promise.allSettled(underWay)
    },
    knows: (token) => opened.has(token),
  }

  async function search(stop: Stop): Promise<ExclusiveSession> {
    const owner = `${environment.process}/${++scopes}`
    const watches = registers.map(() => createWatch(time))
    for (let pauseMs = 20, loginFailures = 0; ; pauseMs = Math.min(500, pauseMs * 2)) {
      if (closed) throw new NoTurn('closed')
      let failures = 0
      let taken = 0
      for (const [index, register] of registers.entries()) {
        try {
          const reading = await stop.until(register.read())
          const step = rules.take(reading.record, owner, watches[index]?.age(reading) ?? 0)
          if (step.do === 'wait') {
            taken++
            continue
          }
          if (step.do === 'refuse') {
            if (!SESSION_CAP.has(step.denial.code)) throw new NoSession(refusal(step.denial.code))
            continue
          }
          const session = await whileWanted(open(register, reading, step, owner), stop)
          if (session === undefined) continue
          if ('token' in session) return session
          const pause = pauseBeforeLogin(session, ++loginFailures)
          if (pause === undefined) throw new NoSession(session)
          await stop.pause(time, pause)
        } catch (error) {
          if (stop.reason !== undefined || error instanceof NoSession) throw error
          failures++
        }
      }
      if (failures === registers.length && environment.mayOpenLocal() && local === 0)
        return whileWanted(openLocal(), stop)
      const pause = stop.pause(time, between(time, 1, pauseMs))
      await (taken === registers.length ? pause.catch(tellTaken) : pause)
    }
  }

  /** Time that ran out while others held every slot is not the server's slowness, and says so. */
  function tellTaken(error: unknown): never {
    throw error instanceof Stopped && error.why.by === 'timeout' ? new NoTurn('all taken') : error
  }

  /** Who stops waiting leaves no session behind. */
  function whileWanted<Opened extends ExclusiveSession | LoginFailure | undefined>(
    opening: Promise<Opened>,
    stop: Stop,
  ): Promise<Opened> {
    void follow(opening)
    return stop.until(opening).catch((error: unknown) => {
      if (stop.reason !== undefined) void follow(opening.then(endLate)).catch(() => {})
      throw error
    })
  }

  async function endLate(late: ExclusiveSession | LoginFailure | undefined): Promise<void> {
    if (late !== undefined && 'token' in late) await late.end()
  }

  /** Remembers what closing has to wait for. */
  function follow<Value>(work: Promise<Value>): Promise<Value> {
    underWay.add(work)
    work.finally(() => underWay.delete(work)).catch(() => {})
    return work
  }

  /** Takes the slot, ends what was left in it, logs in, publishes. Undefined when it did not come out ours. */
  async function open(
    register: Register,
    seen: Reading,
    step: Extract<rules.TakeStep, { do: 'take' }>,
    owner: string,
  ): Promise<ExclusiveSession | LoginFailure | undefined> {
    const written = await register.swap(seen, step.next)
    if (written === undefined) return undefined
    const holding = hold(register, written, step.next, owner)
    const ended = await Promise.all(step.toEnd.map((token) => environment.server.logout(token)))
    if (ended.includes(false)) {
      await holding.vacate(undefined)
      return undefined
    }
    return logIn(holding, seen.record?.deny)
  }

  async function logIn(
    holding: Holding,
    denied: rules.Denial | undefined,
  ): Promise<ExclusiveSession | LoginFailure | undefined> {
    report('login')
    const result = await server.login()
    if ('failure' in result) {
      await holding.vacate(undefined, denialOf(result.failure, denied))
      return result.failure
    }
    if ((await holding.publish(result.token)) === 'held') return sessionOf(holding, result.token)
    report('fenced')
    await server.logout(result.token)
    return undefined
  }

  function hold(register: Register, written: Reading, taken: rules.Draft, owner: string): Holding {
    let draft = taken
    let lost = false
    const beat = (first: Reading): ReturnType<typeof keepBeating> =>
      keepBeating({ register, time, first, draft, beatMs: rules.HOLD_BEAT_MS, onLost: () => (lost = true) })
    let beating = beat(written)
    const rewrite = async (next: rules.Draft): Promise<boolean> => {
      const latest = await beating.stop()
      try {
        for (let seen = latest, round = 0; round < 3; round++) {
          const done = await register.swap(seen, next)
          if (done !== undefined) {
            draft = next
            beating = beat(done)
            return true
          }
          seen = await register.read()
          // Not ours any more; a record that is lost altogether is taken again by writing it anew.
          if (seen.record !== undefined && seen.record.hold?.owner !== owner) return false
        }
        return false
      } catch {
        // The cache is away: the server itself keeps scopes apart, each has a token of its own. What could not be written is
        // written with the next beat that gets through.
        draft = next
        beating = beat(latest)
        return true
      }
    }
    return {
      get lost() {
        return lost
      },
      publish: async (token, unended) => {
        if (lost || !(await rewrite(rules.occupy(draft, token, unended)))) return 'lost'
        return 'held'
      },
      vacate: async (token, denial) => {
        const ended = token === undefined || (await server.logout(token)) ? 'ended' : 'unanswered'
        if (!lost) await rewrite(rules.vacate(draft, ended, denial))
        await beating.stop()
      },
    }
  }

  async function openLocal(): Promise<ExclusiveSession> {
    local++
    report('local')
    const result = await server.login()
    if ('failure' in result) {
      local--
      throw new NoSession(result.failure)
    }
    return sessionOf(
      {
        lost: false,
        publish: async () => 'held',
        vacate: async (token) => {
          local--
          if (token !== undefined) await server.logout(token)
        },
      },
      result.token,
    )
  }

  function sessionOf(holding: Holding, first: string): ExclusiveSession {
    let token: string | undefined = first
    let isDoubtful = false
    let over = false
    let calls = 0
    let tellIdle = (): void => {}
    const session: ExclusiveSession = {
      enter: () => {
        let left = false
        calls++
        environment.callBegan()
        return () => {
          if (left) return
          left = true
          calls--
          environment.callEnded()
          if (calls === 0) tellIdle()
        }
      },
      get token() {
        return holding.lost || isDoubtful ? undefined : token
      },
      refused: (dead) => {
        if (dead !== token) return
        opened.delete(dead)
        token = undefined
      },
      doubted: (suspect) => {
        if (suspect === token) isDoubtful = true
      },
      renew: async () => {
        if (holding.lost) return false
        const former = token
        token = undefined
        isDoubtful = false
        const isOver = former === undefined || (await server.logout(former))
        report('login')
        const result = await follow(server.login())
        if ('failure' in result) throw new NoSession(result.failure)
        // Ended meanwhile: nobody will use what was just opened.
        if (over) {
          await server.logout(result.token)
          return false
        }
        if ((await holding.publish(result.token, isOver ? undefined : former)) === 'lost') {
          await server.logout(result.token)
          return false
        }
        token = result.token
        return true
      },
      end: async () => {
        if (over) return
        over = true
        // Each call ends by its own time limit; at the closing of the client nobody waits for them any more.
        if (calls > 0 && !closed) await new Promise<void>((resolve) => (tellIdle = resolve))
        held.delete(session)
        await follow(holding.vacate(token))
        environment.released()
        report('ended')
      },
    }
    return session
  }
}
