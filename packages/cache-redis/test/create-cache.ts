import type { SessionCache } from '@fm/core'
import { Cluster } from 'ioredis'
import { redisCache } from '../src/index.ts'

/**
 * How the conformance kit's child processes make the cache, and the tests too.
 *
 * @param argument - A URL, or the ports of a cluster's nodes, with commas between them.
 */
export function createCache(argument: string): SessionCache {
  if (argument.startsWith('redis:')) return redisCache(argument)
  const nodes = argument.split(',').map((port) => ({ host: '127.0.0.1', port: Number(port) }))
  return redisCache(new Cluster(nodes, { lazyConnect: true }))
}
