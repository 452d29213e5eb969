import { startRedis, type RedisServer } from './redis-server.ts'

/** A primary, its replica, and one sentinel that makes the replica the primary when the first is gone for a second. */
export interface RedisSentinel extends AsyncDisposable {
  /** What the sentinel calls the pair. */
  readonly name: string
  readonly sentinel: RedisServer
  /** The one that was the primary at first. */
  readonly primary: RedisServer
  /** The one that was the replica at first. */
  readonly replica: RedisServer
  /** The port of the server that the sentinel takes for the primary now. */
  primaryPort(): Promise<number>
}

const NAME = 'fm'
const READY_MS = 20_000

/** Starts the three, and resolves when the sentinel knows the replica and the replica has copied the primary. */
export async function startRedisSentinel(): Promise<RedisSentinel> {
  const started: RedisServer[] = []
  const dispose = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()))
  }
  try {
    const primary = await startRedis()
    started.push(primary)
    const replica = await startRedis({ settings: { replicaof: `127.0.0.1 ${primary.port}` } })
    started.push(replica)
    const sentinel = await startRedis({
      sentinel: true,
      settings: { sentinel: `monitor ${NAME} 127.0.0.1 ${primary.port} 1` },
    })
    started.push(sentinel)
    await sentinel.command('sentinel', 'set', NAME, 'down-after-milliseconds', '1000', 'failover-timeout', '3000')
    await until(async () => (await replica.command('info', 'replication')).includes('master_link_status:up'))
    await until(async () => (await sentinel.command('sentinel', 'replicas', NAME)).includes(String(replica.port)))
    const primaryPort = async (): Promise<number> =>
      Number((await sentinel.command('sentinel', 'get-master-addr-by-name', NAME)).split('\n')[1])
    return { name: NAME, sentinel, primary, replica, primaryPort, [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + READY_MS
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`the sentinel was not ready within ${READY_MS} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
