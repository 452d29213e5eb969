import { startEmulator } from '@fm/emulator'
import { describe, expect, test } from 'vitest'
import { FileMakerError } from '../src/index.ts'
import { clientOf, mapCache, startServer, type Person } from './support.ts'

describe('reading', () => {
  test('a page has 100 records by default, in order of creation, and tells how many there are', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const { data, dataInfo } = await fm.layout<Person>('People').list()
    expect(data).toHaveLength(100)
    expect(data[0]).toMatchObject({ recordId: '1', modId: '0', fieldData: { name: 'Person 1', age: 0, note: '' } })
    expect(dataInfo).toMatchObject({
      database: 'Demo',
      layout: 'People',
      totalRecordCount: 250,
      foundCount: 250,
      returnedCount: 100,
    })
  })

  test('offset, limit and sort choose the page', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const { data } = await fm
      .layout<Person>('People')
      .list({ offset: 2, limit: 3, sort: [{ fieldName: 'age', sortOrder: 'descend' }, { fieldName: 'name' }] })
    expect(data.map((record) => record.fieldData.age)).toEqual([89, 88, 88])
  })

  test('a page beyond the last record is empty', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const page = await fm.layout('People').list({ offset: 251 })
    expect(page).toMatchObject({ data: [], dataInfo: { foundCount: 0, returnedCount: 0 } })
  })

  test('a find joins criteria with AND, requests with OR, and takes omitted ones out', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const people = fm.layout<Person>('People')
    expect((await people.find([{ name: '==Person 7', age: 6 }])).data).toHaveLength(1)
    expect((await people.find([{ name: '==Person 7' }, { name: '==Person 8' }])).data).toHaveLength(2)
    expect((await people.find([{ age: '<2' }, { name: '==Person 1', omit: true }])).dataInfo.foundCount).toBe(5)
  })

  test('a find that matches nothing is an empty page', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    expect((await fm.layout('People').find([{ name: 'Nobody' }])).data).toEqual([])
  })

  test('portals come along as asked for: by name, with their own offset and limit, or none', async () => {
    await using server = await startEmulator({
      databases: {
        Shop: {
          tables: {
            Orders: { fields: { id: 'number' }, records: [{ id: 1 }] },
            Lines: {
              fields: { order: 'number', text: 'text' },
              records: Array.from({ length: 9 }, (_, index) => ({ order: 1, text: `line ${index + 1}` })),
            },
          },
          relationships: [{ from: 'Orders', to: 'Lines', match: { id: 'order' } }],
          layouts: [{ name: 'Orders', table: 'Orders', portals: [{ table: 'Lines', name: 'lines' }] }],
        },
      },
    })
    await using fm = clientOf(server, { database: 'Shop' })
    const orders = fm.layout('Orders')
    const texts = (rows: readonly Readonly<Record<string, unknown>>[] | undefined): unknown[] =>
      (rows ?? []).map((row) => row['Lines::text'])
    expect((await orders.get(1)).portalData.lines).toHaveLength(9)
    expect(texts((await orders.get(1, { portal: { lines: { offset: 3, limit: 2 } } })).portalData.lines)).toEqual([
      'line 3',
      'line 4',
    ])
    const [found] = (await orders.find([{ id: 1 }], { portal: { lines: { limit: 1 } } })).data
    expect(texts(found?.portalData.lines)).toEqual(['line 1'])
    expect((await orders.get(1, { portal: [] })).portalData).toEqual({})
  })
})

describe('writing', () => {
  test('a record is created, read, edited, duplicated and deleted', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout<Person>('People')
    const { recordId, modId } = await people.create({ name: 'Zoë "Z" Ünal\rtwo lines 😀', age: 41 })
    expect(modId).toBe('0')
    expect((await people.get(recordId)).fieldData).toEqual({ name: 'Zoë "Z" Ünal\rtwo lines 😀', age: 41, note: '' })
    expect(await people.edit(recordId, { age: 42 }, { modId })).toEqual({ modId: '1' })
    const copy = await people.duplicate(recordId)
    expect((await people.get(copy.recordId)).fieldData.age).toBe(42)
    await people.delete(recordId)
    await expect(people.get(recordId)).rejects.toMatchObject({ fileMakerCode: 101 })
    expect(server.records('Demo', 'People')).toHaveLength(251)
  })

  test('an edit of what somebody else has changed meanwhile is refused with 306', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const people = fm.layout<Person>('People')
    await people.edit(5, { age: 1 }, { modId: '0' })
    const refused = people.edit(5, { age: 2 }, { modId: '0' })
    await expect(refused).rejects.toMatchObject({ fileMakerCode: 306, outcome: 'not-executed', httpStatus: 500 })
    expect((await people.get(5)).fieldData.age).toBe(1)
  })

  test('every verb met by a dead token is repeated once with its whole body', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout<Person>('People')
    await people.list({ limit: 1 })
    server.killSessions()
    const { recordId } = await people.create({ name: 'Ada', note: 'x'.repeat(10_000) })
    server.killSessions()
    await people.edit(recordId, { age: 36 })
    server.killSessions()
    await people.duplicate(recordId)
    server.killSessions()
    expect((await people.get(recordId)).fieldData).toEqual({ name: 'Ada', age: 36, note: 'x'.repeat(10_000) })
    server.killSessions()
    expect((await people.find([{ name: '==Ada' }])).data).toHaveLength(2)
    server.killSessions()
    await people.delete(recordId)
    expect(server.records('Demo', 'People')).toHaveLength(251)
    expect(server.count('POST /sessions')).toBe(7)
  })

  test('numbers that JavaScript would round come and go as text', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const people = fm.layout('People')
    const { recordId } = await people.create({ name: 'big', age: '12345678901234567890' })
    expect((await people.get(recordId)).fieldData.age).toBe('12345678901234567890')
  })
})

describe('refusals', () => {
  test('an unknown layout is error 105 and says which operation it was, not on which layout', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    const error = await fm
      .layout('No such layout')
      .list()
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(FileMakerError)
    expect(error).toMatchObject({
      code: 'FM_REFUSED',
      fileMakerCode: 105,
      operation: 'GET /databases/{database}/layouts/{layout}/records',
      outcome: 'not-executed',
    })
    expect(String(error)).not.toContain('No such layout')
  })

  test('an unknown field is error 102', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await expect(fm.layout('People').create({ shoeSize: 44 })).rejects.toMatchObject({ fileMakerCode: 102 })
    await expect(fm.layout('People').list({ sort: [{ fieldName: 'shoeSize' }] })).rejects.toMatchObject({
      fileMakerCode: 102,
    })
  })

  test.each<[string, (layout: ReturnType<ReturnType<typeof clientOf>['layout']>) => Promise<unknown>, RegExp]>([
    ['a limit of 0', (layout) => layout.list({ limit: 0 }), /list: limit/],
    ['an offset of 0', (layout) => layout.list({ offset: 0 }), /list: offset/],
    [
      'an option that does not exist',
      (layout) => layout.list({ _limit: 5 } as object),
      /list: there is no option "_limit"/,
    ],
    ['an empty list of requests', (layout) => layout.find([]), /find: requests/],
    ['a request without criteria', (layout) => layout.find([{ omit: true }]), /requests\[0\] has no criteria/],
    ['null as a value', (layout) => layout.create({ name: null }), /create: the value of "name"/],
    ['a number that is none', (layout) => layout.edit(1, { age: Number.NaN }), /edit: the value of "age"/],
    ['half a surrogate pair', (layout) => layout.create({ name: 'a\ud83d' }), /the value of "name" holds half/],
    ['a record id that is none', (layout) => layout.get('1/2'), /recordId/],
    ['a time limit of nothing', (layout) => layout.list({ timeoutMs: 0 }), /list: timeoutMs/],
    ['a signal that is none', (layout) => layout.list({ signal: {} as AbortSignal }), /list: signal/],
  ])('%s is refused by name before anything is sent', async (_what, call, message) => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await expect(call(fm.layout('People'))).rejects.toThrow(message)
    expect(server.requests()).toEqual([])
  })
})
