import { startEmulator } from '@fm/emulator'
import { startRedis } from '@fm/redis-fixture'
import { describe, expect, test } from 'vitest'
import { startFleet } from '../src/fleet/fleet.ts'
import { LIMIT_MS, pause, startServer } from './fleet-support.ts'
import { ACROSS_PROCESSES } from './shared-places.ts'
import { figure, FULL, PROCESSES, TASKS } from './size.ts'

describe.each(ACROSS_PROCESSES)('users who share the cache through $kind, and nothing else', (place) => {
  test(
    "never get each other's sessions: two accounts, databases, servers and partitions",
    { timeout: LIMIT_MS },
    async () => {
      const calls = FULL ? 170 : 20
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
      figure(`${place.kind}: logins tried with a wrong password by ${fleet.members.length} processes`, attempts)
      expect(attempts).toBeLessThanOrEqual(6)
    },
  )

  test(
    'a call that hangs on one of two sessions holds up nobody else, and after a minute its session is replaced and ended',
    { timeout: LIMIT_MS },
    async () => {
      const [callMs, hangMs, forMs] = FULL ? [10_000, 300_000, 60_000] : [3_000, 12_000, 2_000]
      await using shared = await place.open()
      await using server = await startServer({ responseDelayMs: FULL ? 1 : 5 })
      await using fleet = await startFleet({
        processes: FULL ? PROCESSES : 4,
        server: server.url,
        cache: shared.cache,
        sessions: { shared: 2 },
        timeouts: { callMs },
      })
      const usual = { job: 'calls', tasks: 2, verb: 'read', pauseMs: FULL ? 200 : 20 } as const
      // Both sessions are open before the comparison begins.
      await fleet.run({ job: 'calls', tasks: 8, verb: 'read', forMs: 1_500 })
      expect(server.sessions()).toHaveLength(2)
      const before = await fleet.run({ ...usual, forMs })
      using _hang = server.fault({ on: 'POST /records', count: 1, do: { delayMs: hangMs } })
      const hung = fleet.members[0]?.run({ job: 'calls', tasks: 1, verb: 'write', calls: 1 })
      const sentAt = performance.now()
      const meanwhile = await fleet.run({ ...usual, forMs })
      figure(
        `${place.kind}: p99 before and while a call hangs`,
        `${before.p99.toFixed(1)} and ${meanwhile.p99.toFixed(1)} ms`,
      )
      figure(`${place.kind}: and the longest`, `${Math.max(...meanwhile.latencies).toFixed(0)} ms`)
      expect(meanwhile.failures).toEqual([])
      expect((await hung)?.failures).toMatchObject([{ outcome: 'unknown' }])
      if (!FULL) return
      const [hanging] = server.requests('POST /records')
      const isLive = (): boolean => server.sessions().some((session) => session.id === hanging?.session)
      while (isLive() && performance.now() - sentAt < hangMs - 10_000) {
        expect((await fleet.run({ ...usual, forMs: 500 })).failures).toEqual([])
      }
      figure(`${place.kind}: its session ended after`, `${Math.round((performance.now() - sentAt) / 1_000)} s`)
      expect(isLive()).toBe(false)
    },
  )
})

describe('a fleet that shares through Keyv, which has no compare-and-set', () => {
  test('starts cold with few sessions, fails no call, and comes back to one', { timeout: LIMIT_MS }, async () => {
    const starts = FULL ? 100 : 2
    const most: number[] = []
    await using redis = await startRedis()
    for (let start = 0; start < starts; start++) {
      await redis.command('flushall')
      await using server = await startServer({ loginDelayMs: 100 })
      await using fleet = await startFleet({
        processes: FULL ? 12 : 6,
        server: server.url,
        cache: { kind: 'keyv', url: redis.url },
      })
      const report = await fleet.run({ job: 'calls', tasks: TASKS, verb: 'read', calls: 5 })
      expect(report.failures).toEqual([])
      most.push(server.sessions().length)
      if (start > 0) continue
      server.killSessions()
      const renewed = await fleet.run({ job: 'calls', tasks: TASKS, verb: 'read', calls: 5 })
      expect(renewed.failures).toEqual([])
      const until = performance.now() + 10_000
      while (server.sessions().length > 1 && performance.now() < until) await pause(50)
      expect(server.sessions()).toHaveLength(1)
    }
    const beyond = most.filter((sessions) => sessions > 2).length
    figure(`keyv: of ${starts} cold starts, with one session`, most.filter((sessions) => sessions === 1).length)
    figure('keyv: with more than two', beyond)
    expect(beyond).toBeLessThanOrEqual(starts / 100)
  })
})
