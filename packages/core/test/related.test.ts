import { startEmulator, type Emulator } from '@fm/emulator'
import { describe, expect, test } from 'vitest'
import { clientOf, mapCache } from './support.ts'

/** Orders with lines in a named portal and items in one without a name; a phone of two repetitions. */
function startShop(): Promise<Emulator> {
  return startEmulator({
    databases: {
      Demo: {
        tables: {
          Orders: {
            fields: {
              id: { type: 'number', serial: { next: 3 } },
              note: 'text',
              on: 'date',
              phone: { type: 'text', maxRepeat: 2 },
            },
            records: [
              { id: 1, note: 'first', on: '2026-03-09', 'phone(2)': '22' },
              { id: 2, note: 'second' },
            ],
          },
          Lines: {
            fields: { order: 'number', item: 'text', qty: 'number' },
            records: Array.from({ length: 60 }, (_, index) => ({ order: 1, item: `item ${index + 1}`, qty: 1 })),
          },
        },
        tableOccurrences: { 'All lines': 'Lines' },
        relationships: [
          { from: 'Orders', to: 'Lines', match: { id: 'order' }, allowCreate: true },
          { from: 'Orders', to: 'All lines', match: { id: 'order' } },
        ],
        layouts: [
          {
            name: 'Orders',
            table: 'Orders',
            fields: ['id', 'note', 'on', 'phone', 'Lines::item'],
            portals: [{ table: 'Lines', name: 'lines' }, { table: 'All lines' }],
          },
          { name: 'Notes', table: 'Orders', fields: ['note'] },
          { name: 'Lines', table: 'Lines' },
        ],
      },
    },
  })
}

describe('reading what is related', () => {
  test('portals come with fifty rows each, or with the rows asked for, by list, get and find alike', async () => {
    await using server = await startShop()
    await using fm = clientOf(server)
    const orders = fm.layout('Orders')
    const portal = { lines: { offset: 51, limit: 5 }, 'All lines': {} }
    const listed = (await orders.list({ limit: 1, portal })).data[0]
    const found = (await orders.find([{ id: 1 }], { portal })).data[0]
    for (const record of [listed, found, await orders.get(1, { portal })]) {
      const { lines, ...others } = record?.portalData ?? {}
      expect(lines?.map((row) => row['Lines::item'])).toEqual([51, 52, 53, 54, 55].map((index) => `item ${index}`))
      expect(Object.entries(others)).toMatchObject([['All lines', { length: 50 }]])
      expect(record?.portalDataInfo?.[0]).toMatchObject({ portalObjectName: 'lines', foundCount: 60, returnedCount: 5 })
    }
  })

  test('related fields and repetitions have names of their own, and dates the format asked for', async () => {
    await using server = await startShop()
    await using fm = clientOf(server)
    const { fieldData } = await fm.layout('Orders').get(1, { portal: [], dateformats: 2 })
    expect(fieldData).toMatchObject({ 'Lines::item': 'item 1', 'phone(1)': '', 'phone(2)': '22', on: '2026-03-09' })
    expect((await fm.layout('Orders').get(1)).fieldData.on).toBe('03/09/2026')
  })

  test('another layout can shape the answer', async () => {
    await using server = await startShop()
    await using fm = clientOf(server)
    const orders = fm.layout('Orders')
    const layoutResponse = 'Notes'
    expect((await orders.get(1, { layoutResponse })).fieldData).toEqual({ note: 'first' })
    expect((await orders.list({ layoutResponse })).dataInfo.layout).toBe('Notes')
    expect((await orders.find([{ id: 2 }], { layoutResponse })).data[0]).toMatchObject({
      fieldData: { note: 'second' },
      portalData: {},
    })
    await expect(orders.get(1, { layoutResponse: 'Lines' })).rejects.toMatchObject({ fileMakerCode: 105 })
  })
})

describe('writing what is related', () => {
  test('a record is created with its rows, and tells each new row once', async () => {
    await using server = await startShop()
    await using fm = clientOf(server)
    const lines = [
      { 'Lines::item': 'nut', 'Lines::qty': 3 },
      { 'Lines::item': 'bolt', 'Lines::qty': 4 },
    ]
    const made = await fm.layout('Orders').create({ note: 'third', 'phone(2)': '5' }, { portalData: { lines } })
    expect(made).toEqual({
      recordId: '3',
      modId: '0',
      newPortalRecordInfo: [
        { tableName: 'Lines', recordId: '61', modId: '0' },
        { tableName: 'Lines', recordId: '62', modId: '0' },
      ],
    })
    expect((await fm.layout('Orders').get('3')).portalData.lines).toMatchObject(lines)
  })

  test('an edit creates, edits and deletes rows together with the record, or does nothing of it', async () => {
    await using server = await startShop()
    await using fm = clientOf(server)
    const orders = fm.layout('Orders')
    const changes = {
      portalData: { lines: [{ recordId: '1', modId: '0', 'Lines::qty': 9 }, { 'Lines::item': 'new' }] },
      deleteRelated: { Lines: ['2', 3] },
    }
    const lines = fm.layout('Lines')
    const refused = orders.edit(1, { note: 'edited' }, { ...changes, deleteRelated: { Lines: ['2', '999'] } })
    await expect(refused).rejects.toMatchObject({ fileMakerCode: 101 })
    expect((await orders.get(1)).fieldData.note).toBe('first')
    expect((await lines.get(1)).fieldData.qty).toBe(1)
    expect(await orders.edit(1, { note: 'edited' }, changes)).toEqual({
      modId: '1',
      newPortalRecordInfo: [{ tableName: 'Lines', recordId: expect.any(String), modId: '0' }],
    })
    expect((await lines.get(1)).fieldData.qty).toBe(9)
    await expect(lines.get(2)).rejects.toMatchObject({ fileMakerCode: 101 })
    await expect(lines.get(3)).rejects.toMatchObject({ fileMakerCode: 101 })
    const late = orders.edit(1, {}, { portalData: { lines: [{ recordId: '1', modId: '0', 'Lines::qty': 1 }] } })
    await expect(late).rejects.toMatchObject({ fileMakerCode: 306 })
  })

  test('one related record is deleted as well as many, and none at all', async () => {
    await using server = await startShop()
    await using fm = clientOf(server)
    const orders = fm.layout('Orders')
    await orders.edit(1, {}, { deleteRelated: { Lines: [7] } })
    await orders.edit(1, {}, { deleteRelated: { Lines: [] } })
    await orders.edit(1, { deleteRelated: 'Lines.8' })
    expect(server.records('Demo', 'Lines')).toHaveLength(58)
  })

  test('dates are taken in the format that is said', async () => {
    await using server = await startShop()
    await using fm = clientOf(server)
    const { recordId } = await fm.layout('Orders').create({ on: '2026-12-31' }, { dateformats: 2 })
    expect((await fm.layout('Orders').get(recordId)).fieldData.on).toBe('12/31/2026')
    await fm.layout('Orders').edit(recordId, { on: '01/02/2027' })
    expect((await fm.layout('Orders').get(recordId, { dateformats: 2 })).fieldData.on).toBe('2027-01-02')
  })
})

describe('an edit whose answer is lost', () => {
  const lost = { on: 'PATCH /records', count: 1, do: { drop: 'after-commit' } } as const

  test.each<[string, Readonly<Record<string, string>>, object]>([
    ['creates a row', { note: 'x' }, { portalData: { lines: [{ 'Lines::item': 'new' }] } }],
    ['deletes related records', { note: 'x' }, { deleteRelated: { Lines: [5] } }],
    ['changes no field of its own', {}, { portalData: { lines: [{ recordId: '1', 'Lines::qty': 2 }] } }],
  ])('is not sent again when it %s: done twice it might do more than once', async (_what, fields, changes) => {
    await using server = await startShop()
    await using fm = clientOf(server, { cache: mapCache() })
    server.fault(lost)
    const edited = fm.layout('Orders').edit(1, fields, { modId: '0', ...changes })
    await expect(edited).rejects.toMatchObject({ outcome: 'unknown' })
    expect(server.count('PATCH /records')).toBe(1)
  })

  test('is sent again when all it does beside is to edit rows, and a 306 then leaves it open', async () => {
    await using server = await startShop()
    await using fm = clientOf(server, { cache: mapCache() })
    server.fault(lost)
    const rows = { lines: [{ recordId: '1', 'Lines::qty': 2 }] }
    const edited = fm.layout('Orders').edit(1, { note: 'x' }, { modId: '0', portalData: rows })
    await expect(edited).rejects.toMatchObject({ fileMakerCode: 306, outcome: 'unknown' })
    expect(server.count('PATCH /records')).toBe(2)
  })
})

describe('what can’t be meant', () => {
  test.each<[string, object, RegExp]>([
    ['rows that are no list', { portalData: { lines: {} } }, /edit: portalData.lines must be a list of rows/],
    ['portals that are no object', { portalData: [] }, /edit: portalData must be a plain object/],
    ['a row that is none', { portalData: { lines: [null] } }, /edit: portalData.lines\[0\] must be a plain object/],
    [
      'null in a row',
      { portalData: { lines: [{ 'Lines::qty': null }] } },
      /portalData.lines\[0\]: the value of "Lines::qty"/,
    ],
    ['a modId without a record', { portalData: { lines: [{ modId: '1' }] } }, /lines\[0\].modId goes with recordId/],
    [
      'a row id that is none',
      { portalData: { lines: [{ recordId: 'x' }] } },
      /lines\[0\].recordId: must be the digits/,
    ],
    ['half a character in a name', { portalData: { '\ud83d': [] } }, /edit: the name of a portal: holds half/],
    ['a deletion that is no list', { deleteRelated: { Lines: '3' } }, /edit: deleteRelated.Lines must be a list/],
    ['a deletion of no record', { deleteRelated: { Lines: ['x'] } }, /deleteRelated.Lines\[0\]: must be the digits/],
    ['a mode that is none', { entrymode: 'admin' }, /edit: entrymode: must be one of 'user', 'script'/],
    ['another mode that is none', { prohibitmode: true }, /edit: prohibitmode/],
  ])('%s is refused by name before anything is sent', async (_what, options, message) => {
    await using server = await startShop()
    await using fm = clientOf(server)
    await expect(fm.layout('Orders').edit(1, {}, options)).rejects.toThrow(message)
    expect(server.requests()).toEqual([])
  })

  test('related records to be deleted are said in one place', async () => {
    await using server = await startShop()
    await using fm = clientOf(server)
    const twice = fm.layout('Orders').edit(1, { deleteRelated: 'Lines.1' }, { deleteRelated: { Lines: [2] } })
    await expect(twice).rejects.toThrow(/deleteRelated is given twice/)
  })
})
