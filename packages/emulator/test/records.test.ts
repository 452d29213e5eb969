import { describe, expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import { column, emulatorFor, signIn } from './support.ts'

async function people(context: TestContext) {
  const server = await emulatorFor(context, {
    databases: {
      Demo: {
        tables: {
          People: {
            fields: {
              id: { type: 'number', serial: { next: 10 } },
              name: 'text',
              phone: { type: 'text', maxRepeat: 3 },
              secret: 'text',
            },
            records: [{ name: 'Ada' }, { name: 'Bob', 'phone(2)': '22' }, { name: 'Cyd' }],
          },
          Empty: { fields: { a: 'text' } },
        },
        layouts: [
          { name: 'People', table: 'People', fields: ['id', 'name', 'phone'] },
          { name: 'Short', table: 'People', fields: ['name'] },
          { name: 'Empty', table: 'Empty' },
        ],
      },
    },
  })
  return { server, client: await signIn(server, 'Demo') }
}

describe('a range of records (section 3.10)', () => {
  test('the answer has the recorded keys in the recorded order', async (context) => {
    const { client } = await people(context)
    expect((await client.call('GET', '/layouts/Short/records?_limit=1')).text).toBe(
      '{"response":{"dataInfo":{"database":"Demo","layout":"Short","table":"People","totalRecordCount":3,"foundCount":3,"returnedCount":1},' +
        '"data":[{"fieldData":{"name":"Ada"},"portalData":{},"recordId":"1","modId":"0","portalDataInfo":[]}]},' +
        '"messages":[{"code":"0","message":"OK"}]}',
    )
  })

  test('without parameters it is the first hundred in the order of creation', async (context) => {
    const rows = Array.from({ length: 120 }, (_, index) => ({ n: index + 1 }))
    const server = await emulatorFor(context, { databases: { Demo: { Rows: rows } } })
    const client = await signIn(server, 'Demo')
    const reply = await client.call('GET', '/layouts/Rows/records/')
    expect(column(reply, 'n')).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
    expect(reply.response.dataInfo).toMatchObject({ foundCount: 120, returnedCount: 100 })
    const rest = await client.call('GET', '/layouts/Rows/records?_offset=119&_limit=50')
    expect(column(rest, 'n')).toEqual([119, 120])
  })

  test('an offset beyond the last record, and an empty table, are error 401 with HTTP 500', async (context) => {
    const { client } = await people(context)
    for (const path of ['/layouts/People/records?_offset=4', '/layouts/Empty/records']) {
      const reply = await client.call('GET', path)
      expect([reply.status, reply.text]).toEqual([
        500,
        '{"messages":[{"code":"401","message":"No records match the request"}],"response":{}}',
      ])
    }
    expect((await client.call('GET', '/layouts/People/records?_offset=3')).code).toBe('0')
  })

  test('repetitions are numbered', async (context) => {
    const { client } = await people(context)
    const { response } = await client.call('GET', '/layouts/People/records/2')
    expect(response.data?.[0]?.fieldData).toEqual({
      id: 11,
      name: 'Bob',
      'phone(1)': '',
      'phone(2)': '22',
      'phone(3)': '',
    })
  })
})

describe('one record (section 3.11)', () => {
  test('it is a found set of one', async (context) => {
    const { client } = await people(context)
    const { response } = await client.call('GET', '/layouts/Short/records/2')
    expect(response.dataInfo).toEqual({
      database: 'Demo',
      layout: 'Short',
      table: 'People',
      totalRecordCount: 3,
      foundCount: 1,
      returnedCount: 1,
    })
  })

  test('a missing record is 101, an id that is no number 960, a missing layout 105', async (context) => {
    const { client } = await people(context)
    const missing = await client.call('GET', '/layouts/People/records/99999999999999999999')
    expect([missing.status, missing.code]).toEqual([500, '101'])
    expect((await client.call('GET', '/layouts/People/records/x1')).code).toBe('960')
    const layout = await client.call('GET', '/layouts/people/records/1')
    expect([layout.status, layout.code]).toEqual([500, '105'])
  })

  test('layout.response gives the fields of another layout of the same table', async (context) => {
    const { client } = await people(context)
    const { response } = await client.call('GET', '/layouts/People/records/1?layout.response=Short')
    expect(response.data?.[0]?.fieldData).toEqual({ name: 'Ada' })
    expect(response.dataInfo?.layout).toBe('Short')
    for (const other of ['Nowhere', 'Empty']) {
      expect((await client.call('GET', `/layouts/People/records/1?layout.response=${other}`)).code).toBe('105')
    }
  })
})

describe('create (section 3.12)', () => {
  test('ids are texts, serials are entered, and ids are not used again', async (context) => {
    const { client, server } = await people(context)
    const created = await client.call('POST', '/layouts/People/records', { fieldData: { name: 'Dan' } })
    expect(created.text).toBe('{"response":{"recordId":"4","modId":"0"},"messages":[{"code":"0","message":"OK"}]}')
    expect(server.records('Demo', 'People')[3]?.fieldData.id).toBe(13)
    await client.call('DELETE', '/layouts/People/records/4')
    expect((await client.call('POST', '/layouts/People/records/', { fieldData: {} })).response.recordId).toBe('5')
  })

  test('a field that is not on the layout is 102, a repetition that there is not 111, and nothing is written', async (context) => {
    const { client, server } = await people(context)
    for (const [field, code] of [
      ['nothing', '102'],
      ['secret', '102'],
      ['phone(4)', '111'],
      ['phone(0)', '111'],
    ]) {
      const reply = await client.call('POST', '/layouts/People/records', {
        fieldData: { name: 'x', [field ?? '']: 'y' },
      })
      expect([reply.status, reply.code]).toEqual([500, code])
    }
    expect(server.records('Demo', 'People')).toHaveLength(3)
  })

  test('field names are blind to case, phone(1) is phone', async (context) => {
    const { client, server } = await people(context)
    await client.call('POST', '/layouts/People/records', {
      fieldData: { NAME: 'Eve', 'phone(1)': 'a', 'Phone(3)': 'c' },
    })
    expect(server.records('Demo', 'People')[3]?.fieldData).toMatchObject({
      name: 'Eve',
      'phone(1)': 'a',
      'phone(3)': 'c',
    })
  })

  test('null, booleans and objects are no values', async (context) => {
    const { client } = await people(context)
    for (const name of [null, true, {}, []]) {
      const reply = await client.call('POST', '/layouts/People/records', { fieldData: { name } })
      expect([reply.status, reply.code]).toEqual([400, '960'])
    }
  })

  test('entrymode and prohibitmode are user or script', async (context) => {
    const { client } = await people(context)
    const create = (options: unknown) => client.call('POST', '/layouts/People/records', { fieldData: {}, options })
    expect((await create({ entrymode: 'script', prohibitmode: 'user' })).code).toBe('0')
    expect((await create({ entrymode: 'other' })).code).toBe('960')
  })
})

describe('edit (section 3.13)', () => {
  test('every commit raises the modId by one', async (context) => {
    const { client, server } = await people(context)
    const edit = () => client.call('PATCH', '/layouts/People/records/1', { fieldData: { name: 'Ada L.', phone: '1' } })
    expect((await edit()).text).toBe('{"response":{"modId":"1"},"messages":[{"code":"0","message":"OK"}]}')
    expect((await edit()).response.modId).toBe('2')
    expect(server.records('Demo', 'People')[0]).toMatchObject({ modId: '2', fieldData: { name: 'Ada L.' } })
  })

  test('a modId that is not the current one is 306, and nothing is written', async (context) => {
    const { client, server } = await people(context)
    const edit = (modId: string) =>
      client.call('PATCH', '/layouts/People/records/1', { fieldData: { name: 'x' }, modId })
    expect((await edit('0')).code).toBe('0')
    const conflict = await edit('0')
    expect([conflict.status, conflict.text]).toEqual([
      500,
      '{"messages":[{"code":"306","message":"Record modification ID does not match"}],"response":{}}',
    ])
    expect(server.records('Demo', 'People')[0]?.modId).toBe('1')
  })

  test('an empty fieldData changes nothing, the modId neither', async (context) => {
    const { client } = await people(context)
    expect((await client.call('PATCH', '/layouts/People/records/1', { fieldData: {} })).response.modId).toBe('0')
    expect((await client.call('PATCH', '/layouts/People/records/1', {})).response.modId).toBe('0')
  })

  test('a missing record is 101', async (context) => {
    const { client } = await people(context)
    expect((await client.call('PATCH', '/layouts/People/records/9', { fieldData: {} })).code).toBe('101')
  })

  test('an empty text clears a field', async (context) => {
    const { client, server } = await people(context)
    await client.call('PATCH', '/layouts/People/records/1', { fieldData: { name: '', id: '' } })
    expect(server.records('Demo', 'People')[0]?.fieldData).toMatchObject({ name: '', id: '' })
  })
})

describe('duplicate and delete (sections 3.14, 3.15)', () => {
  test('a copy has the values, also of fields off the layout, and a serial of its own', async (context) => {
    const { client, server } = await people(context)
    const copy = await client.call('POST', '/layouts/Short/records/2', {})
    expect(copy.response).toEqual({ recordId: '4', modId: '0' })
    expect(server.records('Demo', 'People')[3]?.fieldData).toMatchObject({ id: 13, name: 'Bob', 'phone(2)': '22' })
    expect((await client.call('POST', '/layouts/Short/records/9', {})).code).toBe('101')
  })

  test('a second delete of the same record is 101', async (context) => {
    const { client } = await people(context)
    const deleted = await client.call('DELETE', '/layouts/People/records/2')
    expect(deleted.text).toBe('{"response":{},"messages":[{"code":"0","message":"OK"}]}')
    expect((await client.call('DELETE', '/layouts/People/records/2')).code).toBe('101')
    const { response } = await client.call('GET', '/layouts/People/records')
    expect(response.dataInfo).toMatchObject({ totalRecordCount: 2, foundCount: 2 })
  })
})
