import { randomBytes } from 'node:crypto'
import { createLentServers, type LentServer, type LentServers } from '../exchange/lent-servers.ts'
import type { LoginLog, SessionServer } from '../exchange/sign-in.ts'
import type { Time } from '../time.ts'
import type { SessionCache } from './cache.ts'
import type { Coordinator } from './coordinator.ts'
import { fingerprintIdentity, type Identity } from './key.ts'

/** A client's part in a coordinator that it may share with other clients. */
export interface Membership {
  readonly coordinator: Coordinator | Promise<Coordinator>
  /** The last one to leave closes the coordinator. Resolves when nothing goes over this client's connections any more. */
  leave(deadlineMs: number): Promise<void>
  /** Leaves once no call and no scope of anybody uses it any more; newcomers of the same identity begin anew. */
  retire(): Promise<void>
}

interface Entry {
  /** The promise, and what it resolved with as soon as it has: warm calls are spared the turn. */
  coordinator: Coordinator | Promise<Coordinator>
  readonly agreement: string
  members: number
  /** The ways to the server that its members lend: it must not depend on the client that came first. */
  readonly servers: LentServers
}

interface CacheEntry {
  /** Seals what never leaves this process. */
  readonly secret: Buffer
  readonly coordinators: Map<string, Entry>
}

/**
 * Clients of one process that have the cache and the identity in common share one coordinator, or they would log in side by
 * side. (The one thing this package keeps at module level: there is nowhere else two clients could meet.)
 */
const directory = new WeakMap<SessionCache, CacheEntry>()

export interface Joining {
  readonly cache: SessionCache
  readonly identity: Identity
  /** Options that clients of one coordinator must have in common. */
  readonly agreement: string
  /** The client's own way to the server, and its own credentials. */
  readonly server: LentServer
  readonly time: Time
  /** `server`: every member's. */
  readonly create: (processSecret: Buffer, server: SessionServer & LoginLog) => Coordinator | Promise<Coordinator>
}

/** @throws TypeError when another client of the same account over the same cache was given other `sessions` options. */
export function join({ cache, identity, agreement, server, time, create }: Joining): Membership {
  const found = directory.get(cache) ?? { secret: randomBytes(32), coordinators: new Map<string, Entry>() }
  directory.set(cache, found)
  const { secret, coordinators } = found
  const id = fingerprintIdentity(identity)
  const entry = coordinators.get(id) ?? open(secret, agreement, time, create)
  if (entry.agreement !== agreement) {
    throw new TypeError(
      'sessions, cacheSecret: another client of the same account over the same cache was given other options',
    )
  }
  coordinators.set(id, entry)
  entry.members++
  const takeBack = entry.servers.lend(server)
  let leaving: Promise<void> | undefined
  const leave = (deadlineMs: number): Promise<void> => (leaving ??= leaveNow(deadlineMs))
  async function leaveNow(deadlineMs: number): Promise<void> {
    if (--entry.members > 0) return takeBack(deadlineMs)
    if (coordinators.get(id) === entry) coordinators.delete(id)
    const coordinator = await Promise.resolve(entry.coordinator).catch(() => undefined)
    await coordinator?.close(deadlineMs)
    await takeBack(0)
  }
  return {
    get coordinator() {
      return entry.coordinator
    },
    leave,
    retire: async () => {
      if (entry.members === 1 && coordinators.get(id) === entry) coordinators.delete(id)
      await (await entry.coordinator).quiet()
      await leave(0)
    },
  }
}

function open(secret: Buffer, agreement: string, time: Time, create: Joining['create']): Entry {
  const servers = createLentServers(time)
  const coordinator = create(secret, servers.server)
  const entry: Entry = { coordinator, agreement, members: 0, servers }
  if (coordinator instanceof Promise) coordinator.then((ready) => (entry.coordinator = ready)).catch(() => {})
  return entry
}
