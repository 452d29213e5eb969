import { cacheConformance, type TestRunner } from '@fm/cache-conformance'
import { startRedis, startRedisCluster } from '@fm/redis-fixture'
import { afterAll, describe, it } from 'vitest'
import { createCache } from './create-cache.ts'

// Here and not in a hook: the kit makes a cache as soon as it is called.
const [redis, cluster] = await Promise.all([startRedis(), startRedisCluster()])
afterAll(async () => {
  await Promise.all([redis.stop(), cluster[Symbol.asyncDispose]()])
})
const ports = cluster.nodes.map(({ port }) => port).join(',')
const module = new URL('create-cache.ts', import.meta.url)

// Most cases wait for something to expire, which they can do together. A server that is down is down for all.
const runner: TestRunner = {
  describe: (chapter, register) => {
    const alone = chapter.startsWith('outage') || chapter === 'several processes'
    ;(alone ? describe : describe.concurrent)(chapter, () => register())
  },
  it,
}

describe('one server', () => {
  cacheConformance(runner, {
    create: () => createCache(redis.url),
    child: { module, argument: redis.url },
    outages: {
      'a server that is killed and starts empty': async () => {
        await redis.stop()
        return () => redis.restart()
      },
      'a server that accepts connections and never answers': async () => {
        redis.freeze()
        return async () => redis.thaw()
      },
    },
  })
})

describe('a cluster', () => {
  cacheConformance(runner, {
    create: () => createCache(ports),
    child: { module, argument: ports },
    outages: {
      'nodes that accept connections and never answer': async () => {
        for (const node of cluster.nodes) node.freeze()
        return async () => cluster.nodes.forEach((node) => node.thaw())
      },
    },
  })
})
