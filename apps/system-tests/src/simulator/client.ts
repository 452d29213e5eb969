import {
  createBreaker,
  createCoordinator,
  createExchange,
  createExclusiveSource,
  createSessionServer,
  FULL_BUDGET,
  openRegister,
  openSession,
  sourceOf,
  TOUCH_MS,
  type Coordinator,
  type Exchange,
  type ExchangeParts,
  type ExclusiveSession,
  type Seal,
} from '@fm/core/simulation'
import type { SimulatedCache } from './cache.ts'
import type { SimulatedProcess } from './process.ts'
import { IDLE_MS, LOGIN_MS, type SimulatedCall, type SimulatedServer } from './server.ts'

/** One account's client in one process: core itself, from the call down to the register, on a simulated wire and cache. */
export interface SimulatedClient {
  readonly account: string
  readonly coordinator: Coordinator
  call(call: SimulatedCall): Promise<unknown>
  /** Several calls on a session that belongs to them alone. */
  exclusively(scope: ScopePlan): Promise<void>
}

export interface ScopePlan {
  readonly name: string
  /** Brings a new session into the scope's state; without it a lost session is the scope's end. */
  readonly setup: (() => SimulatedCall) | undefined
  readonly timeoutMs: number
  readonly work: (call: (call: SimulatedCall) => Promise<unknown>) => Promise<void>
}

export interface ClientOptions {
  readonly process: SimulatedProcess
  readonly server: SimulatedServer
  readonly cache: SimulatedCache
  readonly account: string
  readonly password: string
  readonly seal: Seal
  readonly shared: number
  readonly exclusive: number
  readonly callMs: number
  readonly end: 'never' | 'own'
  readonly report: (event: string, slot: string) => void
}

/** What lies in the simulated cache can be read, so that the checker can read it. */
export function plainSeal(account: string): Seal {
  return { keyOf: (slot) => `${account}:${slot}`, close: (_, text) => text, open: (_, text) => text }
}

export function openClient(options: ClientOptions): SimulatedClient {
  const { process, server, account, seal, callMs, report } = options
  const { time } = process
  const transport = server.transportOf(process)
  const cache = options.cache.of(process)
  const breaker = createBreaker(time, (state) => report(state, 'cache'))
  const sessionServer = createSessionServer({
    transport,
    server: 'https://simulated.example',
    base: '/fmi/data/vLatest',
    database: 'Simulated',
    credentials: () => ({ headers: ['authorization', `${account}:${options.password}`], secret: '' }),
    dataSources: () => [],
    loginMs: LOGIN_MS,
    time,
  })
  const registers = (letter: 's' | 'x', length: number): ReturnType<typeof openRegister>[] =>
    Array.from({ length }, (_, index) =>
      openRegister({ cache, seal, slot: `${letter}${index}`, breaker, time, ttlMs: IDLE_MS + TOUCH_MS + 60_000 }),
    )
  const coordinator = createCoordinator({
    shared: registers('s', options.shared),
    exclusive: registers('x', options.exclusive),
    server: sessionServer,
    time,
    process: process.name,
    callMs,
    end: options.end,
    localSessions: 1,
    callsPerSession: Number.POSITIVE_INFINITY,
    maxWaiting: 100_000,
    report,
  })
  const parts: ExchangeParts = {
    transport,
    validate: (token) => sessionServer.validate(token),
    sessions: () => coordinator,
    failedLogins: (sinceMs) => sessionServer.failedLogins(sinceMs),
    server: 'https://simulated.example',
    timeoutMs: callMs,
    retry: { repeatWritesOn112: false, renewal: true },
    budget: { left: { tokens: FULL_BUDGET, atMs: time.now() } },
    time,
  }
  const exchange = createExchange(parts)

  async function send(on: Exchange, call: SimulatedCall): Promise<unknown> {
    const path = server.expect(call)
    try {
      const method = call.verb === 'read' ? 'GET' : 'POST'
      return await on({ route: { method, pattern: '/call' }, path, verb: call.verb })
    } finally {
      server.forget(path)
    }
  }

  return {
    account,
    coordinator,
    call: (call) => send(exchange, call),
    // As `startCommunication({ exclusive: true, setup })` does it.
    exclusively: async ({ setup, timeoutMs, work }) => {
      const on = (source: ReturnType<typeof sourceOf>): Exchange => createExchange({ ...parts, sessions: () => source })
      const take = (): Promise<ExclusiveSession> =>
        openSession(parts, { timeoutMs }, 'startCommunication', (stop) => coordinator.exclusive(stop))
      const bring = async (session: ExclusiveSession): Promise<void> => {
        if (setup !== undefined) await send(on(sourceOf(session)), setup())
      }
      const session = await take()
      const source = createExclusiveSource(session, { canRestore: () => setup !== undefined, take, bring })
      try {
        await bring(session)
        await work((call) => send(on(source), call))
      } finally {
        await source.end()
      }
    },
  }
}
