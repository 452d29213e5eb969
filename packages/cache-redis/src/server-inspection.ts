import type { Redis } from 'ioredis'
import { RedisFailure } from './failure.ts'
import type { RedisClient } from './redis-source.ts'

/**
 * Looks at a server that was just connected; of a cluster at one of its nodes.
 *
 * A replica is refused at once: it would answer reads with what was true a while ago, and no write. A server that evicts
 * gets a warning only: a lost record costs a login, which is no reason to do without sessions.
 *
 * @returns What should be said of it, undefined when all is well.
 * @throws {@link RedisFailure} when the server is a replica.
 */
export async function inspectServer(client: RedisClient): Promise<string | undefined> {
  const [replication, memory] = await Promise.allSettled([client.info('replication'), client.info('memory')])
  if (lineOf(replication, 'role') === 'slave') {
    throw new RedisFailure('this server is a replica; give redisCache the primary, or the sentinels')
  }
  const policy = lineOf(memory, 'maxmemory_policy') ?? 'noeviction'
  if (policy === 'noeviction' || lineOf(memory, 'maxmemory') === '0') return undefined
  return `Redis may evict sessions when it is full: its maxmemory-policy is ${policy}, and noeviction would keep them`
}

const PING_MS = 75

/** Whether a connection answers, soon, and what it was asked: one that lost a reply hands out those of others. */
export async function answersPing(connection: Redis): Promise<boolean> {
  const answered = connection.ping().then(
    (answer) => answer === 'PONG',
    // A user may not run PING, and is told so: an answer, too.
    (error: unknown) => error instanceof Error && error.name === 'ReplyError',
  )
  const tooLate = new Promise<boolean>((resolve) => setTimeout(resolve, PING_MS, false))
  return Promise.race([answered, tooLate])
}

/** Undefined where the user may not run INFO, or a service that speaks Redis leaves the line out. */
function lineOf(answer: PromiseSettledResult<string>, name: string): string | undefined {
  if (answer.status === 'rejected') return undefined
  const start = `${name}:`
  const line = answer.value.split('\r\n').find((text) => text.startsWith(start))
  return line?.slice(start.length)
}
