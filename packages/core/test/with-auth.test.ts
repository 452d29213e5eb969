import { startEmulator, type Emulator, type EmulatorOptions } from '@fm/emulator'
import { Agent, Pool } from 'undici'
import { describe, expect, test } from 'vitest'
import { basic, clarisId, createClient, heldToken, proxyKey, SessionError } from '../src/index.ts'
import type { Client, ClientOptions } from '../src/index.ts'
import { eventually, mapCache, pause, times } from './support.ts'

const accounts = [
  { name: 'web', password: 'secret' },
  { name: 'other', password: 'secret' },
  { name: 'eve', signsInWith: 'clarisId' },
] as const
const tables = { People: { fields: { name: 'text' }, records: [{ name: 'Ada' }] } } as const

function startServer(options: Omit<EmulatorOptions, 'databases'> = {}): Promise<Emulator> {
  return startEmulator({ databases: { Demo: { accounts, tables } }, ...options })
}

function clientOf(server: Pick<Emulator, 'url'>, options: Partial<ClientOptions> = {}): Client {
  return createClient({ server: server.url, database: 'Demo', auth: basic('web', 'secret'), ...options })
}

const OTHER = basic('other', 'secret')

async function read(fm: Client): Promise<number> {
  return (await fm.layout('People').list()).data.length
}

describe('withAuth', () => {
  test('shares the connections and the cache, and no session', async () => {
    await using server = await startServer()
    let connections = 0
    const dispatcher = new Pool(server.url, { connections: 1 }).on('connect', () => connections++)
    const cache = mapCache()
    const fm = clientOf(server, { cache, dispatcher })
    const theirs = fm.withAuth(OTHER)
    for (let call = 0; call < 3; call++) await Promise.all([read(fm), read(theirs)])
    expect(connections).toBe(1)
    expect(server.sessions().map((session) => session.account)).toEqual(
      expect.arrayContaining(['web', 'other']) as string[],
    )
    expect(server.sessions()).toHaveLength(2)
    expect(cache.entries.size).toBeGreaterThanOrEqual(2)
    for (const entry of server.requests('GET /records')) {
      expect(server.sessions().find(({ id }) => id === entry.session)?.account).toBe(entry.account)
    }
    await fm.close()
    await dispatcher.close()
  })

  test('a hundred users at once each see their own account', async () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ name: `user ${index}`, password: `secret ${index}` }))
    await using server = await startEmulator({ databases: { Demo: { accounts: [...accounts, ...many], tables } } })
    await using fm = clientOf(server, { cache: mapCache() })
    await times(many.length, async (index) => {
      const { name, password } = many[index] ?? { name: '', password: '' }
      await using mine = fm.withAuth(basic(name, password))
      await times(3, () => mine.layout('People').create({ name }))
    })
    // Whoever wrote it is whom the record names.
    const written = server.requests('POST /records')
    expect(new Set(written.map((entry) => entry.account)).size).toBe(100)
    const sessions = new Map(written.map((entry) => [entry.session, entry.account]))
    expect(sessions.size).toBe(100)
    for (const entry of written) expect(sessions.get(entry.session)).toBe(entry.account)
  })

  test('closing it leaves the first client as it was; closing the first one closes it', async () => {
    await using server = await startServer()
    const fm = clientOf(server, { cache: mapCache() })
    const theirs = fm.withAuth(OTHER)
    const more = theirs.withAuth(clarisId({ token: () => server.issueIdentityToken('eve') }))
    await Promise.all([read(fm), read(theirs), read(more)])
    expect(server.sessions()).toHaveLength(3)
    await theirs.close()
    expect(server.sessions()).toMatchObject([{ account: 'web' }])
    await expect(read(more)).rejects.toMatchObject({ reason: 'closed' })
    expect(await read(fm)).toBe(1)
    const last = fm.withAuth(OTHER)
    await read(last)
    await fm.close()
    await expect(read(last)).rejects.toMatchObject({ reason: 'closed' })
    expect(server.sessions()).toEqual([])
    expect(() => fm.withAuth(OTHER)).toThrow(SessionError)
  })

  test('takes any kind of auth, and refuses what is none', async () => {
    await using server = await startServer({ proxy: { keys: [{ key: 'dk_1', account: 'web' }] } })
    await using fm = clientOf(server)
    await using scope = await fm.startCommunication()
    expect((await scope.layout('People').list()).data).toHaveLength(1)
    expect(await read(fm.withAuth(proxyKey('dk_1')))).toBe(1)
    await expect(read(fm.withAuth(heldToken('none')))).rejects.toMatchObject({ reason: 'token' })
    expect(() => fm.withAuth({ user: 'x' } as never)).toThrow(/^auth: must be made by/)
  })

  test('counts its calls with those of the client it was made from', async () => {
    await using server = await startServer({ responseDelayMs: 60 })
    await using fm = clientOf(server, { cache: mapCache(), maxConcurrentCalls: 1 })
    const theirs = fm.withAuth(OTHER)
    await Promise.all([read(fm), read(theirs)])
    await Promise.all([read(fm), read(theirs), read(fm), read(theirs)])
    const spans = server.requests('GET /records').map(({ startedAt, endedAt = 0 }) => [startedAt, endedAt] as const)
    for (const [index, [startedAt]] of spans.slice(1).entries()) {
      expect(startedAt).toBeGreaterThanOrEqual(spans[index]?.[1] ?? 0)
    }
  })
})

describe('clients that share an account', () => {
  test('log in over their own connections when the first one’s dispatcher is gone', async () => {
    await using server = await startServer()
    const cache = mapCache()
    const [firstDispatcher, secondDispatcher] = [new Pool(server.url), new Agent()]
    await using first = clientOf(server, { cache, dispatcher: firstDispatcher })
    await using second = clientOf(server, { cache, dispatcher: secondDispatcher })
    await Promise.all([read(first), read(second)])
    await firstDispatcher.destroy()
    server.killSessions()
    expect(await read(second)).toBe(1)
    await expect(read(first)).rejects.toMatchObject({ reason: 'unsent' })
    await using third = clientOf(server, { cache })
    server.killSessions()
    await secondDispatcher.destroy()
    expect(await read(third)).toBe(1)
    expect(server.sessions()).toHaveLength(1)
  })

  test('log in over another’s connections when the first one’s can’t reach the server', async () => {
    await using server = await startServer()
    const cache = mapCache()
    // As a proxy of its own would be that is down; it says nothing about itself.
    const dead = new Agent({ connect: (_options, callback) => callback(refused(), null) })
    await using first = clientOf(server, { cache, dispatcher: dead })
    await using second = clientOf(server, { cache })
    expect(await read(second)).toBe(1)
    await expect(first.layout('People').list({ timeoutMs: 300 })).rejects.toMatchObject({ outcome: 'not-executed' })
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('use their own token functions when another one’s fails', async () => {
    await using server = await startServer()
    const cache = mapCache()
    const identity = 'eve'
    const broken = clarisId({ identity, token: () => Promise.reject(new Error('Cognito is away')) })
    await using first = clientOf(server, { cache, auth: broken })
    await using second = clientOf(server, {
      cache,
      auth: clarisId({ identity, token: () => server.issueIdentityToken('eve') }),
    })
    expect(await read(second)).toBe(1)
    expect(await read(first)).toBe(1)
  })

  test('a login that is under way when the first one closes is neither lost nor orphaned', async () => {
    await using server = await startServer({ loginDelayMs: 300 })
    const cache = mapCache()
    const dispatcher = new Pool(server.url)
    const first = clientOf(server, { cache, dispatcher })
    await using second = clientOf(server, { cache })
    const reading = read(second)
    await eventually('the login is under way', () => server.count('POST /sessions') === 1)
    await first.close()
    await dispatcher.destroy()
    expect(await reading).toBe(1)
    await pause(50)
    expect(server.count('POST /sessions')).toBe(1)
    expect(server.sessions()).toHaveLength(1)
  })

  test('each leave with their connections closed, whoever was first', async () => {
    await using server = await startServer()
    const cache = mapCache()
    let open = 0
    const count = (): Pool => new Pool(server.url).on('connect', () => void open++).on('disconnect', () => void open--)
    const dispatchers = [count(), count()]
    const clients = dispatchers.map((dispatcher) => clientOf(server, { cache, dispatcher }))
    await Promise.all(clients.map(read))
    for (const [index, fm] of clients.entries()) {
      await fm.close()
      // Nothing goes over it any more, so it can be closed without harm.
      await dispatchers[index]?.close()
    }
    await eventually('all connections are closed', () => open === 0)
    expect(server.sessions()).toEqual([])
  })
})

function refused(): Error {
  return Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
}
