import * as fc from 'fast-check'
import { startEmulator, type DatabaseDefinition, type Emulator, type ScriptCall } from '@fm/emulator'
import { describe, expect, test } from 'vitest'
import type { Client, Layout } from '../src/index.ts'
import { recorder, type SentRequest } from './recorder.ts'
import { clientOf } from './support.ts'

const FULL = process.env.FM_TEST_FULL === '1'
const RUNS = FULL ? 500 : 40
const LIMIT_MS = FULL ? 600_000 : 60_000

/** Pieces that mean something on the way: to URLs, to JSON, to FileMaker's own names, to JavaScript's objects. */
const PIECES = fc.constantFrom(
  ...'/ # ? % + & = .. . %2F %252F ; , " \' \\ [ ] {portal} $& ` | ~ ! * ( ) @ __proto__ constructor 0'.split(' '),
  ...' ,  ,\t,\r,\n,\r\n,\u0000,\u007f,\u2028,😀,👨‍👩‍👧,é,e\u0301,\u202e,\ufeff,\uffff,\u{10ffff},ß,ﬃ'.split(','),
)
const TEXT = fc
  .array(fc.oneof(PIECES, fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ unit: 'grapheme', maxLength: 4 })), {
    maxLength: 6,
  })
  .map((pieces) => pieces.join(''))
const NAME = TEXT.filter((text) => text !== '')
/** FileMaker's text fields hold no NUL, and the emulator's none either; on the way there it is a character like any other. */
const stored = (text: string): string => text.replaceAll('\u0000', '')

/** What a field's name can't be: `::` parts it from its table, `(2)` names a repetition, `omit` is a word of finds. */
const FIELD = NAME.filter(
  (name) => !name.includes('::') && !/\(\d+\)$/.test(name) && !['omit', 'deleteRelated'].includes(name),
)
const OCCURRENCE = NAME.filter((name) => !name.includes('::'))
const SCRIPT = NAME.filter((name) => name !== '-')

/** A server with one database, and a client of it that tells what it sends. */
async function withDatabase(
  database: string,
  definition: DatabaseDefinition,
  use: (fm: Client, server: Emulator, sent: SentRequest[]) => Promise<void>,
): Promise<void> {
  await using server = await startEmulator({ databases: { [database]: definition } })
  const record = recorder()
  record.open(server.url)
  try {
    await using fm = clientOf(server, { database, dispatcher: record.dispatcher })
    await using scope = await fm.startCommunication()
    await use(Object.assign({ ...fm }, { layout: (name: string) => scope.layout(name) }), server, record.sent)
  } finally {
    await record.close()
  }
}

/** A path's segments, decoded once. */
function segmentsOf({ path }: SentRequest): string[] {
  const [pathname = ''] = path.split('?')
  return pathname.split('/').map(decodeURIComponent)
}

/** The parameters of a query, decoded once. */
function queryOf({ path }: SentRequest): Record<string, string> {
  const pairs = path.slice(path.indexOf('?') + 1).split('&')
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2).map(decodeURIComponent)))
}

function bodyOf(request: SentRequest | undefined): Readonly<Record<string, object | undefined>> {
  return JSON.parse(request?.body ?? '') as Record<string, object>
}

describe('all of Unicode', { timeout: LIMIT_MS }, () => {
  test('names of databases and layouts arrive as they are, after one decoding', async () => {
    await fc.assert(
      fc.asyncProperty(NAME, NAME, async (database, layout) => {
        const tables = { T: { fields: { name: 'text' }, records: [{ name: 'a' }] } } as const
        await withDatabase(database, { tables, layouts: [{ name: layout, table: 'T' }] }, async (fm, server, sent) => {
          const people = fm.layout(layout)
          const { data, dataInfo } = await people.list({ layoutResponse: layout })
          expect(data).toHaveLength(1)
          expect([dataInfo.database, dataInfo.layout]).toEqual([database, layout])
          await people.find([{ name: 'a' }], { layoutResponse: layout })
          await people.metadata()
          expect(await fm.layouts()).toMatchObject([{ name: layout }])
          for (const entry of server.requests(({ layout: asked }) => asked !== undefined)) {
            expect([entry.database, entry.layout]).toEqual([database, layout])
          }
          for (const request of sent.filter(({ method }) => method !== 'DELETE')) {
            expect(segmentsOf(request).slice(4, 6)).toEqual(['databases', database])
            expect(request.path).toMatch(/^[\x21-\x7e]+$/)
          }
          expect(queryOf(sent.find(({ path }) => path.includes('?')) as SentRequest)['layout.response']).toBe(layout)
        })
      }),
      { numRuns: RUNS },
    )
  })

  test('names of fields and their values arrive and come back as they are, in every place that names a field', async () => {
    await fc.assert(
      fc.asyncProperty(FIELD, TEXT, TEXT, async (field, value, other) => {
        const tables = { T: { fields: { [field]: 'text', gT: { type: 'text', global: true } } } } as const
        await withDatabase('Demo', { tables }, async (fm, _server, sent) => {
          const layout = fm.layout('T')
          const { recordId } = await layout.create({ [field]: value })
          expect(Object.entries(bodyOf(sent.at(-1)).fieldData ?? {})).toEqual([[field, value]])
          expect(Object.entries((await layout.get(recordId)).fieldData)).toContainEqual([field, stored(value)])
          await layout.edit(recordId, { [field]: other }, { modId: '0' })
          const sort = [{ fieldName: field, sortOrder: 'descend' }]
          const [listed] = (await layout.list({ sort })).data
          expect(Object.entries(listed?.fieldData ?? {})).toContainEqual([field, stored(other)])
          // Whatever the value: empty, or not. What counts is that the field is known under its name.
          expect((await layout.find([{ [field]: '=' }, { [field]: '*' }], { sort })).data).toHaveLength(1)
          expect((await layout.metadata()).fieldMetaData[0]?.name).toBe(field)
        })
      }),
      { numRuns: RUNS },
    )
  })

  test('names of portals and of their tables, and values in rows, arrive and come back as they are', async () => {
    const names = fc.uniqueArray(OCCURRENCE, { minLength: 2, maxLength: 2, selector: (name) => name.toLowerCase() })
    await fc.assert(
      fc.asyncProperty(NAME, names, FIELD, TEXT, async (portal, [table = '', related = ''], field, value) => {
        const definition: DatabaseDefinition = {
          tables: {
            [table]: { fields: { id: 'number' }, records: [{ id: 1 }] },
            [related]: { fields: { of: 'number', [`${field}!`]: 'text' }, records: [{ of: 1 }, { of: 1 }] },
          },
          relationships: [{ from: table, to: related, match: { id: 'of' }, allowCreate: true }],
          layouts: [{ name: 'L', table, portals: [{ table: related, name: portal }] }],
        }
        const full = `${related}::${field}!`
        await withDatabase('Demo', definition, async (fm) => {
          const layout = fm.layout('L')
          await layout.edit(1, {}, { portalData: { [portal]: [{ recordId: '1', [full]: value }, { [full]: value }] } })
          await layout.edit(1, {}, { deleteRelated: { [related]: [2] } })
          const window = { portal: { [portal]: { offset: 2, limit: 1 } } }
          for (const record of [
            await layout.get(1, window),
            (await layout.list(window)).data[0],
            (await layout.find([{ id: 1 }], window)).data[0],
          ]) {
            const [[name, rows] = ['', []]] = Object.entries(record?.portalData ?? {})
            expect(name).toBe(portal)
            expect(rows.map((row) => Object.entries(row))).toEqual([
              expect.arrayContaining([
                ['recordId', '3'],
                [full, stored(value)],
              ]),
            ])
            expect(record?.portalDataInfo).toMatchObject([{ portalObjectName: portal, table: related, foundCount: 2 }])
          }
        })
      }),
      { numRuns: RUNS },
    )
  })

  test('names of scripts and their parameters arrive as they are, and results come back so', async () => {
    await fc.assert(
      fc.asyncProperty(SCRIPT, TEXT, async (script, param) => {
        const ran: ScriptCall[] = []
        const definition: DatabaseDefinition = {
          tables: { T: { fields: { name: 'text' }, records: [{ name: 'a' }] } },
          scripts: [{ name: script, run: (call) => (ran.push(call), call.parameter) }],
        }
        await withDatabase('Demo', definition, async (fm, _server, sent) => {
          const layout = fm.layout('T')
          const named = { name: script, param }
          const all = { script: named, scriptPrerequest: named, scriptPresort: named }
          expect(await layout.runScript(script, param)).toEqual({ result: param, error: 0 })
          expect(segmentsOf(sent.at(-1) as SentRequest).at(-1)).toBe(script)
          const results = {
            script: { result: param },
            scriptPrerequest: { result: param },
            scriptPresort: { result: param },
          }
          expect(await layout.list(all)).toMatchObject(results)
          expect(queryOf(sent.at(-1) as SentRequest)).toMatchObject({ script, 'script.param': param })
          expect(await layout.find([{ name: 'a' }], all)).toMatchObject(results)
          expect(await layout.create({}, all)).toMatchObject(results)
          expect(await layout.delete(2, all)).toMatchObject(results)
          expect(new Set(ran.map(({ parameter }) => parameter))).toEqual(new Set([param]))
        })
      }),
      { numRuns: RUNS },
    )
  })
})

describe('half of a surrogate pair, which has no form on the wire', { timeout: LIMIT_MS }, () => {
  const HALF = fc
    .tuple(TEXT, fc.integer({ min: 0xd800, max: 0xdfff }), TEXT)
    .map(([before, half, after]) => before + String.fromCharCode(half) + after)
    .filter((text) => !text.isWellFormed())

  const PLACES: Readonly<Record<string, (layout: Layout, half: string, fm: Client) => unknown>> = {
    'a layout': (_layout, half, fm) => fm.layout(half),
    'a database': (_layout, half) => clientOf({ url: 'http://localhost' }, { database: half }),
    'a field of a create': (layout, half) => layout.create({ [half]: 'x' }),
    'a value of a create': (layout, half) => layout.create({ name: half }),
    'a field of an edit': (layout, half) => layout.edit(1, { [half]: 'x' }),
    'a value of an edit': (layout, half) => layout.edit(1, { name: half }),
    'a modId': (layout, half) => layout.edit(1, { name: 'x' }, { modId: half }),
    'a criterion': (layout, half) => layout.find([{ name: half }]),
    'a field of a find': (layout, half) => layout.find([{ [half]: 'x' }]),
    'a field of a find of all': async (layout, half) => layout.findAll([{ [half]: 'x' }]),
    'a field of a sort': (layout, half) => layout.list({ sort: [{ fieldName: half }] }),
    'an order of a sort': (layout, half) => layout.list({ sort: [{ fieldName: 'name', sortOrder: half }] }),
    'a portal': (layout, half) => layout.list({ portal: [half] }),
    'a portal with a window': (layout, half) => layout.find([{ name: 'x' }], { portal: { [half]: { limit: 1 } } }),
    'a portal with rows': (layout, half) => layout.create({}, { portalData: { [half]: [] } }),
    'a field of a row': (layout, half) => layout.create({}, { portalData: { p: [{ [half]: 'x' }] } }),
    'a value of a row': (layout, half) => layout.create({}, { portalData: { p: [{ 'T::x': half }] } }),
    'a table of deletions': (layout, half) => layout.edit(1, {}, { deleteRelated: { [half]: [1] } }),
    'a layout of the answer': (layout, half) => layout.get(1, { layoutResponse: half }),
    'a script': (layout, half) => layout.list({ script: half }),
    'a script’s parameter': (layout, half) => layout.delete(1, { scriptPresort: { name: 'S', param: half } }),
    'a script of its own': (layout, half) => layout.runScript(half),
    'the parameter of a script of its own': (layout, half) => layout.runScript('S', half),
  }

  test.each(Object.entries(PLACES))('is refused by a TypeError in %s, and nothing is sent', async (_place, call) => {
    await using server = await startEmulator({ databases: { Demo: { T: [{ name: 'a' }] } } })
    await using fm = clientOf(server)
    await fc.assert(
      fc.asyncProperty(HALF, async (half) => {
        const refused = (async () => call(fm.layout('T'), half, fm))()
        await expect(refused).rejects.toThrow(/half of a surrogate pair/)
        await expect(refused).rejects.toBeInstanceOf(TypeError)
      }),
      { numRuns: RUNS },
    )
    expect(server.requests()).toEqual([])
  })

  test('is refused in a global field, too', async () => {
    await using server = await startEmulator({ databases: { Demo: { T: [{ name: 'a' }] } } })
    await using fm = clientOf(server)
    await using scope = await fm.startCommunication({ exclusive: true })
    await expect(scope.setGlobals({ 'T::g': '\ud83d' })).rejects.toThrow(/holds half of a surrogate pair/)
    await expect(scope.setGlobals({ '\udc00': 'x' })).rejects.toThrow(/holds half of a surrogate pair/)
    expect(server.count('PATCH /globals')).toBe(0)
  })
})
