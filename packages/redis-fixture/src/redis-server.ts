import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

export interface RedisServerOptions {
  /** Lines of redis.conf, by their first word: `{ 'maxmemory-policy': 'allkeys-lru' }`. @defaultValue none */
  readonly settings?: Readonly<Record<string, string>>
  /** Starts the server as a sentinel: Debian has no `redis-sentinel`, this option of `redis-server` is the same. */
  readonly sentinel?: boolean
}

/** A redis-server of this test's own, on 127.0.0.1, which keeps nothing on disk. */
export interface RedisServer extends AsyncDisposable {
  readonly port: number
  /** `redis://127.0.0.1:` and the port; a password that was set is not in it. */
  readonly url: string
  /** What `redis-cli --raw` prints for a command. Rejects when Redis answers with an error. */
  command(...words: readonly string[]): Promise<string>
  /** Every command waits for so many milliseconds, those of new connections too. */
  pause(durationMs: number): Promise<void>
  /** SIGSTOP: connections are accepted by the system and never answered. */
  freeze(): void
  /** SIGCONT, after {@link freeze}. */
  thaw(): void
  /** kill -9. What it held is gone. */
  stop(): Promise<void>
  /** Starts again on the same port, empty. Stops the server first when it runs. */
  restart(): Promise<void>
}

const START_MS = 10_000

/**
 * Starts a redis-server.
 *
 * @throws Error when there is no redis-server: a test that needs one fails without it, it never skips.
 */
export async function startRedis({ settings = {}, sentinel = false }: RedisServerOptions = {}): Promise<RedisServer> {
  demandRedis()
  const port = await freePort()
  const password = settings['requirepass']
  let running: ServerProcess | undefined = undefined

  async function start(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'fm-redis-'))
    const file = join(folder, 'redis.conf')
    writeFileSync(file, configuration({ ...defaults(port, folder, sentinel), ...settings }))
    const server = await startServerProcess(folder, ['redis-server', file, ...(sentinel ? ['--sentinel'] : [])])
    running = server
    try {
      await untilAnswering(() => command('ping'), server)
    } catch (error) {
      const output = readFileSync(join(folder, 'output.txt'), 'utf8')
      await stop()
      throw new Error(`redis-server on port ${port} does not answer: ${output}`, { cause: error })
    }
  }

  async function stop(): Promise<void> {
    const server: ServerProcess | undefined = running
    running = undefined
    await server?.kill()
  }

  function command(...words: readonly string[]): Promise<string> {
    return redisCli(port, password, words)
  }

  function signal(name: NodeJS.Signals): void {
    if (running === undefined) throw new Error(`redis-server on port ${port} does not run`)
    process.kill(running.pid, name)
  }

  await start()
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    command,
    pause: async (durationMs) => {
      await command('client', 'pause', String(durationMs), 'all')
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop,
    restart: async () => {
      await stop()
      await start()
    },
    [Symbol.asyncDispose]: stop,
  }
}

function demandRedis(): void {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
  } catch (error) {
    throw new Error(
      'redis-server is missing: `node scripts/ensure-redis.ts` installs it on Debian and Ubuntu, as root or with sudo',
      { cause: error },
    )
  }
}

function defaults(port: number, folder: string, sentinel: boolean): Record<string, string> {
  return {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    // 'yes' would refuse nothing from 127.0.0.1, but a sentinel's test may name the machine otherwise.
    'protected-mode': 'no',
    ...(sentinel ? {} : { save: '""', appendonly: 'no', 'repl-diskless-sync-delay': '0' }),
  }
}

function configuration(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('')
}

async function redisCli(port: number, password: string | undefined, words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('redis-cli', ['-e', '--raw', '-p', String(port), ...words], {
    env: { ...process.env, ...(password === undefined ? {} : { REDISCLI_AUTH: password }) },
    timeout: START_MS,
  })
  return stdout.trimEnd()
}

async function untilAnswering(ask: () => Promise<unknown>, server: ServerProcess): Promise<void> {
  const deadline = performance.now() + START_MS
  for (;;) {
    try {
      await ask()
      return
    } catch (error) {
      if (performance.now() > deadline || !isRunning(server.pid)) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
