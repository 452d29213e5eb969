import { createServer, type Server } from 'node:http'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { TransportError } from '../src/index.ts'
import { clientOf, errorOf, eventually, mapCache, pause, startServer, times } from './support.ts'

describe('a lost answer', () => {
  test('is asked for again where the call only reads', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'GET /records', count: 2, do: { drop: 'after-commit' } })
    expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
    expect(server.count('GET /records')).toBe(3)
  })

  test('of a create says that the outcome is unknown, and the create is sent once', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'POST /records', count: 1, do: { drop: 'after-commit' } })
    const error = await errorOf(fm.layout('People').create({ name: 'once' }))
    expect(error).toMatchObject({ name: 'TransportError', reason: 'lost', outcome: 'unknown' })
    expect(server.count('POST /records')).toBe(1)
    expect(server.records('Demo', 'People')).toHaveLength(251)
  })

  test('of an edit with modId is sorted out by FileMaker: a 306 on the repeat leaves it unknown', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _done = server.fault({ on: 'PATCH /records', count: 1, do: { drop: 'after-commit' } })
    const error = await errorOf(fm.layout('People').edit(1, { age: 5 }, { modId: '0' }))
    expect(error).toMatchObject({ fileMakerCode: 306, outcome: 'unknown' })
    expect(error.cause).toMatchObject({ reason: 'lost' })
    expect(error.attempts.map((attempt) => attempt.result)).toEqual(['lost', '306'])
    using _notDone = server.fault({ on: 'PATCH /records', count: 1, do: { drop: 'before' } })
    expect(await fm.layout('People').edit(2, { age: 5 }, { modId: '0' })).toEqual({ modId: '1' })
  })

  test('of a delete is done when the repeat finds nothing to delete', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'DELETE /records', count: 1, do: { drop: 'after-commit' } })
    await fm.layout('People').delete(7)
    expect(server.count('DELETE /records')).toBe(2)
    expect(server.records('Demo', 'People')).toHaveLength(249)
  })

  test('cut off in the middle counts as lost', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'GET /records', count: 1, do: { truncateTo: 40 } })
    expect((await fm.layout('People').list({ limit: 5 })).data).toHaveLength(5)
  })
})

describe('a session closed while calls run (112)', () => {
  test('costs a read nothing but a repeat', async () => {
    await using server = await startServer({ responseDelayMs: 100 })
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 1 } })
    const reading = fm.layout('People').list({ limit: 1 })
    await eventually('it runs', () => server.count('GET /records') === 1)
    server.killSessions()
    expect((await reading).data).toHaveLength(1)
    expect(server.count('POST /sessions')).toBe(2)
  })

  test.each([
    [false, { name: 'FileMakerError', fileMakerCode: 112, outcome: 'unknown' }],
    [true, { modId: '0' }],
  ])('with repeatWritesOn112: %s a write ends as %o', async (repeatWritesOn112, end) => {
    await using server = await startServer({ responseDelayMs: 100 })
    await using fm = clientOf(server, { cache: mapCache(), retry: { repeatWritesOn112 } })
    const writing = fm
      .layout('People')
      .create({ name: 'x' })
      .catch((error: unknown) => error)
    await eventually('it runs', () => server.count('POST /records') === 1)
    server.killSessions()
    expect(await writing).toMatchObject(end)
  })

  test('by a script, again and again, burns no sessions', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 1 } })
    using _fault = server.fault({ on: 'POST /records', do: { code: 112 } })
    for (let call = 0; call < 10; call++) {
      expect(await errorOf(fm.layout('People').create({ name: 'x' }))).toMatchObject({ fileMakerCode: 112 })
    }
    expect(server.count('POST /sessions')).toBeLessThanOrEqual(2)
  })
})

describe('a server or proxy in trouble', () => {
  test('503 and 502 pages are waited out by reads', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _first = server.fault({ on: 'GET /records', count: 1, do: { status: 503 } })
    using _second = server.fault({ on: 'GET /records', count: 1, after: 0, do: { status: 502 } })
    expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
    expect(server.count('GET /records')).toBe(3)
  })

  test('a file that is closed for a moment (802) is waited for, by writes too', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'POST /records', count: 2, do: { code: 802 } })
    expect(await fm.layout('People').create({ name: 'x' })).toMatchObject({ recordId: '251' })
  })

  test('an engine restart costs one login and no read', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 1 } })
    await fm.layout('People').list({ limit: 1 })
    const up = server.restart({ downMs: 150 })
    expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
    await up
    expect(server.sessions()).toHaveLength(1)
  })

  test('429 is repeated after the time the proxy asks for', async () => {
    await using page = await startPages((_path, attempt) =>
      attempt === 1
        ? { status: 429, headers: { 'retry-after': '1' } }
        : { status: 200, json: { productInfo: { name: 'x' } } },
    )
    await using fm = clientOf(page)
    const startedAt = performance.now()
    expect(await fm.productInfo()).toMatchObject({ name: 'x' })
    expect(performance.now() - startedAt).toBeGreaterThan(950)
  })

  test("a 401 that is not FileMaker's is a ProxyAuthError when the session is good, and a renewal when it is dead", async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 1 } })
    await fm.layout('People').list({ limit: 1 })
    using _good = server.fault({ on: 'GET /records', count: 1, do: { status: 401 } })
    expect(await errorOf(fm.layout('People').list())).toMatchObject({ name: 'ProxyAuthError', outcome: 'not-executed' })
    server.killSessions()
    using _dead = server.fault({ on: 'GET /records', count: 1, do: { status: 401 } })
    expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
    expect(server.count('POST /sessions')).toBe(2)
  })

  test.each([
    ['HTML', { body: '<h1>Welcome</h1>', contentType: 'text/html' }, /an answer of type text\/html came/],
    [
      'broken JSON',
      { body: '{"response":{"data":"my secret field"', contentType: 'application/json' },
      /cut off or broken/,
    ],
    ["somebody else's JSON", { body: '{"ok":true}', contentType: 'application/json' }, /not FileMaker's/],
    ['nothing at all', { body: '', contentType: 'application/json' }, /an empty answer/],
  ])('an answer that is %s gets an error of its own, without its content', async (_what, page, message) => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'GET /records', do: { status: 200, ...page } })
    const error = await errorOf(fm.layout('People').list())
    expect(error).toMatchObject({ name: 'TransportError', reason: 'not-filemaker', httpStatus: 200 })
    expect(error.message).toMatch(message)
    expect(inspect(error, { depth: 10 })).not.toContain('my secret field')
  })

  test('an answer larger than maxResponseBytes is an error, and the client goes on', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), maxResponseBytes: 5_000 })
    expect(await errorOf(fm.layout('People').list({ limit: 250 }))).toMatchObject({ reason: 'too-large' })
    expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
  })
})

describe('time', () => {
  test('a call ends within its own time limit, and says that a write may have been executed', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    await fm.layout('People').list({ limit: 1 })
    using _fault = server.fault({ do: { delayMs: 1_000 } })
    const startedAt = performance.now()
    const [reading, writing] = await Promise.all([
      errorOf(fm.layout('People').list({ timeoutMs: 150 })),
      errorOf(fm.layout('People').create({ name: 'x' }, { timeoutMs: 150 })),
    ])
    expect(performance.now() - startedAt).toBeLessThan(750)
    expect(reading).toMatchObject({ name: 'TransportError', reason: 'timeout', outcome: 'not-executed' })
    expect(writing).toMatchObject({ reason: 'timeout', outcome: 'unknown' })
  })

  test("an abort ends a call wherever it is, and harms nobody else's", async () => {
    await using server = await startServer({ loginDelayMs: 200, responseDelayMs: 200 })
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 1 } })
    const people = fm.layout('People')
    const controllers = Array.from({ length: 3 }, () => new AbortController())
    const [login, queued, early] = controllers.map((controller) => errorOf(people.list({ signal: controller.signal })))
    controllers[2]?.abort('early')
    const other = people.list({ limit: 1 })
    expect(await early).toMatchObject({ name: 'AbortError', cause: 'early', outcome: 'not-executed' })
    controllers[0]?.abort(new Error('mine'))
    const abortedAt = performance.now()
    expect(await login).toMatchObject({ name: 'AbortError', code: 'FM_ABORTED' })
    expect(performance.now() - abortedAt).toBeLessThan(100)
    await eventually('calls are in flight', () => server.count('GET /records') >= 1)
    controllers[1]?.abort()
    expect(await queued).toMatchObject({ name: 'AbortError', outcome: 'not-executed' })
    expect((await other).data).toHaveLength(1)
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('an abort in flight is heard by a call that had to wait for its login, too', async () => {
    await using server = await startServer({ loginDelayMs: 100, responseDelayMs: 500 })
    await using fm = clientOf(server, { cache: mapCache() })
    const controller = new AbortController()
    const call = errorOf(fm.layout('People').create({ name: 'x' }, { signal: controller.signal }))
    await eventually('it is in flight', () => server.count('POST /records') === 1)
    const abortedAt = performance.now()
    controller.abort()
    expect(await call).toMatchObject({ name: 'AbortError', outcome: 'unknown' })
    expect(performance.now() - abortedAt).toBeLessThan(250)
  })

  test('a call that gives up its place in the queue does not take the turn of those behind it', async () => {
    await using server = await startServer({ responseDelayMs: 200 })
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 1, callsPerSession: 1 } })
    const people = fm.layout('People')
    await people.list({ limit: 1 })
    const first = people.list({ limit: 1 })
    const impatient = errorOf(people.list({ limit: 1, timeoutMs: 60 }))
    const patient = people.list({ limit: 1 })
    expect(await impatient).toMatchObject({ reason: 'timeout', outcome: 'not-executed' })
    await first
    expect((await patient).data).toHaveLength(1)
    expect(server.count('GET /records')).toBe(3)
  })

  test('more calls than maxWaiting are refused at once', async () => {
    await using server = await startServer({ loginDelayMs: 200 })
    await using fm = clientOf(server, { cache: mapCache(), sessions: { maxWaiting: 2 } })
    const waiting = [fm.layout('People').list({ limit: 1 }), fm.layout('People').list({ limit: 1 })]
    expect(await errorOf(fm.layout('People').list())).toMatchObject({ name: 'SessionError', reason: 'queue' })
    expect(await Promise.all(waiting)).toHaveLength(2)
  })

  test('a signal that was aborted before sends nothing', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await errorOf(fm.layout('People').list({ signal: AbortSignal.abort() }))
    await pause(50)
    expect(server.requests()).toEqual([])
  })

  test('while a call hangs on one session, others go on another', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 2 } })
    const people = fm.layout('People')
    await people.list({ limit: 1 })
    using _fault = server.fault({ on: 'POST /_find', count: 1, do: { delayMs: 3_000 } })
    await errorOf(people.find([{ name: 'x' }], { timeoutMs: 100 }))
    await eventually('a second session is open', async () => {
      await people.list({ limit: 1, timeoutMs: 500 }).catch(() => {})
      return server.sessions().length === 2
    })
    const startedAt = performance.now()
    for (let call = 0; call < 10; call++) await people.list({ limit: 1 })
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})

describe('a read that stands behind a call that hangs', () => {
  test('is answered on another session, and its place in the line given up', async () => {
    await using server = await startServer({ responseDelayMs: 20 })
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 2 } })
    const people = fm.layout('People')
    await times(4, async () => {
      for (let call = 0; call < 15; call++) await people.list({ limit: 1 })
    })
    expect(server.sessions()).toHaveLength(2)
    using _hang = server.fault({ on: 'POST /_find', count: 1, do: { delayMs: 6_000 } })
    const hanging = people.find([{ name: '==Person 1' }], { timeoutMs: 60_000 })
    // Sent at once, so they stand behind it where they got its session.
    const startedAt = performance.now()
    await times(4, () => people.list({ limit: 1 }))
    expect(performance.now() - startedAt).toBeLessThan(4_000)
    expect((await hanging).data).toHaveLength(1)
  })

  test('is not asked twice where there is no other session', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 1 } })
    using _slow = server.fault({ on: 'GET /records', count: 1, do: { delayMs: 2_600 } })
    expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
    expect(server.count('GET /records')).toBe(1)
  })

  test('is never done for writes', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 2 } })
    using _slow = server.fault({ on: 'POST /records', count: 1, do: { delayMs: 2_600 } })
    await Promise.all([fm.layout('People').create({ name: 'x' }), fm.layout('People').list({ limit: 1 })])
    expect(server.count('POST /records')).toBe(1)
  })
})

describe('a server that is not there', () => {
  test('gets an error that says so, after a few tries, and names no host', async () => {
    const server = await startServer()
    const url = server.url
    await server.close()
    await using fm = clientOf(server)
    for (const error of await Promise.all([errorOf(fm.layout('People').list()), errorOf(fm.productInfo())])) {
      expect(error).toBeInstanceOf(TransportError)
      expect(error).toMatchObject({ reason: 'unsent', outcome: 'not-executed' })
      expect(error.message).toContain('ECONNREFUSED')
      expect(inspect(error, { depth: 10 })).not.toContain(new URL(url).port)
    }
  })

  test('is no reason to wait longer than the call may take', async () => {
    await using fm = clientOf({ url: 'http://127.0.0.1:1' })
    const startedAt = performance.now()
    await errorOf(fm.layout('People').list({ timeoutMs: 50 }))
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})

interface Page {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: object
}

/** A web server that answers as told, for what FileMaker Server itself never says. */
async function startPages(answer: (path: string, attempt: number) => Page): Promise<AsyncDisposable & { url: string }> {
  let attempt = 0
  const server: Server = createServer((request, response) => {
    const { status, headers = {}, json } = answer(request.url ?? '', ++attempt)
    response.writeHead(status, { 'content-type': json === undefined ? 'text/html' : 'application/json', ...headers })
    response.end(
      json === undefined ? 'page' : JSON.stringify({ response: json, messages: [{ code: '0', message: 'OK' }] }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
