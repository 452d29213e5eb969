import type { SessionCache } from '@fm/core'
import { connectOnDemand, useAsItIs, type Connection } from './connection.ts'
import { failureOf, RedisFailure } from './failure.ts'
import { clientSource, type RedisSource } from './redis-source.ts'
import { COMPARE_AND_SET, GET } from './scripts.ts'
import { connectLike } from './shared-copy.ts'
import { waitAtMost } from './waiting.ts'

export type { RedisSource } from './redis-source.ts'

export interface RedisCacheOptions {
  /** What all keys begin with; a `keyPrefix` of the given client or options comes before it. @defaultValue 'fm:' */
  readonly keyPrefix?: string
  /**
   * Whether commands go through the given client itself, for where connections are scarce. Weaker: a client that sends
   * unanswered commands again, as ioredis does by default, reports swaps that succeeded as refused, and one that lost
   * its step is not renewed here. Only for a client. @defaultValue false
   */
  readonly shareConnection?: boolean
}

/** Where the caller gives no signal: nothing waits longer, whatever Redis does. */
const OPERATION_MS = 1_000

/**
 * Keeps sessions in Redis, for clients on any number of machines.
 *
 * Nothing is connected before the first operation. The cache then opens one connection of its own, also when it is given
 * a client, whose connection may hold commands back for minutes. An operation that finds no connection waits for one, as
 * long as its `signal` lets it, at most a second. An idle connection does not keep the process alive.
 *
 * @param source - A URL (`redis://`, `rediss://`), ioredis options (sentinels too), or a `Redis` or `Cluster` of ioredis,
 *   which stays the caller's: it is copied, and never closed.
 * @throws TypeError when `source` is missing or nothing of these, or an option is not what it should be.
 */
export function redisCache(
  source: RedisSource | undefined,
  { keyPrefix = 'fm:', shareConnection = false, ...others }: RedisCacheOptions = {},
): SessionCache & { close(): Promise<void> } {
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) {
    throw new TypeError(`redisCache: there is no option "${unknown}"; there are keyPrefix, shareConnection`)
  }
  if (typeof keyPrefix !== 'string') throw new TypeError('keyPrefix: must be a string')
  const { client, open } = clientSource(source)
  if (shareConnection && client === undefined) throw new TypeError('shareConnection: there is no client to share')
  const connection =
    client === undefined ? connectOnDemand(open) : shareConnection ? useAsItIs(client) : connectLike(client, open)
  const evaluate = evaluator(connection)

  return {
    supports: { sharedBy: 'network', atomic: true },
    get: async (key, options) => {
      const [value, ttlMs] = await evaluate(GET, keyPrefix + key, [], options?.signal)
      if (value === null) return undefined
      if (typeof value !== 'string') throw new RedisFailure('answered a GET with something else than text')
      // -1: somebody else wrote it, without a time to live.
      return typeof ttlMs === 'number' && ttlMs >= 0 ? { value, ttlMs } : { value }
    },
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const change = next === undefined ? 'delete' : next === expected ? 'renew' : 'store'
      const wanted = expected === undefined ? ['absent', ''] : ['present', expected]
      // Redis takes whole milliseconds, and 0 is an error to it.
      const wholeMs = String(Math.max(1, Math.ceil(ttlMs)))
      const words = [...wanted, change, change === 'store' ? (next ?? '') : '', wholeMs]
      const [done] = await evaluate(COMPARE_AND_SET, keyPrefix + key, words, options?.signal)
      if (done !== 0 && done !== 1) throw new RedisFailure('answered a compare-and-set with neither 0 nor 1')
      return done === 1
    },
    close: () => connection.close(),
  }
}

type Evaluate = (script: string, key: string, words: readonly string[], signal?: AbortSignal) => Promise<unknown[]>

/**
 * Runs a script on one key and makes sure that the reply is the one to this very call.
 *
 * A reply that got lost on the way shifts all later ones by one for as long as the connection lives: they are answers to
 * somebody else's question, and look right. So each call has a number that the script hands back.
 */
function evaluator(connection: Connection): Evaluate {
  let calls = 0
  return (script, key, words, signal) =>
    waitAtMost(OPERATION_MS, signal, async (stopped) => {
      const client = await connection.ready(stopped)
      // Nobody waits for the answer any more: a swap that is not sent can't surprise anybody.
      stopped.throwIfAborted()
      const call = String(++calls)
      const onAbort = (): void => connection.suspect(client)
      stopped.addEventListener('abort', onAbort, { once: true })
      const reply = await client
        .eval(script, 1, key, call, ...words)
        .catch((error: unknown) => {
          const failure = failureOf(error)
          // The server became a replica: the next connection finds the primary.
          if (failure.renew) connection.drop(client)
          throw failure
        })
        .finally(() => stopped.removeEventListener('abort', onAbort))
      if (!Array.isArray(reply) || reply.at(-1) !== call) {
        connection.drop(client)
        throw new RedisFailure('this is the reply to another command; the connection lost one and is given up')
      }
      return reply
    })
}
