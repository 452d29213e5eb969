import { describe, expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import { emulatorFor, signIn } from './support.ts'
import type { Reply } from './support.ts'

async function orders(context: TestContext) {
  const server = await emulatorFor(context, {
    databases: {
      Shop: {
        tables: {
          Orders: {
            fields: { id: { type: 'number', serial: {} }, note: 'text' },
            records: [{ note: 'a' }, { note: 'b' }],
          },
          Lines: {
            fields: { order: 'number', item: 'text', qty: 'number' },
            records: [
              { order: 1, item: 'nut', qty: 3 },
              { order: 1, item: 'bolt', qty: 1 },
              { order: 1, item: 'nail', qty: 2 },
            ],
          },
          Items: {
            fields: { code: 'text', price: 'number' },
            records: [
              { code: 'nut', price: 5 },
              { code: 'nail', price: 7 },
            ],
          },
        },
        tableOccurrences: { Fixed: 'Lines' },
        relationships: [
          { from: 'Orders', to: 'Lines', match: { id: 'order' }, allowCreate: true },
          { from: 'Lines', to: 'Items', match: { item: 'code' } },
          { from: 'Orders', to: 'Fixed', match: { id: 'order' } },
        ],
        layouts: [
          {
            name: 'Orders',
            table: 'Orders',
            fields: ['id', 'note', 'Lines::item', 'Items::price'],
            portals: [
              { table: 'Lines', name: 'lines', fields: ['Lines::item', 'qty', 'Items::price'] },
              { table: 'Fixed', fields: ['qty'], sort: [{ fieldName: 'qty', sortOrder: 'descend' }] },
            ],
          },
          {
            name: 'Twice',
            table: 'Orders',
            fields: [],
            portals: [
              { table: 'Fixed', fields: ['qty'] },
              { table: 'Fixed', fields: ['item'] },
            ],
          },
          { name: 'Far', table: 'Orders', fields: ['id'], portals: [{ table: 'Items', name: 'items' }] },
          { name: 'Lines', table: 'Lines' },
        ],
      },
    },
  })
  const client = await signIn(server, 'Shop')
  const edit = (body: unknown): Promise<Reply> => client.call('PATCH', '/layouts/Orders/records/1', body)
  return { server, client, edit, lines: () => server.records('Shop', 'Lines') }
}

describe('portals in answers (sections 3.10, 8.5)', () => {
  test('rows have recordId first, full names, modId last; the infos have the recorded order', async (context) => {
    const { client } = await orders(context)
    const { text } = await client.call('GET', '/layouts/Orders/records/1')
    expect(text).toContain(
      '"data":[{"fieldData":{"id":1,"note":"a","Lines::item":"nut","Items::price":5},' +
        '"portalData":{"lines":[{"recordId":"1","Lines::item":"nut","Lines::qty":3,"Items::price":5,"modId":"0"},' +
        '{"recordId":"2","Lines::item":"bolt","Lines::qty":1,"Items::price":"","modId":"0"},' +
        '{"recordId":"3","Lines::item":"nail","Lines::qty":2,"Items::price":7,"modId":"0"}],' +
        '"Fixed":[{"recordId":"1","Fixed::qty":3,"modId":"0"},{"recordId":"3","Fixed::qty":2,"modId":"0"},' +
        '{"recordId":"2","Fixed::qty":1,"modId":"0"}]},"recordId":"1","modId":"0",' +
        '"portalDataInfo":[{"portalObjectName":"lines","database":"Shop","table":"Lines","foundCount":3,"returnedCount":3},' +
        '{"database":"Shop","table":"Fixed","foundCount":3,"returnedCount":3}]}]',
    )
  })

  test('empty portals are listed', async (context) => {
    const { client } = await orders(context)
    const { text } = await client.call('GET', '/layouts/Orders/records/2')
    expect(text).toContain(
      '"fieldData":{"id":2,"note":"b","Lines::item":"","Items::price":""},"portalData":{"lines":[],"Fixed":[]}',
    )
    expect(text).toContain('"table":"Fixed","foundCount":0,"returnedCount":0}')
  })

  test('two unnamed portals of one occurrence have the same key twice', async (context) => {
    const { client } = await orders(context)
    const { text } = await client.call('GET', '/layouts/Twice/records/1')
    expect(text.match(/"Fixed":\[/g)).toHaveLength(2)
  })

  test('a portal over two relationships shows every related record once', async (context) => {
    const { client } = await orders(context)
    await client.call('POST', '/layouts/Lines/records', { fieldData: { order: 1, item: 'nut', qty: 9 } })
    const { response } = await client.call('GET', '/layouts/Far/records/1')
    expect(response.data?.[0]?.portalData.items?.map((row) => row['Items::code'])).toEqual(['nut', 'nail'])
    expect(response.data?.[0]?.portalDataInfo[0]).toMatchObject({ foundCount: 2, returnedCount: 2 })
  })

  test('portals are chosen and paged with underscores in a query, without in the body of a find', async (context) => {
    const { client } = await orders(context)
    const chosen = encodeURIComponent('["lines"]')
    const ranged = await client.call('GET', `/layouts/Orders/records/1?portal=${chosen}&_offset.lines=2&_limit.lines=1`)
    const inFind = await client.find('Orders', [{ id: 1 }], {
      portal: ['lines'],
      'offset.lines': '2',
      'limit.lines': 1,
    })
    for (const { response } of [ranged, inFind]) {
      expect(Object.keys(response.data?.[0]?.portalData ?? {})).toEqual(['lines'])
      expect(response.data?.[0]?.portalData.lines?.map((row) => row.recordId)).toEqual(['2'])
      expect(response.data?.[0]?.portalDataInfo).toMatchObject([{ foundCount: 3, returnedCount: 1 }])
    }
    expect((await client.call('GET', '/layouts/Orders/records/1?_limit.lines=0')).code).toBe('960')
  })

  test('an empty list means no portals, unknown names are ignored, a comma list is taken too', async (context) => {
    const { client } = await orders(context)
    const portals = async (portal: string) => {
      const { response } = await client.call('GET', `/layouts/Orders/records/1?portal=${encodeURIComponent(portal)}`)
      return Object.keys(response.data?.[0]?.portalData ?? {})
    }
    expect(await portals('[]')).toEqual([])
    expect(await portals('["nothing"]')).toEqual([])
    expect(await portals('lines,Fixed')).toEqual(['lines', 'Fixed'])
    expect((await client.find('Orders', [{ id: 1 }], { portal: [] })).response.data?.[0]?.portalData).toEqual({})
  })

  test('fifty rows of a portal unless more are asked for', async (context) => {
    const { client } = await orders(context)
    for (let index = 0; index < 60; index += 1) {
      await client.call('POST', '/layouts/Lines/records', { fieldData: { order: 2, qty: index } })
    }
    const rows = async (query: string) => {
      const { response } = await client.call(
        'GET',
        `/layouts/Orders/records/2?portal=${encodeURIComponent('["lines"]')}${query}`,
      )
      return [response.data?.[0]?.portalData.lines?.length, response.data?.[0]?.portalDataInfo[0]?.foundCount]
    }
    expect(await rows('')).toEqual([50, 60])
    expect(await rows('&_limit.lines=1000')).toEqual([60, 60])
  })
})

test('a number key matches the text of it, in both directions', async (context) => {
  const server = await emulatorFor(context, {
    databases: {
      Demo: {
        tables: {
          Notes: { fields: { owner: 'text', note: 'text' }, records: [{ owner: '36', note: 'a' }] },
          People: { fields: { id: 'number' }, records: [{ id: 36 }] },
        },
        relationships: [{ from: 'People', to: 'Notes', match: { id: 'owner' } }],
        layouts: [
          { name: 'People', table: 'People', fields: ['id', 'Notes::note'] },
          { name: 'Notes', table: 'Notes', fields: ['note', 'People::id'] },
        ],
      },
    },
  })
  const client = await signIn(server, 'Demo')
  const fieldData = async (layout: string) =>
    (await client.call('GET', `/layouts/${layout}/records/1`)).response.data?.[0]?.fieldData
  expect(await fieldData('People')).toEqual({ id: 36, 'Notes::note': 'a' })
  expect(await fieldData('Notes')).toEqual({ note: 'a', 'People::id': 36 })
})

describe('portal rows in create and edit (sections 3.12, 3.13)', () => {
  test('a new record comes with its rows; one entry for each field that was written', async (context) => {
    const { client, lines } = await orders(context)
    const { response } = await client.call('POST', '/layouts/Orders/records', {
      fieldData: { note: 'c' },
      portalData: { lines: [{ 'Lines::item': 'nut', 'Lines::qty': 2 }, { 'Lines::qty': '4' }] },
    })
    expect(response).toEqual({
      recordId: '3',
      modId: '0',
      newPortalRecordInfo: [
        { tableName: 'Lines', recordId: '4', modId: '0' },
        { tableName: 'Lines', recordId: '4', modId: '0' },
        { tableName: 'Lines', recordId: '5', modId: '0' },
      ],
    })
    expect(lines()[3]?.fieldData).toEqual({ order: 3, item: 'nut', qty: 2 })
  })

  test('a row with a recordId is edited, its modId is not told and the parent keeps its own', async (context) => {
    const { edit, lines } = await orders(context)
    const reply = await edit({ portalData: { lines: [{ recordId: '2', 'Lines::qty': 8 }] } })
    expect(reply.response).toEqual({ modId: '0' })
    expect(lines()[1]).toMatchObject({ modId: '1', fieldData: { qty: 8 } })
  })

  test('rows may be named after the occurrence of a named portal', async (context) => {
    const { edit, lines } = await orders(context)
    expect((await edit({ portalData: { Lines: [{ recordId: '2', 'Lines::qty': 8 }] } })).code).toBe('0')
    expect(lines()[1]?.fieldData.qty).toBe(8)
  })

  test('a failure anywhere leaves nothing written', async (context) => {
    const { edit, server, lines } = await orders(context)
    const before = JSON.stringify([server.records('Shop', 'Orders'), lines()])
    const row = { 'Lines::qty': 5 }
    for (const [portalData, code] of [
      [{ lines: [row, { recordId: '2', modId: '9', ...row }] }, '306'],
      [{ lines: [row, { recordId: '99', ...row }] }, '101'],
      [{ lines: [row, { 'Lines::nothing': 1 }] }, '102'],
      [{ lines: [row], nothing: [row] }, '102'],
      [{ Fixed: [{ 'Fixed::qty': 1 }] }, '101'],
      [{ lines: row }, '10'],
    ] as const) {
      const reply = await edit({ fieldData: { note: 'changed' }, portalData })
      expect([portalData, reply.code]).toEqual([portalData, code])
    }
    const missing = await edit({ fieldData: { note: 'changed', deleteRelated: ['lines.1', 'lines.99'] } })
    expect(missing.code).toBe('101')
    expect(JSON.stringify([server.records('Shop', 'Orders'), lines()])).toBe(before)
  })

  test('a record of another parent can be neither edited nor deleted through the portal', async (context) => {
    const { client } = await orders(context)
    const edit = (body: unknown) => client.call('PATCH', '/layouts/Orders/records/2', body)
    expect((await edit({ portalData: { lines: [{ recordId: '1', 'Lines::qty': 8 }] } })).code).toBe('101')
    expect((await edit({ fieldData: { deleteRelated: 'Lines.1' } })).code).toBe('101')
  })

  test('deleteRelated takes one or several, named after portal or occurrence', async (context) => {
    const { edit, lines } = await orders(context)
    expect((await edit({ fieldData: { deleteRelated: 'Lines.1' } })).text).toBe(
      '{"response":{"modId":"0"},"messages":[{"code":"0","message":"OK"}]}',
    )
    expect((await edit({ fieldData: { note: 'x', deleteRelated: ['lines.2', 'Lines.3'] } })).code).toBe('0')
    expect(lines()).toEqual([])
  })

  test('a related field in fieldData goes to the first related record, to the numbered one, or to a new one', async (context) => {
    const { edit, client, lines } = await orders(context)
    expect((await edit({ fieldData: { 'Lines::item': 'first' } })).response).toEqual({ modId: '0' })
    expect((await edit({ fieldData: { 'Lines::item.3': 'third', 'Lines::qty.3': 33 } })).code).toBe('0')
    expect((await edit({ fieldData: { 'Lines::item.0': 'new' } })).code).toBe('0')
    await client.call('PATCH', '/layouts/Orders/records/2', { fieldData: { 'Lines::item': 'only' } })
    expect(lines().map(({ modId, fieldData }) => [fieldData.order, fieldData.item, fieldData.qty, modId])).toEqual([
      [1, 'first', 3, '1'],
      [1, 'bolt', 1, '0'],
      [1, 'third', 33, '1'],
      [1, 'new', '', '0'],
      [2, 'only', '', '0'],
    ])
  })
})
