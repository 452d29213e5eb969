import { inspect } from 'node:util'
import { startEmulator, type Emulator, type EmulatorOptions } from '@fm/emulator'
import { describe, expect, test } from 'vitest'
import { basic, clarisId, createClient, heldToken, oauth, proxyKey } from '../src/index.ts'
import type { Auth, Client, ClientOptions } from '../src/index.ts'
import { errorOf, eventually, mapCache, pause, times } from './support.ts'

const accounts = [
  { name: 'web', password: 'secret' },
  { name: 'other', password: 'secret' },
  { name: 'ada', signsInWith: 'oauth' },
  { name: 'eve', signsInWith: 'clarisId' },
] as const
const tables = {
  People: { fields: { name: 'text' }, records: Array.from({ length: 5 }, (_, index) => ({ name: `Person ${index}` })) },
} as const
const CACHE_SECRET = 'x'.repeat(32)

function startServer(options: Omit<EmulatorOptions, 'databases'> = {}): Promise<Emulator> {
  return startEmulator({ databases: { Demo: { accounts, tables }, Other: { accounts, tables: {} } }, ...options })
}

function clientOf(server: Pick<Emulator, 'url'>, auth: Auth, options: Partial<ClientOptions> = {}): Client {
  return createClient({ server: server.url, database: 'Demo', auth, ...options })
}

async function read(fm: Client): Promise<number> {
  return (await fm.layout('People').list({ limit: 3 })).data.length
}

/** A token as some other program would have opened it. */
async function openSession(server: Emulator): Promise<string> {
  const answer = await fetch(`${server.url}/fmi/data/vLatest/databases/Demo/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('web:secret')}` },
    body: '{}',
  })
  return answer.headers.get('x-fm-data-access-token') ?? ''
}

describe('oauth', () => {
  test('signs in with its pair once, keeps the session without a cache, and ends it with the client', async () => {
    await using server = await startServer()
    const fm = clientOf(server, oauth(server.issueOAuth('ada')))
    for (let call = 0; call < 3; call++) expect(await read(fm)).toBe(3)
    expect(server.sessions()).toMatchObject([{ account: 'ada' }])
    expect(server.count('POST /sessions')).toBe(1)
    await fm.close()
    expect(server.sessions()).toEqual([])
  })

  test('a token that comes in the header only is found there', async () => {
    await using server = await startServer({ sessions: { tokenInBody: false } })
    await using fm = clientOf(server, oauth(server.issueOAuth('ada')))
    expect(await read(fm)).toBe(3)
  })

  test('when the session has died the pair is not sent again, and the error asks for a sign-in', async () => {
    await using server = await startServer()
    const pair = server.issueOAuth('ada')
    await using fm = clientOf(server, oauth(pair))
    await read(fm)
    server.killSessions()
    const error = await errorOf(read(fm))
    expect(error).toMatchObject({ name: 'SessionError', reason: 'credentials', outcome: 'not-executed' })
    expect(error.message).toMatch(/sign in again/)
    expect(error.cause).toMatchObject({ fileMakerCode: 952 })
    expect(inspect(error, { depth: 9 })).not.toContain(pair.identifier)
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('a pair is sent again to a server that had no room', async () => {
    await using server = await startServer({ sessions: { max: 1 } })
    const blocking = await openSession(server)
    await using fm = clientOf(server, oauth(server.issueOAuth('ada')))
    const reading = read(fm)
    await eventually('it has been put off', () => server.count('POST /sessions') > 1)
    await fetch(`${server.url}/fmi/data/vLatest/databases/Demo/sessions/${blocking}`, { method: 'DELETE' })
    expect(await reading).toBe(3)
  })

  test('a pair whose login was lost is not sent again: nobody knows whether it has been used', async () => {
    await using server = await startServer()
    using _lost = server.fault({ on: 'POST /sessions', count: 1, do: { drop: 'after-commit' } })
    await using unlucky = clientOf(server, oauth(server.issueOAuth('ada')))
    expect(await errorOf(read(unlucky))).toMatchObject({ reason: 'credentials', outcome: 'not-executed' })
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('a pair opens no second session for calls that stand behind each other', async () => {
    await using server = await startServer({ responseDelayMs: 150 })
    await using fm = clientOf(server, oauth(server.issueOAuth('ada')), { cache: mapCache() })
    expect(await times(6, () => read(fm))).toEqual([3, 3, 3, 3, 3, 3])
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('an exclusive scope is refused by a pair that has been used, and not by a function', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, oauth(server.issueOAuth('ada')))
    await read(fm)
    expect(await errorOf(fm.startCommunication({ exclusive: true }))).toMatchObject({ reason: 'credentials' })
    await using many = clientOf(
      server,
      oauth(() => server.issueOAuth('ada')),
    )
    await using scope = await many.startCommunication({ exclusive: true })
    expect((await scope.layout('People').list()).data).toHaveLength(5)
  })

  test('a function is asked for another pair at each login, so nobody notices a dead session', async () => {
    await using server = await startServer()
    let asked = 0
    const auth = oauth(async () => {
      asked++
      return server.issueOAuth('ada')
    })
    await using fm = clientOf(server, auth)
    await read(fm)
    server.killSessions()
    expect(await read(fm)).toBe(3)
    expect(asked).toBe(2)
    expect(server.sessions()).toHaveLength(1)
  })

  test('a pair that the server does not know is refused credentials, and quotes nothing', async () => {
    await using server = await startServer()
    const pair = { requestId: 'canary-request', identifier: 'canary-identifier' }
    await using fm = clientOf(server, oauth(pair))
    const error = await errorOf(read(fm))
    expect(error).toMatchObject({ name: 'SessionError', reason: 'credentials', fileMakerCode: 212 })
    expect(inspect([error, fm, oauth(pair)], { depth: 9, showHidden: true })).not.toContain('canary')
  })

  test('the list of databases costs no pair', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, oauth(server.issueOAuth('ada')))
    expect(await fm.databases()).toHaveLength(2)
    expect(await read(fm)).toBe(3)
  })
})

describe('clarisId', () => {
  test.each([false, true])('signs in with the identity token, on FileMaker Cloud too (cloud: %s)', async (cloud) => {
    await using server = await startServer({ cloud })
    await using fm = clientOf(server, clarisId({ token: () => server.issueIdentityToken('eve') }))
    expect(await read(fm)).toBe(3)
    expect(await fm.databases()).toHaveLength(2)
    expect(server.requests('POST /sessions')).toMatchObject([{ account: 'eve', status: 200 }])
  })

  test('keeps its token until a minute before the end that stands in it', async () => {
    await using server = await startServer()
    let fetched = 0
    const clientWith = (lifetimeMs: number): Client =>
      clientOf(
        server,
        clarisId({
          token: async () => {
            fetched++
            return server.issueIdentityToken('eve', { lifetimeMs })
          },
        }),
      )
    await using long = clientWith(3_600_000)
    for (let call = 0; call < 3; call++) await read(long)
    // Without a cache each of the calls signed in by itself.
    expect([fetched, server.count('POST /sessions')]).toEqual([1, 3])
    await using short = clientWith(59_000)
    for (let call = 0; call < 3; call++) await read(short)
    expect(fetched).toBe(4)
  })

  test.each([false, true])('a refused token is renewed once, as JSON and as a page (cloud: %s)', async (cloud) => {
    await using server = await startServer({ cloud })
    const asked: boolean[] = []
    const auth = clarisId({
      token: async ({ renew }) => {
        asked.push(renew)
        // As a store would that does not know that the token has been called back.
        return renew ? server.issueIdentityToken('eve') : 'stale'
      },
    })
    await using fm = clientOf(server, auth)
    expect(await read(fm)).toBe(3)
    expect(asked).toEqual([false, true])
    expect(server.requests('POST /sessions').map((entry) => entry.status)).toEqual([401, 200])
  })

  test.each([false, true])('two refused tokens are refused credentials (cloud: %s)', async (cloud) => {
    await using server = await startServer({ cloud })
    await using fm = clientOf(server, clarisId({ token: () => 'canary-token' }))
    const error = await errorOf(read(fm))
    expect(error).toMatchObject({ name: 'SessionError', reason: 'credentials' })
    expect(inspect(error, { depth: 9 })).not.toContain('canary')
    expect(server.count('POST /sessions')).toBe(2)
  })

  test('logins at the same time fetch one token', async () => {
    await using server = await startServer()
    let fetched = 0
    const auth = clarisId({
      token: async () => {
        fetched++
        await pause(50)
        return server.issueIdentityToken('eve')
      },
    })
    await using fm = clientOf(server, auth, { sessions: { exclusive: 3 } })
    const scopes = times(3, async () => {
      await using scope = await fm.startCommunication({ exclusive: true })
      await scope.layout('People').list()
    })
    await Promise.all([scopes, times(10, () => read(fm))])
    expect(fetched).toBe(1)
  })

  test.each<[string, () => never | string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error('Cognito is away')
      },
    ],
    ['gives nothing', () => undefined as never],
    ['gives what no header takes', () => 'a\r\nb'],
  ])('a token function that %s is an error of the call, with its cause', async (_what, token) => {
    await using server = await startServer()
    await using fm = clientOf(server, clarisId({ token }))
    const error = await errorOf(read(fm))
    expect(error).toMatchObject({ name: 'SessionError', reason: 'login', outcome: 'not-executed' })
    expect(error.cause).toBeInstanceOf(Error)
    expect(server.requests()).toEqual([])
  })

  test('a token function that does not answer is given up on with the login', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, clarisId({ token: () => new Promise(() => {}) }), { timeouts: { loginMs: 100 } })
    const startedAt = performance.now()
    expect(await errorOf(read(fm))).toMatchObject({ name: 'SessionError', reason: 'login' })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })
})

describe('sessions of credentials that change', () => {
  const options = (): Partial<ClientOptions> & { cache: ReturnType<typeof mapCache> } => ({
    cache: mapCache({ sharedBy: 'machine' }),
    cacheSecret: CACHE_SECRET,
  })

  test('stay in the process without an identity, are kept between calls, and end with the client', async () => {
    await using server = await startServer()
    const shared = options()
    const fm = clientOf(server, clarisId({ token: () => server.issueIdentityToken('eve') }), shared)
    await read(fm)
    await read(fm)
    expect(server.count('POST /sessions')).toBe(1)
    expect([...shared.cache.entries]).toEqual([])
    await using other = clientOf(server, clarisId({ token: () => server.issueIdentityToken('eve') }), shared)
    await read(other)
    expect(server.count('POST /sessions')).toBe(2)
    await fm.close()
    expect(server.sessions()).toHaveLength(1)
  })

  test.each([undefined, 'derive'] as const)('stay in the process with cacheSecret: %s', async (cacheSecret) => {
    await using server = await startServer()
    const shared = { ...options(), cacheSecret }
    const auth = (): Auth => clarisId({ identity: 'eve', token: () => server.issueIdentityToken('eve') })
    await using fm = clientOf(server, auth(), shared)
    await read(fm)
    expect([...shared.cache.entries]).toEqual([])
  })

  test('are shared under their identity where there is a cacheSecret, and never under another', async () => {
    await using server = await startServer()
    const shared = options()
    const named = (identity: string): Client =>
      clientOf(server, clarisId({ identity, token: () => server.issueIdentityToken('eve') }), shared)
    const first = named('eve')
    await read(first)
    await first.close()
    // What another process would be: the first one has left its session in the cache.
    const second = named('eve')
    expect(await read(second)).toBe(3)
    expect(server.count('POST /sessions')).toBe(1)
    await second.close()
    await using stranger = named('mallory')
    await read(stranger)
    await using byPassword = clientOf(server, basic('web', 'secret'), shared)
    await read(byPassword)
    await using otherSecret = clientOf(
      server,
      clarisId({ identity: 'eve', token: () => server.issueIdentityToken('eve') }),
      { ...shared, cacheSecret: 'y'.repeat(32) },
    )
    await read(otherSecret)
    expect(server.count('POST /sessions')).toBe(4)
    const stored = [...shared.cache.entries].flat().join('')
    expect(stored).not.toMatch(/eve|mallory|web/)
  })

  test('of a pair find the session that another process left, too', async () => {
    await using server = await startServer()
    const shared = options()
    const first = clientOf(server, oauth(server.issueOAuth('ada'), { identity: 'ada' }), shared)
    await read(first)
    await first.close()
    await using second = clientOf(server, oauth(server.issueOAuth('ada'), { identity: 'ada' }), shared)
    await read(second)
    expect(server.count('POST /sessions')).toBe(1)
  })
})

describe('heldToken', () => {
  test('is used, and neither opened nor ended by us', async () => {
    await using server = await startServer()
    const fm = clientOf(server, heldToken(await openSession(server)), { cache: mapCache() })
    for (let call = 0; call < 3; call++) expect(await read(fm)).toBe(3)
    await using scope = await fm.startCommunication()
    await scope.layout('People').create({ name: 'Ada' })
    await scope.endCommunication()
    expect(await fm.sessions.inspect()).toMatchObject({ logins: 0, live: 1 })
    await fm.close()
    expect([server.count('POST /sessions'), server.count('DELETE /sessions')]).toEqual([1, 0])
    expect(server.sessions()).toHaveLength(1)
  })

  test('when it dies, an error says so, and nothing is sent on it any more', async () => {
    await using server = await startServer()
    const token = await openSession(server)
    await using fm = clientOf(server, heldToken(token))
    await read(fm)
    server.killSessions()
    const error = await errorOf(fm.layout('People').create({ name: 'Ada' }))
    expect(error).toMatchObject({ name: 'SessionError', reason: 'token', outcome: 'not-executed' })
    expect(error.cause).toMatchObject({ name: 'FileMakerError', fileMakerCode: 952 })
    expect(error.message).toMatch(/has died/)
    expect(inspect(error, { depth: 9 })).not.toContain(token)
    const sent = server.count()
    expect(await errorOf(read(fm))).toMatchObject({ reason: 'token' })
    expect(server.count()).toBe(sent)
    expect(await fm.sessions.inspect()).toMatchObject({ live: 0 })
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('a function is asked for another one when it has died, once for all who wait', async () => {
    await using server = await startServer()
    let asked = 0
    const give = async (): Promise<string> => {
      asked++
      return openSession(server)
    }
    await using fm = clientOf(server, heldToken(give))
    await read(fm)
    server.killSessions()
    expect(await times(10, () => read(fm))).toEqual(Array.from({ length: 10 }, () => 3))
    expect(asked).toBe(2)
    const same = await openSession(server)
    await using stuck = clientOf(
      server,
      heldToken(async () => same),
    )
    await read(stuck)
    server.killSessions()
    expect(await errorOf(read(stuck))).toMatchObject({ reason: 'token' })
    await using broken = clientOf(
      server,
      heldToken(() => Promise.reject(new Error('no store'))),
    )
    expect(await errorOf(read(broken))).toMatchObject({ reason: 'login', cause: { message: 'no store' } })
  })

  test('a 401 of somebody in front is told from a dead token', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, heldToken(await openSession(server)))
    using _front = server.fault({ on: 'GET /records', count: 1, do: { status: 401 } })
    expect(await errorOf(read(fm))).toMatchObject({ name: 'ProxyAuthError' })
    expect(await read(fm)).toBe(3)
  })

  test('has no exclusive scopes and nothing to end', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, heldToken(await openSession(server)))
    await expect(fm.startCommunication({ exclusive: true })).rejects.toThrow(TypeError)
    await expect(fm.sessions.endAll()).rejects.toThrow(/sessions\.endAll: heldToken/)
    expect(await read(fm)).toBe(3)
  })

  test('closing waits for the calls on it', async () => {
    await using server = await startServer({ responseDelayMs: 150 })
    const fm = clientOf(server, heldToken(await openSession(server)))
    const writing = fm.layout('People').create({ name: 'Ada' })
    await eventually('it is in flight', () => server.count('POST /records') === 1)
    await fm.close()
    expect(server.requests('POST /records')[0]?.status).toBe(200)
    expect(await writing).toMatchObject({ modId: '0' })
  })
})

describe('proxyKey', () => {
  const proxy = { keys: [{ key: 'dk_canary', account: 'web' }] }

  test('goes under the prefix with its key, and opens, asks about and ends no session', async () => {
    await using server = await startServer({ proxy })
    const fm = clientOf(server, proxyKey('dk_canary'))
    expect(await times(3, () => read(fm))).toEqual([3, 3, 3])
    expect(await fm.layout('People').create({ name: 'Ada' })).toMatchObject({ recordId: '6' })
    expect(await fm.productInfo()).toMatchObject({ name: 'FileMaker Data API Engine' })
    expect(await fm.databases()).toHaveLength(2)
    await using scope = await fm.startCommunication()
    expect((await scope.layout('People').list()).data).toHaveLength(6)
    expect(await fm.sessions.inspect()).toMatchObject({ logins: 0, live: 0 })
    await fm.close()
    expect(server.requests('POST /sessions')).toEqual([])
    expect(server.requests('DELETE /sessions')).toEqual([])
    // The one that the proxy holds.
    expect(server.sessions()).toHaveLength(1)
  })

  test('a session that dies behind the proxy is the proxy’s to renew', async () => {
    await using server = await startServer({ proxy })
    await using fm = clientOf(server, proxyKey('dk_canary'))
    await read(fm)
    server.killSessions()
    expect(await read(fm)).toBe(3)
  })

  test('a key that the proxy does not take is a ProxyAuthError, which does not quote it', async () => {
    await using server = await startServer({ proxy })
    await using fm = clientOf(server, proxyKey('dk_other_canary'))
    for (const error of [await errorOf(read(fm)), await errorOf(fm.productInfo())]) {
      expect(error).toMatchObject({ name: 'ProxyAuthError', outcome: 'not-executed', httpStatus: 401 })
      expect(error.message).toMatch(/the proxy refused the key/)
      expect(inspect([error, fm], { depth: 9, showHidden: true })).not.toContain('canary')
    }
    expect(server.count()).toBe(2)
  })

  test('has no exclusive scopes, and a prefix of its own, or none', async () => {
    await using server = await startServer({ proxy: { ...proxy, pathPrefix: '' } })
    await using fm = clientOf(server, proxyKey('dk_canary', { pathPrefix: '' }))
    expect(await read(fm)).toBe(3)
    await expect(fm.startCommunication({ exclusive: true })).rejects.toThrow(/the proxy holds the sessions/)
  })
})

describe('dataSources', () => {
  const password = { database: 'Other', username: 'web', password: 'secret' }
  const oauthSource = (server: Emulator): { database: string; oAuthRequestId: string; oAuthIdentifier: string } => {
    const { requestId, identifier } = server.issueOAuth('ada')
    return { database: 'Other', oAuthRequestId: requestId, oAuthIdentifier: identifier }
  }

  test('by password and by OAuth are signed in to with the login', async () => {
    await using server = await startServer({ sessions: { wrongDataSource: 'refused' } })
    await using fm = clientOf(server, basic('web', 'secret'), { dataSources: [password, oauthSource(server)] })
    await using _scope = await fm.startCommunication()
    expect(server.sessions()[0]?.dataSources).toEqual([
      { database: 'Other', account: 'web', by: 'password' },
      { database: 'Other', account: 'ada', by: 'oauth' },
    ])
  })

  test('by OAuth keep the session of a client without a cache: the pair is good for one login', async () => {
    await using server = await startServer({ sessions: { wrongDataSource: 'refused' } })
    await using fm = clientOf(server, basic('web', 'secret'), { dataSources: [oauthSource(server)] })
    expect([await read(fm), await read(fm)]).toEqual([3, 3])
    expect(server.count('POST /sessions')).toBe(1)
  })

  test.each([false, true])(
    'of a user with an identity are shared with the session (function: %s)',
    async (isFunction) => {
      await using server = await startServer({ sessions: { wrongDataSource: 'refused' } })
      const cache = mapCache({ sharedBy: 'machine' })
      const auth = (): Auth => clarisId({ identity: 'eve', token: () => server.issueIdentityToken('eve') })
      for (let client = 0; client < 2; client++) {
        const list = [oauthSource(server)]
        const dataSources = isFunction ? () => list : list
        await using fm = clientOf(server, auth(), { dataSources, cache, cacheSecret: CACHE_SECRET })
        await read(fm)
      }
      expect(server.count('POST /sessions')).toBe(1)
    },
  )

  test('of a function are asked for before each login, and keep the session in this process', async () => {
    await using server = await startServer({ sessions: { wrongDataSource: 'refused' } })
    const cache = mapCache({ sharedBy: 'machine' })
    const dataSources = async (): Promise<[ReturnType<typeof oauthSource>]> => [oauthSource(server)]
    await using fm = clientOf(server, basic('web', 'secret'), { dataSources, cache, cacheSecret: CACHE_SECRET })
    await read(fm)
    server.killSessions()
    expect(await read(fm)).toBe(3)
    expect(server.count('POST /sessions')).toBe(2)
    expect([...cache.entries]).toEqual([])
  })

  test('that are other ones are another user’s session', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, basic('web', 'secret'), { cache })
    await using more = clientOf(server, basic('web', 'secret'), { cache, dataSources: [password] })
    await Promise.all([read(fm), read(more)])
    expect(server.sessions()).toHaveLength(2)
  })

  test.each([
    ['a password beside a pair', { ...password, oAuthRequestId: 'a', oAuthIdentifier: 'b' }, /no option "username"/],
    ['half a pair', { database: 'Other', oAuthRequestId: 'a' }, /dataSources\[0\]\.oAuthIdentifier must be a text/],
    ['no password', { database: 'Other', username: 'web' }, /dataSources\[0\]\.password: must be a text/],
  ])('with %s are refused', async (_what, entry, message) => {
    const url = 'http://127.0.0.1:1'
    expect(() => clientOf({ url }, basic('web', 'secret'), { dataSources: [entry as never] })).toThrow(message)
    await using late = clientOf({ url }, basic('web', 'secret'), { dataSources: () => [entry as never] })
    expect((await errorOf(read(late))).cause).toMatchObject({ message: expect.stringMatching(message) })
  })
})

describe('what is given to the functions of auth', () => {
  test.each<[string, () => unknown, RegExp]>([
    [
      'an OAuth pair without an identifier',
      () => oauth({ requestId: 'a' } as never),
      /^oauth: identifier must be a text/,
    ],
    ['no OAuth pair', () => oauth(undefined as never), /^oauth: requestId must be a text/],
    [
      'an OAuth pair with a line break',
      () => oauth({ requestId: 'a\nb', identifier: 'c' }),
      /^oauth: requestId must be 1/,
    ],
    ['an empty identity', () => oauth({ requestId: 'a', identifier: 'b' }, { identity: '' }), /^oauth: identity: /],
    ['a misspelt option', () => oauth({ requestId: 'a', identifier: 'b' }, { id: 'x' } as never), /no option "id"/],
    ['a token that is no function', () => clarisId({ token: 'x' as never }), /^clarisId: token must be a function/],
    ['no token', () => heldToken(undefined as never), /^heldToken: token must be a text/],
    ['an empty token', () => heldToken(''), /^heldToken: token must be 1/],
    ['no key', () => proxyKey(undefined), /^proxyKey: key must be a text/],
    ['a prefix that is no path', () => proxyKey('k', { pathPrefix: 'otto' }), /^proxyKey: pathPrefix/],
    ['a prefix that climbs', () => proxyKey('k', { pathPrefix: '/a/../b' }), /^proxyKey: pathPrefix/],
    [
      'a kind that is none',
      () => clientOf({ url: 'http://localhost' }, { kind: 'magic' } as never),
      /^auth: must be made/,
    ],
    ['half an auth', () => clientOf({ url: 'http://localhost' }, { kind: 'oauth' } as never), /^auth: must be made/],
  ])('%s is a TypeError that names it', (_what, make, message) => {
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })
})
