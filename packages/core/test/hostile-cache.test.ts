import { describe, expect, test } from 'vitest'
import { basic, type SessionCache } from '../src/index.ts'
import { clientOf, eventually, mapCache, pause, startServer, times } from './support.ts'

describe('a cache that answers nonsense', () => {
  const nonsense: readonly (readonly [string, Partial<SessionCache>])[] = [
    ['refuses every swap', { compareAndSet: async () => false }],
    [
      'refuses every swap after a while',
      {
        compareAndSet: async () => {
          await pause(1)
          return false
        },
      },
    ],
    ['resolves a swap with nothing', { compareAndSet: async () => undefined as never }],
    ['gives null for a value', { get: async () => null as never }],
    ['gives a number for a value', { get: async () => ({ value: 5 }) as never }],
    ['gives ten million characters', { get: async () => ({ value: 'x'.repeat(10_000_000) }) }],
  ]

  test.each(nonsense)('one that %s costs a session of its own, and no call', async (_what, broken) => {
    await using server = await startServer()
    const fm = clientOf(server, { cache: { ...mapCache(), ...broken }, sessions: { shared: 1 } })
    const pages = await times(5, () => fm.layout('People').list({ limit: 1, timeoutMs: 8_000 }))
    expect(pages).toHaveLength(5)
    const startedAt = performance.now()
    await fm.close()
    expect(performance.now() - startedAt).toBeLessThan(3_000)
  })
})

describe('close()', () => {
  test.each([
    ['a server without room', { sessions: { max: 0 } }],
    ['a login that hangs', { loginDelayMs: 20_000 }],
  ])('keeps to its deadline with %s', async (_what, options) => {
    await using server = await startServer(options)
    const fm = clientOf(server, { cache: mapCache() })
    const call = fm.layout('People').list({ timeoutMs: 200 })
    await expect(call).rejects.toMatchObject({ outcome: 'not-executed' })
    const startedAt = performance.now()
    await fm.close({ deadlineMs: 100 })
    expect(performance.now() - startedAt).toBeLessThan(3_500)
  })

  test('waits for the calls of exclusive scopes', async () => {
    await using server = await startServer({ responseDelayMs: 300 })
    const fm = clientOf(server, { cache: mapCache() })
    const scope = await fm.startCommunication({ exclusive: true })
    const writing = scope.layout('People').create({ name: 'x' })
    await eventually('it is in flight', () => server.count('POST /records') === 1)
    await fm.close()
    expect(await writing).toMatchObject({ recordId: '251' })
    expect(server.sessions()).toHaveLength(0)
  })

  test.each([undefined, mapCache()])('leaves no session of a scope that was being opened (%#)', async (cache) => {
    await using server = await startServer({ loginDelayMs: 200 })
    const fm = clientOf(server, { cache })
    const opening = fm.startCommunication({ exclusive: true }).catch((error: unknown) => error)
    await eventually('the login is under way', () => server.count('POST /sessions') === 1)
    await fm.close()
    expect(await opening).toMatchObject({ name: 'SessionError', reason: 'closed' })
    await eventually('nothing is left', () => server.sessions().length === 0)
  })
})

test('the end of a scope waits for its own calls', async () => {
  await using server = await startServer({ responseDelayMs: 300 })
  await using fm = clientOf(server, { cache: mapCache() })
  const scope = await fm.startCommunication({ exclusive: true })
  const writing = scope.layout('People').create({ name: 'x' })
  await eventually('it is in flight', () => server.count('POST /records') === 1)
  await scope.endCommunication()
  expect(await writing).toMatchObject({ recordId: '251' })
})

test('a scope that waits for its one session holds up nobody who can take another', async () => {
  await using server = await startServer({ responseDelayMs: 20 })
  await using fm = clientOf(server, { cache: mapCache(), sessions: { shared: 2, callsPerSession: 1 } })
  const people = fm.layout('People')
  await times(4, async () => {
    for (let call = 0; call < 10; call++) await people.list({ limit: 1 })
  })
  expect(server.sessions()).toHaveLength(2)
  await using scope = await fm.startCommunication()
  using _slow = server.fault({ on: 'POST /_find', count: 1, do: { delayMs: 1_500 } })
  const slow = scope.layout('People').find([{ name: 'x' }])
  const behind = scope.layout('People').list({ limit: 1 })
  await eventually('the slow one runs', () => server.count('POST /_find') === 1)
  const startedAt = performance.now()
  await people.list({ limit: 1 })
  expect(performance.now() - startedAt).toBeLessThan(700)
  await Promise.all([slow, behind])
})

describe('exclusive logins', () => {
  test('with a wrong password are tried as seldom as shared ones', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), auth: basic('web', 'wrong') })
    const starts = await Promise.allSettled(
      Array.from({ length: 20 }, () => fm.startCommunication({ exclusive: true })),
    )
    expect(starts.every(({ status }) => status === 'rejected')).toBe(true)
    expect(server.count('POST /sessions')).toBeLessThanOrEqual(2)
  })

  test('at a full server back off', async () => {
    await using server = await startServer({ sessions: { max: 0 } })
    await using fm = clientOf(server, { cache: mapCache() })
    await expect(fm.startCommunication({ exclusive: true, timeoutMs: 3_000 })).rejects.toBeDefined()
    expect(server.count('POST /sessions')).toBeLessThanOrEqual(10)
  })
})

test('a pause that the proxy asked for keeps no process alive once the call is aborted', async () => {
  await using server = await startServer()
  await using fm = clientOf(server, { cache: mapCache() })
  await fm.layout('People').list({ limit: 1 })
  using _busy = server.fault({ on: 'GET /records', do: { code: 802 } })
  const before = process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
  const controllers = Array.from({ length: 20 }, () => new AbortController())
  const calls = controllers.map(({ signal }) =>
    fm
      .layout('People')
      .list({ signal })
      .catch(() => {}),
  )
  await pause(150)
  for (const controller of controllers) controller.abort()
  await Promise.all(calls)
  expect(process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length).toBeLessThanOrEqual(
    before + 3,
  )
})
