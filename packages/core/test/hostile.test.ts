import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { Agent, type Dispatcher } from 'undici'
import { describe, expect, test } from 'vitest'
import { basic, createClient, type Client, type ClientOptions } from '../src/index.ts'
import { parseJson } from '../src/wire/exact-numbers.ts'
import { clientOf, errorOf, eventually, mapCache, pause, startServer } from './support.ts'

describe('an error after an attempt that was lost', () => {
  test('says unknown, also where the repeat got no session', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 1 } })
    await fm.layout('People').list({ limit: 1 })
    using _lost = server.fault({ on: 'DELETE /records', count: 1, do: { drop: 'after-commit' } })
    using _dead = server.fault({ on: 'DELETE /records', count: 1, do: { code: 952 } })
    using _refused = server.fault({ on: 'POST /sessions', do: { code: 212 } })
    const error = await errorOf(fm.layout('People').delete(1))
    expect(error).toMatchObject({ name: 'SessionError', fileMakerCode: 212, outcome: 'unknown' })
    expect(error.cause).toMatchObject({ outcome: 'unknown' })
    expect(server.records('Demo', 'People')).toHaveLength(249)
  })

  test('says unknown, also where a proxy refused the repeat', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _lost = server.fault({ on: 'DELETE /records', count: 1, do: { drop: 'after-commit' } })
    using _page = server.fault({ on: 'DELETE /records', count: 1, do: { status: 401 } })
    expect(await errorOf(fm.layout('People').delete(1))).toMatchObject({ name: 'ProxyAuthError', outcome: 'unknown' })
  })
})

test('a page of an error that is too large is no proof that a write was done', async () => {
  await using server = await startServer()
  await using fm = clientOf(server, { cache: mapCache(), maxResponseBytes: 700 })
  using _page = server.fault({ on: 'POST /records', do: { status: 503, body: 'x'.repeat(1_000) } })
  expect(await errorOf(fm.layout('People').create({ name: 'x' }))).toMatchObject({
    reason: 'too-large',
    outcome: 'unknown',
  })
})

describe('answers that nobody should send', () => {
  test.each([
    ['an empty code', { messages: [{ code: '', message: 'boom' }] }],
    ['a code that is no number', { messages: [{ code: '1e400', message: 'boom' }] }],
    ['OK with an error status', { response: { recordId: '1', modId: '0' }, messages: [{ code: '0' }] }],
    ['messages of another shape', { messages: [[]] }],
  ])('%s is not taken for success', async (_what, body) => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const page = { status: 500, body: JSON.stringify(body), contentType: 'application/json' }
    using _fault = server.fault({ on: 'POST /records', do: page })
    expect(await errorOf(fm.layout('People').create({ name: 'x' }))).toMatchObject({ reason: 'not-filemaker' })
  })

  test('a success that does not say which record was made leaves the outcome unknown', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const page = { status: 200, body: '{"response":{},"messages":[{"code":"0"}]}', contentType: 'application/json' }
    using _fault = server.fault({ on: 'POST /records', do: page })
    expect(await errorOf(fm.layout('People').create({ name: 'x' }))).toMatchObject({ outcome: 'unknown' })
  })

  test.each(['\ud800abc', 'a\r\nx: y', '😀', '', 'x'.repeat(2_000)])(
    'the token %j is none that can be used',
    async (token) => {
      await using server = await startAnswering((_request, response) => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ response: { token }, messages: [{ code: '0', message: 'OK' }] }))
      })
      for (const cache of [undefined, mapCache()]) {
        await using fm = clientOf(server, { cache })
        expect(await errorOf(fm.layout('People').list())).toMatchObject({
          reason: 'not-filemaker',
          outcome: 'not-executed',
        })
      }
    },
  )

  test('a number of a million digits does not stop the process', () => {
    const digits = `1${'0'.repeat(1_000_000)}1`
    const startedAt = performance.now()
    expect(parseJson(`{"n":${digits}}`)).toEqual({ n: digits })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })
})

describe('a server that quotes the request', () => {
  test('gets no password, header or token into an error, wherever its text is cut', async () => {
    await using server = await startAnswering((request, response) => {
      const quoted = `${'-'.repeat(290)}hunter2secret and ${request.headers.authorization} and hunter2secret`
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ messages: [{ code: '212', message: quoted }], response: {} }))
    })
    await using fm = createClient({ server: server.url, database: 'D', auth: basic('web', 'hunter2secret') })
    const calls = [() => fm.layout('L').list(), () => fm.databases(), () => fm.startCommunication()]
    for (const call of calls) {
      const shown = inspect(await errorOf(call()), { depth: 10 })
      expect(shown).not.toMatch(/hunter2|d2ViOmh1bnRlcjJzZWNyZXQ/)
    }
  })

  test('has its content type repeated only where it is a known one', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _page = server.fault({ on: 'GET /records', do: { status: 200, body: 'x', contentType: 'text/hunter2' } })
    expect((await errorOf(fm.layout('People').list())).message).not.toContain('hunter2')
  })
})

describe('a dispatcher of the caller', () => {
  test('that throws is an error of the call, without its words', async () => {
    const dispatcher = new Agent()
    dispatcher.dispatch = (options: Dispatcher.DispatchOptions) => {
      throw new Error(`I was asked ${JSON.stringify(options.headers)}`)
    }
    await using fm = createClient({
      server: 'https://fms.example.com',
      database: 'D',
      auth: basic('a', 'b'),
      dispatcher,
    })
    const error = await errorOf(fm.layout('L').list({ timeoutMs: 5_000 }))
    expect(error).toMatchObject({ name: 'TransportError', reason: 'unsent' })
    expect(inspect(error, { depth: 10 })).not.toContain('authorization')
  })

  test('that is none is refused by name', () => {
    const options: ClientOptions = { server: 'https://x.example', database: 'D', auth: basic('a', 'b') }
    expect(() => createClient({ ...options, dispatcher: {} as Dispatcher })).toThrow(/^dispatcher: /)
  })
})

describe('a call that is stopped', () => {
  test('while a 401 is being looked into ends in time, and leaves no rejection behind', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    await fm.layout('People').list({ limit: 1 })
    using _page = server.fault({ on: 'GET /records', do: { status: 401 } })
    using _slow = server.fault({ on: 'GET /validateSession', do: { delayMs: 1_000 } })
    const startedAt = performance.now()
    expect(await errorOf(fm.layout('People').list({ timeoutMs: 150 }))).toMatchObject({ reason: 'timeout' })
    expect(performance.now() - startedAt).toBeLessThan(600)
  })

  test.each<[string, (fm: Client) => Promise<unknown>]>([
    ['databases()', (fm) => fm.databases({ timeoutMs: 100 })],
    ['an exclusive scope', (fm) => fm.startCommunication({ exclusive: true, timeoutMs: 100 })],
    ['a find', (fm) => fm.layout('People').find([{ name: 'x' }], { timeoutMs: 100 })],
  ])('does not wait for a password function that never answers: %s', async (_what, call) => {
    await using server = await startServer()
    const fm = clientOf(server, { auth: basic('web', () => new Promise<string>(() => {})) })
    const startedAt = performance.now()
    expect(await errorOf(call(fm))).toMatchObject({ reason: 'timeout', outcome: 'not-executed' })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })
})

test('a scope whose setup fails on the new session does not go on without it', async () => {
  await using server = await startServer()
  await using fm = clientOf(server, { cache: mapCache() })
  let fail = false
  const seen: string[] = []
  await using scope = await fm.startCommunication({
    exclusive: true,
    setup: async () => {
      seen.push(fail ? 'failed' : 'done')
      if (fail) throw new Error('not now')
    },
  })
  fail = true
  server.killSessions()
  await expect(scope.layout('People').list()).rejects.toThrow('not now')
  await expect(scope.layout('People').list()).rejects.toThrow('not now')
  fail = false
  expect((await scope.layout('People').list({ limit: 1 })).data).toHaveLength(1)
  expect(seen).toEqual(['done', 'failed', 'failed', 'done'])
})

test('closing twice waits for the same end, and what is closed says so', async () => {
  await using server = await startServer({ responseDelayMs: 300 })
  const fm = clientOf(server, { cache: mapCache() })
  const scope = await fm.startCommunication({ exclusive: true })
  const call = fm.layout('People').list({ limit: 1 })
  await eventually('it is in flight', () => server.count('GET /records') === 1)
  const first = fm.close()
  let second = false
  void fm.close().then(() => (second = true))
  await pause(20)
  expect(second).toBe(false)
  await first
  expect((await call).data).toHaveLength(1)
  await expect(scope.setGlobals({ 'People::x': 1 })).rejects.toThrow('the client is closed')
})

test('a login that always hands out the same token, dead at every call, costs a few logins and an error', async () => {
  let logins = 0
  await using stuck = await startAnswering((request, response) => {
    const isLogin = request.method === 'POST' && request.url?.endsWith('/sessions') === true
    if (isLogin) logins++
    response.writeHead(isLogin ? 200 : 401, { 'content-type': 'application/json' })
    const messages = isLogin ? [{ code: '0', message: 'OK' }] : [{ code: '952', message: 'Invalid token' }]
    response.end(JSON.stringify({ response: isLogin ? { token: 'abc123' } : {}, messages }))
  })
  await using fm = clientOf(stuck, { cache: mapCache(), timeouts: { callMs: 10_000 } })
  await expect(fm.layout('People').list()).rejects.toMatchObject({ fileMakerCode: 952 })
  expect(logins).toBeLessThanOrEqual(8)
})

interface Answering extends AsyncDisposable {
  readonly url: string
}

async function startAnswering(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Answering> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
