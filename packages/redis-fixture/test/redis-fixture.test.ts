import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startFaultyProxy, startRedis } from '../src/index.ts'

test('a server starts, pauses, stops and starts again, empty and on the same port', async () => {
  await using redis = await startRedis()
  expect(await redis.command('set', 'k', 'a')).toBe('OK')
  const started = performance.now()
  await redis.pause(300)
  expect(await redis.command('get', 'k')).toBe('a')
  expect(performance.now() - started).toBeGreaterThan(280)
  await redis.stop()
  await expect(redis.command('ping')).rejects.toThrow('Connection refused')
  await redis.restart()
  expect(await redis.command('get', 'k')).toBe('')
})

test('a command that Redis refuses rejects', async () => {
  await using redis = await startRedis()
  await expect(redis.command('lpush')).rejects.toThrow('wrong number of arguments')
})

test('a setting that Redis does not know fails the start, and says which', async () => {
  await expect(startRedis({ settings: { 'no-such-setting': '1' } })).rejects.toThrow('no-such-setting')
})

test.for(['SIGKILL', 'SIGTERM'] as const)(
  'a program that ends by %s leaves no server and no folder',
  async (signal) => {
    const program = join(import.meta.dirname, 'programs/starts-redis.ts')
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
    const { pid, folder } = JSON.parse(line) as { pid: number; folder: string }
    expect([isRunning(pid), existsSync(folder)]).toEqual([true, true])
    child.kill(signal)
    const deadline = performance.now() + 5_000
    while ((isRunning(pid) || existsSync(folder)) && performance.now() < deadline) await sleep(20)
    expect([isRunning(pid), existsSync(folder)]).toEqual([false, false])
  },
)

test('the proxy delays, swallows, stalls and resets replies as it is told', async () => {
  await using redis = await startRedis()
  await using proxy = await startFaultyProxy(redis.port)
  const socket = connect(proxy.port, '127.0.0.1')
  expect(await ask(socket, 'PING')).toBe('+PONG\r\n')

  proxy.setFaults({ delayMs: 100 })
  const started = performance.now()
  expect(await ask(socket, 'PING')).toBe('+PONG\r\n')
  expect(performance.now() - started).toBeGreaterThan(95)

  proxy.setFaults({ swallowBytes: 3 })
  expect(await ask(socket, 'PING')).toBe('NG\r\n')
  expect(await ask(socket, 'PING')).toBe('+PONG\r\n')

  proxy.setFaults({ stallShare: 1 })
  expect(await ask(socket, 'PING')).toBe('')
  proxy.setFaults({})
  // A reply was lost here for good, and this connection does not recover from it.
  expect(await ask(socket, 'PING')).toBe('')

  const other = connect(proxy.port, '127.0.0.1')
  proxy.setFaults({ resetShare: 1 })
  other.write('PING\r\n')
  await expect(once(other, 'close')).rejects.toThrow('ECONNRESET')
  proxy.setFaults({ refuse: true })
  await expect(once(connect(proxy.port, '127.0.0.1'), 'close')).rejects.toThrow('ECONNRESET')
  expect(proxy.connections).toBe(3)
  socket.destroy()
})

/** What comes back within 200 ms. */
async function ask(socket: Socket, command: string): Promise<string> {
  const reply = Promise.race([once(socket, 'data') as Promise<[Buffer]>, sleep(200).then((): [string] => [''])])
  socket.write(`${command}\r\n`)
  return String((await reply)[0])
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}
