import { startRedis } from '@fm/redis-fixture'
import { expect, test } from 'vitest'
import { runForgetfulProgram } from './forgetful-program.ts'

test('an idle connection does not keep the process alive', async () => {
  await using redis = await startRedis()
  expect(await runForgetfulProgram(redis.port, 'alone')).toEqual({ stdout: 'nothing', stderr: '' })
})

test('nor the attempts to reach a server that is down', async () => {
  const redis = await startRedis()
  await redis.stop()
  expect(await runForgetfulProgram(redis.port, 'alone')).toEqual({
    stdout: 'RedisFailure: Redis: the connection failed (ECONNREFUSED)',
    stderr: '',
  })
})
