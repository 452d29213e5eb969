import { freePort } from './free-port.ts'
import { startRedis, type RedisServer } from './redis-server.ts'

/** Three primaries, no replicas. */
export interface RedisCluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[]
}

// Redis Cluster has 16384 slots.
const SLOTS = ['0 5460', '5461 10922', '10923 16383']
const JOIN_MS = 20_000

/** Starts a cluster of three nodes, and resolves when all of them see all slots served. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const nodes = await Promise.all(SLOTS.map(startNode))
  const dispose = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()))
  }
  try {
    await join(nodes)
  } catch (error) {
    await dispose()
    throw error
  }
  return { nodes, [Symbol.asyncDispose]: dispose }
}

async function startNode(): Promise<RedisServer> {
  // By default the nodes talk on the port + 10000, which may be taken, or be no port at all.
  const busPort = await freePort()
  return startRedis({
    settings: { 'cluster-enabled': 'yes', 'cluster-node-timeout': '2000', 'cluster-port': String(busPort) },
  })
}

async function join(nodes: readonly RedisServer[]): Promise<void> {
  await Promise.all(nodes.map((node, index) => node.command('cluster', 'addslotsrange', ...range(index))))
  const [first, ...others] = nodes
  await Promise.all(others.map(async (node) => first?.command('cluster', 'meet', ...(await addressOf(node)))))
  const deadline = performance.now() + JOIN_MS
  while (!(await Promise.all(nodes.map(isJoined))).every(Boolean)) {
    if (performance.now() > deadline) throw new Error(`the cluster was not formed within ${JOIN_MS} ms`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function range(index: number): string[] {
  return (SLOTS[index] ?? '').split(' ')
}

/** As CLUSTER MEET wants it: host, port, the port on which the nodes talk. */
async function addressOf(node: RedisServer): Promise<string[]> {
  const busPort = (await node.command('config', 'get', 'cluster-port')).split('\n')[1] ?? ''
  return ['127.0.0.1', String(node.port), busPort]
}

async function isJoined(node: RedisServer): Promise<boolean> {
  const state = await node.command('cluster', 'info')
  return state.includes('cluster_state:ok') && state.includes(`cluster_known_nodes:${SLOTS.length}`)
}
