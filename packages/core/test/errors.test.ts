import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { startEmulator } from '@fm/emulator'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  checkScripts,
  errorMeaning,
  FileMakerError,
  isFileMakerError,
  ScriptError,
  SessionError,
  TransportError,
} from '../src/index.ts'
import { clientOf, mapCache, startServer } from './support.ts'

const caught = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => new Error('the call succeeded'),
    (error: unknown) => error,
  )

function thrownBy(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

/** A refusal as a server would send it, with as many messages as wanted. */
function refusal(...messages: readonly (readonly [number, string])[]): {
  status: number
  body: string
  contentType: string
} {
  const body = { messages: messages.map(([code, message]) => ({ code: String(code), message })), response: {} }
  return { status: 500, body: JSON.stringify(body), contentType: 'application/json; charset=utf-8' }
}

describe('an error of a call', () => {
  test('says code and meaning, HTTP status, route pattern, attempts and outcome', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const error = await caught(fm.layout('People').get(4711))
    expect(error).toMatchObject({
      name: 'FileMakerError',
      fileMakerCode: 101,
      meaning: 'Record is missing',
      httpStatus: 500,
      operation: 'GET /databases/{database}/layouts/{layout}/records/{recordId}',
      outcome: 'not-executed',
      attempts: [{ sent: 'call', result: '101' }],
    })
  })

  test('with a code that nobody documents passes it on, without a meaning', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using _fault = server.fault({ on: 'GET /records', do: refusal([3777, '']) })
    const error = await caught(fm.layout('People').list())
    expect(error).toMatchObject({ fileMakerCode: 3777, meaning: undefined })
    expect(String(error)).toContain('Unknown error (FileMaker error 3777)')
  })

  test('whose server sends a code without words has those of its meaning', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using _fault = server.fault({ on: 'GET /records', do: refusal([301, '']) })
    expect(String(await caught(fm.layout('People').list()))).toContain('Record is in use by another user (FileMaker')
  })

  test('collects the validations that failed from all messages', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using _fault = server.fault({
      on: 'POST /records',
      do: refusal([509, 'Field requires a valid value'], [102, 'Field is missing'], [504, 'Not unique']),
    })
    const error = await caught(fm.layout('People').create({ name: '' }))
    expect(error).toMatchObject({
      fileMakerCode: 509,
      validationErrors: [
        { code: 509, message: 'Field requires a valid value', meaning: 'Field requires a valid value' },
        { code: 504, message: 'Not unique', meaning: 'Value is not unique, as required in validation entry options' },
      ],
    })
  })

  test('that is no validation has none in its list', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    expect(await caught(fm.layout('Nowhere').list())).toMatchObject({ fileMakerCode: 105, validationErrors: [] })
  })

  test('from a page of a proxy has its HTTP status', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using _fault = server.fault({ on: 'GET /records', do: { status: 404 } })
    expect(await caught(fm.layout('People').list())).toMatchObject({ name: 'TransportError', httpStatus: 404 })
  })
})

describe('a 306', () => {
  test('names the modId that was given', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const error = await caught(fm.layout('People').edit(1, { age: 1 }, { modId: '7' }))
    expect(error).toMatchObject({ fileMakerCode: 306, conflict: { given: '7', present: undefined } })
    expect(server.count('GET /records')).toBe(0)
  })

  test("names the record's own, too, where that is asked for", async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const people = fm.layout('People')
    await people.edit(1, { age: 1 })
    await people.edit(1, { age: 2 })
    const error = await caught(people.edit(1, { age: 3 }, { modId: '0', onConflict: 'read' }))
    expect(error).toMatchObject({ fileMakerCode: 306, outcome: 'not-executed', conflict: { given: '0', present: '2' } })
    expect(error).toMatchObject({
      operation: expect.stringContaining('PATCH'),
      httpStatus: 500,
      attempts: [{ result: '306' }],
    })
  })

  test('stays what it is when the record can not be read', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using _fault = server.fault({ on: 'GET /records', do: { code: 200 } })
    const error = await caught(fm.layout('People').edit(1, { age: 3 }, { modId: '9', onConflict: 'read' }))
    expect(error).toMatchObject({ fileMakerCode: 306, conflict: { given: '9', present: undefined } })
  })

  test('costs no read on another error', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const error = await caught(fm.layout('People').edit(4711, { age: 3 }, { modId: '9', onConflict: 'read' }))
    expect(error).toMatchObject({ fileMakerCode: 101, conflict: undefined })
    expect(server.count('GET /records')).toBe(0)
  })

  test('is refused as an option with another word', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const options = { modId: '9', onConflict: 'overwrite' as 'read' }
    await expect(fm.layout('People').edit(1, {}, options)).rejects.toThrow(/^edit: onConflict/)
  })
})

describe('logins that failed while a call waited', () => {
  test('are its attempts, where the account is refused', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'POST /sessions', do: { code: 212 } })
    const error = await caught(fm.layout('People').list())
    expect(error).toBeInstanceOf(SessionError)
    expect(error).toMatchObject({
      reason: 'credentials',
      fileMakerCode: 212,
      meaning: 'Invalid user account or password',
      httpStatus: 401,
      attempts: [{ sent: 'login', result: '212' }],
    })
  })

  test('are counted, each with its time, where the file is busy', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'POST /sessions', do: { code: 802 } })
    const error = await caught(fm.layout('People').list())
    expect(error).toBeInstanceOf(SessionError)
    const { attempts, message } = error as SessionError
    expect(message).toMatch(/\(FileMaker error 802\); is it hosted, and named here without \.fmp12\?$/)
    expect(attempts.map(({ sent, result }) => `${sent} ${result}`)).toEqual(
      Array.from({ length: 4 }, () => 'login 802'),
    )
    expect(server.count('POST /sessions')).toBe(4)
    const moments = attempts.map(({ atMs }) => atMs)
    expect(moments).toEqual(moments.toSorted((one, other) => one - other))
    expect(moments.at(-1)).toBeGreaterThan(500)
  })

  test('are told by a call whose time ended meanwhile, before its own end', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'POST /sessions', do: { code: 812 } })
    const error = await caught(fm.layout('People').list({ timeoutMs: 400 }))
    expect(error).toBeInstanceOf(TransportError)
    const words = (error as TransportError).attempts.map(({ sent, result }) => `${sent} ${result}`)
    expect(words[0]).toBe('login 812')
    expect(words.at(-1)).toBe('call timeout')
  })

  test('of a proxy have its status', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'POST /sessions', do: { status: 404 } })
    const error = await caught(fm.layout('People').list())
    expect(error).toMatchObject({ httpStatus: 404, attempts: [{ sent: 'login', result: 'HTTP 404' }] })
  })

  test('before the call are not its own', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'POST /sessions', do: { code: 212 } })
    await caught(fm.layout('People').list())
    const error = await caught(fm.layout('People').list())
    expect(error).toMatchObject({ reason: 'credentials', attempts: [], httpStatus: undefined })
  })

  test('are told by a scope that could not begin', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    using _fault = server.fault({ on: 'POST /sessions', do: { code: 212 } })
    const error = await caught(fm.startCommunication({ exclusive: true }))
    expect(error).toMatchObject({ operation: 'startCommunication', attempts: [{ sent: 'login', result: '212' }] })
  })
})

describe('isFileMakerError', () => {
  const locked = new FileMakerError({
    operation: 'PATCH /x',
    outcome: 'not-executed',
    httpStatus: 500,
    messages: [{ code: 301, message: 'Record is in use by another user' }],
  })

  test('tells by code, by one of several codes, and without any', () => {
    expect(isFileMakerError(locked, 301)).toBe(true)
    expect(isFileMakerError(locked, 306, 301)).toBe(true)
    expect(isFileMakerError(locked)).toBe(true)
    expect(isFileMakerError(locked, 306)).toBe(false)
  })

  test('knows the errors of another copy of this package', () => {
    const foreign = Object.assign(new Error('x'), { code: 'FM_REFUSED', fileMakerCode: 301 })
    expect(isFileMakerError(foreign, 301)).toBe(true)
  })

  test.each([undefined, null, 301, 'FM_REFUSED', { code: 'FM_REFUSED', fileMakerCode: 301 }, new Error('x')])(
    'is false for %o',
    (other) => expect(isFileMakerError(other, 301)).toBe(false),
  )

  test('is false for a login that was refused', () => {
    const details = { operation: 'x', outcome: 'not-executed', reason: 'credentials', fileMakerCode: 212 } as const
    expect(isFileMakerError(new SessionError('no', details), 212)).toBe(false)
  })

  test('narrows the code to those given', () => {
    const error: unknown = locked
    if (isFileMakerError(error, 301)) expectTypeOf(error.fileMakerCode).toEqualTypeOf<301>()
    if (isFileMakerError(error, 301, 306)) expectTypeOf(error.fileMakerCode).toEqualTypeOf<301 | 306>()
    expect(isFileMakerError(error, 301) ? error.fileMakerCode : undefined).toBe(301)
    if (isFileMakerError(error)) expectTypeOf(error.fileMakerCode).toEqualTypeOf<number>()
  })
})

describe('a meaning', () => {
  test.each([
    [0, 'No error'],
    [-1, 'Unknown error'],
    [401, 'No records match the request'],
    [812, "Host's capacity is exceeded: it has no room for another session"],
    [816, 'File is damaged, too old, or refused by the host'],
    [1204, 'Calculation error: a parameter, a parenthesis or a function is missing or wrong'],
    [5000, 'Custom error of a Revert Transaction script step'],
    [3000, undefined],
    [5500, undefined],
  ])('of %i is %s', (code, meaning) => expect(errorMeaning(code)).toBe(meaning))

  test('is there for every code that this package acts on', () => {
    const source = readFileSync(new URL('../src/wire/error-codes.ts', import.meta.url), 'utf8')
    const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    const numbers = [...code.matchAll(/\b\d{2,4}\b/g)].map(([number]) => Number(number))
    expect(numbers.length).toBeGreaterThan(15)
    expect(numbers.filter((number) => errorMeaning(number) === undefined)).toEqual([])
  })
})

describe('checkScripts', () => {
  test('throws what a script of a call ended with, and has the answer of the call', async () => {
    const scripts = [
      { name: 'Refuse', run: () => ({ error: 5001, result: 'not today' }) },
      { name: 'Agree', run: () => ({ result: 'fine' }) },
    ]
    await using server = await startEmulator({
      databases: { Demo: { tables: { People: { fields: { name: 'text' } } }, scripts } },
    })
    await using fm = clientOf(server)
    const people = fm.layout('People')
    const { recordId, script } = checkScripts(await people.create({ name: 'Ada' }, { script: 'Agree' }))
    expect([recordId, script?.result]).toEqual(['1', 'fine'])
    const refused = await people.create({ name: 'Grace' }, { script: 'Agree', scriptPrerequest: 'Refuse' })
    const error = thrownBy(() => checkScripts(refused))
    expect(error).toMatchObject({ step: 'scriptPrerequest', scriptError: 5001, outcome: 'executed' })
    expect((error as ScriptError<typeof refused>).answer.recordId).toBe('2')
    const ran = await people.runScript('Refuse')
    expect(() => checkScripts(ran)).toThrow('Custom error of a Revert Transaction script step')
    expect(checkScripts(ran, { accept: [5001] }).result).toBe('not today')
  })

  const went = { error: 0, result: 'fine' }

  test('passes on an answer whose scripts went well, or which ran none', () => {
    const answer = { recordId: '1', script: went, scriptPrerequest: went }
    expect(checkScripts(answer)).toBe(answer)
    expect(checkScripts(went)).toBe(went)
  })

  test('throws the error of the first script that failed, with the answer', () => {
    const answer = {
      recordId: '1',
      script: { error: 5001, result: '' },
      scriptPresort: { error: 102, result: 'Salary 9000' },
    }
    const error = thrownBy(() => checkScripts(answer))
    expect(error).toBeInstanceOf(ScriptError)
    expect(error).toMatchObject({
      step: 'scriptPresort',
      scriptError: 102,
      code: 'FM_SCRIPT_FAILED',
      outcome: 'executed',
    })
    expect((error as ScriptError).scriptResult).toBe('Salary 9000')
    expect((error as ScriptError).answer).toBe(answer)
    expect(isFileMakerError(error)).toBe(false)
  })

  test('shows no result where it is printed', () => {
    const error = new ScriptError('script', { error: 3, result: 'Salary 9000' }, { note: 'Salary 9000' })
    expect(error.message).toContain('script ended with error 3')
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('9000')
    expect(JSON.stringify(error)).not.toContain('9000')
  })

  test('refuses by name what is no answer, and what it can not accept', () => {
    const answer = { script: { result: '', error: 401 } }
    expect(() => checkScripts(answer, { accept: 401 } as object)).toThrow('checkScripts: accept must be a list')
    expect(() => checkScripts(answer, { acept: [401] } as object)).toThrow('checkScripts: there is no option "acept"')
    expect(() => checkScripts(undefined as unknown as typeof answer)).toThrow('checkScripts: answer must be')
  })

  test('lets numbers pass that are no failure', () => {
    const answer = { script: { error: 401, result: '' } }
    expect(checkScripts(answer, { accept: [401] })).toBe(answer)
    expect(() => checkScripts(answer, { accept: [400] })).toThrow(ScriptError)
  })
})
