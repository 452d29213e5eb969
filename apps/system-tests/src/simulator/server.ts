import type { Transport, WireRequest, WireResult } from '@fm/core/simulation'
import type { SimulatedProcess } from './process.ts'
import type { Random } from './random.ts'
import type { Timeline } from './timeline.ts'

/** One call of a process, and what the server knows of it. */
export interface SimulatedCall {
  readonly account: string
  readonly verb: 'read' | 'write'
  /** How long the server works on it. */
  readonly ms: number
  /** The exclusive scope it belongs to. */
  readonly scope?: string
  /** `sets`: it makes the state its scope relies on; `needs`: it relies on it. */
  readonly state?: 'sets' | 'needs'
  /** How often it was carried out. */
  executed: number
  /** What befell it that was not the client's doing. */
  readonly met: { killed: number; refused: number; lost: number; unsent: number; hung: number }
}

export interface SimulatedSession {
  readonly token: string
  readonly account: string
  readonly openedBy: SimulatedProcess
  readonly openedAt: number
  usedAt: number
  running: Work | undefined
  readonly waiting: Work[]
  /** Whose state is in it: a scope's name, or `shared`. */
  usedBy: string | undefined
  hasState: boolean
  /** How often its end was asked for while the server could not be reached. */
  refusedEnds: number
  /** Why nobody can know of it: its opener died or gave up before it heard of it. */
  excuse: 'crash' | 'lost answer' | 'late answer' | 'unreachable' | 'double fault' | 'orphan' | undefined
}

interface Work {
  readonly call: SimulatedCall
  readonly process: SimulatedProcess
  readonly reply: (result: WireResult) => void
  callOff: (() => void) | undefined
}

/** What can go wrong with the server, and how often. Probabilities are of single requests. */
export interface ServerFaults {
  /** Connections are refused. */
  down: boolean
  /** The session is opened, and nobody is told. */
  loseLogin: number
  /** The login is refused a connection. */
  failLogin: number
  /** The login takes 2 s to 20 s. */
  slowLogin: number
  /** The call is carried out, and its connection ends before the answer. */
  loseAnswer: number
  /** The call holds its session for some minutes. */
  hang: number
}

export type SessionEnd = 'ended' | 'killed' | 'idle'

export interface SimulatedServer {
  readonly faults: ServerFaults
  readonly sessions: ReadonlyMap<string, SimulatedSession>
  readonly logins: number
  /** Times of logins refused for their credentials. */
  readonly refusedAt: readonly number[]
  /** Until when logins are known to fail or to take long. */
  readonly loginTroubleUntil: number
  /** When a login was last refused because there was no room. */
  readonly fullAt: number
  /** Sessions at the most; others may hold some. */
  cap: number
  held: number
  /** The wire as one process has it, signing in as one account. */
  transportOf(process: SimulatedProcess): Transport
  /** Announces a call; the path it is to be sent to. */
  expect(call: SimulatedCall): string
  forget(path: string): void
  /** An administrator disconnects the session. */
  kill(token: string): void
  restart(): void
  live(account: string): readonly SimulatedSession[]
  /** Forgets sessions whose idle time is over. */
  sweep(): void
  onLogin: ((session: SimulatedSession) => void) | undefined
  onLogout: ((session: SimulatedSession, by: SimulatedProcess) => void) | undefined
  onExecute: ((session: SimulatedSession, call: SimulatedCall) => void) | undefined
  onEnd: ((session: SimulatedSession, how: SessionEnd) => void) | undefined
}

export const IDLE_MS = 900_000
/** The client's time limit for a login. */
export const LOGIN_MS = 10_000
/** The only right password. */
export const PASSWORD = 'right'

const OK = answer(200, 0, 'OK')
const TOKEN_INVALID = answer(401, 952, 'Invalid FileMaker Data API token (*)')
const WINDOW_MISSING = answer(500, 112, 'Window is missing')
const CREDENTIALS_WRONG = answer(401, 212, 'Invalid user account and/or password')
const FULL = answer(500, 812, 'Exceeded host capacity')
const REFUSED: WireResult = { phase: 'unsent', reason: 'error', errorCode: 'ECONNREFUSED' }
const RESET: WireResult = { phase: 'lost', reason: 'error', errorCode: 'ECONNRESET' }

export function createServer(timeline: Timeline, random: Random): SimulatedServer {
  const sessions = new Map<string, SimulatedSession>()
  const calls = new Map<string, SimulatedCall>()
  const refusedAt: number[] = []
  const hanging = new WeakMap<SimulatedCall, number>()
  let logins = 0
  let loginTroubleUntil = Number.NEGATIVE_INFINITY
  let fullAt = Number.NEGATIVE_INFINITY
  let announced = 0

  const server: SimulatedServer = {
    faults: { down: false, loseLogin: 0, failLogin: 0, slowLogin: 0, loseAnswer: 0, hang: 0 },
    sessions,
    get logins() {
      return logins
    },
    refusedAt,
    get loginTroubleUntil() {
      return loginTroubleUntil
    },
    get fullAt() {
      return fullAt
    },
    cap: Number.POSITIVE_INFINITY,
    held: 0,
    transportOf,
    expect: (call) => {
      const path = `/call/${++announced}`
      calls.set(path, call)
      return path
    },
    forget: (path) => void calls.delete(path),
    kill: (token) => {
      const session = sessions.get(token)
      if (session !== undefined) end(session, 'killed')
    },
    restart: () => {
      for (const session of sessions.values()) end(session, 'killed', 'restart')
    },
    live: (account) => {
      server.sweep()
      return [...sessions.values()].filter((session) => session.account === account)
    },
    sweep: () => {
      for (const session of sessions.values()) {
        const isIdle = session.running === undefined && timeline.now - session.usedAt > IDLE_MS
        if (isIdle) end(session, 'idle')
      }
    },
    onLogin: undefined,
    onLogout: undefined,
    onExecute: undefined,
    onEnd: undefined,
  }
  return server

  function transportOf(process: SimulatedProcess): Transport {
    return {
      send: (request, stop) =>
        new Promise((resolve) => {
          let over = false
          const settle = (result: WireResult): boolean => {
            if (over) return false
            over = true
            stop.listen(undefined)
            resolve(result)
            return true
          }
          if (stop.reason !== undefined) {
            return void settle({ phase: 'unsent', reason: 'stopped', errorCode: 'stopped' })
          }
          stop.listen(() => settle({ phase: 'lost', reason: 'stopped', errorCode: 'stopped' }))
          timeline.after(random.whole(3, 20), () =>
            receive(request, process, (result, opened) =>
              timeline.after(random.whole(3, 20), () =>
                process.deliver(() => {
                  const isHeard = settle(result)
                  if (!isHeard && opened !== undefined) opened.excuse ??= 'late answer'
                }),
              ),
            ),
          )
        }),
      close: async () => {},
    }
  }

  type Reply = (result: WireResult, opened?: SimulatedSession) => void

  function receive(request: WireRequest, process: SimulatedProcess, reply: Reply): void {
    const { method, path } = request
    const authorization = request.headers[request.headers.indexOf('authorization') + 1] ?? ''
    const token = authorization.slice('Bearer '.length)
    server.sweep()
    if (method === 'POST' && path.endsWith('/sessions')) return logIn(authorization, process, reply)
    if (server.faults.down) {
      if (method === 'DELETE') refuseEnd(path.slice(path.lastIndexOf('/') + 1))
      const call = calls.get(path)
      if (call !== undefined) call.met.unsent++
      return reply(REFUSED)
    }
    if (method === 'DELETE') return logOut(path.slice(path.lastIndexOf('/') + 1), process, reply)
    const session = sessions.get(token)
    if (path.endsWith('/validateSession')) return reply(session === undefined ? TOKEN_INVALID : validated(session))
    const call = calls.get(path)
    if (call === undefined) return
    if (session === undefined) {
      call.met.refused++
      return reply(TOKEN_INVALID)
    }
    session.usedAt = timeline.now
    // Behind one that hangs, or behind those who stood behind it.
    if (isHanging(session.running?.call) || (session.running?.call.met.hung ?? 0) > 0) call.met.hung++
    session.waiting.push({ call, process, reply, callOff: undefined })
    workOn(session)
  }

  function logIn(authorization: string, process: SimulatedProcess, reply: Reply): void {
    const [account = '', password] = authorization.split(':')
    if (server.faults.down || random.chance(server.faults.failLogin)) {
      troubleLogins(0)
      return reply(REFUSED)
    }
    if (password !== PASSWORD) {
      refusedAt.push(timeline.now)
      return reply(CREDENTIALS_WRONG)
    }
    if (sessions.size + server.held >= server.cap) {
      fullAt = timeline.now
      return reply(FULL)
    }
    const token = `T${++logins}`
    const session: SimulatedSession = {
      token,
      account,
      openedBy: process,
      openedAt: timeline.now,
      usedAt: timeline.now,
      running: undefined,
      waiting: [],
      usedBy: undefined,
      hasState: false,
      refusedEnds: 0,
      excuse: process.state === 'dead' ? 'crash' : undefined,
    }
    sessions.set(token, session)
    server.onLogin?.(session)
    if (random.chance(server.faults.loseLogin)) {
      troubleLogins(LOGIN_MS)
      session.excuse = 'lost answer'
      return
    }
    const isSlow = random.chance(server.faults.slowLogin)
    const takesMs = isSlow ? random.whole(2_000, 20_000) : random.whole(30, 300)
    if (isSlow) troubleLogins(takesMs)
    if (takesMs > LOGIN_MS - 100) session.excuse ??= 'late answer'
    timeline.after(takesMs, () => reply(answer(200, 0, 'OK', { token }), session))
  }

  /** Somebody else's search may suffer from it, too. */
  function troubleLogins(ms: number): void {
    loginTroubleUntil = Math.max(loginTroubleUntil, timeline.now + ms + 1_000)
  }

  /** Who could not end its session in five tries may forget it. */
  function refuseEnd(token: string): void {
    const session = sessions.get(token)
    if (session !== undefined && ++session.refusedEnds >= 5) session.excuse ??= 'unreachable'
  }

  function logOut(token: string, process: SimulatedProcess, reply: Reply): void {
    const session = sessions.get(token)
    if (session === undefined) return reply(TOKEN_INVALID)
    server.onLogout?.(session, process)
    end(session, 'ended')
    reply(OK)
  }

  /** A session works its calls off one after the other. */
  function workOn(session: SimulatedSession): void {
    if (session.running !== undefined) return
    const work = session.waiting.shift()
    if (work === undefined) return
    const { call } = work
    session.running = work
    if (random.chance(server.faults.hang)) hanging.set(call, random.whole(60_000, 240_000))
    if (isHanging(call)) for (const held of [work, ...session.waiting]) held.call.met.hung++
    work.callOff = timeline.after(hanging.get(call) ?? call.ms, () => {
      session.running = undefined
      session.usedAt = timeline.now
      call.executed++
      server.onExecute?.(session, call)
      if (random.chance(server.faults.loseAnswer)) {
        call.met.lost++
        work.reply(RESET)
      } else work.reply(OK)
      workOn(session)
    })
  }

  /** What runs is cut off in the middle; what waits has not begun. */
  function end(session: SimulatedSession, how: SessionEnd, why?: 'restart'): void {
    sessions.delete(session.token)
    const { running } = session
    session.running = undefined
    if (running !== undefined) {
      running.callOff?.()
      if (random.chance(0.5)) {
        running.call.executed++
        server.onExecute?.(session, running.call)
      }
      if (why === 'restart') running.call.met.lost++
      else if (how === 'killed') running.call.met.killed++
      running.reply(why === 'restart' ? RESET : WINDOW_MISSING)
    }
    for (const { call, reply } of session.waiting.splice(0)) {
      if (how === 'killed') call.met.refused++
      reply(TOKEN_INVALID)
    }
    server.onEnd?.(session, how)
  }

  function isHanging(call: SimulatedCall | undefined): boolean {
    return call !== undefined && (call.ms >= 60_000 || hanging.has(call))
  }

  function validated(session: SimulatedSession): WireResult {
    return answer(200, 0, 'OK', { isSessionInUse: session.running !== undefined })
  }
}

function answer(status: number, code: number, message: string, response: object = {}): WireResult {
  const text = JSON.stringify({ response, messages: [{ code: String(code), message }] })
  return { phase: 'answered', answer: { status, contentType: 'application/json', headers: {}, text } }
}
