import { connectOnDemand, type Connection } from './connection.ts'
import { RedisFailure } from './failure.ts'
import type { RedisClient } from './redis-source.ts'

interface Copy {
  readonly connection: Connection
  users: number
}

// Whoever makes a cache in each request, from the one client of the application, would else open a connection each time.
const copies = new WeakMap<RedisClient, Copy>()

/** A connection like the given client's, the same one for all caches made from that client; the last one closes it. */
export function connectLike(client: RedisClient, open: () => RedisClient): Connection {
  const copy = copies.get(client) ?? { connection: connectOnDemand(open), users: 0 }
  copies.set(client, copy)
  copy.users++
  let closed = false
  return {
    ready: async (stopped) => {
      if (closed) throw new RedisFailure('the cache is closed')
      return copy.connection.ready(stopped)
    },
    suspect: copy.connection.suspect,
    drop: copy.connection.drop,
    close: async () => {
      if (closed) return
      closed = true
      if (--copy.users > 0) return
      copies.delete(client)
      await copy.connection.close()
    },
  }
}
