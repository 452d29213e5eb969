import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startRedis, startRedisCluster } from '@fm/redis-fixture'
import { expect, test } from 'vitest'

const program = join(import.meta.dirname, 'programs/forgets-to-close.ts')

test('an idle connection does not keep the process alive', async () => {
  await using redis = await startRedis()
  expect(await run(redis.port, 'alone')).toEqual({ stdout: 'nothing', stderr: '' })
})

test('neither do those to the nodes of a cluster', async () => {
  await using cluster = await startRedisCluster()
  expect(await run(cluster.nodes[0]?.port ?? 0, 'cluster')).toEqual({ stdout: 'nothing', stderr: '' })
})

test('nor the attempts to reach a server that is down', async () => {
  const redis = await startRedis()
  await redis.stop()
  expect(await run(redis.port, 'alone')).toEqual({
    stdout: 'RedisFailure: Redis: the connection failed (ECONNREFUSED)',
    stderr: '',
  })
})

/** Rejects when the program does not end by itself. */
async function run(port: number, kind: 'alone' | 'cluster'): Promise<{ stdout: string; stderr: string }> {
  const options = ['--conditions=@fm/source', '--disable-warning=ExperimentalWarning', program, String(port), kind]
  return promisify(execFile)(process.execPath, options, { timeout: 8_000 })
}
