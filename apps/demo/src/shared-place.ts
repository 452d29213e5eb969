// Where the workers find each other's sessions.

import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { CacheArgument } from './arguments.ts'
import type { Sharing } from './messages.ts'

export interface SharedPlace {
  readonly sharing: Exclude<Sharing, { by: 'nothing' }>
  close(): Promise<void>
}

/** @param directory - Gone after the demo; the file is in it. */
export async function openSharedPlace(cache: CacheArgument, directory: string, sessions: number): Promise<SharedPlace> {
  if (cache === 'file') {
    const path = join(directory, 'sessions.sqlite')
    return { sharing: { by: 'file', path, sessions }, close: async () => {} }
  }
  // A cache on the network needs a secret that only those who may share sessions know.
  const cacheSecret = randomBytes(32).toString('base64url')
  if (cache !== 'redis') {
    return { sharing: { by: 'redis', url: cache.url, cacheSecret, sessions }, close: async () => {} }
  }
  const { startRedis } = await import('@fm/redis-fixture')
  const server = await startRedis()
  return { sharing: { by: 'redis', url: server.url, cacheSecret, sessions }, close: () => server.stop() }
}
