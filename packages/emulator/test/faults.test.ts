import { describe, expect, test } from 'vitest'
import { emulatorFor, logIn, send, signIn, sleep } from './support.ts'

const databases = { Demo: { People: [{ name: 'Ada' }] } }
const RECORD = '/layouts/People/records/1'

describe('faults (section 13)', () => {
  test('a page stands for what the web server in front says; the request is not worked on', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    server.fault({ on: 'POST /records', count: 1, do: { status: 502 } })
    server.fault({ on: 'GET /records', count: 1, do: { status: 200, body: '', contentType: 'text/plain' } })
    const html = await client.call('POST', '/layouts/People/records', { fieldData: {} })
    expect([html.status, html.code]).toEqual([502, undefined])
    expect(html.text).toContain('<html>')
    const empty = await client.call('GET', RECORD)
    expect([empty.status, empty.text, empty.headers['content-type']]).toEqual([200, '', 'text/plain'])
    expect((await client.call('GET', RECORD)).code).toBe('0')
    expect(server.records('Demo', 'People')).toHaveLength(1)
  })

  test('a code is answered as the engine would', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    server.fault({ on: 'GET /records', count: 1, do: { code: 301 } })
    server.fault({ on: 'GET /records', count: 1, do: { code: 952 } })
    const locked = await client.call('GET', RECORD)
    expect([locked.status, locked.text]).toEqual([
      500,
      '{"messages":[{"code":"301","message":"Record is in use by another user"}],"response":{}}',
    ])
    const token = await client.call('GET', RECORD)
    expect([token.status, token.code]).toEqual([401, '952'])
  })

  test('dropped before: nothing is written; dropped after the commit: it is', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    const create = () => client.call('POST', '/layouts/People/records', { fieldData: { name: 'Bob' } })
    server.fault({ on: 'POST /records', count: 1, do: { drop: 'before' } })
    await expect(create()).rejects.toThrow(/hang up|ECONNRESET/)
    expect(server.records('Demo', 'People')).toHaveLength(1)
    server.fault({ on: 'POST /records', count: 1, do: { drop: 'after-commit' } })
    await expect(create()).rejects.toThrow(/hang up|ECONNRESET/)
    expect(server.records('Demo', 'People')).toHaveLength(2)
    expect(server.requests('POST /records').map(({ status, endedAt }) => [status, endedAt !== undefined])).toEqual([
      [undefined, true],
      [undefined, true],
    ])
  })

  test('a log-in can be lost after the session was opened', async (context) => {
    const server = await emulatorFor(context, { databases })
    server.fault({ on: 'POST /sessions', count: 1, do: { drop: 'after-commit' } })
    await expect(logIn(server, 'Demo')).rejects.toThrow(/hang up|ECONNRESET/)
    expect(server.sessions()).toHaveLength(1)
  })

  test('a truncated answer breaks off in the middle', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    server.fault({ on: 'GET /records', count: 1, do: { truncateTo: 20 } })
    await expect(client.call('GET', RECORD)).rejects.toThrow(/aborted|ECONNRESET/)
  })

  test('a rule lets requests pass first, meets so many, and is over when it is disposed of', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    const codes = async (count: number) => {
      const list: (string | undefined)[] = []
      for (let index = 0; index < count; index += 1) list.push((await client.call('GET', RECORD)).code)
      return list
    }
    server.fault({ on: 'GET /records', after: 1, count: 2, do: { code: 16 } })
    expect(await codes(5)).toEqual(['0', '16', '16', '0', '0'])
    const fault = server.fault({ do: { code: 16 } })
    expect(await codes(2)).toEqual(['16', '16'])
    fault[Symbol.dispose]()
    expect(await codes(1)).toEqual(['0'])
    expect(() => server.fault({ do: {} })).toThrow(TypeError)
  })

  test('a delay after the commit holds the answer back, and the next call of the token', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    server.fault({ on: 'POST /records', do: { delayAfterCommitMs: 200 } })
    const before = performance.now()
    const created = client.call('POST', '/layouts/People/records', { fieldData: {} })
    await sleep(50)
    expect(server.records('Demo', 'People')).toHaveLength(2)
    await client.call('GET', RECORD)
    expect(performance.now() - before).toBeGreaterThan(190)
    expect((await created).code).toBe('0')
  })
})

describe('restart of the engine (section 13)', () => {
  test('every token is dead, what runs gets 502, and for a while everything gets 503', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    server.fault({ on: 'GET /records', do: { delayMs: 5_000 } })
    const running = client.call('GET', RECORD)
    await sleep(30)
    const up = server.restart({ downMs: 150 })
    const lost = await running
    expect([lost.status, lost.code]).toEqual([502, undefined])
    expect((await send(server.url, 'GET', '/fmi/data/v1/productInfo')).status).toBe(503)
    await up
    expect((await client.call('GET', '/layouts')).code).toBe('952')
    expect((await logIn(server, 'Demo')).code).toBe('0')
  })
})

describe('the log', () => {
  test('it has operation, database, session, account and codes, but neither password nor token', async (context) => {
    const server = await emulatorFor(context, { databases })
    await logIn(server, 'Demo', 'web', 'hunter2')
    const client = await signIn(server, 'Demo')
    await client.call('GET', RECORD)
    await client.call('DELETE', `/sessions/${client.token}`)
    const entries = server.requests()
    expect(
      entries.map(({ number, operation, database, status, code, session, account }) => [
        number,
        operation,
        database,
        status,
        code,
        session,
        account,
      ]),
    ).toEqual([
      [1, 'POST /sessions', 'Demo', 401, 212, undefined, 'web'],
      [2, 'POST /sessions', 'Demo', 200, 0, 'session-1', 'web'],
      [3, 'GET /records/{recordId}', 'Demo', 200, 0, 'session-1', 'web'],
      [4, 'DELETE /sessions', 'Demo', 200, 0, 'session-1', 'web'],
    ])
    const text = JSON.stringify(entries)
    expect(text).not.toContain(client.token)
    expect(text).not.toContain('hunter2')
  })

  test('an operation takes those below it, and counters go on where the log has dropped entries', async (context) => {
    const server = await emulatorFor(context, { databases })
    const client = await signIn(server, 'Demo')
    await client.call('GET', '/layouts/People/records')
    await client.call('GET', RECORD)
    expect(server.requests('GET /records')).toHaveLength(2)
    expect(server.requests('GET /records/{recordId}')).toHaveLength(1)
    expect(server.requests('GET /rec')).toHaveLength(0)
    expect([server.count('GET /records'), server.count('POST /sessions'), server.count()]).toEqual([2, 1, 3])
  })
})

test('loginDelayMs passes before there is a session', async (context) => {
  const server = await emulatorFor(context, { databases, loginDelayMs: 150 })
  const signingIn = logIn(server, 'Demo')
  await sleep(50)
  expect(server.sessions()).toEqual([])
  expect((await signingIn).code).toBe('0')
})

test('closing ends what waits, and is the same when asked for twice', async (context) => {
  const server = await emulatorFor(context, { databases })
  const client = await signIn(server, 'Demo')
  server.fault({ do: { delayMs: 60_000 } })
  const waiting = client.call('GET', RECORD).catch((error: unknown) => String(error))
  await sleep(30)
  await Promise.all([server.close(), server.close()])
  expect(await waiting).toMatch(/hang up|ECONNRESET/)
})
