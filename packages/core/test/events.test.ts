import { channel, subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel'
import { describe, expect, test } from 'vitest'
import { basic, logTo, type LogDetails, type LoginMessage } from '../src/index.ts'
import { clientOf, eventually, mapCache, startServer, times } from './support.ts'

/** What arrives on a channel until it is disposed of. */
function listen(name: string): Disposable & { readonly seen: readonly Readonly<Record<string, unknown>>[] } {
  const seen: Readonly<Record<string, unknown>>[] = []
  const listener = (message: unknown): void => void seen.push(message as Readonly<Record<string, unknown>>)
  subscribe(name, listener)
  return { seen, [Symbol.dispose]: () => void unsubscribe(name, listener) }
}

const ended = (what: string): ReturnType<typeof listen> => listen(`tracing:fm:${what}:asyncEnd`)

describe('the channel of calls', () => {
  test('tells each call from start to end, with the same message', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const seen: string[] = []
    const messages = new Set<object>()
    const note = (name: string) => (message: object) => {
      seen.push(name)
      messages.add(message)
    }
    const listeners = {
      start: note('start'),
      end: note('end'),
      asyncStart: note('asyncStart'),
      asyncEnd: note('asyncEnd'),
      error: note('error'),
    }
    const calls = tracingChannel('fm:call')
    calls.subscribe(listeners)
    await fm.layout('People').find([{ name: '==Person 7' }])
    calls.unsubscribe(listeners)
    expect(seen).toEqual(['start', 'end', 'asyncStart', 'asyncEnd'])
    expect([...messages]).toMatchObject([
      {
        name: 'find',
        operation: 'POST /databases/{database}/layouts/{layout}/_find',
        method: 'POST',
        template: '/fmi/data/vLatest/databases/{database}/layouts/{layout}/_find',
        server: expect.any(Function),
        database: 'Demo',
        layout: 'People',
        sent: 1,
        durationMs: expect.any(Number),
      },
    ])
  })

  test('tells an error with its code', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using calls = ended('call')
    using errors = listen('tracing:fm:call:error')
    await fm
      .layout('People')
      .get(4711)
      .catch(() => {})
    expect(errors.seen).toHaveLength(1)
    expect(calls.seen).toMatchObject([{ name: 'get', fileMakerCode: 101, error: { name: 'FileMakerError' } }])
  })

  test('a find without a match is none', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using calls = ended('call')
    using errors = listen('tracing:fm:call:error')
    expect((await fm.layout('People').find([{ name: '==nobody' }])).data).toEqual([])
    expect(errors.seen).toEqual([])
    expect(calls.seen).toMatchObject([{ fileMakerCode: 401 }])
    expect(calls.seen[0]).not.toHaveProperty('error')
  })

  test('names layouts as they are called, whatever their path looks like', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using calls = ended('call')
    for (const layout of ['a/b', '..', 'Ü ber?', '100%'])
      await fm
        .layout(layout)
        .list()
        .catch(() => {})
    expect(calls.seen.map(({ layout }) => layout)).toEqual(['a/b', '..', 'Ü ber?', '100%'])
  })

  test('names the script that a call runs by itself', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using calls = ended('call')
    await fm
      .layout('People')
      .runScript('Tidy up/now', 'Zaphod')
      .catch(() => {})
    expect(calls.seen).toMatchObject([{ name: 'runScript', layout: 'People', script: 'Tidy up/now' }])
    expect(JSON.stringify(calls.seen)).not.toContain('Zaphod')
  })

  test('a call of a route without a database names none', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using calls = ended('call')
    await fm.productInfo()
    expect(calls.seen).toMatchObject([{ name: 'productInfo', database: undefined, layout: undefined }])
  })
})

describe('the channels of attempts and repeats', () => {
  test('tell what each attempt came to, and why it is sent again', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using calls = ended('call')
    using attempts = ended('attempt')
    using retries = listen('fm:retry')
    using _dropped = server.fault({ on: 'GET /records', count: 1, do: { drop: 'before' } })
    using _busy = server.fault({ on: 'GET /records', count: 1, do: { status: 503 } })
    await fm.layout('People').list({ limit: 1 })
    expect(attempts.seen).toMatchObject([
      { resend: 0, end: 'lost', errorCode: expect.any(String) },
      { resend: 1, end: 'answered', httpStatus: 503 },
      { resend: 2, end: 'answered', httpStatus: 200 },
    ])
    expect(retries.seen).toMatchObject([
      { because: 'lost', repeat: 1, layout: 'People' },
      { because: 'unavailable', repeat: 1, pauseMs: expect.any(Number) },
    ])
    expect(calls.seen).toMatchObject([{ sent: 3 }])
    expect(calls.seen[0]).not.toHaveProperty('error')
  })

  test('tell of a token that was refused', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    await fm.layout('People').list({ limit: 1 })
    server.killSessions()
    using retries = listen('fm:retry')
    await fm.layout('People').list({ limit: 1 })
    expect(retries.seen).toMatchObject([{ because: 'token refused', pauseMs: 0 }])
  })
})

describe('the channel of logins', () => {
  test('tells one for many calls that wait', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 1 } })
    using logins = ended('login')
    await times(5, () => fm.layout('People').list({ limit: 1 }))
    expect(logins.seen).toMatchObject([{ database: 'Demo', durationMs: expect.any(Number) }])
    expect((logins.seen[0] as unknown as LoginMessage).server()).toBe(server.url)
    expect(logins.seen[0]).not.toHaveProperty('error')
  })

  test('tells a refusal as an error, with its code', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using logins = ended('login')
    using errors = listen('tracing:fm:login:error')
    using _fault = server.fault({ on: 'POST /sessions', count: 1, do: { code: 212 } })
    await fm
      .layout('People')
      .list()
      .catch(() => {})
    expect(errors.seen).toHaveLength(1)
    expect(logins.seen).toMatchObject([
      { fileMakerCode: 212, httpStatus: 401, error: { name: 'SessionError', reason: 'credentials' } },
    ])
  })
})

describe('the channels of sessions and of the cache', () => {
  test('name the database', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, { cache })
    using sessions = listen('fm:session')
    using caches = listen('fm:cache')
    cache.failing = true
    await fm.layout('People').list({ limit: 1 })
    expect(sessions.seen).toContainEqual({ database: 'Demo', slot: 's0', event: 'login' })
    expect(caches.seen).toEqual([{ database: 'Demo', state: 'failing' }])
  })
})

describe('no message', () => {
  test('has a password, a token, a record id, a criterion or a value of a field in it', async () => {
    await using server = await startServer()
    const names = ['fm:retry', 'fm:session', 'fm:cache']
    for (const traced of ['fm:call', 'fm:attempt', 'fm:login'])
      for (const step of ['start', 'end', 'asyncStart', 'asyncEnd', 'error']) names.push(`tracing:${traced}:${step}`)
    const texts: string[] = []
    const listener = (message: unknown): void => void texts.push(JSON.stringify(message))
    for (const name of names) subscribe(name, listener)
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout('People')
    const { recordId } = await people.create({ name: 'Zaphod', note: 'Heart of Gold' })
    await people.edit(recordId, { note: 'Magrathea' })
    await people.find([{ name: '==Zaphod' }])
    await people.find([{ name: '==Trillian' }])
    server.killSessions()
    await people.get(recordId)
    await people.edit(recordId, { note: 'Vogon' }, { modId: '4242' }).catch(() => {})
    for (const name of names) unsubscribe(name, listener)
    expect(texts.length).toBeGreaterThan(40)
    const secrets = ['secret', 'Zaphod', 'Heart', 'Magrathea', 'Trillian', 'Vogon', '4242', `"${recordId}"`]
    for (const text of texts) {
      for (const secret of secrets) expect(text).not.toContain(secret)
      // Tokens of the emulator.
      expect(text).not.toMatch(/[0-9a-f]{40}/)
    }
  })
})

test('a client listens to none of its channels by itself', async () => {
  await using server = await startServer()
  await using fm = clientOf(server)
  expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
  expect(['fm:call', 'fm:attempt', 'fm:login'].filter((name) => tracingChannel(name).hasSubscribers)).toEqual([])
  expect(['fm:retry', 'fm:session', 'fm:cache'].filter((name) => channel(name).hasSubscribers)).toEqual([])
})

describe('logTo', () => {
  interface Entry {
    readonly level: string
    readonly text: string
    readonly details: LogDetails
  }
  function notebook(): { entries: Entry[]; logger: Parameters<typeof logTo>[0] } {
    const entries: Entry[] = []
    const at = (level: string) => (text: string, details: LogDetails) => void entries.push({ level, text, details })
    return { entries, logger: { debug: at('debug'), info: at('info'), warn: at('warn') } }
  }

  test('writes logins and what fails, and every call where it is told to', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const { entries, logger } = notebook()
    using _log = logTo(logger, { level: 'debug' })
    await fm.layout('People').list({ limit: 1 })
    await fm
      .layout('Nowhere')
      .list()
      .catch(() => {})
    expect(entries.map(({ level, text }) => `${level}: ${text.replace(/\d+ ms/, 'n ms')}`)).toEqual([
      'debug: session s0: login',
      'info: login to Demo: done in n ms',
      'debug: list People: done in n ms',
      'warn: list Nowhere: GET /databases/{database}/layouts/{layout}/records: Layout is missing (FileMaker error 105)',
    ])
    expect(entries.at(-1)?.details).toMatchObject({ fileMakerCode: 105, code: 'FM_REFUSED', outcome: 'not-executed' })
    await using stranger = fm.withAuth(basic('web', 'wrong'))
    await stranger
      .layout('People')
      .list()
      .catch(() => {})
    expect(entries.at(-1)?.details).toMatchObject({ code: 'FM_NO_SESSION', reason: 'credentials' })
  })

  test('writes nothing below its level', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const { entries, logger } = notebook()
    using _log = logTo(logger, { level: 'warn' })
    await fm.layout('People').list({ limit: 1 })
    expect(entries).toEqual([])
  })

  test('writes repeats, and a cache that fails and works again', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, { cache })
    const { entries, logger } = notebook()
    using _log = logTo(logger)
    cache.failing = true
    using _fault = server.fault({ on: 'GET /records', count: 1, do: { drop: 'before' } })
    await fm.layout('People').list({ limit: 1 })
    const texts = entries.map(({ text }) => text)
    expect(texts).toContain('the session cache fails; calls go on without it')
    expect(texts.find((text) => text.startsWith('list People: lost; sent again (1)'))).toBeDefined()
    cache.failing = false
    await eventually(
      'the cache is used again',
      async () => {
        await fm.layout('People').list({ limit: 1 })
        return entries.some(({ text }) => text === 'the session cache works again')
      },
      10_000,
    )
  })

  test('ends no process whose logger fails, at once or later, and warns once', async () => {
    const warnings: string[] = []
    const note = (warning: Error): void => void warnings.push(warning.message)
    process.on('warning', note)
    await using server = await startServer()
    await using fm = clientOf(server)
    const debug = (): never => {
      throw new Error('disk full')
    }
    const warn = async (): Promise<void> => debug()
    // What is thrown or rejected here would be an uncaught exception, which fails the run.
    using _log = logTo({ debug, info: warn, warn }, { level: 'debug' })
    expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
    await eventually('a warning', () => warnings.length > 0)
    process.off('warning', note)
    expect(warnings).toEqual(['logTo: the logger failed, and may go on failing: disk full'])
  })

  test('takes options that it knows, and no others', () => {
    expect(() => logTo(console, { lvl: 'warn' } as object)).toThrow('logTo: there is no option "lvl"')
    expect(() => logTo(console, null as unknown as object)).toThrow('logTo: options must be an object')
  })

  test('ends with stop()', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const { entries, logger } = notebook()
    const log = logTo(logger, { level: 'debug' })
    log.stop()
    await fm.layout('People').list({ limit: 1 })
    expect(entries).toEqual([])
    expect(tracingChannel('fm:call').hasSubscribers).toBe(false)
  })

  test('takes the console', () => {
    using log = logTo(console, { level: 'warn' })
    expect(log).toBeDefined()
  })

  test.each([
    [{ info: () => {}, warn: () => {} }, {}, /^logTo: logger.debug must be a function/],
    [undefined, {}, /^logTo: logger.debug/],
    [console, { level: 'loud' }, /^logTo: level must be/],
    [console, { levels: 'warn' }, /^logTo: there is no option "levels"; there are level$/],
  ])('refuses %o with %o', (logger, options, words) => {
    expect(() => logTo(logger as Console, options as { level: 'warn' })).toThrow(words)
  })
})
