import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { fileCache } from '@fm/cache-file'
import { redisCache } from '@fm/cache-redis'
import { basic, createClient, logTo, type Client, type SessionCache } from '@fm/core'
import { startEmulator, type Emulator } from '@fm/emulator'
import { startRedis } from '@fm/redis-fixture'
import { afterAll, beforeAll, expect, test } from 'vitest'

const TRACED = ['call', 'attempt', 'login'].flatMap((traced) =>
  ['start', 'end', 'asyncStart', 'asyncEnd', 'error'].map((step) => `tracing:fm:${traced}:${step}`),
)
const CHANNELS = ['fm:session', 'fm:cache', 'fm:retry', ...TRACED]
const SECRET = 'the secret of a test that looks for secrets'
/** Values that nobody may read anywhere. The host is one that nothing else is named after. */
const PASSWORD = 'pässwörd of a test'
const ACCOUNT = 'account-of-a-test'
const VALUE = 'a value that is nobody’s business'
const HOST = 'localhost'

/** All that was sent as a bearer: undici tells what it sends. */
const tokens = new Set<string>()
const told: unknown[] = []
const hear = (message: unknown): void => void told.push(message)
const written: unknown[] = []
const write = (...line: unknown[]): void => void written.push(line)
const log = logTo({ debug: write, info: write, warn: write }, { level: 'debug' })
const watchRequests = (message: unknown): void => {
  const { headers } = (message as { readonly request: { readonly headers: string | readonly string[] } }).request
  for (const [, token] of String(headers).matchAll(/Bearer[ ,]([0-9a-f]+)/g)) if (token !== undefined) tokens.add(token)
}

beforeAll(() => {
  for (const channel of CHANNELS) subscribe(channel, hear)
  subscribe('undici:request:create', watchRequests)
})
afterAll(() => {
  for (const channel of CHANNELS) unsubscribe(channel, hear)
  log.stop()
  unsubscribe('undici:request:create', watchRequests)
})

function startServer(): Promise<Emulator> {
  const accounts = [{ name: ACCOUNT, password: PASSWORD }]
  return startEmulator({ databases: { Demo: { accounts, tables: { People: { fields: { name: 'text' } } } } } })
}

/** Finds sessions, loses them, fails in every way there is, and keeps what it got to read. */
async function live(server: Emulator, cache: SessionCache): Promise<unknown[]> {
  const read: unknown[] = []
  const keep = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work
    } catch (error) {
      read.push(error)
    }
  }
  const open = (password: string, url = server.url): Client =>
    createClient({
      server: url.replace('127.0.0.1', HOST),
      database: 'Demo',
      auth: basic(ACCOUNT, password),
      cache,
      cacheSecret: SECRET,
      timeouts: { callMs: 3_000 },
    })
  await using fm = open(PASSWORD)
  const people = fm.layout('People')
  await people.create({ name: VALUE })
  await keep(people.create({ nowhere: VALUE }))
  await keep(people.find([{ name: `==${VALUE}` }]))
  await keep(people.get(999))
  server.killSessions()
  await people.list()
  using broken = server.fault({ on: 'GET /records', count: 1, do: { status: 500 } })
  await keep(people.list())
  broken[Symbol.dispose]()
  const aborted = AbortSignal.timeout(50)
  using slow = server.fault({ on: 'GET /records', count: 1, do: { delayMs: 500 } })
  await keep(people.list({ signal: aborted }))
  slow[Symbol.dispose]()
  read.push(await fm.sessions.inspect(), fm)
  await using wrong = open(`not ${PASSWORD}`)
  await keep(wrong.layout('People').list())
  await using nobody = open(PASSWORD, 'http://127.0.0.1:9')
  await keep(nobody.layout('People').list())
  expect(read.filter((entry) => entry instanceof Error).length).toBeGreaterThanOrEqual(5)
  return read
}

/** Every depth of it, as a program's log would print it, and what a JSON log would. */
const printed = (values: readonly unknown[]): string =>
  values.map((value) => `${inspect(value, { depth: 20, showHidden: true })} ${toJson(value)}`).join('\n')

/** A client that was given to it, say, refers to itself. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch {
    return ''
  }
}

/** The kinds of secrets that can be read in it. */
function secretsIn(text: string): string[] {
  expect(tokens.size).toBeGreaterThan(0)
  expect(text.length).toBeGreaterThan(0)
  const secrets = [
    ['password', PASSWORD],
    ['account', ACCOUNT],
    ['host', HOST],
    ['field value', VALUE],
    ['cache secret', SECRET],
    ['credentials', Buffer.from(`${ACCOUNT}:${PASSWORD}`).toString('base64')],
    ...[...tokens].map((token) => ['token', token] as const),
  ] as const
  return secrets.filter(([, secret]) => text.includes(secret)).map(([kind]) => kind)
}

test('no password, token, account, host or value can be read in files, errors, events or what is inspected', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fm-secrets-'))
  try {
    await using server = await startServer()
    const cache = fileCache(join(folder, 'sessions.db'))
    const read = await live(server, cache)
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(secretsIn(files.map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1')).join())).toEqual(
      [],
    )
    expect(secretsIn(files.map((entry) => entry.name).join())).toEqual([])
    expect(secretsIn(printed(read))).toEqual([])
    expect(secretsIn(printed(told))).toEqual([])
    expect(secretsIn(printed(written))).toEqual([])
    await cache.close?.()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('no password, token, account or host can be read in a key or a value in Redis', async () => {
  await using redis = await startRedis()
  await using server = await startServer()
  const cache = redisCache(redis.url)
  expect(secretsIn(printed(await live(server, cache)))).toEqual([])
  const keys = (await redis.command('keys', '*')).split('\n')
  const values = await Promise.all(keys.map((key) => redis.command('get', key)))
  expect(secretsIn(keys.join('\n'))).toEqual([])
  expect(secretsIn(values.join('\n'))).toEqual([])
  await cache.close?.()
})
