import { describe, expect, test } from 'vitest'
import { startFleet } from '../src/fleet/fleet.ts'
import { LIMIT_MS, mostSessions, pause, startOn, startServer, tasksOf } from './fleet-support.ts'
import { ACROSS_PROCESSES, SHARED_KINDS } from './shared-places.ts'
import { atMost, figure, FULL, PROCESSES, TASKS } from './size.ts'

describe.each(SHARED_KINDS)('a fleet that shares through $kind', (place) => {
  test(
    'starts cold with one login, and the last caller is served within the login and a second',
    { timeout: LIMIT_MS },
    async () => {
      await using shared = await place.open()
      await using server = await startServer({ loginDelayMs: 400 })
      await using fleet = await startOn(place, { server: server.url, cache: shared.cache })
      // Up is who has spoken to the server: the first request of 32 processes on 2 cores takes a second, whatever it asks.
      await fleet.run({ job: 'greet', tasks: tasksOf(place) })
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
    figure(`${place.kind}: never spoke to the server before, four sessions, logins`, server.count('POST /sessions'))
    figure(`${place.kind}: and the last of three calls each was served after`, `${report.lastAt - report.startedAt} ms`)
    expect(report.failures).toEqual([])
    expect(server.count('POST /sessions')).toBeLessThanOrEqual(4)
  })

  test('stays on one session while it is quiet, though it may have four', { timeout: LIMIT_MS }, async () => {
    await using shared = await place.open()
    await using server = await startServer()
    await using fleet = await startOn(place, { server: server.url, cache: shared.cache, sessions: { shared: 4 } })
    for (let call = 0; call < (FULL ? 40 : 10); call++) {
      const member = fleet.members[call % fleet.members.length]
      const report = await member?.run({ job: 'calls', tasks: 1, verb: 'read', calls: 1 })
      expect(report?.failures).toEqual([])
      await pause(FULL ? 1_000 : 100)
    }
    expect(server.count('POST /sessions')).toBe(1)
  })

  test(
    'loses all its sessions again and again: one login a slot each time, no read fails',
    { timeout: LIMIT_MS },
    async () => {
      const [rounds, everyMs] = FULL ? [20, 3_000] : [5, 1_100]
      const slots = 2
      await using shared = await place.open()
      await using server = await startServer({ responseDelayMs: 2 })
      await using fleet = await startOn(place, { server: server.url, cache: shared.cache, sessions: { shared: slots } })
      const working = fleet.run({ job: 'calls', tasks: tasksOf(place), verb: 'both', forMs: (rounds + 1) * everyMs })
      await pause(1_000)
      for (let round = 0; round < rounds; round++) {
        const before = server.count('POST /sessions')
        const killed = server.killSessions()
        await pause(everyMs)
        // What is opened meanwhile for want of a second session is no renewal.
        expect(server.count('POST /sessions') - before).toBeLessThanOrEqual(killed + Math.max(0, slots - killed))
      }
      const report = await working
      figure(`${place.kind}: ${rounds} times killed, calls`, report.succeeded)
      figure(`${place.kind}: logins`, server.count('POST /sessions'))
      figure(`${place.kind}: writes whose outcome is unknown`, report.failures.length)
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
    figure(`${place.kind}: cache operations of ${report.succeeded} warm calls`, report.cacheOperations)
    expect(report.failures).toEqual([])
    expect(report.cacheOperations).toBe(0)
  })

  test(
    'keeps exclusive scopes apart, and on no more sessions than there are slots',
    { timeout: LIMIT_MS },
    async () => {
      const scopes = FULL ? 100 : 2
      await using shared = await place.open()
      await using server = await startServer()
      await using fleet = await startOn(place, {
        server: server.url,
        cache: shared.cache,
        sessions: { shared: 1, exclusive: 4 },
        timeouts: { callMs: 120_000 },
      })
      const tasks = place.processes === 'one' ? PROCESSES : 1
      const working = fleet.run({ job: 'scopes', tasks, scopes })
      const most = await mostSessions(server, working)
      const report = await working
      figure(`${place.kind}: exclusive scopes, none met, on at most ${most} sessions`, report.succeeded)
      expect(report.failures).toEqual([])
      expect(report.mixed).toBe(0)
      expect(report.succeeded).toBe(PROCESSES * scopes)
      expect(most).toBeLessThanOrEqual(4)
      expect(server.sessions()).toHaveLength(0)
    },
  )
})

describe.each(ACROSS_PROCESSES)('a refusal that comes late, where $kind is shared', (place) => {
  test(
    'a 952 for an old token, seconds after others have renewed it, causes no login and ends nothing',
    { timeout: LIMIT_MS },
    async () => {
      await using shared = await place.open()
      await using server = await startServer()
      await using fleet = await startFleet({ processes: 2, server: server.url, cache: shared.cache })
      const [late, other] = fleet.members
      await fleet.run({ job: 'calls', tasks: 1, verb: 'read', calls: 1 })
      server.killSessions()
      using _slow = server.fault({ on: 'POST /records', count: 1, do: { delayMs: 3_000 } })
      const refused = late?.run({ job: 'calls', tasks: 1, verb: 'write', calls: 1 })
      await pause(100)
      expect((await other?.run({ job: 'calls', tasks: 4, verb: 'read', calls: 2 }))?.failures).toEqual([])
      expect(server.count('POST /sessions')).toBe(2)
      expect((await refused)?.failures).toEqual([])
      expect(server.requests('POST /records').map((entry) => entry.code)).toEqual([952, 0])
      expect(server.count('POST /sessions')).toBe(2)
      expect(server.count('DELETE /sessions')).toBe(0)
    },
  )
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
    figure(`${calls} calls on a dead token: logins`, server.count('POST /sessions') - 1)
    expect(report.failures).toEqual([])
    expect(server.count('POST /sessions')).toBe(2)
    expect(server.count('GET /records')).toBeLessThanOrEqual(2 * calls + 1)
  },
)
