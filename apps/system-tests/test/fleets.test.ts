import { startEmulator, type Emulator, type EmulatorOptions } from '@fm/emulator'
import { startRedis } from '@fm/redis-fixture'
import { describe, expect, test } from 'vitest'
import { startFleet, type Fleet, type FleetOptions } from '../src/fleet/fleet.ts'
import { ACROSS_PROCESSES, SHARED_KINDS, type SharedKind } from './shared-places.ts'
import { atMost, figure, FULL, PROCESSES, TASKS } from './size.ts'

const LIMIT_MS = FULL ? 600_000 : 120_000

function startServer(options: Omit<EmulatorOptions, 'databases'> = {}): Promise<Emulator> {
  return startEmulator({
    databases: {
      Demo: {
        tables: {
          People: { fields: { name: 'text', gUser: { type: 'text', global: true } }, records: [{ name: 'Ada' }] },
        },
      },
    },
    ...options,
  })
}

/** As many processes as the place can be shared by; the tasks are the same in all. */
function startOn({ processes }: SharedKind, options: Omit<FleetOptions, 'processes'>): Promise<Fleet> {
  return startFleet({ processes: processes === 'one' ? 1 : PROCESSES, ...options })
}

const tasksOf = ({ processes }: SharedKind): number => (processes === 'one' ? PROCESSES * TASKS : TASKS)

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

describe.each(SHARED_KINDS)('a fleet that shares through $kind', (place) => {
  test(
    'starts cold with one login, and the last caller is served within the login and a second',
    { timeout: LIMIT_MS },
    async () => {
      await using shared = await place.open()
      await using server = await startServer({ loginDelayMs: 400 })
      await using fleet = await startOn(place, { server: server.url, cache: shared.cache })
      const report = await fleet.run({ job: 'calls', tasks: tasksOf(place), verb: 'read', calls: 1 })
      figure(`${place.kind}: cold start, last caller served after`, `${report.lastAt - report.startedAt} ms`)
      expect(report.failures).toEqual([])
      expect(report.succeeded).toBe(PROCESSES * TASKS)
      expect(server.count('POST /sessions')).toBe(1)
      expect(server.sessions()).toHaveLength(1)
      expect(report.lastAt - report.startedAt).toBeLessThan(atMost(400 + 1_000))
    },
  )

  test('starts cold with at most four logins where four sessions are allowed', { timeout: LIMIT_MS }, async () => {
    await using shared = await place.open()
    await using server = await startServer({ loginDelayMs: 400 })
    await using fleet = await startOn(place, { server: server.url, cache: shared.cache, sessions: { shared: 4 } })
    const report = await fleet.run({ job: 'calls', tasks: tasksOf(place), verb: 'read', calls: 3 })
    expect(report.failures).toEqual([])
    expect(server.count('POST /sessions')).toBeLessThanOrEqual(4)
  })

  test('stays on one session while it is quiet, though it may have four', { timeout: LIMIT_MS }, async () => {
    await using shared = await place.open()
    await using server = await startServer()
    await using fleet = await startOn(place, { server: server.url, cache: shared.cache, sessions: { shared: 4 } })
    for (let call = 0; call < 10; call++) {
      const member = fleet.members[call % fleet.members.length]
      const report = await member?.run({ job: 'calls', tasks: 1, verb: 'read', calls: 1 })
      expect(report?.failures).toEqual([])
      await pause(100)
    }
    expect(server.count('POST /sessions')).toBe(1)
  })

  test(
    'loses all its sessions again and again: one login a slot each time, no read fails',
    { timeout: LIMIT_MS },
    async () => {
      const rounds = FULL ? 20 : 5
      const slots = 2
      await using shared = await place.open()
      await using server = await startServer({ responseDelayMs: 2 })
      await using fleet = await startOn(place, { server: server.url, cache: shared.cache, sessions: { shared: slots } })
      const working = fleet.run({ job: 'calls', tasks: tasksOf(place), verb: 'both', forMs: (rounds + 1) * 1_200 })
      await pause(1_000)
      for (let round = 0; round < rounds; round++) {
        const before = server.count('POST /sessions')
        const killed = server.killSessions()
        await pause(1_100)
        // What is opened meanwhile for want of a second session is no renewal.
        expect(server.count('POST /sessions') - before).toBeLessThanOrEqual(killed + Math.max(0, slots - killed))
      }
      const report = await working
      figure(`${place.kind}: ${rounds} times killed, calls`, report.succeeded)
      figure(`${place.kind}: logins`, server.count('POST /sessions'))
      expect(report.failures.filter((failure) => !failure.write)).toEqual([])
      for (const failure of report.failures) {
        expect(failure).toMatchObject({ fileMakerCode: 112, outcome: 'unknown' })
      }
      expect(server.sessions().length).toBeLessThanOrEqual(slots)
    },
  )

  test('asks the cache nothing while its session is warm', { timeout: LIMIT_MS }, async () => {
    await using shared = await place.open()
    await using server = await startServer()
    await using fleet = await startOn(place, { server: server.url, cache: shared.cache })
    await fleet.run({ job: 'calls', tasks: 1, verb: 'read', calls: 2 })
    await pause(300)
    const report = await fleet.run({ job: 'calls', tasks: tasksOf(place), verb: 'read', calls: 10 })
    expect(report.failures).toEqual([])
    expect(report.cacheOperations).toBe(0)
  })

  test(
    'keeps exclusive scopes apart, and on no more sessions than there are slots',
    { timeout: LIMIT_MS },
    async () => {
      const scopes = FULL ? 10 : 2
      await using shared = await place.open()
      await using server = await startServer()
      await using fleet = await startOn(place, {
        server: server.url,
        cache: shared.cache,
        sessions: { shared: 1, exclusive: 4 },
        timeouts: { callMs: 120_000 },
      })
      let most = 0
      const watching = setInterval(() => (most = Math.max(most, server.sessions().length)), 5)
      const tasks = place.processes === 'one' ? PROCESSES : 1
      const report = await fleet.run({ job: 'scopes', tasks, scopes }).finally(() => clearInterval(watching))
      figure(`${place.kind}: exclusive scopes`, report.succeeded)
      expect(report.failures).toEqual([])
      expect(report.mixed).toBe(0)
      expect(report.succeeded).toBe(PROCESSES * scopes)
      expect(most).toBeLessThanOrEqual(4)
      expect(server.sessions()).toHaveLength(0)
    },
  )
})

describe.each(ACROSS_PROCESSES)('processes that die, sharing through $kind', (place) => {
  // The writes of a cold start: 1 takes the lease, 2 publishes the token (a fast login has no heartbeat between them).
  test.each([
    ['before it takes the lease', { write: 1, when: 'before' }, 0],
    ['after it took the lease, about to log in', { write: 1, when: 'after' }, 0],
    ['after the login, before its token is in the record', { write: 2, when: 'before' }, 1],
    ['after its token is in the record', { write: 2, when: 'after' }, 0],
  ] as const)(
    'a leader killed %s delays others by little more than its lease',
    { timeout: LIMIT_MS },
    async (_when, crash, extra) => {
      await using shared = await place.open()
      await using server = await startServer({ loginDelayMs: 100 })
      await using fleet = await startFleet({ processes: 0, server: server.url, cache: shared.cache })
      const leader = await fleet.join({ crash })
      await expect(leader.run({ job: 'calls', tasks: 1, verb: 'read', calls: 1 })).rejects.toThrow('SIGKILL')
      const others = await Promise.all([fleet.join(), fleet.join()])
      const startedAt = performance.now()
      const reports = await Promise.all(
        others.map((other) => other.run({ job: 'calls', tasks: 4, verb: 'read', calls: 1 })),
      )
      const tookMs = performance.now() - startedAt
      figure(`${place.kind}: leader killed ${_when}, others served after`, `${Math.round(tookMs)} ms`)
      expect(reports.flatMap((report) => report.failures)).toEqual([])
      expect(tookMs).toBeLessThan(atMost(3_500 + 100))
      expect(server.sessions().length).toBeLessThanOrEqual(1 + extra)
    },
  )

  test(
    'a leader that froze while logging in is fenced when it wakes, and ends its session within a second',
    { timeout: LIMIT_MS },
    async () => {
      const frozenMs = FULL ? 60_000 : 5_000
      await using shared = await place.open()
      await using server = await startServer({ loginDelayMs: 600 })
      await using fleet = await startFleet({ processes: 2, server: server.url, cache: shared.cache })
      const [leader, other] = fleet.members
      const frozen = leader?.run({ job: 'calls', tasks: 1, verb: 'read', calls: 1 })
      while (server.count('POST /sessions') === 0) await pause(5)
      await pause(200)
      leader?.signal('SIGSTOP')
      const report = await other?.run({ job: 'calls', tasks: 4, verb: 'read', calls: 1 })
      expect(report?.failures).toEqual([])
      await pause(frozenMs)
      expect(server.sessions()).toHaveLength(2)
      leader?.signal('SIGCONT')
      const wokenAt = performance.now()
      while (server.sessions().length > 1 && performance.now() - wokenAt < atMost(1_000)) await pause(5)
      figure(`${place.kind}: frozen leader's session ended after`, `${Math.round(performance.now() - wokenAt)} ms`)
      expect(server.sessions()).toHaveLength(1)
      expect((await frozen)?.failures).toEqual([])
    },
  )

  test(
    'holders of exclusive scopes that are killed leave their slots to others, one session each',
    { timeout: LIMIT_MS },
    async () => {
      await using shared = await place.open()
      await using server = await startServer()
      await using fleet = await startFleet({
        processes: 3,
        server: server.url,
        cache: shared.cache,
        sessions: { shared: 1, exclusive: 2 },
      })
      const [one, two, heir] = fleet.members
      await Promise.all([one?.run({ job: 'hold' }), two?.run({ job: 'hold' })])
      expect(server.sessions()).toHaveLength(2)
      one?.signal('SIGKILL')
      two?.signal('SIGKILL')
      let most = 0
      const watching = setInterval(() => (most = Math.max(most, server.sessions().length)), 5)
      const report = await heir?.run({ job: 'scopes', tasks: 2, scopes: 2 }).finally(() => clearInterval(watching))
      expect(report?.failures).toEqual([])
      expect(report?.mixed).toBe(0)
      expect(most).toBeLessThanOrEqual(2)
    },
  )

  test(
    'a wrong password is tried at most six times in a minute by all processes together, and gets 212',
    { timeout: LIMIT_MS },
    async () => {
      const forMs = FULL ? 60_000 : 10_000
      await using shared = await place.open()
      await using server = await startServer()
      await using good = await startFleet({ processes: 1, server: server.url, cache: shared.cache })
      await good.run({ job: 'calls', tasks: 1, verb: 'read', calls: 1 })
      await using fleet = await startFleet({
        processes: FULL ? 50 : 8,
        server: server.url,
        cache: shared.cache,
        password: 'wrong',
      })
      const report = await fleet.run({ job: 'calls', tasks: 2, verb: 'read', forMs, pauseMs: 50 })
      expect(report.succeeded).toBe(0)
      expect(
        report.failures.every((failure) => failure.name === 'SessionError' && failure.message.includes('212')),
      ).toBe(true)
      const attempts = server.requests((entry) => entry.operation === 'POST /sessions' && entry.code === 212).length
      figure(`${place.kind}: logins tried with a wrong password`, attempts)
      expect(attempts).toBeLessThanOrEqual(6)
    },
  )

  test('a call that hangs on one of two sessions holds up nobody else', { timeout: LIMIT_MS }, async () => {
    await using shared = await place.open()
    await using server = await startServer({ responseDelayMs: 5 })
    await using fleet = await startFleet({
      processes: 4,
      server: server.url,
      cache: shared.cache,
      sessions: { shared: 2 },
      timeouts: { callMs: 3_000 },
    })
    await fleet.run({ job: 'calls', tasks: 4, verb: 'read', forMs: 1_500 })
    const before = await fleet.run({ job: 'calls', tasks: 4, verb: 'read', forMs: 1_000 })
    using _hang = server.fault({ on: 'POST /records', count: 1, do: { delayMs: FULL ? 60_000 : 12_000 } })
    const hanging = fleet.members[0]?.run({ job: 'calls', tasks: 1, verb: 'write', calls: 1 })
    await hanging
    await pause(1_500)
    const after = await fleet.run({ job: 'calls', tasks: 4, verb: 'read', forMs: 2_000 })
    figure(`${place.kind}: p99 before and while a call hangs`, `${before.p99} and ${after.p99} ms`)
    expect(after.failures).toEqual([])
  })
})

test(
  'ten thousand calls of one process meet a dead token at once: one login, each sent at most twice',
  { timeout: LIMIT_MS },
  async () => {
    const calls = FULL ? 10_000 : 2_000
    await using server = await startServer()
    await using fleet = await startFleet({
      processes: 1,
      server: server.url,
      cache: { kind: 'memory' },
      timeouts: { callMs: 120_000 },
    })
    await fleet.run({ job: 'calls', tasks: 1, verb: 'read', calls: 1 })
    server.killSessions()
    const report = await fleet.run({ job: 'calls', tasks: calls, verb: 'read', calls: 1 })
    expect(report.failures).toEqual([])
    expect(server.count('POST /sessions')).toBe(2)
    expect(server.count('GET /records')).toBeLessThanOrEqual(2 * calls + 1)
  },
)

describe.each(ACROSS_PROCESSES)('users who share the cache through $kind, and nothing else', (place) => {
  test(
    "never get each other's sessions: two accounts, databases, servers and partitions",
    { timeout: LIMIT_MS },
    async () => {
      const calls = FULL ? 160 : 20
      await using shared = await place.open()
      const accounts = ['anna', 'bert'].map((name) => ({ name, password: `${name}'s password` }))
      // One layout for each user and partition, so that the server's log shows on whose session a call came.
      const tables = { People: { fields: { name: 'text' }, records: [{ name: 'Ada' }] } } as const
      const layouts = ['anna', 'bert', 'anna 1', 'anna 2'].map((name) => ({ name, table: 'People' }))
      const database = { accounts, tables, layouts }
      await using one = await startEmulator({ databases: { Demo: database, Other: database } })
      await using two = await startEmulator({ databases: { Demo: database } })
      const everyone = [
        { server: one, database: 'Demo', account: 'anna', layout: 'anna' },
        { server: one, database: 'Demo', account: 'bert', layout: 'bert' },
        { server: one, database: 'Other', account: 'anna', layout: 'anna' },
        { server: two, database: 'Demo', account: 'anna', layout: 'anna' },
        { server: one, database: 'Demo', account: 'anna', layout: 'anna 1', partition: '1' },
        { server: one, database: 'Demo', account: 'anna', layout: 'anna 2', partition: '2' },
      ]
      await using fleet = await startFleet({ processes: 0, server: one.url, cache: shared.cache })
      const reports = await Promise.all(
        [...everyone, ...everyone].map(async ({ server, database: name, account, layout, partition = '' }) => {
          const options = { server: server.url, database: name, account, password: `${account}'s password` }
          const member = await fleet.join({ ...options, sessions: { shared: 1, partition } })
          return member.run({ job: 'calls', tasks: 5, verb: 'read', calls, layout })
        }),
      )
      expect(reports.flatMap((report) => report.failures)).toEqual([])
      const sessionsOf = new Map<string, Set<string>>()
      for (const [index, server] of [one, two].entries()) {
        for (const entry of server.requests('GET /records')) {
          expect(entry.layout?.startsWith(entry.account ?? '')).toBe(true)
          const user = `${index} ${entry.database} ${entry.layout}`
          sessionsOf.set(user, (sessionsOf.get(user) ?? new Set()).add(`${index} ${entry.session}`))
        }
      }
      expect(sessionsOf.size).toBe(everyone.length)
      const all = [...sessionsOf.values()].flatMap((sessions) => [...sessions])
      expect(new Set(all).size).toBe(all.length)
      expect(one.count('POST /sessions') + two.count('POST /sessions')).toBe(everyone.length)
      figure(
        `${place.kind}: calls that found nobody else's session`,
        one.count('GET /records') + two.count('GET /records'),
      )
    },
  )
})

describe('a fleet that shares through Keyv, which has no compare-and-set', () => {
  test('starts cold with few sessions, fails no call, and comes back to one', { timeout: LIMIT_MS }, async () => {
    await using redis = await startRedis()
    await using server = await startServer({ loginDelayMs: 100 })
    await using fleet = await startFleet({
      processes: FULL ? 12 : 6,
      server: server.url,
      cache: { kind: 'keyv', url: redis.url },
    })
    const report = await fleet.run({ job: 'calls', tasks: TASKS, verb: 'read', calls: 5 })
    figure('keyv: sessions after a cold start', server.sessions().length)
    expect(report.failures).toEqual([])
    expect(server.sessions().length).toBeLessThanOrEqual(2)
    server.killSessions()
    const renewed = await fleet.run({ job: 'calls', tasks: TASKS, verb: 'read', calls: 5 })
    expect(renewed.failures).toEqual([])
    const until = performance.now() + 10_000
    while (server.sessions().length > 1 && performance.now() < until) await pause(50)
    expect(server.sessions()).toHaveLength(1)
  })
})
