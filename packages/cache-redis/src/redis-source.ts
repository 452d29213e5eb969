import { Redis, type Cluster, type ClusterOptions, type RedisOptions } from 'ioredis'

/** Where Redis is: a URL, options of ioredis, or a client of ioredis. */
export type RedisSource = string | RedisOptions | Redis | Cluster

/** A client of ioredis. */
export type RedisClient = Redis | Cluster

export interface ClientSource {
  /** The client that was given, if one was. */
  readonly client: RedisClient | undefined
  /** Begins to connect a new client, with our settings. */
  readonly open: () => RedisClient
}

/**
 * How long a connection may owe a reply before it is dropped, whoever waits for it. Core asks again after 250 ms, and then
 * the connection is tried with PING; this is for greetings, and so that nothing is owed for ever.
 */
const REPLY_MS = 400
const CONNECT_MS = 1_000

/**
 * A connection is made, used and thrown away; none mends itself in the background. So a swap is never sent a second time
 * unasked, nothing waits in a queue that nobody waits for, and a process that ends is not held up by attempts.
 */
const SETTINGS = {
  lazyConnect: false,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  autoResubscribe: false,
  enableAutoPipelining: false,
  maxRetriesPerRequest: 0,
  reconnectOnError: null,
  retryStrategy: null,
  connectTimeout: CONNECT_MS,
  socketTimeout: REPLY_MS,
  // Between saying goodbye and hanging up on a server that does not answer; 2 s by default.
  disconnectTimeout: 50,
  // We look at the server ourselves, and one that loads its data says so to whoever asks.
  enableReadyCheck: false,
  readOnly: false,
  stringNumbers: false,
  replyMapping: 'legacy',
} as const satisfies RedisOptions

/** With `sentinels`: the primary is asked for at each connection, and the caller's next operation tries again. */
const SENTINEL_SETTINGS = {
  role: 'master',
  sentinelRetryStrategy: () => null,
  sentinelCommandTimeout: REPLY_MS,
} as const satisfies RedisOptions

/**
 * ioredis opens a connection to a node with the first command for it, and would refuse the second while it does, so here
 * the queue of the nodes is left on: `REPLY_MS` and `CONNECT_MS` bound what waits in it.
 */
const CLUSTER_SETTINGS = {
  lazyConnect: false,
  enableOfflineQueue: true,
  enableAutoPipelining: false,
  clusterRetryStrategy: null,
  clusterNodeRetryStrategy: null,
  retryDelayOnFailover: 0,
  retryDelayOnClusterDown: 0,
  // An answer of a replica may be old, and replicas only know of our scripts that they would write.
  scaleReads: 'master',
  slotsRefreshTimeout: CONNECT_MS,
  // A timer that would keep the process alive; a node that moved says so itself.
  slotsRefreshInterval: 0,
} as const satisfies ClusterOptions

/** @throws TypeError when `source` is nothing of what it may be. Its message does not hold the URL: that has a password. */
export function clientSource(source: RedisSource | undefined): ClientSource {
  if (typeof source === 'string' && /^rediss?:\/\/./.test(source)) {
    return { client: undefined, open: () => new Redis(source, { ...SETTINGS, ...SENTINEL_SETTINGS }) }
  }
  if (typeof source !== 'object' || source === null) {
    throw new TypeError('source: must be a redis:// or rediss:// address, options of ioredis, or its client')
  }
  if (!isClient(source)) {
    const options = { ...source, ...SETTINGS, ...SENTINEL_SETTINGS }
    return { client: undefined, open: () => new Redis(options) }
  }
  if (!isCluster(source)) {
    return { client: source, open: () => source.duplicate({ ...SETTINGS, ...SENTINEL_SETTINGS }) }
  }
  return { client: source, open: () => source.duplicate(undefined, { ...CLUSTER_SETTINGS, redisOptions: SETTINGS }) }
}

function isClient(source: RedisOptions | RedisClient): source is RedisClient {
  return 'duplicate' in source
}

/** By its own word: with two copies of ioredis in one install, `instanceof` knows only one of them. */
export function isCluster(client: RedisClient): client is Cluster {
  return client.isCluster
}
