import { createServer, type Server, type ServerResponse } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { startEmulator, type RequestEntry } from '@fm/emulator'
import { Pool } from 'undici'
import { describe, expect, test } from 'vitest'
import type { CallError } from '../src/index.ts'
import { clientOf, errorOf, eventually, mapCache, pause, startServer, times } from './support.ts'

/** What an abort may take is 50 ms; a busy machine gets five times that. */
const ABORT_MS = 250

/** Aborts the call now, and says what came of it and after how many milliseconds. */
async function abort(controller: AbortController, call: Promise<CallError>): Promise<CallError & { afterMs: number }> {
  const startedAt = performance.now()
  controller.abort(new Error('enough'))
  const error = await call
  return Object.assign(error, { afterMs: performance.now() - startedAt })
}

/** The most requests that were worked on at one moment. */
function mostAtOnce(entries: readonly RequestEntry[]): number {
  const moments = entries.flatMap(({ startedAt, endedAt = Infinity }) => [
    { at: startedAt, change: 1 },
    { at: endedAt, change: -1 },
  ])
  let now = 0
  let most = 0
  for (const { change } of moments.toSorted((a, b) => a.at - b.at || a.change - b.change)) {
    now += change
    most = Math.max(most, now)
  }
  return most
}

describe('maxConcurrentCalls', () => {
  test('bounds the calls that go on at once, and lets the others go in their order', async () => {
    await using server = await startServer({ responseDelayMs: 30 })
    await using fm = clientOf(server, { cache: mapCache(), maxConcurrentCalls: 3, connections: 64 })
    const people = fm.layout('People')
    await times(30, (index) => people.create({ name: `${index}` }))
    const entries = server.requests('POST /records')
    expect(mostAtOnce(entries)).toBeLessThanOrEqual(3)
    const inOrder = server.records('Demo', 'People').slice(250)
    for (const [place, { fieldData }] of inOrder.entries()) {
      // Three go on at once, so each can be overtaken by those beside it only.
      expect(Math.abs(Number(fieldData.name) - place)).toBeLessThan(3)
    }
  })

  test('one at a time means one at a time, in the order of the calls', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), maxConcurrentCalls: 1 })
    await times(50, (index) => fm.layout('People').create({ name: `${index}` }))
    const names = server.records('Demo', 'People').map(({ fieldData }) => fieldData.name)
    expect(names.slice(250)).toEqual(Array.from({ length: 50 }, (_, index) => `${index}`))
  })

  test('refuses calls when the line is full, and takes them again when it is not', async () => {
    await using server = await startServer({ responseDelayMs: 150 })
    await using fm = clientOf(server, { cache: mapCache(), maxConcurrentCalls: 1, maxQueuedCalls: 2 })
    const people = fm.layout('People')
    const taken = times(3, () => people.create({ name: 'x' }))
    const error = await errorOf(people.create({ name: 'too many' }))
    expect(error).toMatchObject({ name: 'SessionError', reason: 'queue', outcome: 'not-executed' })
    expect(error.message).toMatch(/maxQueuedCalls/)
    expect(await taken).toHaveLength(3)
    expect(await people.create({ name: 'again' })).toMatchObject({ recordId: '254' })
  })

  test('a call waits for its turn as long as queueMs says, the client’s or its own', async () => {
    await using server = await startServer({ responseDelayMs: 600 })
    await using fm = clientOf(server, { cache: mapCache(), maxConcurrentCalls: 1, timeouts: { queueMs: 150 } })
    const people = fm.layout('People')
    const first = people.list({ limit: 1 })
    const patient = people.list({ limit: 1, timeouts: { queueMs: 5_000 } })
    const startedAt = performance.now()
    const [usual, impatient] = await Promise.all([
      errorOf(people.list()),
      errorOf(people.list({ timeouts: { queueMs: 20 } })),
    ])
    expect(performance.now() - startedAt).toBeLessThan(550)
    expect(usual).toMatchObject({ name: 'SessionError', reason: 'queue', outcome: 'not-executed' })
    expect(usual.message).toMatch(/within 150 ms \(timeouts\.queueMs/)
    expect(impatient.message).toMatch(/within 20 ms/)
    expect((await first).data).toHaveLength(1)
    expect((await patient).data).toHaveLength(1)
    expect(server.count('GET /records')).toBe(2)
  })

  test('a call that gives up gives its place to those behind it, whenever it does', async () => {
    await using server = await startServer({ responseDelayMs: 20 })
    await using fm = clientOf(server, { cache: mapCache(), maxConcurrentCalls: 2, sessions: { shared: 2 } })
    const people = fm.layout('People')
    // Time limits that end all the time, many of them in the moment of the turn.
    const calls = await Promise.allSettled(
      Array.from({ length: 120 }, (_, index) =>
        people.list({ limit: 1, timeoutMs: index % 2 === 0 ? 5 + index * 8 : 60_000 }),
      ),
    )
    const failed = calls.filter((call) => call.status === 'rejected')
    expect(calls.filter((_, index) => index % 2 === 1).every((call) => call.status === 'fulfilled')).toBe(true)
    expect(failed.length).toBeGreaterThan(0)
    // All turns have come back.
    const startedAt = performance.now()
    await times(4, () => people.list({ limit: 1 }))
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  test('an exclusive scope whose session is lost is restored though all turns are taken', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), maxConcurrentCalls: 1 })
    let prepared = 0
    await using scope = await fm.startCommunication({
      exclusive: true,
      setup: async (inside) => {
        prepared++
        await inside.layout('People').list({ limit: 1 })
      },
    })
    server.killSessions()
    const pages = await times(3, () => scope.layout('People').list({ limit: 1 }))
    expect(pages).toHaveLength(3)
    expect(prepared).toBe(2)
  })

  test('closing waits for the calls in line, too', async () => {
    await using server = await startServer({ responseDelayMs: 30 })
    const fm = clientOf(server, { maxConcurrentCalls: 1 })
    const writing = times(5, (index) => fm.layout('People').create({ name: `${index}` }))
    await fm.close()
    expect(await writing).toHaveLength(5)
    expect(server.sessions()).toEqual([])
  })

  test('a call that is made for another one, by its setup or the source of its upload, shares its turn', async () => {
    await using server = await startEmulator({
      databases: { Demo: { tables: { People: { fields: { photo: 'container' }, records: [{}, {}] } } } },
    })
    await using fm = clientOf(server, { maxConcurrentCalls: 1, timeouts: { callMs: 5_000 } })
    const people = fm.layout<{ photo: string }>('People')
    await people.upload(1, 'photo', new TextEncoder().encode('x'.repeat(100_000)), { fileName: 'a.txt' })
    const copy = async (): Promise<AsyncIterable<Uint8Array>> => {
      const file = await people.download(1, 'photo')
      if (file === undefined) throw new Error('no file')
      return file
    }
    await Promise.all([people.upload(2, 'photo', copy, { fileName: 'b.txt' }), people.list(), people.list()])
    expect((await (await people.download(2, 'photo'))?.bytes())?.byteLength).toBe(100_000)

    const setup = (): Promise<unknown> => people.list()
    await using scope = await fm.startCommunication({ exclusive: true, setup })
    server.killSessions()
    expect((await scope.layout('People').list()).data).toHaveLength(2)
  })

  test('what a call leaves behind running takes turns again', async () => {
    await using server = await startServer({ responseDelayMs: 20 })
    await using fm = clientOf(server, { maxConcurrentCalls: 1, maxQueuedCalls: 1 })
    const people = fm.layout('People')
    let left: Promise<unknown[]> = Promise.resolve([])
    let setups = 0
    const setup = (): void => {
      if (++setups === 2)
        left = pause(300).then(() => Promise.allSettled([people.list(), people.list(), people.list()]))
    }
    await using scope = await fm.startCommunication({ exclusive: true, setup })
    server.killSessions()
    await scope.layout('People').list()
    expect(await left).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { reason: { reason: 'queue' } },
    ])
  })

  test('ten thousand calls in line cost little, and none is lost', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), maxConcurrentCalls: 16 })
    await fm.layout('People').list({ limit: 1 })
    const controller = new AbortController()
    const options = { limit: 1, signal: controller.signal }
    const calls = Array.from({ length: 10_000 }, () => fm.layout('People').list(options))
    const settled = Promise.allSettled(calls)
    await eventually('some are answered', () => server.count('GET /records') > 50)
    const startedAt = performance.now()
    controller.abort()
    await settled
    expect(performance.now() - startedAt).toBeLessThan(2_000)
    expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
  })
})

describe('an abort is heard within 50 ms, and harms nobody', () => {
  test('while a call waits for a login', async () => {
    await using server = await startServer({ loginDelayMs: 600 })
    await using fm = clientOf(server, { cache: mapCache() })
    const controller = new AbortController()
    const limits = { signal: controller.signal, timeouts: { loginMs: 5_000 } }
    const call = errorOf(fm.layout('People').create({ name: 'x' }, limits))
    const other = fm.layout('People').list({ limit: 1 })
    await eventually('the login is under way', () => server.count('POST /sessions') === 1)
    const error = await abort(controller, call)
    expect(error).toMatchObject({ name: 'AbortError', outcome: 'not-executed', cause: { message: 'enough' } })
    expect(error.afterMs).toBeLessThan(ABORT_MS)
    expect((await other).data).toHaveLength(1)
    expect(server.count('POST /sessions')).toBe(1)
    expect(server.count('POST /records')).toBe(0)
  })

  test('in the line of maxConcurrentCalls', async () => {
    await using server = await startServer({ responseDelayMs: 500 })
    await using fm = clientOf(server, { cache: mapCache(), maxConcurrentCalls: 1 })
    const people = fm.layout('People')
    const before = people.create({ name: 'before' })
    const controller = new AbortController()
    const limits = { signal: controller.signal, timeouts: { queueMs: 5_000 } }
    const call = errorOf(people.create({ name: 'aborted' }, limits))
    const behind = people.create({ name: 'behind' })
    await eventually('the first is in flight', () => server.count('POST /records') === 1)
    const error = await abort(controller, call)
    expect(error).toMatchObject({ name: 'AbortError', outcome: 'not-executed' })
    expect(error.afterMs).toBeLessThan(ABORT_MS)
    await Promise.all([before, behind])
    const names = server.records('Demo', 'People').map(({ fieldData }) => fieldData.name)
    expect(names.slice(250)).toEqual(['before', 'behind'])
  })

  test('in the line for a session', async () => {
    await using server = await startServer({ responseDelayMs: 500 })
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 1, callsPerSession: 1 } })
    const people = fm.layout('People')
    const before = people.list({ limit: 1 })
    const controller = new AbortController()
    const call = errorOf(people.create({ name: 'x' }, { signal: controller.signal }))
    const behind = people.list({ limit: 1 })
    await eventually('the first is in flight', () => server.count('GET /records') === 1)
    const error = await abort(controller, call)
    expect(error).toMatchObject({ name: 'AbortError', outcome: 'not-executed' })
    expect(error.afterMs).toBeLessThan(ABORT_MS)
    expect((await Promise.all([before, behind])).map((page) => page.data.length)).toEqual([1, 1])
    expect(server.count('POST /records')).toBe(0)
  })

  test('in the line for a connection', async () => {
    await using server = await startServer({ responseDelayMs: 500 })
    await using fm = clientOf(server, { cache: mapCache(), connections: 1, sessions: { shared: 1 } })
    const people = fm.layout('People')
    await people.list({ limit: 1 })
    const before = people.list({ limit: 1 })
    const controller = new AbortController()
    const call = errorOf(people.create({ name: 'x' }, { signal: controller.signal }))
    const behind = people.list({ limit: 1 })
    await eventually('the first is in flight', () => server.count('GET /records') === 2)
    const error = await abort(controller, call)
    expect(error).toMatchObject({ name: 'AbortError', outcome: 'not-executed' })
    expect(error.afterMs).toBeLessThan(ABORT_MS)
    await Promise.all([before, behind])
    expect(server.count('POST /records')).toBe(0)
  })

  test('in flight', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout('People')
    await people.list({ limit: 1 })
    using _slow = server.fault({ on: 'POST /records', do: { delayMs: 600 } })
    const controller = new AbortController()
    const call = errorOf(people.create({ name: 'x' }, { signal: controller.signal }))
    const other = people.list({ limit: 1 })
    await eventually('it is in flight', () => server.count('POST /records') === 1)
    const error = await abort(controller, call)
    expect(error).toMatchObject({ name: 'AbortError', outcome: 'unknown' })
    expect(error.afterMs).toBeLessThan(ABORT_MS)
    expect((await other).data).toHaveLength(1)
  })

  test('in the body', async () => {
    await using server = await startHalfBodies()
    await using fm = clientOf(server, { cache: mapCache() })
    const controller = new AbortController()
    const call = errorOf(fm.layout('People').list({ limit: 1, signal: controller.signal }))
    const other = fm.layout('People').list({ limit: 2, timeoutMs: 5_000 })
    await eventually('half of both bodies is there', () => server.halves.length === 2)
    const error = await abort(controller, call)
    expect(error).toMatchObject({ name: 'AbortError', outcome: 'not-executed' })
    expect(error.afterMs).toBeLessThan(ABORT_MS)
    for (const finish of server.halves) finish()
    expect((await other).data).toEqual([])
  })

  test('in a pause between two attempts', async () => {
    let asked = 0
    await using server = await startPages((response) => {
      asked++
      response.writeHead(429, { 'retry-after': '30' })
      response.end()
    })
    await using fm = clientOf(server)
    const controller = new AbortController()
    const call = errorOf(fm.productInfo({ signal: controller.signal }))
    await eventually('it has been put off', () => asked === 1)
    await pause(50)
    const error = await abort(controller, call)
    expect(error).toMatchObject({ name: 'AbortError', outcome: 'not-executed', attempts: [{ result: 'HTTP 429' }, {}] })
    expect(error.afterMs).toBeLessThan(ABORT_MS)
    expect(asked).toBe(1)
  })
})

describe('time limits of the parts of a call', () => {
  test('connectMs bounds the opening of a connection, TLS included, for a client', async () => {
    await using silent = await startSilence()
    await using fm = clientOf({ url: silent.url.replace('http:', 'https:') }, { timeouts: { connectMs: 60 } })
    const startedAt = performance.now()
    const error = await errorOf(fm.layout('People').list())
    expect(error).toMatchObject({ name: 'TransportError', reason: 'unsent', outcome: 'not-executed' })
    expect(error.message).toContain('UND_ERR_CONNECT_TIMEOUT')
    // Four logins, each with its pause.
    expect(performance.now() - startedAt).toBeLessThan(6_000)
  })

  test('connectMs of one call bounds its wait for a connection, with any dispatcher', async () => {
    await using server = await startServer()
    await using warm = clientOf(server)
    await warm.productInfo()
    const dispatcher = new Pool(server.url, { connect: () => {} })
    await using fm = clientOf(server, { dispatcher })
    const startedAt = performance.now()
    const error = await errorOf(fm.productInfo({ timeouts: { connectMs: 40 } }))
    expect(error).toMatchObject({ name: 'TransportError', reason: 'unsent', outcome: 'not-executed' })
    expect(error.message).toContain('CONNECT_TIMEOUT')
    expect(error.attempts).toHaveLength(4)
    expect(performance.now() - startedAt).toBeLessThan(4_000)
    await dispatcher.destroy()
  })

  test('a connection that comes in time is no matter of connectMs any more', async () => {
    await using server = await startServer({ responseDelayMs: 300 })
    await using fm = clientOf(server, { cache: mapCache() })
    const page = await fm.layout('People').list({ limit: 1, timeouts: { connectMs: 200 } })
    expect(page.data).toHaveLength(1)
    expect(server.count('GET /records')).toBe(1)
  })

  test('loginMs bounds each login of a client', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), timeouts: { loginMs: 100 } })
    using _hang = server.fault({ on: 'POST /sessions', do: { delayMs: 3_000 } })
    const startedAt = performance.now()
    const error = await errorOf(fm.layout('People').list())
    expect(error).toMatchObject({ name: 'TransportError', reason: 'timeout', outcome: 'not-executed' })
    expect(error.message).toMatch(/the login got no answer within 100 ms/)
    expect(performance.now() - startedAt).toBeLessThan(2_500)
  })

  test('loginMs of one call bounds its wait for a session, and the login goes on for the others', async () => {
    await using server = await startServer({ loginDelayMs: 500 })
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout('People')
    const patient = people.list({ limit: 1 })
    const startedAt = performance.now()
    const limits = { timeouts: { loginMs: 60 } }
    const errors = await Promise.all([errorOf(people.list(limits)), errorOf(fm.startCommunication(limits))])
    expect(performance.now() - startedAt).toBeLessThan(450)
    for (const error of errors) {
      expect(error).toMatchObject({ name: 'TransportError', reason: 'timeout', outcome: 'not-executed' })
      expect(error.message).toMatch(/no session within 60 ms \(timeouts\.loginMs\)/)
    }
    expect((await patient).data).toHaveLength(1)
    expect(server.count('POST /sessions')).toBe(1)
    // With a session there is nothing to wait for.
    expect((await people.list({ limit: 1, timeouts: { loginMs: 1 } })).data).toHaveLength(1)
  })

  test('the whole call’s limit holds beside them', async () => {
    await using server = await startServer({ loginDelayMs: 400 })
    await using fm = clientOf(server, { cache: mapCache(), timeouts: { callMs: 80 } })
    const error = await errorOf(fm.layout('People').list({ timeouts: { loginMs: 10_000, connectMs: 10_000 } }))
    expect(error.message).toMatch(/no answer within 80 ms/)
  })

  test.each([
    [{ timeouts: { loginMs: 0 } }, /^list: timeouts\.loginMs: /],
    [{ timeouts: { queueMs: 1e12 } }, /^list: timeouts\.queueMs: /],
    [{ timeouts: { callMs: 5 } }, /^list: timeouts: there is no option "callMs"/],
    [{ timeouts: 5 }, /^list: timeouts: options must be an object/],
  ])('%o are refused', async (options, message) => {
    await using fm = clientOf({ url: 'http://127.0.0.1:1' })
    await expect(fm.layout('People').list(options as never)).rejects.toThrow(message)
  })

  test.each([
    [{ maxConcurrentCalls: 0 }, /^maxConcurrentCalls: /],
    [{ maxQueuedCalls: -1 }, /^maxQueuedCalls: /],
    [{ timeouts: { queueMs: 0.5 } }, /^timeouts\.queueMs: /],
  ])('a client with %o is refused', (options, message) => {
    expect(() => clientOf({ url: 'http://127.0.0.1:1' }, options)).toThrow(message)
  })
})

describe('maxResponseBytes', () => {
  const answer = JSON.stringify({ response: { productInfo: { name: 'x' } }, messages: [{ code: '0', message: 'OK' }] })

  test.each(['with its length', 'in chunks'])('takes an answer of just that size, %s, and none larger', async (how) => {
    await using server = await startPages((response) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        ...(how === 'in chunks' ? {} : { 'content-length': answer.length }),
      })
      response.write(answer.slice(0, 10))
      response.end(answer.slice(10))
    })
    await using exact = clientOf(server, { maxResponseBytes: answer.length })
    expect(await exact.productInfo()).toEqual({ name: 'x' })
    await using less = clientOf(server, { maxResponseBytes: answer.length - 1 })
    expect(await errorOf(less.productInfo())).toMatchObject({ name: 'TransportError', reason: 'too-large' })
  })

  test('an answer that says how large it is need not be read up to there', async () => {
    let isClosed = false
    await using server = await startPages((response) => {
      response.on('close', () => (isClosed = true))
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 2_000_000_000 })
      response.write('{')
    })
    await using fm = clientOf(server)
    expect(await errorOf(fm.productInfo({ timeoutMs: 5_000 }))).toMatchObject({ reason: 'too-large' })
    await eventually('the connection is given up', () => isClosed)
  })
})

interface Pages extends AsyncDisposable {
  readonly url: string
}

/** A web server for what the emulator does not do: answers in pieces, or never. */
async function startPages(answer: (response: ServerResponse, path: string) => void): Promise<Pages> {
  const server: Server = createServer((request, response) => {
    request.resume()
    answer(response, request.url ?? '')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: urlOf(server.address()),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Logs in, and sends half of each page of records; the other half when it is told to. */
async function startHalfBodies(): Promise<Pages & { readonly halves: (() => void)[] }> {
  const halves: (() => void)[] = []
  const pages = await startPages((response, path) => {
    const isRecords = path.includes('/records')
    const body = JSON.stringify({
      response: isRecords ? { data: [] } : { token: 'a'.repeat(52) },
      messages: [{ code: '0', message: 'OK' }],
    })
    response.writeHead(200, { 'content-type': 'application/json' })
    if (!isRecords) return void response.end(body)
    response.write(body.slice(0, 20))
    halves.push(() => response.end(body.slice(20)))
  })
  return Object.assign(pages, { halves })
}

/** Takes connections, and says nothing. */
async function startSilence(): Promise<Pages> {
  const sockets = new Set<{ destroy(): void }>()
  const server = createTcpServer((socket) => void sockets.add(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: urlOf(server.address()),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function urlOf(address: ReturnType<Server['address']>): string {
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}
