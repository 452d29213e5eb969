import type { Redis } from 'ioredis'
import { failureOf, RedisFailure } from './failure.ts'
import { isCluster, type RedisClient } from './redis-source.ts'
import { answersPing, inspectServer } from './server-inspection.ts'

/** The way to Redis. */
export interface Connection {
  /** A client to send a command through, as soon as there is one. Rejects when there will be none for a while. */
  readonly ready: (stopped: AbortSignal) => Promise<RedisClient>
  /** A command through this client got no answer in time: finds out whether it still can get one, before anybody else. */
  readonly suspect: (client: RedisClient) => void
  /** Gives a client up that can't be used any more; whoever comes next gets another. */
  readonly drop: (client: RedisClient) => void
  /** Closes what was opened here. Twice is harmless. */
  readonly close: () => Promise<void>
}

/** An operation that meets a failed attempt to connect waits for another one, if it comes within this time. */
const PATIENCE_MS = 150
/** From the first failed attempt in a row to the next one; doubled each time. */
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 500
/** Name look-up, TCP, TLS, greeting, sentinels, nodes of a cluster, each with its own limit: all of it in this time. */
const OPEN_MS = 3_000

/**
 * A connection of our own. It is opened by the first operation, and anew by the first one after it was lost: while nobody
 * asks, nobody tries, so no timer keeps the process alive and no idle process knocks at a server that comes up.
 */
export function connectOnDemand(open: () => RedisClient): Connection {
  let current: { readonly opening: Promise<RedisClient>; client?: RedisClient } | undefined
  let check: Promise<void> | undefined
  let failures = 0
  let retryAt = 0
  let lastFailure: RedisFailure | undefined
  let warned = false
  let closed = false

  function attempt(): Promise<RedisClient> {
    const mine: NonNullable<typeof current> = { opening: connect(open, warnOnce) }
    current = mine
    const succeeded = (client: RedisClient): void => {
      failures = 0
      mine.client = client
      client.once('end', () => forget(client))
    }
    const failed = (error: unknown): void => {
      lastFailure = failureOf(error)
      // Half of the pause is chance: a fleet that lost its Redis must not come back as one.
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures++)
      retryAt = performance.now() + pauseMs * (0.5 + Math.random() / 2)
      if (current === mine) current = undefined
    }
    void mine.opening.then(succeeded, failed)
    return mine.opening
  }

  function forget(client: RedisClient): void {
    if (current?.client === client) current = undefined
  }

  function warnOnce(warning: string | undefined): void {
    if (warning === undefined || warned) return
    warned = true
    process.emitWarning(warning, { code: 'FM_REDIS_MAY_EVICT' })
  }

  return {
    ready: async (stopped) => {
      const patientUntil = performance.now() + PATIENCE_MS
      for (;;) {
        await check
        if (current?.client !== undefined && !isUsable(current.client)) current = undefined
        if (current === undefined && lastFailure !== undefined && retryAt > performance.now()) {
          if (retryAt > patientUntil) throw lastFailure
          await sleep(retryAt - performance.now())
        }
        if (closed) throw new RedisFailure('the cache is closed')
        stopped.throwIfAborted()
        // What an attempt fails by is looked at above.
        const client = await (current?.opening ?? attempt()).catch(() => undefined)
        if (client !== undefined) return client
      }
    },
    suspect: (client) => {
      if (current?.client !== client || check !== undefined) return
      check = dropSilent(client).finally(() => (check = undefined))
    },
    drop: (client) => {
      // All commands that were in flight say so, one after the other.
      if (current?.client !== client) return
      current = undefined
      client.disconnect()
    },
    close: async () => {
      closed = true
      const client = await current?.opening.catch(() => undefined)
      if (client === undefined || client.status === 'end') return
      const ended = new Promise((resolve) => client.once('end', resolve))
      client.disconnect()
      await ended
    },
  }
}

/** The given client as it is: it connects, queues and sends again as its owner wants it to. */
export function useAsItIs(client: RedisClient): Connection {
  return { ready: async () => client, suspect: () => {}, drop: () => {}, close: async () => {} }
}

async function connect(open: () => RedisClient, warn: (text: string | undefined) => void): Promise<RedisClient> {
  const client = open()
  letProcessEnd(client)
  let reason: unknown = new RedisFailure(
    isCluster(client) ? 'no node of the cluster answers' : 'the connection was closed before it was ready',
  )
  // Commands in flight are told what goes wrong later. The listener stays: without one ioredis writes to the console.
  client.on('error', (error: unknown) => (reason = error))
  try {
    await new Promise<void>((resolve, reject) => {
      const tooLate = new RedisFailure(`no connection within ${OPEN_MS} ms`)
      const giveUp = setTimeout(() => reject(tooLate), OPEN_MS).unref()
      client.once('ready', () => resolve(clearTimeout(giveUp)))
      client.once('end', () => reject(failureOf(reason)))
    })
    warn(await inspectServer(client))
    return client
  } catch (error) {
    client.disconnect()
    throw error
  }
}

/**
 * Closes the connections that don't answer; of a cluster's those to single nodes. A time limit alone would not do: it is
 * over as well when this process itself had no turn for a while, and then the answer waits to be read.
 */
async function dropSilent(client: RedisClient): Promise<void> {
  const connections = isCluster(client) ? client.nodes('master').filter(isUsable) : [client]
  const look = async (connection: Redis): Promise<void> => {
    if (!(await answersPing(connection))) connection.disconnect()
  }
  await Promise.all(connections.map(look))
}

/** A client that fails tells its commands first, then ends, and only then says so. */
function isUsable(client: RedisClient): boolean {
  return client.status === 'ready' && (isCluster(client) || client.stream.writable)
}

/** An idle socket does not keep the process alive. (Somebody who waits for an answer does, by his timer.) */
function letProcessEnd(client: RedisClient): void {
  if (isCluster(client)) client.on('+node', letProcessEnd)
  else client.on('connect', () => client.stream.unref())
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}
