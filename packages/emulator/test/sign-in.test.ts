import { describe, expect, test } from 'vitest'
import { startEmulator } from '@fm/emulator'
import { basic, emulatorFor, logIn, send, type Reply } from './support.ts'
import type { Emulator } from '@fm/emulator'

const accounts = [
  { name: 'web', password: 'secret' },
  { name: 'ada', signsInWith: 'oauth' },
  { name: 'eve@example.com', signsInWith: 'clarisId' },
] as const
const tables = { People: { fields: { name: 'text' }, records: [{ name: 'Ada' }] } } as const
const databases = { Demo: { accounts, tables } }
const API = '/fmi/data/vLatest/databases/Demo'

function logInWith(server: Emulator, headers: Readonly<Record<string, string>>, body: unknown = {}): Promise<Reply> {
  return send(server.url, 'POST', `${API}/sessions`, { headers, body })
}

function oauthHeaders({ requestId, identifier }: { requestId: string; identifier: string }): Record<string, string> {
  return { 'x-fm-data-oauth-request-id': requestId, 'x-fm-data-oauth-identifier': identifier }
}

describe('log in with OAuth headers (section 4.2)', () => {
  test('a pair opens a session of its account, once', async (context) => {
    const server = await emulatorFor(context, { databases })
    const headers = oauthHeaders(server.issueOAuth('ada'))
    const reply = await logInWith(server, headers)
    expect([reply.status, reply.code]).toEqual([200, '0'])
    expect(reply.response.token).toBe(reply.headers['x-fm-data-access-token'])
    expect(server.sessions()).toMatchObject([{ account: 'ada', dataSources: [] }])
    const again = await logInWith(server, headers)
    expect([again.status, again.code]).toEqual([401, '212'])
  })

  test('one header without the other is none (section 1.2)', async (context) => {
    const server = await emulatorFor(context, { databases })
    const { 'x-fm-data-oauth-identifier': _left, ...one } = oauthHeaders(server.issueOAuth('ada'))
    expect((await logInWith(server, one)).text).toContain('HTTP Authorization header or OAuth headers are missing.')
  })

  test('a wrong identifier, an unknown account and an account with a password are refused', async (context) => {
    const server = await emulatorFor(context, { databases })
    const wrong = { ...server.issueOAuth('ada'), identifier: 'x' }
    for (const pair of [wrong, server.issueOAuth('nobody'), server.issueOAuth('web')]) {
      expect((await logInWith(server, oauthHeaders(pair))).code).toBe('212')
    }
    expect((await logIn(server, 'Demo', 'ada', '')).code).toBe('212')
  })
})

describe('log in with an identity token (section 4.3)', () => {
  test('the scheme is FMID in any case, and the token is good for an hour', async (context) => {
    const server = await emulatorFor(context, { databases })
    const token = server.issueIdentityToken('eve@example.com')
    for (const scheme of ['FMID', 'fmid']) {
      expect((await logInWith(server, { authorization: `${scheme} ${token}` })).code).toBe('0')
    }
    server.advance(3_600_000)
    const late = await logInWith(server, { authorization: `FMID ${token}` })
    expect([late.status, late.code]).toEqual([401, '212'])
  })

  test('an identity token tells its end, as a JSON Web Token', async (context) => {
    const server = await emulatorFor(context, { databases })
    const [, payload = ''] = server.issueIdentityToken('eve@example.com', { lifetimeMs: 60_000 }).split('.')
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }
    expect(Math.abs(exp - Date.now() / 1000 - 60)).toBeLessThan(5)
  })

  test('FileMaker Cloud takes nothing else, and answers a page (section 9)', async (context) => {
    const server = await emulatorFor(context, { databases, cloud: true })
    const good = { authorization: `FMID ${server.issueIdentityToken('eve@example.com')}` }
    expect((await logInWith(server, good)).code).toBe('0')
    for (const headers of [{ authorization: 'FMID x' }, basic('web', 'secret')]) {
      const reply = await logInWith(server, headers)
      expect([reply.status, reply.code]).toEqual([401, undefined])
      expect(reply.headers['content-type']).toContain('text/html')
    }
  })
})

describe('the token of a log-in (section 3.1)', () => {
  test('comes in the header only where the options say so', async (context) => {
    const server = await emulatorFor(context, { databases, sessions: { tokenInBody: false } })
    const reply = await logIn(server, 'Demo')
    expect(reply.text).toBe('{"response":{},"messages":[{"code":"0","message":"OK"}]}')
    expect(reply.headers['x-fm-data-access-token']).toMatch(/^[0-9a-f]{52}$/)
  })
})

describe('external data sources (section 4.4)', () => {
  const both = { Demo: databases.Demo, Other: { accounts, tables: {} } }
  const password = { database: 'Other', username: 'web', password: 'secret' }

  test('are signed in to by password or OAuth, and OAuth counts where both are there', async (context) => {
    const server = await emulatorFor(context, { databases: both })
    const { requestId, identifier } = server.issueOAuth('ada')
    const oauth = { database: 'Other', oAuthRequestId: requestId, oAuthIdentifier: identifier }
    await logInWith(server, basic('web', 'secret'), { fmDataSource: [password] })
    await logInWith(server, basic('web', 'secret'), { fmDataSource: [{ ...password, ...oauth }] })
    expect(server.sessions().map((session) => session.dataSources)).toEqual([
      [{ database: 'Other', account: 'web', by: 'password' }],
      [{ database: 'Other', account: 'ada', by: 'oauth' }],
    ])
  })

  test('wrong ones are left out, or refuse the log-in', async (context) => {
    const wrong = { fmDataSource: [{ ...password, password: 'x' }, { ...password, database: 'Nowhere' }, password] }
    const ignoring = await emulatorFor(context, { databases: both })
    expect((await logInWith(ignoring, basic('web', 'secret'), wrong)).code).toBe('0')
    expect(ignoring.sessions()[0]?.dataSources).toHaveLength(1)
    const refusing = await emulatorFor(context, { databases: both, sessions: { wrongDataSource: 'refused' } })
    expect((await logInWith(refusing, basic('web', 'secret'), wrong)).code).toBe('212')
  })

  test('entries that are none are malformed', async (context) => {
    const server = await emulatorFor(context, { databases: both })
    for (const entry of [null, {}, { database: 'Other' }, { database: 'Other', username: 'web' }]) {
      const reply = await logInWith(server, basic('web', 'secret'), { fmDataSource: [entry] })
      expect([reply.status, reply.code]).toEqual([400, '10'])
    }
  })
})

describe('an Otto-style proxy (section 9)', () => {
  const proxy = { keys: [{ key: 'dk_1', account: 'web' }] }
  const list = (server: Emulator, key: string, prefix = '/otto'): Promise<Reply> =>
    send(server.url, 'GET', `${prefix}${API}/layouts/People/records`, { headers: { authorization: `Bearer ${key}` } })

  test('takes its key in place of a token and holds one session for it, renewed when it is gone', async (context) => {
    const server = await emulatorFor(context, { databases, proxy })
    for (let call = 0; call < 3; call++) expect((await list(server, 'dk_1')).response.data).toHaveLength(1)
    expect(server.sessions()).toMatchObject([{ account: 'web' }])
    server.killSessions()
    expect((await list(server, 'dk_1')).code).toBe('0')
    expect(server.count('POST /sessions')).toBe(0)
  })

  test('refuses an unknown key in words of its own, and a key is no token without the prefix', async (context) => {
    const server = await emulatorFor(context, { databases, proxy })
    const unknown = await list(server, 'dk_2')
    expect([unknown.status, unknown.code]).toEqual([401, undefined])
    expect((await list(server, 'dk_1', '')).code).toBe('952')
  })

  test('has no sessions to open, end or ask about', async (context) => {
    const server = await emulatorFor(context, { databases, proxy })
    const headers = { authorization: 'Bearer dk_1' }
    const asked = await send(server.url, 'GET', '/otto/fmi/data/vLatest/validateSession', { headers })
    const opened = await send(server.url, 'POST', `/otto${API}/sessions`, { headers, body: {} })
    expect([asked.status, opened.status]).toEqual([404, 404])
    expect((await send(server.url, 'GET', '/otto/fmi/data/vLatest/productInfo', { headers })).code).toBe('0')
  })

  test('listens at a prefix of its own, or at none', async (context) => {
    const bare = await emulatorFor(context, { databases, proxy: { ...proxy, pathPrefix: '' } })
    expect((await list(bare, 'dk_1', '')).code).toBe('0')
    const other = await emulatorFor(context, { databases, proxy: { ...proxy, pathPrefix: '/gate' } })
    expect((await list(other, 'dk_1', '/gate')).code).toBe('0')
    expect((await list(other, 'dk_1')).status).toBe(404)
  })
})

test.each([
  ['cloud', { cloud: 1 }, /cloud.*true or false/],
  ['tokenInBody', { sessions: { tokenInBody: 'no' } }, /tokenInBody.*true or false/],
  ['wrongDataSource', { sessions: { wrongDataSource: 'maybe' } }, /wrongDataSource.*'ignored' or 'refused'/],
  ['proxy.pathPrefix', { proxy: { pathPrefix: 'otto', keys: [] } }, /proxy\.pathPrefix/],
  ['proxy.keys', { proxy: { keys: [{}] } }, /proxy\.keys/],
  ['an account that signs in otherwise', account({ signsInWith: 'magic' }), /accounts\[0\]\.signsInWith/],
  ['a password beside OAuth', account({ signsInWith: 'oauth', password: 'x' }), /accounts\[0\]\.password/],
])('a mistake in %s is a TypeError that names it', async (_what, options, message) => {
  await expect(startEmulator(options as never)).rejects.toThrow(message)
})

function account(more: object): object {
  return { databases: { Demo: { accounts: [{ name: 'web', ...more }], tables: {} } } }
}
