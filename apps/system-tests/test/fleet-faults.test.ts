import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startEmulator, type Emulator } from '@fm/emulator'
import { startFaultyProxy, startRedis, startRedisSentinel } from '@fm/redis-fixture'
import { describe, expect, test } from 'vitest'
import { startFleet, type Fleet } from '../src/fleet/fleet.ts'
import type { CacheChoice } from '../src/fleet/messages.ts'
import { atMost, figure, FULL } from './size.ts'

const LIMIT_MS = FULL ? 300_000 : 120_000
const MEMBERS = FULL ? 16 : 4
const FAULT_MS = FULL ? 10_000 : 2_000
const NOBODY = 65_534

/** A cache that can be broken, and mended. */
interface Breakable extends AsyncDisposable {
  readonly cache: CacheChoice
  /** The user that its processes are, where they may not be root. */
  readonly uid?: number
  breakIt(): void | Promise<void>
  /** Undefined where the cache finds its own way: a damaged file is left for the next one. */
  mendIt?(): void | Promise<void>
}

interface Fault {
  readonly fault: string
  open(): Promise<Breakable>
}

function onFile(fault: string, breakIt: (path: string) => void, mendIt?: (path: string) => void): Fault {
  return {
    fault: `the SQLite file ${fault}`,
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'fm-fault-'))
      const path = join(folder, 'place', 'sessions.db')
      return {
        cache: { kind: 'file', path },
        breakIt: () => breakIt(path),
        ...(mendIt === undefined ? {} : { mendIt: () => mendIt(path) }),
        [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
      }
    },
  }
}

/** The file and what SQLite keeps beside it. */
function everyFileOf(path: string): readonly string[] {
  const name = path.slice(dirname(path).length + 1)
  return readdirSync(dirname(path))
    .filter((entry) => entry.startsWith(name))
    .map((entry) => join(dirname(path), entry))
}

const fileFaults: readonly Fault[] = [
  onFile('deleted', (path) => {
    for (const file of everyFileOf(path)) rmSync(file)
  }),
  onFile('cut to nothing', (path) => {
    for (const file of everyFileOf(path)) truncateSync(file, 0)
  }),
  onFile('filled with noise', (path) => {
    for (const file of everyFileOf(path)) writeFileSync(file, Buffer.alloc(40_960, 'noise'))
  }),
  onFile('replaced by a directory', (path) => {
    for (const file of everyFileOf(path)) rmSync(file)
    mkdirSync(path)
  }),
  onFile(
    'out of reach, its folder moved away and a file in its place',
    (path) => {
      renameSync(dirname(path), `${dirname(path)}.away`)
      writeFileSync(dirname(path), '')
    },
    (path) => {
      rmSync(dirname(path))
      renameSync(`${dirname(path)}.away`, dirname(path))
    },
  ),
  {
    fault: 'the folder of the SQLite file closed to the processes',
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'fm-fault-'))
      const path = join(folder, 'place', 'sessions.db')
      // Root may open what is closed: it lets processes be somebody else, and everybody else closes his own folder.
      const uid = process.getuid?.() === 0 ? NOBODY : undefined
      if (uid !== undefined) chownSync(folder, uid, uid)
      return {
        cache: { kind: 'file', path },
        ...(uid === undefined ? {} : { uid }),
        breakIt: () => chmodSync(dirname(path), 0o000),
        mendIt: () => chmodSync(dirname(path), 0o700),
        [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
      }
    },
  },
  {
    fault: 'the disk of the SQLite file full',
    open: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'fm-fault-'))
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder])
      const ballast = join(folder, 'ballast')
      return {
        cache: { kind: 'file', path: join(folder, 'sessions.db') },
        breakIt: () => {
          // Writes until nothing more fits.
          try {
            writeFileSync(ballast, Buffer.alloc(1_048_576))
          } catch {}
        },
        mendIt: () => rmSync(ballast),
        [Symbol.asyncDispose]: async () => {
          execFileSync('umount', ['--lazy', folder])
          rmSync(folder, { recursive: true, force: true })
        },
      }
    },
  },
]

type Redis = Awaited<ReturnType<typeof startRedis>>
type Proxy = Awaited<ReturnType<typeof startFaultyProxy>>

function onRedis(
  fault: string,
  breakIt: (redis: Redis) => Promise<void> | void,
  mendIt?: (redis: Redis) => Promise<void> | void,
): Fault {
  return {
    fault: `redis-server ${fault}`,
    open: async () => {
      const redis = await startRedis()
      return {
        cache: { kind: 'redis', url: redis.url },
        breakIt: () => breakIt(redis),
        ...(mendIt === undefined ? {} : { mendIt: () => mendIt(redis) }),
        [Symbol.asyncDispose]: () => redis.stop(),
      }
    },
  }
}

function throughProxy(fault: string, faults: Parameters<Proxy['setFaults']>[0]): Fault {
  return {
    fault: `redis-server behind a proxy with ${fault}`,
    open: async () => {
      const redis = await startRedis()
      const proxy = await startFaultyProxy(redis.port)
      return {
        cache: { kind: 'redis', url: `redis://127.0.0.1:${proxy.port}` },
        breakIt: () => proxy.setFaults(faults),
        mendIt: () => proxy.setFaults({}),
        [Symbol.asyncDispose]: async () => {
          await proxy[Symbol.asyncDispose]()
          await redis.stop()
        },
      }
    },
  }
}

const redisFaults: readonly Fault[] = [
  onRedis(
    'stopped',
    (redis) => redis.stop(),
    (redis) => redis.restart(),
  ),
  onRedis('restarted empty', (redis) => redis.restart()),
  onRedis('paused', (redis) => redis.pause(FULL ? 30_000 : FAULT_MS)),
  throughProxy('a second of delay', { delayMs: 1_000 }),
  throughProxy('5 % of replies replaced by a reset', { resetShare: 0.05 }),
  throughProxy('5 % of replies that never come', { stallShare: 0.05 }),
  {
    fault: 'the Redis primary gone, and its replica promoted without the last writes',
    open: async () => {
      const pair = await startRedisSentinel()
      return {
        cache: { kind: 'redis sentinel', port: pair.sentinel.port, name: pair.name },
        breakIt: async () => {
          // The replica hears nothing for a moment, so what is written now is lost with the primary.
          await pair.replica.command('replicaof', 'no', 'one')
          await pair.replica.command('flushall')
          await pair.primary.stop()
        },
        [Symbol.asyncDispose]: () => pair[Symbol.asyncDispose](),
      }
    },
  },
]

describe.each([...fileFaults, ...redisFaults])('with $fault', (fault) => {
  test(
    'no call fails, warm or cold; a process warns once; sessions are shared again afterwards',
    { timeout: LIMIT_MS },
    async ({ task }) => {
      const name = task.suite?.name ?? ''
      await using place = await fault.open()
      await using server = await startServer()
      await using fleet = await startFleet({
        processes: MEMBERS,
        server: server.url,
        cache: place.cache,
        uid: place.uid,
      })
      const usual = { job: 'calls', tasks: 2, verb: 'read', pauseMs: FULL ? 100 : 5 } as const
      await fleet.run({ ...usual, calls: 20 })
      const before = await fleet.run({ ...usual, forMs: FAULT_MS })
      expect(server.count('POST /sessions')).toBe(1)

      await place.breakIt()
      const warm = await fleet.run({ ...usual, forMs: FAULT_MS })
      expect(warm.failures).toEqual([])
      figure(`${name}: p99 of warm calls before and during`, `${before.p99.toFixed(1)} and ${warm.p99.toFixed(1)} ms`)

      // A cold process, and all of them without a session: each may help itself to one.
      const cold = await fleet.join()
      await cold.run({ job: 'greet', tasks: 2 })
      const first = await cold.run({ ...usual, calls: 1 })
      expect(first.failures).toEqual([])
      figure(`${name}: first call of a cold process`, `${Math.max(...first.latencies).toFixed(0)} ms`)
      expect(Math.max(...first.latencies)).toBeLessThan(atMost(1_300))
      server.killSessions()
      const robbed = await fleet.run({ ...usual, calls: 5 })
      expect(robbed.failures).toEqual([])
      expect(server.sessions().length).toBeLessThanOrEqual(MEMBERS + 2)

      await place.mendIt?.()
      const mendedAt = Date.now()
      const acceptedAt = await untilShared(fleet, server)
      const sharedAt = Date.now()
      figure(`${name}: on one session again after`, `${sharedAt - mendedAt} ms`)
      if (Number.isFinite(acceptedAt)) {
        const tookMs = sharedAt - Math.max(acceptedAt, mendedAt)
        figure(`${name}: and after the first write that the cache took`, `${tookMs} ms`)
      }
      const after = await fleet.run({ ...usual, calls: 10 })
      expect(after.failures).toEqual([])
      const warnings = [warm, first, robbed, after].reduce((all, report) => all + report.cacheWarnings, 0)
      figure(`${name}: warnings of ${fleet.members.length} processes`, warnings)
      expect(warnings).toBeLessThanOrEqual(fleet.members.length)
    },
  )
})

function startServer(): Promise<Emulator> {
  return startEmulator({ databases: { Demo: { People: [{ name: 'Ada' }] } } })
}

/**
 * Until all processes are on one session, and every spare one is ended at the server. Resolves with when the cache began to
 * take writes again, in milliseconds since 1970: infinite where it never failed.
 */
async function untilShared(fleet: Fleet, server: Emulator): Promise<number> {
  const until = performance.now() + 60_000
  for (let acceptedAt = Number.POSITIVE_INFINITY; ;) {
    const working = await fleet.run({ job: 'calls', tasks: 1, verb: 'read', calls: 2, pauseMs: 50 })
    expect(working.failures).toEqual([])
    acceptedAt = Math.min(acceptedAt, working.cacheAcceptedAt ?? acceptedAt)
    if (server.sessions().length === 1) return acceptedAt
    if (performance.now() > until) {
      const states = await Promise.all(fleet.members.map((member) => member.run({ job: 'inspect' })))
      throw new Error(
        `still ${server.sessions().length} sessions: ${JSON.stringify(states.map((state) => state.inspected))}`,
      )
    }
    await new Promise((resolve) => void setTimeout(resolve, 200))
  }
}
