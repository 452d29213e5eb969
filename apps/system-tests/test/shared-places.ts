import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRedis, startRedisCluster } from '@fm/redis-fixture'
import type { CacheChoice } from '../src/fleet/messages.ts'
import { FULL } from './size.ts'

/** A place where a fleet shares its sessions, made for one test. */
export interface SharedPlace extends AsyncDisposable {
  readonly cache: CacheChoice
}

export interface SharedKind {
  readonly kind: CacheChoice['kind']
  /** Processes that can share it: 1 for a process's own memory. */
  readonly processes: 'one' | 'many'
  open(): Promise<SharedPlace>
}

const memory: SharedKind = {
  kind: 'memory',
  processes: 'one',
  open: async () => ({ cache: { kind: 'memory' }, [Symbol.asyncDispose]: async () => {} }),
}

const file: SharedKind = {
  kind: 'file',
  processes: 'many',
  open: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fm-fleet-'))
    return {
      cache: { kind: 'file', path: join(folder, 'sessions.db') },
      [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
}

const redis: SharedKind = {
  kind: 'redis',
  processes: 'many',
  open: async () => {
    const server = await startRedis()
    return { cache: { kind: 'redis', url: server.url }, [Symbol.asyncDispose]: () => server.stop() }
  },
}

const redisCluster: SharedKind = {
  kind: 'redis cluster',
  processes: 'many',
  open: async () => {
    const cluster = await startRedisCluster()
    return {
      cache: { kind: 'redis cluster', ports: cluster.nodes.map((node) => node.port) },
      [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
    }
  },
}

/** The backends that promise what the protocol promises. */
export const SHARED_KINDS: readonly SharedKind[] = [memory, file, redis, ...(FULL ? [redisCluster] : [])]
export const ACROSS_PROCESSES: readonly SharedKind[] = SHARED_KINDS.filter(({ processes }) => processes === 'many')
