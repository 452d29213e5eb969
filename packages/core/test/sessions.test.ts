import { describe, expect, test } from 'vitest'
import { basic, createClient, SessionError } from '../src/index.ts'
import { clientOf, eventually, mapCache, pause, startServer, times } from './support.ts'

const ONE = { sessions: { shared: 1 } } as const

describe('with a cache', () => {
  test('fifty first calls at once sign in once, and inspect() tells the same', async () => {
    await using server = await startServer({ loginDelayMs: 100 })
    await using fm = clientOf(server, { cache: mapCache(), ...ONE })
    await times(50, () => fm.layout('People').list({ limit: 1 }))
    expect(server.count('POST /sessions')).toBe(1)
    expect(server.sessions()).toHaveLength(1)
    expect(await fm.sessions.inspect()).toEqual({
      logins: 1,
      live: 1,
      exclusive: 0,
      waiting: 0,
      slots: [{ slot: 's0', state: 'shared', generation: 1, inFlight: 0 }],
    })
  })

  test('fifty calls at once on a dead token sign in once more, and none fails', async () => {
    await using server = await startServer({ loginDelayMs: 50 })
    await using fm = clientOf(server, { cache: mapCache(), ...ONE })
    const people = fm.layout('People')
    await people.list({ limit: 1 })
    server.killSessions()
    const pages = await times(50, () => people.list({ limit: 2 }))
    expect(pages.every((page) => page.data.length === 2)).toBe(true)
    expect(server.count('POST /sessions')).toBe(2)
    expect((await fm.sessions.inspect()).logins).toBe(2)
    expect(server.sessions()).toHaveLength(1)
  })

  test('a token that idled out is renewed without anybody noticing', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), ...ONE })
    await fm.layout('People').list({ limit: 1 })
    server.advance(15 * 60_000 + 1)
    const { recordId } = await fm.layout('People').create({ name: 'Ada' })
    expect(recordId).toBe('251')
    expect(server.count('POST /sessions')).toBe(2)
  })

  test('a 952 for an old token that arrives after the renewal causes no login and ends nothing', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), ...ONE })
    const people = fm.layout('People')
    await people.list({ limit: 1 })
    server.killSessions()
    // Sent on the dead token, and refused only after another call has renewed it.
    using _slow = server.fault({ on: 'POST /_find', count: 1, do: { delayMs: 400 } })
    const late = people.find([{ name: '==Person 1' }])
    await pause(50)
    await people.list({ limit: 1 })
    expect(server.count('POST /sessions')).toBe(2)
    expect((await late).data).toHaveLength(1)
    expect(server.requests('POST /_find').map((entry) => entry.code)).toEqual([952, 0])
    expect(server.count('POST /sessions')).toBe(2)
    expect(server.count('DELETE /sessions')).toBe(0)
  })

  test('two clients of one account over one cache share the session; the last one closed ends it', async () => {
    await using server = await startServer()
    const cache = mapCache()
    const first = clientOf(server, { cache, ...ONE })
    const second = clientOf(server, { cache, ...ONE })
    await Promise.all([first.layout('People').list({ limit: 1 }), second.layout('People').list({ limit: 1 })])
    expect(server.count('POST /sessions')).toBe(1)
    await first.close()
    await second.layout('People').list({ limit: 1 })
    expect(server.count('POST /sessions')).toBe(1)
    await second.close()
    expect(server.sessions()).toHaveLength(0)
  })

  test('clients of one account over one cache must agree about sessions', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using _first = clientOf(server, { cache, sessions: { shared: 2 } })
    expect(() => clientOf(server, { cache, sessions: { shared: 3 } })).toThrow(/sessions, cacheSecret: .*other options/)
  })

  test('a warm call asks the cache nothing', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, { cache, ...ONE })
    const people = fm.layout('People')
    await people.list({ limit: 1 })
    await eventually('the first renewal of the record is over', () => cache.operations >= 3)
    await pause(20)
    const before = cache.operations
    for (let call = 0; call < 50; call++) await people.list({ limit: 1 })
    await times(50, () => people.list({ limit: 1 }))
    expect(cache.operations).toBe(before)
  })

  test('a session found in the cache is used: another process that comes later does not sign in', async () => {
    await using server = await startServer()
    const cache = mapCache({ sharedBy: 'machine' })
    const options = { cache, cacheSecret: 'x'.repeat(32), ...ONE }
    // Closing leaves the session to others, so the second client is what another process would be.
    const first = clientOf(server, options)
    await first.layout('People').list({ limit: 1 })
    await first.close()
    await using second = clientOf(server, options)
    await second.layout('People').list({ limit: 1 })
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('another account, database, partition or password never gets the session in the cache', async () => {
    await using server = await startServer()
    const cache = mapCache({ sharedBy: 'machine' })
    const options = { cache, cacheSecret: 'x'.repeat(32), ...ONE }
    await using fm = clientOf(server, options)
    await fm.layout('People').list({ limit: 1 })
    await using tenant = clientOf(server, { ...options, sessions: { shared: 1, partition: 'tenant' } })
    await tenant.layout('People').list({ limit: 1 })
    expect(server.sessions()).toHaveLength(2)
    await using wrong = clientOf(server, { ...options, auth: basic('web', 'wrong') })
    await expect(wrong.layout('People').list()).rejects.toMatchObject({
      name: 'SessionError',
      reason: 'credentials',
      fileMakerCode: 212,
      outcome: 'not-executed',
    })
    for (const [key, value] of cache.entries) {
      for (const secret of ['secret', 'wrong', 'web', 'Demo', '127.0.0.1']) {
        expect(key).not.toContain(secret)
        expect(Buffer.from(value.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain(secret)
      }
    }
  })

  test('a refusal is taken for granted for a second: calls ask neither the server nor the cache meanwhile', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, { cache, auth: basic('web', 'wrong') })
    await expect(fm.layout('People').list()).rejects.toThrow('212')
    const operations = cache.operations
    for (let call = 0; call < 50; call++) await expect(fm.layout('People').list()).rejects.toThrow('212')
    expect(cache.operations).toBe(operations)
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('a refusal holds without the cache, too', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, { cache, auth: basic('web', 'wrong'), sessions: { shared: 1 } })
    cache.failing = true
    for (let call = 0; call < 20; call++) await expect(fm.layout('People').list()).rejects.toThrow('212')
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('a wrong password is tried once, however many calls use it', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), auth: basic('web', 'wrong'), ...ONE })
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => fm.layout('People').list()))
    expect(results.every((result) => result.status === 'rejected' && result.reason instanceof SessionError)).toBe(true)
    expect(server.count('POST /sessions')).toBe(1)
    await expect(fm.layout('People').list()).rejects.toMatchObject({ fileMakerCode: 212 })
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('calls that stand behind each other open another session in the background, up to `shared`', async () => {
    await using server = await startServer({ responseDelayMs: 60 })
    await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 3 } })
    const people = fm.layout('People')
    await times(4, async () => {
      for (let call = 0; call < 12; call++) await people.list({ limit: 1 })
    })
    expect(server.sessions().length).toBeGreaterThan(1)
    expect(server.sessions().length).toBeLessThanOrEqual(3)
    expect(server.count('POST /sessions')).toBe(server.sessions().length)
  })

  test('a quiet client stays on one session', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    for (let call = 0; call < 10; call++) await fm.layout('People').list({ limit: 1 })
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('endAll() ends the sessions at the server, and the next call signs in anew', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), ...ONE })
    await fm.layout('People').list({ limit: 1 })
    await fm.sessions.endAll()
    expect(server.sessions()).toHaveLength(0)
    await fm.layout('People').list({ limit: 1 })
    expect(server.count('POST /sessions')).toBe(2)
  })

  test('a server without room is waited for while the call has time', async () => {
    await using server = await startServer({ sessions: { max: 1 } })
    const other = clientOf(server, { cache: mapCache(), ...ONE })
    await other.layout('People').list({ limit: 1 })
    await using fm = clientOf(server, { cache: mapCache(), ...ONE })
    const waiting = fm.layout('People').list({ limit: 1 })
    await pause(300)
    await other.close()
    expect((await waiting).data).toHaveLength(1)
  })
})

describe('a password from a function', () => {
  test('is asked for once for calls at once, and not again within a minute', async () => {
    await using server = await startServer()
    let asked = 0
    const auth = basic('web', async () => (asked++, 'secret'))
    await using fm = clientOf(server, { cache: mapCache(), auth, ...ONE })
    await times(20, () => fm.layout('People').list({ limit: 1 }))
    await fm.layout('People').list({ limit: 1 })
    expect([asked, server.count('POST /sessions')]).toEqual([1, 1])
  })

  test('is asked for again when the server refuses it, and a new one is used in the same call', async () => {
    await using server = await startServer()
    let password = 'old'
    await using fm = clientOf(server, { cache: mapCache(), auth: basic('web', () => password), ...ONE })
    await expect(fm.layout('People').list()).rejects.toMatchObject({ fileMakerCode: 212 })
    password = 'secret'
    expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
  })

  test('that is refused is asked for again by scopes, too', async () => {
    await using server = await startServer()
    const passwords = ['old', 'secret']
    await using fm = clientOf(server, { cache: mapCache(), auth: basic('web', () => passwords.shift() ?? 'secret') })
    await using scope = await fm.startCommunication({ exclusive: true })
    expect((await scope.layout('People').list({ limit: 1 })).data).toHaveLength(1)
  })

  test('that never answers holds up no closing', async () => {
    await using server = await startServer()
    const fm = clientOf(server, { auth: basic('web', () => new Promise<string>(() => {})) })
    const startedAt = performance.now()
    await fm.close({ deadlineMs: 50 })
    expect(performance.now() - startedAt).toBeLessThan(2_000)
  })

  test('that throws is an error of the call, with the reason as its cause', async () => {
    await using server = await startServer()
    const auth = basic('web', () => Promise.reject(new Error('the vault is closed')))
    await using fm = clientOf(server, { auth })
    await expect(fm.layout('People').list()).rejects.toMatchObject({
      name: 'SessionError',
      reason: 'login',
      outcome: 'not-executed',
      cause: { message: 'the vault is closed' },
    })
  })
})

describe('when the cache fails', () => {
  test('a cold call still succeeds, on one session of its own, which is shared once the cache is back', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, { cache, ...ONE })
    cache.failing = true
    await times(20, () => fm.layout('People').list({ limit: 1 }))
    expect(server.count('POST /sessions')).toBe(1)
    expect((await fm.sessions.inspect()).slots[0]?.state).toBe('local')
    cache.failing = false
    await eventually(
      'the session is in the record',
      async () => {
        await fm.layout('People').list({ limit: 1 })
        return (await fm.sessions.inspect()).slots[0]?.state === 'shared'
      },
      15_000,
    )
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('a session of its own that dies is replaced by another one', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, { cache, ...ONE })
    cache.failing = true
    await fm.layout('People').list({ limit: 1 })
    server.killSessions()
    await times(10, () => fm.layout('People').list({ limit: 1 }))
    expect(server.count('POST /sessions')).toBe(2)
  })

  test('degraded.localSessions: 0 opens none, and says why there is no session', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, { cache, sessions: { degraded: { localSessions: 0 } } })
    cache.failing = true
    await expect(fm.layout('People').list()).rejects.toThrow(/session cache is away/)
    expect(server.count('POST /sessions')).toBe(0)
  })

  test('warm calls do not notice', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, { cache, ...ONE })
    await fm.layout('People').list({ limit: 1 })
    cache.failing = true
    await times(20, () => fm.layout('People').list({ limit: 1 }))
    server.killSessions()
    await times(20, () => fm.layout('People').list({ limit: 1 }))
    expect(server.count('POST /sessions')).toBe(2)
  })
})

test('an operator who asks a cache that is away is told so, in words that name no host', async () => {
  await using server = await startServer()
  const cache = mapCache()
  await using fm = clientOf(server, { cache })
  cache.failing = true
  await expect(fm.sessions.endAll()).rejects.toMatchObject({ name: 'SessionError', reason: 'cache' })
})

describe('without a cache', () => {
  test('calls that overlap share a session, which is ended with the last of them', async () => {
    await using server = await startServer({ loginDelayMs: 50 })
    await using fm = clientOf(server, ONE)
    await times(100, () => fm.layout('People').list({ limit: 1 }))
    expect(server.count('POST /sessions')).toBe(1)
    await eventually('it is ended', () => server.sessions().length === 0)
    expect(server.count('DELETE /sessions')).toBe(1)
  })

  test('calls one after the other sign in and out each', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    for (let call = 0; call < 3; call++) await fm.layout('People').list({ limit: 1 })
    expect(server.count('POST /sessions')).toBe(3)
    await eventually('all are ended', () => server.sessions().length === 0)
  })

  test('a call that comes while the session is being ended gets one of its own, and is not ended with it', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, ONE)
    for (let round = 0; round < 30; round++) {
      const first = fm.layout('People').list({ limit: 1 })
      const second = first.then(() => fm.layout('People').create({ name: 'x' }))
      await Promise.all([first, second])
    }
    expect(server.requests((entry) => entry.code === 112 || entry.code === 952)).toEqual([])
  })

  test('a call that is aborted while it waits for its login leaves no session behind', async () => {
    await using server = await startServer({ loginDelayMs: 100 })
    await using fm = clientOf(server)
    await expect(fm.layout('People').list({ signal: AbortSignal.timeout(30) })).rejects.toMatchObject({
      name: 'AbortError',
      outcome: 'not-executed',
    })
    await eventually('the login is over and undone', () => server.count('DELETE /sessions') === 1)
    expect(server.sessions()).toHaveLength(0)
  })

  test('renewal: false makes a dead token an error, as FMDataAPI has it', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { retry: { renewal: false } })
    await using scope = await fm.startCommunication()
    await scope.layout('People').list({ limit: 1 })
    server.killSessions()
    await expect(scope.layout('People').list()).rejects.toMatchObject({ fileMakerCode: 952, outcome: 'not-executed' })
  })
})

describe('a scope', () => {
  test('holds the session open between its calls, and lets it go at its end', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    {
      await using scope = await fm.startCommunication()
      for (let call = 0; call < 5; call++) await scope.layout('People').list({ limit: 1 })
      await fm.layout('People').list({ limit: 1 })
      expect(server.count('POST /sessions')).toBe(1)
    }
    await eventually('it is ended', () => server.sessions().length === 0)
  })

  test('renews its session like any call when it dies inside', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    await using scope = await fm.startCommunication()
    await scope.layout('People').list({ limit: 1 })
    server.killSessions()
    expect((await scope.layout('People').list({ limit: 3 })).data).toHaveLength(3)
  })

  test('may be ended twice, and refuses calls after that', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const scope = await fm.startCommunication()
    await scope.endCommunication()
    await scope.endCommunication()
    await expect(scope.layout('People').list()).rejects.toMatchObject({ name: 'SessionError', reason: 'closed' })
  })

  test('whose login fails leaves nothing behind', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { auth: basic('web', 'wrong') })
    await expect(fm.startCommunication()).rejects.toMatchObject({ fileMakerCode: 212 })
    expect(server.sessions()).toHaveLength(0)
    expect((await fm.sessions.inspect()).waiting).toBe(0)
  })
})

describe('close()', () => {
  test('waits for the calls in flight, refuses new ones, and may be called twice', async () => {
    await using server = await startServer({ responseDelayMs: 150 })
    const fm = clientOf(server, { cache: mapCache() })
    const inFlight = fm.layout('People').list({ limit: 1 })
    await eventually('it is in flight', () => server.count('GET /records') === 1)
    const closing = fm.close()
    await expect(fm.layout('People').list()).rejects.toMatchObject({ name: 'SessionError', reason: 'closed' })
    expect((await inFlight).data).toHaveLength(1)
    await closing
    await fm.close()
    expect(server.sessions()).toHaveLength(0)
  })

  test('waits for calls that had begun and have no session yet, and for no longer than its deadline', async () => {
    await using server = await startServer({ loginDelayMs: 200 })
    const fm = clientOf(server, { cache: mapCache() })
    const begun = fm.layout('People').list({ limit: 1 })
    await fm.close()
    expect((await begun).data).toHaveLength(1)
    expect(server.sessions()).toHaveLength(0)
    const impatient = clientOf(server, { cache: mapCache() })
    const cut = impatient.layout('People').list({ limit: 1 })
    const closing = impatient.close({ deadlineMs: 20 })
    await expect(cut).rejects.toMatchObject({ name: 'SessionError', reason: 'closed' })
    await closing
    expect(server.sessions()).toHaveLength(0)
  })

  test('leaves the session to other processes where the cache is shared by them', async () => {
    await using server = await startServer()
    const fm = clientOf(server, { cache: mapCache({ sharedBy: 'machine' }), cacheSecret: 'x'.repeat(32) })
    await fm.layout('People').list({ limit: 1 })
    await fm.close()
    expect(server.sessions()).toHaveLength(1)
  })

  test('of a client that never called does nothing', async () => {
    const fm = createClient({ server: 'https://fms.example.com', database: 'D', auth: basic('a', 'b') })
    await expect(fm.close()).resolves.toBeUndefined()
  })
})
