import type { Emulator } from '@fm/emulator'
import { startRedis, type RedisServer } from '@fm/redis-fixture'
import { describe, expect, test } from 'vitest'
import { startFleet, type Fleet, type Member } from '../src/fleet/fleet.ts'
import type { Failure } from '../src/fleet/messages.ts'
import { LIMIT_MS, mostSessions, pause, startServer } from './fleet-support.ts'
import { ACROSS_PROCESSES } from './shared-places.ts'
import { atMost, figure, FULL, PROCESSES } from './size.ts'

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
    async (when, crash, extra) => {
      await using shared = await place.open()
      await using server = await startServer({ loginDelayMs: 100 })
      await using fleet = await startFleet({
        processes: FULL ? PROCESSES - 1 : 2,
        server: server.url,
        cache: shared.cache,
      })
      await fleet.run({ job: 'greet', tasks: 4 })
      const others = [...fleet.members]
      const leader = await fleet.join({ crash })
      await expect(leader.run({ job: 'calls', tasks: 1, verb: 'read', calls: 1 })).rejects.toThrow('SIGKILL')
      const startedAt = performance.now()
      const reports = await Promise.all(
        others.map((other) => other.run({ job: 'calls', tasks: 4, verb: 'read', calls: 1 })),
      )
      const tookMs = performance.now() - startedAt
      figure(`${place.kind}: leader killed ${when}, others served after`, `${Math.round(tookMs)} ms`)
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
      const [rounds, slots] = FULL ? [8, 4] : [1, 2]
      await using shared = await place.open()
      await using server = await startServer()
      await using fleet = await startFleet({
        processes: 0,
        server: server.url,
        cache: shared.cache,
        sessions: { shared: 1, exclusive: slots },
      })
      const heir = await fleet.join()
      const takeTurns = async (): Promise<void> => {
        for (let round = 0; round < rounds; round++) {
          const holders = await Promise.all(Array.from({ length: slots }, () => fleet.join()))
          await Promise.all(holders.map((holder) => holder.run({ job: 'hold' })))
          expect(server.sessions()).toHaveLength(slots)
          for (const holder of holders) holder.signal('SIGKILL')
          const report = await heir.run({ job: 'scopes', tasks: slots, scopes: 2 })
          expect(report.failures).toEqual([])
          expect(report.mixed).toBe(0)
        }
      }
      const most = await mostSessions(server, takeTurns())
      figure(`${place.kind}: ${rounds * slots} holders killed, most sessions of ${slots} slots`, most)
      expect(most).toBeLessThanOrEqual(slots)
    },
  )
})

describe('exclusive scopes whose processes are killed', () => {
  test.each(ACROSS_PROCESSES)(
    'never meet on a session, where $kind is shared',
    { timeout: LIMIT_MS },
    async (place) => {
      await using shared = await place.open()
      await using server = await startServer()
      await using fleet = await startFleet({ processes: 0, server: server.url, cache: shared.cache, ...CROWDED })
      const played = await playScopes(fleet, server, () => killOne(fleet))
      figure(`${place.kind}: exclusive scopes while processes are killed, none met`, describePlay(played))
      expect(played.mixed).toBe(0)
      expect(played.failures.filter((failure) => failure.name !== 'SessionLostError')).toEqual([])
    },
  )

  test('never meet, though Redis forgets its last writes now and then', { timeout: LIMIT_MS }, async () => {
    await using redis = await startRedis()
    await using server = await startServer()
    const cache = { kind: 'redis', url: redis.url } as const
    await using fleet = await startFleet({ processes: 0, server: server.url, cache, ...CROWDED })
    let saved = await savedState(redis)
    const played = await playScopes(fleet, server, async () => {
      await rollBack(redis, saved)
      killOne(fleet)
      saved = await savedState(redis)
    })
    figure('redis: exclusive scopes while it is rolled back, none met', describePlay(played))
    expect(played.mixed).toBe(0)
  })
})

const CROWDED = { sessions: { shared: 1, exclusive: 4 }, timeouts: { callMs: 120_000 } }

interface Play {
  readonly scopes: number
  readonly mixed: number
  readonly troubles: number
  readonly failures: readonly Failure[]
}

/** Processes open scope after scope, each killed one replaced, and now and then there is trouble. */
async function playScopes(fleet: Fleet, server: Emulator, trouble: () => void | Promise<void>): Promise<Play> {
  const enough = FULL ? 2_500 : 40
  const play = { scopes: 0, mixed: 0, troubles: 0, failures: [] as Failure[] }
  const work = async (): Promise<void> => {
    let member: Member | undefined
    while (play.scopes < enough) {
      member = member?.running ? member : await fleet.join()
      // What a killed process had to say is lost: it says it every few scopes.
      const report = await member.run({ job: 'scopes', tasks: 1, scopes: 2 }).catch(() => undefined)
      play.scopes += report?.succeeded ?? 0
      play.mixed += report?.mixed ?? 0
      play.failures.push(...(report?.failures ?? []))
    }
  }
  let over = false
  const makeTrouble = async (): Promise<void> => {
    while (server.count('POST /sessions') === 0) await pause(20)
    for (;;) {
      await pause(500)
      if (over) return
      await trouble()
      play.troubles++
    }
  }
  const troubles = makeTrouble()
  await Promise.all(Array.from({ length: FULL ? 16 : 4 }, work)).finally(() => (over = true))
  await troubles
  return play
}

function killOne(fleet: Fleet): void {
  const running = fleet.members.filter((member) => member.running)
  running[Math.floor(Math.random() * running.length)]?.signal('SIGKILL')
}

function describePlay({ scopes, troubles, failures }: Play): string {
  return `${scopes} (${troubles} times trouble, ${failures.length} scopes lost)`
}

type SavedState = ReadonlyMap<string, string>

async function savedState(redis: RedisServer): Promise<SavedState> {
  const keys = (await redis.command('keys', '*')).split('\n').filter((key) => key !== '')
  return new Map(await Promise.all(keys.map(async (key) => [key, await redis.command('get', key)] as const)))
}

/** What a fail-over to a replica that lags behind does. */
async function rollBack(redis: RedisServer, saved: SavedState): Promise<void> {
  for (const [key, value] of saved) await redis.command('set', key, value, 'px', '900000')
}
