import type { Time } from '../time.ts'
import type { LoginLog, SessionServer } from './sign-in.ts'
import { createUnderWay, type UnderWay } from './under-way.ts'

/** A client's own way to the server, which it lends to the coordinator that it shares with others. */
export interface LentServer extends SessionServer, LoginLog {
  /** Whether nothing can be sent over it any more: somebody has closed or destroyed its dispatcher. */
  isOver(): boolean
}

/** The ways to the server of all clients that share a coordinator, as one. */
export interface LentServers {
  readonly server: SessionServer & LoginLog
  /** Returns what takes it back: it resolves when nothing is on its way over it, or after that time. */
  lend(lent: LentServer): (atMostMs: number) => Promise<void>
}

/** Clients that a login which could not be sent is tried over, one after the other. */
const MAX_WAYS = 2

/** Goes over one client's connections while they work, then over another's: none depends on the client that came first. */
export function createLentServers(time: Time): LentServers {
  const lent: { readonly server: LentServer; readonly underWay: UnderWay }[] = []

  /** Asks over one client after the other while `isAnswer` says no, the finished ones left out. */
  async function ask<Answer>(
    question: (server: SessionServer) => Promise<Answer>,
    isAnswer: (answer: Answer, server: LentServer) => boolean,
    otherwise: Answer,
  ): Promise<Answer> {
    const usable = lent.filter(({ server }) => !server.isOver())
    let answer = otherwise
    let ways = 0
    for (const way of usable.length > 0 ? usable : lent.slice(0, 1)) {
      const leave = way.underWay.enter()
      answer = await question(way.server).finally(leave)
      if (isAnswer(answer, way.server)) return answer
      toTheEnd(way)
      if (!way.server.isOver() && ++ways === MAX_WAYS) return answer
    }
    return answer
  }

  /** The next question goes over another one. */
  function toTheEnd(way: (typeof lent)[number]): void {
    const index = lent.indexOf(way)
    if (index !== -1) lent.push(...lent.splice(index, 1))
  }

  const server: SessionServer & LoginLog = {
    failedLogins: (sinceMs) => lent.flatMap((way) => way.server.failedLogins(sinceMs)).toSorted((a, b) => a.at - b.at),
    login: () =>
      ask(
        (asked) => asked.login(),
        // What was not sent, or had nothing to be sent with, may be sent by another.
        (answer) => 'token' in answer || !isUnsent(answer.failure),
        { failure: { is: 'unanswered', reason: 'unsent', what: 'the client is closed' } },
      ),
    logout: (token) =>
      ask(
        (asked) => asked.logout(token),
        (isOver, asked) => isOver || !asked.isOver(),
        false,
      ),
    validate: (token) =>
      ask(
        (asked) => asked.validate(token),
        (state, asked) => state !== 'unknown' || !asked.isOver(),
        'unknown',
      ),
  }
  return {
    server,
    lend: (added) => {
      const way = { server: added, underWay: createUnderWay() }
      lent.push(way)
      return async (atMostMs) => {
        const index = lent.indexOf(way)
        if (index !== -1) lent.splice(index, 1)
        await way.underWay.quiet(time, atMostMs)
      }
    },
  }
}

function isUnsent(
  failure: Extract<Awaited<ReturnType<SessionServer['login']>>, { failure: unknown }>['failure'],
): boolean {
  return failure.is === 'without credentials' || (failure.is === 'unanswered' && failure.reason === 'unsent')
}
