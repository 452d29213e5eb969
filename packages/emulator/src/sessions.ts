// Sessions: how long they live, how many there may be, and that the calls of one take turns (section 5).

import { randomBytes } from 'node:crypto'
import { Refusal } from './answer.ts'
import type { Clock } from './clock.ts'
import type { Field } from './solution.ts'
import type { StoredValue } from './values.ts'

export interface SessionOptions {
  /** Milliseconds without a call until a session ends. @defaultValue 900_000, FileMaker's 15 minutes */
  readonly idleTimeoutMs?: number
  /** Sessions at one time, over all databases; a log-in beyond them is refused. @defaultValue no limit */
  readonly max?: number | undefined
  /** The code of that refusal: 812 is observed, 956 documented. @defaultValue 812 */
  readonly capCode?: number
  /** Whether a log-in's token comes in the body as well as in the header. @defaultValue true */
  readonly tokenInBody?: boolean
  /** What an entry of `fmDataSource` with wrong credentials does to the log-in. @defaultValue 'ignored' */
  readonly wrongDataSource?: 'ignored' | 'refused'
}

/** Another file that a session is signed in to. */
export interface DataSourceSummary {
  readonly database: string
  readonly account: string
  readonly by: 'password' | 'oauth' | 'clarisId'
}

/** A session as tests and administrators see it. The token is not among it. */
export interface SessionSummary {
  /** Names the session in the log too. */
  readonly id: string
  readonly database: string
  readonly account: string
  /** The files of `fmDataSource` whose credentials were right. */
  readonly dataSources: readonly DataSourceSummary[]
  /** Milliseconds since 1970, by the emulator's clock. */
  readonly createdAt: number
  readonly lastUsedAt: number
  /** Whether a call is running or waiting for its turn. */
  readonly inUse: boolean
}

export interface Session {
  readonly id: string
  readonly token: string
  /** As the log-in spelled it. Another spelling counts as another database (section 1.1). */
  readonly database: string
  readonly account: string
  readonly dataSources: readonly DataSourceSummary[]
  readonly createdAt: number
  lastUsedAt: number
  /** Running and waiting ones. */
  calls: number
  /** Global fields that the session has set, by repetition. */
  readonly globals: Map<Field, StoredValue[]>
  /** Why it ended; undefined while it lives. */
  end: SessionEnd | undefined
  /** Resolves when the last call in the queue is done. */
  turn: Promise<void>
  /** Makes the running call fail at once. */
  interrupt: ((reason: Error) => void) | undefined
}

/** `engine-restart` is a death that the client does not hear of from the engine. */
export type SessionEnd = 'log-out' | 'idle' | 'disconnected' | 'engine-restart'

/** What a call fails with when the engine goes away under it: the web server in front answers in its place. */
export class EngineGone extends Error {
  override readonly name = 'EngineGone'
}

export interface Sessions {
  /** @throws Refusal with the cap's code when there are as many as may be. */
  open(database: string, account: string, dataSources?: readonly DataSourceSummary[]): Session
  /** @throws Refusal 952 when the token is none of a living session, or of one of another database. */
  find(token: string, database?: string): Session
  /** Ends those that the filter takes; a running call of theirs answers 112. Returns how many. */
  end(reason: SessionEnd, filter?: (session: SessionSummary) => boolean): number
  /** Runs a call when those before it are done. @throws Refusal 112 when the session ends meanwhile, 952 before. */
  inTurn<Result>(session: Session, work: () => Promise<Result>): Promise<Result>
  /** Restarts the idle time. */
  touch(session: Session): void
  list(): SessionSummary[]
}

export function createSessions(clock: Clock, options: SessionOptions = {}): Sessions {
  const { idleTimeoutMs = 900_000, max = Number.POSITIVE_INFINITY, capCode = 812 } = options
  const byToken = new Map<string, Session>()
  let opened = 0

  function endOne(session: Session, reason: SessionEnd): void {
    session.end = reason
    byToken.delete(session.token)
    session.interrupt?.(endedUnderCall(reason))
  }

  function endIfIdle(session: Session): boolean {
    if (session.calls > 0 || clock.now() - session.lastUsedAt < idleTimeoutMs) return false
    endOne(session, 'idle')
    return true
  }

  const sessions: Sessions = {
    open: (database, account, dataSources = []) => {
      for (const session of byToken.values()) endIfIdle(session)
      if (byToken.size >= max) throw new Refusal(capCode)
      opened += 1
      const now = clock.now()
      const session: Session = {
        id: `session-${opened}`,
        // 52 digits, as servers of 2025 have them (section 3.1).
        token: randomBytes(26).toString('hex'),
        database,
        account,
        dataSources,
        createdAt: now,
        lastUsedAt: now,
        calls: 0,
        globals: new Map(),
        end: undefined,
        turn: Promise.resolve(),
        interrupt: undefined,
      }
      byToken.set(session.token, session)
      return session
    },
    find: (token, database) => {
      const session = byToken.get(token)
      if (session === undefined || endIfIdle(session)) throw invalidToken()
      if (database !== undefined && session.database !== database) throw invalidToken()
      return session
    },
    end: (reason, filter = () => true) => {
      const ending = [...byToken.values()].filter((session) => !endIfIdle(session) && filter(summaryOf(session)))
      for (const session of ending) endOne(session, reason)
      return ending.length
    },
    inTurn: async (session, work) => {
      session.calls += 1
      const before = session.turn
      const { promise, resolve: endTurn } = Promise.withResolvers<void>()
      session.turn = promise
      try {
        await before
        if (session.end !== undefined) throw session.end === 'engine-restart' ? new EngineGone() : invalidToken()
        sessions.touch(session)
        // Not Promise.race with one promise for the session's end: that would keep every call's outcome in memory.
        return await new Promise((resolve, reject) => {
          session.interrupt = reject
          work().then(resolve, reject)
        })
      } finally {
        session.interrupt = undefined
        session.calls -= 1
        sessions.touch(session)
        endTurn()
      }
    },
    touch: (session) => {
      session.lastUsedAt = clock.now()
    },
    list: () => [...byToken.values()].filter((session) => !endIfIdle(session)).map(summaryOf),
  }
  return sessions
}

/** What a call must fail with whose session has ended under it (section 5.5). */
export function endedUnderCall(reason: SessionEnd): Error {
  return reason === 'engine-restart' ? new EngineGone() : new Refusal(112)
}

/** 952; the log-in of the wrong account is 212. */
function invalidToken(): Refusal {
  return new Refusal(952, { status: 401 })
}

function summaryOf(session: Session): SessionSummary {
  const { id, database, account, dataSources, createdAt, lastUsedAt, calls } = session
  return { id, database, account, dataSources, createdAt, lastUsedAt, inUse: calls > 0 }
}
