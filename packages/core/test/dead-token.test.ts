import { startEmulator, type Emulator } from '@fm/emulator'
import { expect, test } from 'vitest'
import type { Client, Layout } from '../src/index.ts'
import { recorder } from './recorder.ts'
import { clientOf, mapCache } from './support.ts'

const SCRIPTS = {
  scriptPrerequest: { name: 'Echo', param: 'before ä' },
  scriptPresort: { name: 'Echo', param: 'between' },
  script: { name: 'Echo', param: 'after' },
}
const SHOWN = {
  portal: { lines: { offset: 2, limit: 3 } },
  layoutResponse: 'Orders',
  dateformats: 2,
  ...SCRIPTS,
} as const
const PAGE = { offset: 2, limit: 5, sort: [{ fieldName: 'note', sortOrder: 'descend' }], ...SHOWN }
const WRITTEN = { dateformats: 2, entrymode: 'script', prohibitmode: 'script', ...SCRIPTS } as const
const LONG = 'x'.repeat(200_000)

const CALLS: Readonly<Record<string, (orders: Layout, fm: Client) => Promise<unknown>>> = {
  list: (orders) => orders.list(PAGE),
  get: (orders) => orders.get(1, SHOWN),
  find: (orders) => orders.find([{ note: '*' }, { note: 'zz', omit: true }], PAGE),
  create: (orders) =>
    orders.create(
      { note: LONG },
      { ...WRITTEN, portalData: { lines: [{ 'Lines::item': 'nut' }, { 'Lines::item': LONG }] } },
    ),
  edit: (orders) =>
    orders.edit(
      1,
      { note: LONG },
      {
        ...WRITTEN,
        modId: '0',
        portalData: { lines: [{ recordId: 1, 'Lines::item': 'bolt' }, { 'Lines::item': 'new' }] },
        deleteRelated: { Lines: [2] },
      },
    ),
  duplicate: (orders) => orders.duplicate(2, SCRIPTS),
  delete: (orders) => orders.delete(3, SCRIPTS),
  runScript: (orders) => orders.runScript('Echo', 'ä & ö'),
  metadata: (orders) => orders.metadata({ recordId: 1 }),
  oldMetadata: (orders) => orders.oldMetadata(),
  layouts: (_orders, fm) => fm.layouts(),
  scripts: (_orders, fm) => fm.scripts(),
  validateSession: (_orders, fm) => fm.validateSession(),
  'first of all': (orders) => orders.listAll().first(),
}

test.each(Object.entries(CALLS))(
  '%s meets a dead token: it is sent again once, whole and the same',
  async (_name, call) => {
    await using server = await startShop()
    const record = recorder()
    record.open(server.url)
    {
      await using fm = clientOf(server, { cache: mapCache(), dispatcher: record.dispatcher })
      const orders = fm.layout('Orders')
      await fm.layouts()
      server.killSessions()
      record.sent.length = 0
      await call(orders, fm)
      const [first, login, again, ...more] = record.sent.filter(
        ({ method }) => method !== 'DELETE' || _name === 'delete',
      )
      expect(login?.path).toMatch(/\/sessions$/)
      expect(again).toEqual(first)
      expect(more).toEqual([])
      expect(server.requests(({ code }) => code === 952)).toHaveLength(1)
    }
    await record.close()
  },
)

test('setGlobals of an exclusive scope meets a dead token: it is sent again once, on a session that was set up', async () => {
  await using server = await startShop()
  const record = recorder()
  record.open(server.url)
  {
    await using fm = clientOf(server, { cache: mapCache(), dispatcher: record.dispatcher })
    await using scope = await fm.startCommunication({
      exclusive: true,
      setup: (inside) => inside.layout('Orders').get(1),
    })
    server.killSessions()
    record.sent.length = 0
    await scope.setGlobals({ 'Orders::gUser': LONG })
    const sent = record.sent.filter(({ path }) => path.endsWith('/globals'))
    expect(sent).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
    expect((await scope.layout('Orders').get(1)).fieldData.gUser).toBe(LONG)
  }
  await record.close()
})

test('a loop over all records goes on where it was when the session dies between two pages', async () => {
  await using server = await startShop()
  await using fm = clientOf(server, { cache: mapCache() })
  const seen: string[] = []
  for await (const { data } of fm.layout('Orders').listAll({ pageSize: 2 }).pages()) {
    seen.push(...data.map(({ recordId }) => recordId))
    server.killSessions()
  }
  expect(seen).toEqual(['1', '2', '3', '4', '5', '6'])
})

function startShop(): Promise<Emulator> {
  return startEmulator({
    databases: {
      Demo: {
        tables: {
          Orders: {
            fields: {
              id: { type: 'number', serial: { next: 7 } },
              note: 'text',
              gUser: { type: 'text', global: true },
            },
            records: [1, 2, 3, 4, 5, 6].map((id) => ({ id, note: 'note' })),
          },
          Lines: {
            fields: { order: 'number', item: 'text' },
            records: [1, 2, 3, 4, 5].map((index) => ({ order: 1, item: `item ${index}` })),
          },
        },
        relationships: [{ from: 'Orders', to: 'Lines', match: { id: 'order' }, allowCreate: true }],
        layouts: [{ name: 'Orders', table: 'Orders', portals: [{ table: 'Lines', name: 'lines' }] }],
        scripts: [{ name: 'Echo', run: ({ parameter }) => parameter }],
      },
    },
  })
}
