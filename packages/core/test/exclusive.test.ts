import { startEmulator, type Emulator } from '@fm/emulator'
import { describe, expect, test } from 'vitest'
import { clientOf, eventually, mapCache, pause, times } from './support.ts'

/** A database with a global field, which shows whose session a call is on. */
function startServer(options: Parameters<typeof startEmulator>[0] = {}): Promise<Emulator> {
  return startEmulator({
    databases: {
      Demo: {
        tables: {
          People: {
            fields: { name: 'text', gUser: { type: 'text', global: true } },
            records: [{ name: 'Ada' }],
          },
        },
      },
    },
    ...options,
  })
}

const userOf = async (scope: { layout: ReturnType<typeof clientOf>['layout'] }): Promise<unknown> =>
  (await scope.layout('People').get(1)).fieldData.gUser

function failsFromTheSecondTime(): (scope: unknown) => void {
  let setups = 0
  return (_scope) => {
    if (++setups > 1) throw new Error('no state')
  }
}

describe('an exclusive scope', () => {
  test('has a session of its own, whose global fields nobody else sees, and which ends with it', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    await userOf(fm)
    {
      await using anna = await fm.startCommunication({ exclusive: true })
      await using bert = await fm.startCommunication({ exclusive: true })
      await anna.setGlobals({ 'People::gUser': 'anna' })
      await bert.setGlobals({ 'People::gUser': 'bert' })
      expect(await Promise.all([userOf(anna), userOf(bert), userOf(fm)])).toEqual(['anna', 'bert', ''])
      expect(server.sessions()).toHaveLength(3)
      expect(await fm.sessions.inspect()).toMatchObject({ live: 3, exclusive: 2 })
    }
    expect(server.sessions()).toHaveLength(1)
  })

  test('whose session is lost sets its globals again on a new one, before any call goes on', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    await using scope = await fm.startCommunication({ exclusive: true })
    await scope.setGlobals({ 'People::gUser': 'anna' })
    server.killSessions()
    expect(await times(10, () => userOf(scope))).toEqual(Array.from({ length: 10 }, () => 'anna'))
    expect(server.count('POST /sessions')).toBe(2)
  })

  test('runs its setup at the start and on each new session', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    let setups = 0
    await using scope = await fm.startCommunication({
      exclusive: true,
      setup: async (inside) => {
        setups++
        await inside.setGlobals({ 'People::gUser': `setup ${setups}` })
      },
    })
    expect(await userOf(scope)).toBe('setup 1')
    server.killSessions()
    expect(await userOf(scope)).toBe('setup 2')
  })

  test('without a way to restore its state says that the session is lost, instead of going on without it', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    await using scope = await fm.startCommunication({ exclusive: true })
    await userOf(scope)
    server.killSessions()
    await expect(userOf(scope)).rejects.toMatchObject({
      name: 'SessionLostError',
      outcome: 'not-executed',
      cause: { fileMakerCode: 952 },
    })
  })

  test('that can not be restored says that an edit whose answer was lost before may have been done', async () => {
    for (const setup of [() => {}, failsFromTheSecondTime()]) {
      await using server = await startServer()
      await using fm = clientOf(server)
      await using scope = await fm.startCommunication({ exclusive: true, setup })
      server.fault({ on: 'PATCH /records', count: 1, do: { drop: 'after-commit' } })
      server.fault({ on: 'PATCH /records', count: 1, do: { code: 952 } })
      if (setup.length === 0) server.fault({ on: 'POST /sessions', do: { code: 212 } })
      const editing = scope.layout('People').edit(1, { name: 'Ada L.' }, { modId: '0' })
      await expect(editing).rejects.toMatchObject({
        operation: 'PATCH /databases/{database}/layouts/{layout}/records/{recordId}',
        outcome: 'unknown',
      })
      expect(server.records('Demo', 'People')[0]?.fieldData).toMatchObject({ name: 'Ada L.' })
    }
  })

  test('takes another session without the signal of its beginning', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const beginning = new AbortController()
    const { signal } = beginning
    await using scope = await fm.startCommunication({ exclusive: true, signal, setup: () => {} })
    beginning.abort()
    server.killSessions()
    server.fault({ on: 'POST /sessions', count: 1, do: { code: 812 } })
    expect((await scope.layout('People').list()).data).toHaveLength(1)
  })

  test('waits for a free session while its time lasts, first come, first served', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache(), sessions: { exclusive: 1 } })
    const first = await fm.startCommunication({ exclusive: true })
    const order: number[] = []
    const waiting = [1, 2].map(async (number) => {
      await using _scope = await fm.startCommunication({ exclusive: true })
      order.push(number)
    })
    await expect(fm.startCommunication({ exclusive: true, timeoutMs: 100 })).rejects.toMatchObject({
      name: 'SessionError',
      reason: 'queue',
      operation: 'startCommunication',
      outcome: 'not-executed',
    })
    await first.endCommunication()
    await Promise.all(waiting)
    expect(order).toEqual([1, 2])
    expect(server.sessions()).toHaveLength(0)
  })

  test('ends a session that a crashed holder left behind before it opens its own', async () => {
    await using server = await startServer({ sessions: { max: 1 } })
    const cache = mapCache({ sharedBy: 'machine' })
    const options = { cache, cacheSecret: 'x'.repeat(32), sessions: { exclusive: 1 } }
    // A client that never ends its scope, and whose process is as good as dead: its heartbeat is cut off.
    const crashed = clientOf(server, { ...options, cache: { ...cache, compareAndSet: cutOffAfter(cache, 2) } })
    await crashed.startCommunication({ exclusive: true })
    const [left] = server.sessions()
    await using fm = clientOf(server, options)
    const startedAt = performance.now()
    await using _scope = await fm.startCommunication({ exclusive: true })
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    expect(server.sessions()).toHaveLength(1)
    expect(server.sessions()[0]?.id).not.toBe(left?.id)
  })

  test('still works while the cache is away', async () => {
    await using server = await startServer()
    const cache = mapCache()
    await using fm = clientOf(server, { cache })
    cache.failing = true
    {
      await using scope = await fm.startCommunication({ exclusive: true })
      await scope.setGlobals({ 'People::gUser': 'anna' })
      expect(await userOf(scope)).toBe('anna')
    }
    expect(server.sessions()).toHaveLength(0)
  })

  test('whose setup fails leaves nothing behind', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const setup = async (): Promise<void> => {
      throw new Error('no')
    }
    await expect(fm.startCommunication({ exclusive: true, setup })).rejects.toThrow('no')
    expect(server.sessions()).toHaveLength(0)
    expect((await fm.sessions.inspect()).exclusive).toBe(0)
  })

  test('that is given up while its login is under way leaves nothing behind', async () => {
    await using server = await startServer({ loginDelayMs: 150 })
    await using fm = clientOf(server, { cache: mapCache() })
    await expect(fm.startCommunication({ exclusive: true, timeoutMs: 50 })).rejects.toMatchObject({ reason: 'timeout' })
    await eventually('the late session is ended', () => server.count('DELETE /sessions') === 1)
    expect(server.sessions()).toHaveLength(0)
    await pause(20)
    await using _again = await fm.startCommunication({ exclusive: true })
    expect(server.sessions()).toHaveLength(1)
  })

  test('is ended by close() where it was not ended before, and by endAll(), which it then tells as lost', async () => {
    await using server = await startServer()
    const fm = clientOf(server, { cache: mapCache() })
    const scope = await fm.startCommunication({ exclusive: true })
    await fm.sessions.endAll()
    expect(server.sessions()).toHaveLength(0)
    await expect(userOf(scope)).rejects.toMatchObject({ name: 'SessionLostError' })
    await fm.startCommunication({ exclusive: true })
    expect(server.sessions()).toHaveLength(1)
    await fm.close()
    expect(server.sessions()).toHaveLength(0)
  })

  test('works without a cache', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using scope = await fm.startCommunication({ exclusive: true })
    await scope.setGlobals({ 'People::gUser': 'anna' })
    server.killSessions()
    expect(await userOf(scope)).toBe('anna')
  })
})

test('global fields are refused on a shared session, with an error that says why', async () => {
  await using server = await startServer()
  await using fm = clientOf(server, { cache: mapCache() })
  await using scope = await fm.startCommunication()
  await expect(scope.setGlobals({ 'People::gUser': 'x' })).rejects.toThrow(/shared with others.*exclusive: true/)
})

test('a setup without exclusive: true is refused by name', async () => {
  await using server = await startServer()
  await using fm = clientOf(server)
  await expect(fm.startCommunication({ setup: () => {} })).rejects.toThrow(/setup goes with exclusive/)
})

function cutOffAfter(cache: ReturnType<typeof mapCache>, writes: number): typeof cache.compareAndSet {
  let left = writes
  return async (...parameters) => {
    if (left-- <= 0) throw new Error('cut off')
    return cache.compareAndSet(...parameters)
  }
}
