import { startEmulator, type Emulator, type ScriptCall, type ScriptDefinition } from '@fm/emulator'
import { describe, expect, test } from 'vitest'
import { clientOf, eventually, mapCache, startServer as startPeople } from './support.ts'

/** A server whose scripts write down that they ran; 'Fail' has an error of its own, 'Quiet' returns nothing. */
async function startServer(more: readonly ScriptDefinition[] = []): Promise<{ server: Emulator; ran: ScriptCall[] }> {
  const ran: ScriptCall[] = []
  const note = (call: ScriptCall): string => (ran.push(call), `did ${call.parameter}`)
  const server = await startEmulator({
    databases: {
      Demo: {
        tables: {
          People: { fields: { name: 'text', age: 'number' }, records: [{ name: 'Ada', age: 36 }, { name: 'Bo' }] },
        },
        scripts: [
          { name: 'Before', run: note },
          { name: 'Unsorted', run: note },
          { name: 'After', run: note },
          { name: 'Fail', run: () => ({ result: 'half', error: 5_001 }) },
          { name: 'Quiet' },
          ...more,
        ],
      },
    },
  })
  return { server, ran }
}

const ALL = {
  scriptPrerequest: { name: 'Before', param: 'a' },
  scriptPresort: { name: 'Unsorted', param: 'b' },
  script: { name: 'After', param: 'c' },
}
const RESULTS = {
  scriptPrerequest: { result: 'did a', error: 0 },
  scriptPresort: { result: 'did b', error: 0 },
  script: { result: 'did c', error: 0 },
}

describe('scripts within a call', () => {
  test('run in their order with every call that takes them, and leave their results in its answer', async () => {
    const { server, ran } = await startServer()
    await using _ = server
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout('People')
    expect(await people.list(ALL)).toMatchObject({ ...RESULTS, dataInfo: { foundCount: 2 } })
    expect(await people.get(1, ALL)).toMatchObject({ ...RESULTS, recordId: '1' })
    expect(await people.find([{ name: 'Ada' }], ALL)).toMatchObject({ ...RESULTS, dataInfo: { foundCount: 1 } })
    expect(await people.create({ name: 'Cy' }, ALL)).toEqual({ ...RESULTS, recordId: '3', modId: '0' })
    expect(await people.edit(3, { age: 1 }, ALL)).toEqual({ ...RESULTS, modId: '1' })
    expect(await people.duplicate(3, ALL)).toEqual({ ...RESULTS, recordId: '4', modId: '0' })
    expect(await people.delete(4, ALL)).toEqual(RESULTS)
    const order = ran.map(({ parameter }) => parameter).join('')
    expect(order).toBe('abc'.repeat(7))
    expect(ran.every(({ layout, account }) => layout === 'People' && account === 'web')).toBe(true)
  })

  test('that fail fail by themselves: their error is in the answer, and the call is done', async () => {
    const { server } = await startServer()
    await using _ = server
    await using fm = clientOf(server)
    const people = fm.layout('People')
    const made = await people.create({ name: 'Cy' }, { script: 'Fail', scriptPrerequest: 'Quiet' })
    expect(made).toEqual({
      recordId: '3',
      modId: '0',
      script: { result: 'half', error: 5_001 },
      scriptPrerequest: { result: '', error: 0 },
    })
    expect(await people.delete(3)).toEqual({})
  })

  test('are not run again when the answer is lost, unless they are said to be idempotent', async () => {
    const { server, ran } = await startServer()
    await using _ = server
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout('People')
    const lost = { do: { drop: 'after-commit' }, count: 1 } as const
    server.fault({ on: 'GET /records', ...lost })
    await expect(people.list({ script: 'After' })).rejects.toMatchObject({ outcome: 'unknown', reason: 'lost' })
    expect(ran).toHaveLength(1)
    server.fault({ on: 'GET /records', ...lost })
    await people.list({ script: 'After', idempotent: true })
    expect(ran).toHaveLength(3)
    // What such a call does beside its script stays as it is: a create is never done twice.
    server.fault({ on: 'POST /records', ...lost })
    const twice = people.create({ name: 'Cy' }, { script: 'After', idempotent: true })
    await expect(twice).rejects.toMatchObject({ outcome: 'unknown' })
    expect(server.records('Demo', 'People')).toHaveLength(3)
  })

  test('behind a deletion may not have run when its answer was lost and the record is gone, and the error says so', async () => {
    const { server } = await startServer()
    await using _ = server
    await using fm = clientOf(server, { cache: mapCache() })
    server.fault({ on: 'DELETE /records', count: 1, do: { drop: 'after-commit' } })
    await fm.layout('People').delete(1)
    server.fault({ on: 'DELETE /records', count: 1, do: { drop: 'after-commit' } })
    const deleted = fm.layout('People').delete(2, { script: 'After', idempotent: true })
    await expect(deleted).rejects.toMatchObject({ fileMakerCode: 101, outcome: 'unknown' })
  })

  test('are run once when the session was dead: the call is sent again whole', async () => {
    const { server, ran } = await startServer()
    await using _ = server
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout('People')
    await people.list()
    for (const call of [
      () => people.list(ALL),
      () => people.find([{ name: '*' }], ALL),
      () => people.edit(1, { age: 2 }, ALL),
      () => people.delete(2, ALL),
    ]) {
      server.killSessions()
      ran.length = 0
      expect(await call()).toMatchObject(RESULTS)
      expect(ran.map(({ parameter }) => parameter)).toEqual(['a', 'b', 'c'])
    }
  })

  test.each<[string, object, string]>([
    ['a script behind the action that is missing: the action may have happened', { script: 'No such' }, 'unknown'],
    ['a script before the action that is missing: nothing happened', { scriptPrerequest: 'No such' }, 'not-executed'],
    ['one that ran before one that is missing', { scriptPrerequest: 'Before', script: 'No such' }, 'unknown'],
  ])('outcome: %s', async (_what, options, outcome) => {
    const { server } = await startServer()
    await using _ = server
    await using fm = clientOf(server)
    const created = fm.layout('People').create({ name: 'Cy' }, options)
    await expect(created).rejects.toMatchObject({ fileMakerCode: 104, outcome })
  })

  test('outcome: an action that is refused after its script ran leaves the script done, and one refused before it does not', async () => {
    const { server, ran } = await startServer()
    await using _ = server
    await using fm = clientOf(server)
    const people = fm.layout('People')
    const late = people.create({ shoe: 1 }, { scriptPrerequest: 'Before' })
    await expect(late).rejects.toMatchObject({ fileMakerCode: 102, outcome: 'unknown' })
    expect(ran).toHaveLength(1)
    const early = people.create({ shoe: 1 }, { script: 'After' })
    await expect(early).rejects.toMatchObject({ fileMakerCode: 102, outcome: 'not-executed' })
    expect(ran).toHaveLength(1)
    const nowhere = fm.layout('No such').list({ script: 'After' })
    await expect(nowhere).rejects.toMatchObject({ fileMakerCode: 105, outcome: 'not-executed' })
  })
})

describe('a script of its own', () => {
  test('gets its parameter and gives its result and error, texts of any kind unharmed', async () => {
    const { server } = await startServer([{ name: 'Echo / 100% ?', run: ({ parameter }) => parameter }])
    await using _ = server
    await using fm = clientOf(server)
    const people = fm.layout('People')
    const parameter = '{"a":"+&=#?/%20 ä 😀\r"}'
    expect(await people.runScript('Echo / 100% ?', parameter)).toEqual({ result: parameter, error: 0 })
    expect(await people.runScript('Fail')).toEqual({ result: 'half', error: 5_001 })
    expect(await people.runScript('Quiet', '')).toEqual({ result: '', error: 0 })
    await expect(people.runScript('No such')).rejects.toMatchObject({ fileMakerCode: 104, outcome: 'not-executed' })
  })

  test('is not run again when its answer is lost, unless it is said to be idempotent; a dead session runs it once', async () => {
    const { server, ran } = await startServer()
    await using _ = server
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout('People')
    const lost = { on: 'GET /script', count: 1, do: { drop: 'after-commit' } } as const
    server.fault(lost)
    await expect(people.runScript('After')).rejects.toMatchObject({ outcome: 'unknown' })
    expect(ran).toHaveLength(1)
    server.fault(lost)
    expect(await people.runScript('After', 'x', { idempotent: true })).toEqual({ result: 'did x', error: 0 })
    expect(ran).toHaveLength(3)
    server.killSessions()
    await people.runScript('After', 'y')
    expect(ran).toHaveLength(4)
  })

  test('that outlasts its time limit may have run', async () => {
    const { server } = await startServer([{ name: 'Slow', durationMs: 400 }])
    await using _ = server
    await using fm = clientOf(server, { cache: mapCache() })
    const slow = fm.layout('People').runScript('Slow', undefined, { timeoutMs: 100 })
    await expect(slow).rejects.toMatchObject({ outcome: 'unknown', reason: 'timeout' })
  })
})

describe("scripts: 'exclusive'", () => {
  const sessionsOf = (server: Emulator, operation: string): (string | undefined)[] =>
    server.requests(operation).map(({ session }) => session)

  test.each<[string, 'call' | 'layout' | 'client']>([
    ['a call', 'call'],
    ['the layout', 'layout'],
    ['the client', 'client'],
  ])('said by %s, gives each call with a script a session of its own, ended behind it', async (_what, where) => {
    const { server } = await startServer()
    await using _ = server
    const said = { scripts: 'exclusive' } as const
    await using fm = clientOf(server, { cache: mapCache(), ...(where === 'client' ? said : {}) })
    const people = fm.layout('People', where === 'layout' ? said : {})
    const each = where === 'call' ? said : {}
    await people.list()
    await people.list({ script: 'After', ...each })
    await people.runScript('After', '', each)
    await people.list(each)
    const [first, second, third] = sessionsOf(server, 'GET /records')
    expect(second).not.toBe(first)
    expect(third).toBe(first)
    expect([first, second]).not.toContain(sessionsOf(server, 'GET /script')[0])
    await eventually('only the shared session is left', () => server.sessions().length === 1)
    expect(server.count('POST /sessions')).toBe(3)
  })

  test('is overruled by the call, and a scope with a session of its own uses that one', async () => {
    const { server } = await startServer()
    await using _ = server
    await using fm = clientOf(server, { cache: mapCache(), scripts: 'exclusive' })
    await fm.layout('People').runScript('After', '', { scripts: 'shared' })
    expect(server.count('POST /sessions')).toBe(1)
    await using scope = await fm.startCommunication({ exclusive: true })
    await scope.layout('People').runScript('After')
    await scope.layout('People').list({ script: 'After' })
    expect(server.count('POST /sessions')).toBe(2)
    await using shared = await fm.startCommunication()
    await shared.layout('People').runScript('After')
    expect(server.count('POST /sessions')).toBe(3)
  })

  test('gets over a session that dies under it before the script began, and needs no more than its time', async () => {
    const { server, ran } = await startServer([{ name: 'Slow', durationMs: 5_000 }])
    await using _ = server
    await using fm = clientOf(server, { cache: mapCache(), scripts: 'exclusive' })
    server.fault({ on: 'GET /script', count: 1, do: { code: 952 } })
    expect(await fm.layout('People').runScript('After', 'x')).toEqual({ result: 'did x', error: 0 })
    expect(ran).toHaveLength(1)
    const startedAt = performance.now()
    const slow = fm.layout('People').runScript('Slow', '', { timeoutMs: 300 })
    await expect(slow).rejects.toMatchObject({ reason: 'timeout', outcome: 'unknown' })
    expect(performance.now() - startedAt).toBeLessThan(1_500)
  })

  test('is waited for by a closing client, also while it waits for its session', async () => {
    const { server, ran } = await startServer()
    await using _server = server
    const fm = clientOf(server, { scripts: 'exclusive', sessions: { exclusive: 1 } })
    const calls = Promise.all(['1', '2', '3'].map((each) => fm.layout('People').runScript('After', each)))
    await fm.close()
    expect((await calls).map(({ result }) => result)).toEqual(['did 1', 'did 2', 'did 3'])
    expect([ran.length, server.sessions()]).toEqual([3, []])
  })

  test('needs exclusive sessions, and says so', async () => {
    const { server } = await startServer()
    await using _ = server
    const none = { sessions: { exclusive: 0 } }
    expect(() => clientOf(server, { ...none, scripts: 'exclusive' })).toThrow(/scripts: 'exclusive' needs/)
    await using fm = clientOf(server, none)
    await expect(fm.layout('People').runScript('After', '', { scripts: 'exclusive' })).rejects.toThrow(TypeError)
  })
})

describe('refusals', () => {
  test.each<[string, object, RegExp]>([
    ['a script without a name', { script: '' }, /list: script: must be a text/],
    ['a script that is no script', { script: 7 }, /list: script/],
    ['a parameter that is no text', { script: { name: 'A', param: 7 } }, /list: script.param: must be a text/],
    ['a slip of the pen', { script: { name: 'A', parameter: '' } }, /list: script: there is no option "parameter"/],
    ['half a character', { scriptPresort: { name: 'A', param: '\ud83d' } }, /scriptPresort.param: holds half/],
    ['another kind of session', { scripts: 'own' }, /list: scripts: must be one of 'shared', 'exclusive'/],
    ['a word for yes', { idempotent: 'yes' }, /list: idempotent/],
  ])('%s is refused by name before anything is sent', async (_what, options, message) => {
    await using server = await startPeople()
    await using fm = clientOf(server)
    await expect(fm.layout('People').list(options)).rejects.toThrow(message)
    expect(server.requests()).toEqual([])
  })

  test('a layout takes no options that it does not know', async () => {
    await using server = await startPeople()
    await using fm = clientOf(server)
    expect(() => fm.layout('People', { script: 'A' } as object)).toThrow(/layout: there is no option "script"/)
    expect(() => fm.layout('People', { scripts: 'own' } as object)).toThrow(/layout: scripts/)
  })
})
