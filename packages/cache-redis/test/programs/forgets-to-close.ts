// Uses a cache and ends, without closing anything: `node forgets-to-close.ts <port> <'alone' | 'cluster'>`.
import { Cluster } from 'ioredis'
import { redisCache } from '../../src/index.ts'

const [port, kind] = process.argv.slice(2)
const nodes = [{ host: '127.0.0.1', port: Number(port) }]
const source = kind === 'cluster' ? new Cluster(nodes, { lazyConnect: true }) : `redis://127.0.0.1:${port}`
const cache = redisCache(source)
const answer = await cache.get('k').then(
  (found) => (found === undefined ? 'nothing' : 'something'),
  (error: unknown) => String(error),
)
process.stdout.write(answer)
