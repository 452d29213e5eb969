import { describe, expect, test } from 'vitest'
import { basic, emulatorFor, logIn, send, signIn, sleep } from './support.ts'

const databases = { Demo: { People: [{ name: 'Ada' }] } }
const MINUTE = 60_000

describe('log in (sections 3.1, 4.5, 4.6)', () => {
  test('the token is 52 lower-case hex digits, alike in body and header', async (context) => {
    const server = await emulatorFor(context, { databases })
    const reply = await logIn(server, 'Demo')
    expect(reply.status).toBe(200)
    expect(reply.response.token).toMatch(/^[0-9a-f]{52}$/)
    expect(reply.headers['x-fm-data-access-token']).toBe(reply.response.token)
    expect(reply.text).toBe(`{"response":{"token":"${reply.response.token}"},"messages":[{"code":"0","message":"OK"}]}`)
  })

  test('a body of no bytes is as good as an empty object, a slash at the end does no harm', async (context) => {
    const server = await emulatorFor(context, { databases })
    const headers = { ...basic('web', 'secret'), 'content-type': 'application/json' }
    for (const path of ['/fmi/data/v1/databases/Demo/sessions', '/fmi/data/v2/databases/Demo/sessions/']) {
      expect((await send(server.url, 'POST', path, { headers })).code).toBe('0')
    }
  })

  test('a wrong password, a wrong account and an account without fmrest get 212 with HTTP 401', async (context) => {
    const accounts = [
      { name: 'web', password: 'secret' },
      { name: 'desktop', password: 'secret', fmrest: false },
    ]
    const server = await emulatorFor(context, { databases: { Demo: { accounts, tables: {} } } })
    for (const [account, password] of [
      ['web', 'wrong'],
      ['nobody', 'secret'],
      ['desktop', 'secret'],
    ] as const) {
      const reply = await logIn(server, 'Demo', account, password)
      expect([reply.status, reply.text]).toEqual([
        401,
        '{"messages":[{"code":"212","message":"Invalid user account or password"}],"response":{}}',
      ])
    }
    expect(server.sessions()).toEqual([])
  })

  test('without credentials the message comes before the code', async (context) => {
    const server = await emulatorFor(context, { databases })
    const reply = await send(server.url, 'POST', '/fmi/data/vLatest/databases/Demo/sessions', { body: {} })
    expect([reply.status, reply.text]).toEqual([
      401,
      '{"messages":[{"message":"HTTP Authorization header or OAuth headers are missing.","code":"10"}],"response":{}}',
    ])
  })

  test('credentials that are no Basic ones get 1702, an unknown database 802', async (context) => {
    const server = await emulatorFor(context, { databases })
    const path = '/fmi/data/vLatest/databases/Demo/sessions'
    const headers = { authorization: 'Basic %%%' }
    expect((await send(server.url, 'POST', path, { headers, body: {} })).code).toBe('1702')
    const unknown = await logIn(server, 'Nowhere')
    expect([unknown.status, unknown.code]).toEqual([500, '802'])
  })

  test('a password may hold colons and letters beyond ASCII', async (context) => {
    const accounts = [{ name: 'Zoë', password: 'a:b:ü' }]
    const server = await emulatorFor(context, { databases: { Demo: { accounts, tables: {} } } })
    expect((await logIn(server, 'Demo', 'Zoë', 'a:b:ü')).code).toBe('0')
  })
})

describe('tokens (sections 1.1, 3.2, 3.3, 4.6)', () => {
  test('a token is worth nothing for another database, nor for another spelling of its own', async (context) => {
    const server = await emulatorFor(context, { databases: { ...databases, Other: { People: [{ name: 'Bob' }] } } })
    const { bearer } = await signIn(server, 'Demo')
    for (const database of ['Other', 'demo']) {
      const reply = await send(server.url, 'GET', `/fmi/data/vLatest/databases/${database}/layouts`, {
        headers: bearer,
      })
      expect([reply.status, reply.text]).toEqual([
        401,
        '{"messages":[{"code":"952","message":"Invalid FileMaker Data API token (*)"}],"response":{}}',
      ])
    }
  })

  test('one token serves v1, v2 and vLatest; other versions do not exist', async (context) => {
    const server = await emulatorFor(context, { databases })
    const { bearer } = await signIn(server, 'Demo')
    const statuses = ['v1', 'v2', 'vLatest', 'v9'].map(async (version) => {
      return (await send(server.url, 'GET', `/fmi/data/${version}/databases/Demo/layouts`, { headers: bearer })).status
    })
    expect(await Promise.all(statuses)).toEqual([200, 200, 200, 404])
  })

  test('after the log-out the token is refused, by a second log-out too', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    const reply = await client.call('DELETE', `/sessions/${client.token}`)
    expect(reply.text).toBe('{"response":{},"messages":[{"code":"0","message":"OK"}]}')
    // Recorded with 56 bytes.
    expect(reply.bytes).toHaveLength(56)
    expect((await client.call('GET', '/layouts')).code).toBe('952')
    expect((await client.call('DELETE', `/sessions/${client.token}`)).code).toBe('952')
    expect(server.sessions()).toEqual([])
  })

  test('a call without a token gets 400 and the validation text', async (context) => {
    const server = await emulatorFor(context, { databases })
    for (const path of ['/validateSession', '/databases/Demo/layouts']) {
      const reply = await send(server.url, 'GET', `/fmi/data/vLatest${path}`)
      expect([reply.status, reply.text]).toEqual([
        400,
        '{"messages":[{"code":"10","message":"Request validation failed: Parameter (Authorization) is required"}],"response":{}}',
      ])
    }
  })

  test('validateSession tells whether a call of the session is going on, without waiting for it', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    const validate = () => send(server.url, 'GET', '/fmi/data/vLatest/validateSession', { headers: client.bearer })
    expect((await validate()).response).toEqual({ isSessionInUse: false })
    server.fault({ on: 'GET /layouts', do: { delayMs: 300 } })
    const slow = client.call('GET', '/layouts')
    await sleep(50)
    expect((await validate()).response).toEqual({ isSessionInUse: true })
    expect(server.sessions()[0]?.inUse).toBe(true)
    await slow
    expect((await validate()).response).toEqual({ isSessionInUse: false })
  })
})

describe('lifetime (section 5.1)', () => {
  test('a session ends after 15 minutes without a call, and every call starts them anew', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    for (let call = 0; call < 3; call += 1) {
      server.advance(14.9 * MINUTE)
      expect((await client.call('GET', '/layouts')).code).toBe('0')
    }
    server.advance(15 * MINUTE)
    expect((await client.call('GET', '/layouts')).code).toBe('952')
    expect(server.sessions()).toEqual([])
  })

  test('validateSession and a refused call count as calls', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    server.advance(10 * MINUTE)
    await send(server.url, 'GET', '/fmi/data/vLatest/validateSession', { headers: client.bearer })
    server.advance(10 * MINUTE)
    expect((await client.call('GET', '/layouts/Nowhere')).code).toBe('105')
    server.advance(10 * MINUTE)
    expect((await client.call('GET', '/layouts')).code).toBe('0')
  })

  test('a session does not idle out under a running call', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    server.fault({ on: 'GET /layouts', count: 1, do: { delayMs: 200 } })
    const slow = client.call('GET', '/layouts')
    await sleep(50)
    server.advance(20 * MINUTE)
    expect(server.sessions()).toHaveLength(1)
    expect((await slow).code).toBe('0')
    expect((await client.call('GET', '/layouts')).code).toBe('0')
  })
})

describe('the cap (section 5.4)', () => {
  test('the log-in beyond it gets 812 with HTTP 500, and a log-out or the idle end makes room', async (context) => {
    const server = await emulatorFor(context, { databases, sessions: { max: 2 } })
    const client = await signIn(server, 'Demo')
    await signIn(server, 'Demo')
    const refused = await logIn(server, 'Demo')
    expect([refused.status, refused.text]).toEqual([
      500,
      `{"messages":[{"code":"812","message":"Exceeded host's capacity"}],"response":{}}`,
    ])
    await client.call('DELETE', `/sessions/${client.token}`)
    expect((await logIn(server, 'Demo')).code).toBe('0')
    expect((await logIn(server, 'Demo')).code).toBe('812')
    server.advance(15 * MINUTE)
    expect((await logIn(server, 'Demo')).code).toBe('0')
    expect(server.sessions()).toHaveLength(1)
  })

  test('its code can be the documented 956', async (context) => {
    const server = await emulatorFor(context, { databases, sessions: { max: 0, capCode: 956 } })
    expect((await logIn(server, 'Demo')).code).toBe('956')
  })
})

describe('turns (section 5.6)', () => {
  test('the calls of one token run one after the other in the order of arrival', async (context) => {
    const server = await emulatorFor(context, { databases, responseDelayMs: 40 })
    const client = await signIn(server, 'Demo')
    const calls: Promise<unknown>[] = []
    for (const path of ['/layouts', '/scripts', '/layouts/People', '/layouts/People/records']) {
      calls.push(client.call('GET', path))
      await sleep(5)
    }
    await Promise.all(calls)
    const entries = server.requests((entry) => entry.method === 'GET')
    expect(entries.map((entry) => entry.operation)).toEqual([
      'GET /layouts',
      'GET /scripts',
      'GET /layouts/{layout}',
      'GET /records',
    ])
    for (const [index, entry] of entries.entries()) {
      expect(entry.startedAt).toBeGreaterThanOrEqual(entries[index - 1]?.endedAt ?? 0)
    }
  })

  test('a slow call holds up its own token only', async (context) => {
    const server = await emulatorFor(context, { databases })
    const [slow, fast] = [await signIn(server, 'Demo'), await signIn(server, 'Demo')]
    server.fault({ on: 'GET /scripts', count: 1, do: { delayMs: 400 } })
    const done: string[] = []
    const waiting = [
      slow.call('GET', '/scripts').then(() => done.push('slow')),
      sleep(20).then(() => slow.call('GET', '/layouts').then(() => done.push('behind it'))),
      sleep(40).then(() => fast.call('GET', '/layouts').then(() => done.push('other token'))),
    ]
    await Promise.all(waiting)
    expect(done).toEqual(['other token', 'slow', 'behind it'])
  })
})

describe('sessions ended from outside (section 5.5)', () => {
  test('the running call answers 112 at once, the waiting and later ones 952, and nothing is written', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    server.fault({ on: 'POST /records', do: { delayMs: 400 } })
    const running = client.call('POST', '/layouts/People/records', { fieldData: { name: 'Bob' } })
    await sleep(30)
    const waiting = client.call('GET', '/layouts')
    await sleep(30)
    const before = performance.now()
    expect(server.killSessions()).toBe(1)
    const reply = await running
    expect(performance.now() - before).toBeLessThan(200)
    expect([reply.status, reply.text]).toEqual([
      500,
      '{"messages":[{"code":"112","message":"Window is missing"}],"response":{}}',
    ])
    expect((await waiting).code).toBe('952')
    expect((await client.call('GET', '/layouts')).code).toBe('952')
    // Nor when the delay is over for which the call was waiting.
    await sleep(450)
    expect(server.records('Demo', 'People')).toHaveLength(1)
  })

  test('a log-out with the same token has the same effect', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    server.fault({ on: 'GET /layouts', do: { delayMs: 5_000 } })
    const running = client.call('GET', '/layouts')
    await sleep(30)
    expect((await client.call('DELETE', `/sessions/${client.token}`)).code).toBe('0')
    expect((await running).code).toBe('112')
  })

  test('a call that has committed and not answered yet answers 112 although its write is done', async (context) => {
    const server = await emulatorFor(context, { databases, responseDelayMs: 5_000 })
    const client = await signIn(server, 'Demo')
    const running = client.call('POST', '/layouts/People/records', { fieldData: { name: 'Bob' } })
    await sleep(50)
    server.killSessions()
    expect((await running).code).toBe('112')
    expect(server.records('Demo', 'People')).toHaveLength(2)
  })

  test('a filter chooses the sessions', async (context) => {
    const server = await emulatorFor(context, { databases })
    const [first, second] = [await signIn(server, 'Demo'), await signIn(server, 'Demo')]
    const [oldest] = server.sessions()
    expect(server.killSessions(({ id }) => id === oldest?.id)).toBe(1)
    expect((await first.call('GET', '/layouts')).code).toBe('952')
    expect((await second.call('GET', '/layouts')).code).toBe('0')
  })
})
