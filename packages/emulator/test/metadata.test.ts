import { describe, expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import { emulatorFor, send, signIn } from './support.ts'

async function solution(context: TestContext) {
  const server = await emulatorFor(context, {
    databases: {
      Hidden: { accounts: [{ name: 'a', password: 'b', fmrest: false }], tables: {} },
      Demo: {
        tables: {
          People: {
            fields: {
              id: { type: 'number', serial: {} },
              at: 'timestamp',
              tag: { type: 'text', maxRepeat: 2 },
              all: { type: 'text', global: true },
            },
          },
          Lines: { fields: { person: 'number', photo: 'container' } },
        },
        relationships: [{ from: 'People', to: 'Lines', match: { id: 'person' } }],
        valueLists: { Regions: ['West', { value: 'E', displayValue: 'East' }], Unused: ['x'] },
        layouts: [
          {
            name: 'People',
            table: 'People',
            fields: [
              'id',
              'at',
              { field: 'tag', valueList: 'Regions', displayType: 'popupMenu' },
              'all',
              'Lines::photo',
              'id',
            ],
            portals: [{ table: 'Lines', name: 'lines', fields: ['person'] }],
          },
          {
            folder: 'Reports',
            layouts: [
              { name: 'R1', table: 'Lines' },
              { folder: 'Deep', layouts: [{ name: 'R2', table: 'Lines' }] },
            ],
          },
        ],
        scripts: [{ name: 'Do it' }, { name: '-' }, { folder: 'Admin', scripts: [{ name: 'X' }] }],
      },
    },
  })
  return { server, client: await signIn(server, 'Demo') }
}

const OK = '"messages":[{"code":"0","message":"OK"}]}'
const REST =
  '"fourDigitYear":false,"maxRepeat":1,"maxCharacters":0,"notEmpty":false,"numeric":false,"timeOfDay":false,"repetitionStart":1,"repetitionEnd":1}'

describe('lists', () => {
  test('databases with an account that may use the Data API are listed, without credentials (section 3.5)', async (context) => {
    const { server } = await solution(context)
    expect((await send(server.url, 'GET', '/fmi/data/v1/databases')).text).toBe(
      `{"response":{"databases":[{"name":"Demo"}]},${OK}`,
    )
  })

  test('layouts have an empty table; isFolder stands at folders only (section 3.6)', async (context) => {
    const { client } = await solution(context)
    expect((await client.call('GET', '/layouts')).text).toBe(
      '{"response":{"layouts":[{"name":"People","table":""},{"name":"Reports","isFolder":true,"folderLayoutNames":' +
        `[{"name":"R1","table":""},{"name":"Deep","isFolder":true,"folderLayoutNames":[{"name":"R2","table":""}]}]}]},${OK}`,
    )
    expect((await client.call('GET', '/layouts/R2')).code).toBe('0')
  })

  test('scripts have isFolder everywhere; separators are named - (section 3.7)', async (context) => {
    const { client } = await solution(context)
    expect((await client.call('GET', '/scripts')).text).toBe(
      '{"response":{"scripts":[{"name":"Do it","isFolder":false},{"name":"-","isFolder":false},' +
        `{"name":"Admin","isFolder":true,"folderScriptNames":[{"name":"X","isFolder":false}]}]},${OK}`,
    )
  })
})

describe('layout metadata', () => {
  test('fields, portals and used value lists, keys as recorded (section 3.8)', async (context) => {
    const { client } = await solution(context)
    expect((await client.call('GET', '/layouts/People')).text).toBe(
      '{"response":{"fieldMetaData":[' +
        `{"name":"id","type":"normal","displayType":"editText","result":"number","global":false,"autoEnter":true,${REST},` +
        `{"name":"at","type":"normal","displayType":"editText","result":"timeStamp","global":false,"autoEnter":false,${REST},` +
        `{"name":"tag","type":"normal","displayType":"popupMenu","result":"text","valueList":"Regions","global":false,"autoEnter":false,${REST.replace('"maxRepeat":1', '"maxRepeat":2').replace('"repetitionEnd":1', '"repetitionEnd":2')},` +
        `{"name":"all","type":"normal","displayType":"editText","result":"text","global":true,"autoEnter":false,${REST},` +
        `{"name":"Lines::photo","type":"normal","displayType":"editText","result":"container","global":false,"autoEnter":false,${REST}],` +
        `"portalMetaData":{"lines":[{"name":"Lines::person","type":"normal","displayType":"editText","result":"number","global":false,"autoEnter":false,${REST}]},` +
        `"valueLists":[{"name":"Regions","type":"customList","values":[{"displayValue":"West","value":"West"},{"displayValue":"East","value":"E"}]}]},${OK}`,
    )
  })

  test('valueLists is missing where none is used, portalMetaData is empty without portals', async (context) => {
    const { client } = await solution(context)
    const { response } = await client.call('GET', '/layouts/R1?recordId=1')
    expect(Object.keys(response)).toEqual(['fieldMetaData', 'portalMetaData'])
    expect(response.portalMetaData).toEqual({})
    expect((await client.call('GET', '/layouts/Nowhere')).code).toBe('105')
  })

  test('the old shape has global as a text (section 3.9)', async (context) => {
    const { client } = await solution(context)
    expect((await client.call('GET', '/layouts/People/metadata')).text).toBe(
      '{"response":{"metaData":[{"name":"id","type":"normal","result":"number","global":"false","repetitions":1,"id":"1"},' +
        '{"name":"at","type":"normal","result":"timeStamp","global":"false","repetitions":1,"id":"2"},' +
        '{"name":"tag","type":"normal","result":"text","valueList":"Regions","global":"false","repetitions":2,"id":"3"},' +
        '{"name":"all","type":"normal","result":"text","global":"true","repetitions":1,"id":"4"},' +
        `{"name":"Lines::photo","type":"normal","result":"container","global":"false","repetitions":1,"id":"2"}]},${OK}`,
    )
  })
})
