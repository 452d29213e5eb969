import { describe, expect, test } from 'vitest'
import { startEmulator } from '@fm/emulator'
import type { DatabaseDefinition, EmulatorOptions } from '@fm/emulator'
import { emulatorFor, signIn } from './support.ts'

const people = { fields: { id: 'number', name: 'text' } } as const
const tables = { People: people, Lines: { fields: { person: 'number', all: { type: 'text', global: true } } } } as const

describe('a mistake in a definition is a TypeError that names the place', () => {
  test.each<[mistake: string, definition: DatabaseDefinition, message: RegExp]>([
    [
      'a field of an unknown type',
      { tables: { A: { fields: { x: 'texte' as 'text' } } } },
      /databases\.Demo\.tables\.A\.fields\.x.*"texte"/,
    ],
    [
      'a layout of an unknown table',
      { tables, layouts: [{ name: 'L', table: 'Peple' }] },
      /layouts\[0\] \(layout "L"\)\.table.*"Peple"/,
    ],
    [
      'an unknown field on a layout',
      { tables, layouts: [{ name: 'L', table: 'People', fields: ['name', 'nme'] }] },
      /fields\[1\].*"nme"/,
    ],
    [
      'a related field without a relationship',
      { tables, layouts: [{ name: 'L', table: 'People', fields: ['Lines::person'] }] },
      /fields\[0\].*no relationship leads/,
    ],
    [
      'a portal without a relationship',
      { tables, layouts: [{ name: 'L', table: 'People', portals: [{ table: 'Lines' }] }] },
      /portals\[0\]\.table.*no relationship leads/,
    ],
    [
      'two layouts of one name',
      {
        tables,
        layouts: [
          { name: 'L', table: 'People' },
          { folder: 'F', layouts: [{ name: 'L', table: 'People' }] },
        ],
      },
      /layouts\[1\]\[0\].*another layout/,
    ],
    [
      'an unknown value list',
      { tables, layouts: [{ name: 'L', table: 'People', fields: [{ field: 'name', valueList: 'V' }] }] },
      /fields\[0\].*value list "V"/,
    ],
    ['an unknown occurrence', { tables, tableOccurrences: { P2: 'Peple' } }, /tableOccurrences\.P2.*"Peple"/],
    [
      'a relationship of an unknown occurrence',
      { tables, relationships: [{ from: 'People', to: 'Line', match: { id: 'person' } }] },
      /relationships\[0\]\.to.*"Line"/,
    ],
    [
      'a relationship over an unknown field',
      { tables, relationships: [{ from: 'People', to: 'Lines', match: { key: 'person' } }] },
      /relationships\[0\]\.match.*"key"/,
    ],
    [
      'a relationship over a global field',
      { tables, relationships: [{ from: 'People', to: 'Lines', match: { id: 'all' } }] },
      /relationships\[0\]\.match.*"all".*global/,
    ],
    [
      'a record with an unknown field',
      { tables: { People: { ...people, records: [{ name: 'a' }, { nme: 'b' }] } } },
      /tables\.People\.records\[1\].*"nme"/,
    ],
    [
      'a record with a value of another type',
      { tables: { A: { fields: { d: 'date' }, records: [{ d: 'tomorrow' }] } } },
      /records\[0\]\.d.*no date/,
    ],
    ['a date format without a year', { tables, dateFormat: 'dd.MM' }, /databases\.Demo\.dateFormat/],
    ['a script without a name', { tables, scripts: [{ name: '' }] }, /scripts\[0\]/],
    ['a table that is null', { tables: { A: null as never } }, /tables\.A/],
    ['records that are no list', { tables: { A: { fields: {}, records: {} as never } } }, /tables\.A\.records.*list/],
    ['layouts that are no array', { tables, layouts: {} as never }, /databases\.Demo\.layouts.*array/],
    [
      'a layout field that is nothing',
      { tables, layouts: [{ name: 'L', table: 'People', fields: [null as never] }] },
      /layouts\[0\].*fields\[0\]/,
    ],
    ['a misspelt key', { tables, relationship: [] } as never, /databases\.Demo: there is no key "relationship"/],
    [
      'a misspelt key of a field',
      { tables: { A: { fields: { x: { type: 'text', globale: true } as never } } } },
      /fields\.x: .*"globale"/,
    ],
    ['an account without a password', { tables, accounts: [{ name: 'web' }] }, /accounts\[0\]/],
  ])('%s', async (_mistake, definition, message) => {
    const started = startEmulator({ databases: { Demo: definition } })
    await expect(started).rejects.toThrow(TypeError)
    await expect(startEmulator({ databases: { Demo: definition } })).rejects.toThrow(message)
  })

  test.each<[option: string, options: EmulatorOptions]>([
    ['port', { port: -1 }],
    ['database', { database: {} } as never],
    ['sessions', { sessions: { maximum: 1 } as never }],
    ['loginDelayMs', { loginDelayMs: Number.NaN }],
    ['idleTimeoutMs', { sessions: { idleTimeoutMs: '1' as never } }],
    ['databases.Demo.People', { databases: { Demo: { People: 3 as never } } }],
  ])('%s', async (option, options) => {
    await expect(startEmulator(options)).rejects.toThrow(option)
  })
})

describe('the shorthand', () => {
  test('types follow from the values; mixed ones are text', async (context) => {
    const rows = [
      { a: 1, b: 'x', c: 1 },
      { a: null, b: '', c: 'y', d: undefined },
      { a: 2.5, d: 7 },
    ]
    const server = await emulatorFor(context, { databases: { Demo: { Rows: new Set(rows) } } })
    const { response } = await (await signIn(server, 'Demo')).call('GET', '/layouts/Rows')
    const fields = response.fieldMetaData as { name: string; result: string }[]
    expect(fields.map(({ name, result }) => [name, result])).toEqual([
      ['a', 'number'],
      ['b', 'text'],
      ['c', 'text'],
      ['d', 'number'],
    ])
    expect(server.records('Demo', 'Rows')[1]).toEqual({
      recordId: '2',
      modId: '0',
      fieldData: { a: '', b: '', c: 'y', d: '' },
    })
  })

  test('a table without records has no fields, and takes records without any', async (context) => {
    const server = await emulatorFor(context, { databases: { Demo: { Rows: [] } } })
    const client = await signIn(server, 'Demo')
    expect((await client.call('POST', '/layouts/Rows/records', { fieldData: {} })).response.recordId).toBe('1')
  })
})
