import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { basic, createClient, type ClientOptions } from '../src/index.ts'
import { clientOf, mapCache, startServer } from './support.ts'

const GOOD: ClientOptions = {
  server: 'https://fms.example.com',
  database: 'Contacts',
  auth: basic('web', 'hunter2hunter2'),
}

describe('createClient', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['no server', { server: undefined }, /^server: /],
    ['a server that is no URL', { server: 'fms example' }, /^server: is not a URL/],
    ['a server with a path', { server: 'https://fms.example.com/fmi' }, /^server: must be an origin/],
    [
      'a server with credentials',
      { server: 'https://web:pw123@fms.example.com' },
      /^server: must not hold credentials/,
    ],
    ['another protocol', { server: 'ftp://fms.example.com' }, /^server: /],
    ['http to another host', { server: 'http://fms.example.com' }, /^server: http would send the password readable/],
    ['http to a host that only looks like loopback', { server: 'http://127.0.0.1.example.com' }, /^server: http/],
    ['an empty database name', { database: '' }, /^database: /],
    ['no database', { database: undefined }, /^database: /],
    ['half a surrogate pair as database', { database: '\udc00' }, /^database: /],
    ['no auth', { auth: undefined }, /^auth: must be made by basic/],
    ['a plain password as auth', { auth: { user: 'a', password: 'b' } }, /^auth: /],
    ['a cache without methods', { cache: new Map() }, /^cache: must have the methods/],
    ['a cache that does not say who shares it', { cache: { get() {}, compareAndSet() {} } }, /^cache\.supports/],
    ['a network cache without a secret', { cache: mapCache({ sharedBy: 'network' }) }, /^cacheSecret: is required/],
    ['a short secret', { cacheSecret: 'short' }, /^cacheSecret: /],
    ['an empty list of secrets', { cacheSecret: [] }, /^cacheSecret: /],
    ['no session at all', { sessions: { shared: 0 } }, /^sessions\.shared: /],
    ['half a session', { sessions: { shared: 1.5 } }, /^sessions\.shared: /],
    ['another way to end', { sessions: { end: 'maybe' } }, /^sessions\.end: must be one of 'never', 'own'/],
    ['a time limit that no timer can hold', { timeouts: { callMs: 1e12 } }, /^timeouts\.callMs: /],
    ['a misspelt option', { sever: 'x' }, /^createClient: there is no option "sever"/],
    ['a misspelt option of sessions', { sessions: { shard: 3 } }, /^sessions: there is no option "shard"/],
    ['no renewal with a cache', { cache: mapCache(), retry: { renewal: false } }, /^retry\.renewal/],
    ['another version', { version: 'v9' }, /^version: /],
    ['data sources that are no list', { dataSources: {} }, /^dataSources: /],
    ['a data source without a name', { dataSources: [{ password: 'x' }] }, /^dataSources\[0\]\.database: /],
  ])('refuses %s by name, and tells no secret', (_what, options, message) => {
    let thrown: unknown
    try {
      createClient({ ...GOOD, ...options })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(TypeError)
    expect((thrown as Error).message).toMatch(message)
    expect(inspect(thrown)).not.toMatch(/hunter2|pw123/)
  })

  test.each(['http://127.0.0.1:8080', 'http://localhost', 'http://[::1]:3000', 'http://app.localhost'])(
    'takes plain http to %s',
    (server) => {
      expect(() => createClient({ ...GOOD, server })).not.toThrow()
    },
  )

  test('takes plain http elsewhere only where allowInsecure says so', () => {
    expect(() => createClient({ ...GOOD, server: 'http://fms.example.com', allowInsecure: true })).not.toThrow()
  })
})

describe('basic', () => {
  test('refuses an empty account, an account with a colon, and a password that is missing', () => {
    expect(() => basic('', 'x')).toThrow(/account/)
    expect(() => basic('a:b', 'x')).toThrow(/account must not have a colon/)
    expect(() => basic('a', undefined)).toThrow(/password is missing/)
    expect(() => basic('a', '')).not.toThrow()
  })
})

describe('secrets', () => {
  test('are in nothing that a client, its auth, its scopes or its errors show', async () => {
    await using server = await startServer()
    const cache = mapCache({ sharedBy: 'machine' })
    const cacheSecret = 'canary-cache-secret-canary-cache-secret'
    await using fm = clientOf(server, { cache, cacheSecret, sessions: { shared: 1 } })
    await using scope = await fm.startCommunication()
    await scope.layout('People').list({ limit: 1 })
    await using wrong = clientOf(server, { auth: basic('web', 'canary-wrong-password') })
    const auth = basic('web', 'secret')
    const errors = await Promise.all([
      fm
        .layout('nope')
        .list()
        .catch((error: unknown) => error),
      fm
        .layout('People')
        .create({ name: 'canary-field-value', nope: 1 })
        .catch((error: unknown) => error),
      wrong
        .layout('People')
        .list()
        .catch((error: unknown) => error),
    ])
    const shown = [fm, scope, auth, await fm.sessions.inspect(), ...errors].flatMap((thing) => [
      inspect(thing, { depth: 20, showHidden: true, getters: true }),
      JSON.stringify(thing) ?? '',
      String(thing),
    ])
    const token = /[0-9a-f]{40,}/
    for (const text of shown) {
      expect(text).not.toMatch(/canary|secret:secret|d2ViOnNlY3JldA/)
      expect(text).not.toMatch(token)
    }
    expect(errors.map((error) => (error as Error).name)).toEqual(['FileMakerError', 'FileMakerError', 'SessionError'])
  })
})
