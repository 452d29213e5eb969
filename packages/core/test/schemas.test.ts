import { startEmulator, type Emulator } from '@fm/emulator'
import { type } from 'arktype'
import * as v from 'valibot'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { SchemaError, type Client, type StandardSchema } from '../src/index.ts'
import { boolean, date, fields, integer, list, number, readOnly, repetitions, required, text } from '../src/values.ts'
import { clientOf } from './support.ts'

const SECRET = 'a value that nobody may log'

/** An order with lines, one of each kind of field. */
function startShop(): Promise<Emulator> {
  return startEmulator({
    databases: {
      Demo: {
        dateFormat: 'dd.MM.yyyy',
        tables: {
          Orders: {
            fields: {
              id: 'number',
              customer: 'text',
              placed: 'date',
              paid: 'number',
              tags: 'text',
              phone: { type: 'text', maxRepeat: 3 },
              big: 'number',
            },
            records: [
              {
                id: 1,
                customer: 'Ada\rLondon',
                placed: '12/31/2026',
                paid: 1,
                tags: 'new\rlarge',
                big: '9007199254740993',
              },
              { id: 2, customer: SECRET, placed: '', paid: '', tags: '' },
            ],
          },
          Lines: {
            fields: { order: 'number', amount: 'number', text: 'text' },
            records: [
              { order: 1, amount: 2, text: 'pen' },
              { order: 1, amount: 3, text: 'ink' },
            ],
          },
        },
        relationships: [{ from: 'Orders', to: 'Lines', match: { id: 'order' } }],
        layouts: [{ name: 'Orders', table: 'Orders', portals: [{ table: 'Lines', name: 'lines' }] }],
      },
    },
  })
}

async function inShop(use: (fm: Client, server: Emulator) => Promise<void>): Promise<void> {
  await using server = await startShop()
  await using fm = clientOf(server)
  await use(fm, server)
}

const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  )

/** The same schema in three libraries: an id, and a customer whose line breaks become blanks. */
const ORDER = {
  zod: z.object({ id: z.number(), customer: z.string().transform((name) => name.replaceAll('\r', ' ')) }),
  valibot: v.object({
    id: v.number(),
    customer: v.pipe(
      v.string(),
      v.transform((name) => name.replaceAll('\r', ' ')),
    ),
  }),
  arktype: type({ id: 'number', customer: type('string').pipe((name) => name.replaceAll('\r', ' ')) }).onUndeclaredKey(
    'delete',
  ),
} as const
const LINE = {
  zod: z.object({ 'Lines::amount': z.number().positive() }),
  valibot: v.object({ 'Lines::amount': v.pipe(v.number(), v.minValue(1)) }),
  arktype: type({ 'Lines::amount': 'number > 0' }).onUndeclaredKey('delete'),
} as const
/** Schemas that the records above don't fit, and whose complaints quote what they are about. */
const REFUSING: Readonly<Record<string, StandardSchema>> = {
  zod: z.object({
    customer: z.string().refine((name) => name !== SECRET, { error: ({ input }) => `not ${String(input)}` }),
  }),
  valibot: v.object({
    customer: v.pipe(
      v.string(),
      v.check(
        (name) => name !== SECRET,
        ({ input }) => `not ${input}`,
      ),
    ),
  }),
  arktype: type({ customer: 'string < 15' }),
}

describe.each(['zod', 'valibot', 'arktype'] as const)('a schema of %s', (library) => {
  test('gives what it makes of every record and every row of a portal, whose ids stay', async () => {
    await inShop(async (fm) => {
      const orders = fm.layout('Orders', {
        schema: ORDER[library] as typeof ORDER.zod,
        portals: { lines: LINE[library] },
      })
      const { data } = await orders.list()
      expect(data.map(({ fieldData }) => fieldData)).toEqual([
        { id: 1, customer: 'Ada London' },
        { id: 2, customer: SECRET },
      ])
      const { fieldData, portalData, recordId } = await orders.get(1)
      expect([fieldData.customer, recordId]).toEqual(['Ada London', '1'])
      expect(portalData.lines).toEqual([
        { 'Lines::amount': 2, recordId: '1', modId: '0' },
        { 'Lines::amount': 3, recordId: '2', modId: '0' },
      ])
      expect((await orders.find([{ customer: 'Ada' }])).data[0]?.fieldData.customer).toBe('Ada London')
    })
  })

  test('refuses an answer with the layout, the record and the path, and quotes no value', async () => {
    await inShop(async (fm) => {
      const orders = fm.layout('Orders', { schema: REFUSING[library] ?? z.never() })
      for (const call of [orders.list(), orders.get(2), orders.find([{ id: 2 } as object])]) {
        const error = await failureOf(call)
        expect(error).toBeInstanceOf(SchemaError)
        expect(error).toMatchObject({
          code: 'FM_SCHEMA',
          layout: 'Orders',
          recordId: '2',
          paths: ['fieldData.customer'],
          outcome: 'executed',
        })
        expect(String(error)).toContain('layout "Orders", record 2: fieldData.customer')
        expect((error as SchemaError).issues).toHaveLength(1)
        expect(inspect(error, { depth: 9 }) + JSON.stringify(error)).not.toContain(SECRET)
      }
    })
  })

  test('names the row of a portal that does not fit', async () => {
    await inShop(async (fm, server) => {
      await clientOf(server).layout('Orders').edit(1, { customer: 'x' })
      const never = {
        zod: z.object({ 'Lines::amount': z.number().max(2) }),
        valibot: v.object({ 'Lines::amount': v.pipe(v.number(), v.maxValue(2)) }),
        arktype: type({ 'Lines::amount': 'number <= 2' }),
      }
      const orders = fm.layout('Orders', {
        schema: ORDER[library] as typeof ORDER.zod,
        portals: { lines: never[library] },
      })
      expect(await failureOf(orders.get(1))).toMatchObject({
        recordId: '1',
        paths: ['portalData.lines[1].Lines::amount'],
      })
    })
  })
})

describe('schemas that take their time', () => {
  test('are waited for, all records of a page at once', async () => {
    let running = 0
    let most = 0
    const slow = v.pipeAsync(
      v.object({ id: v.number() }),
      v.transformAsync(async (order) => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => void setTimeout(resolve, 5))
        running--
        return { ...order, seen: true }
      }),
    )
    // zod asks such a schema twice: without waiting, then with.
    const row = z.object({}).transform(async () => ({ row: 1 }))
    await inShop(async (fm) => {
      const orders = fm.layout('Orders', { schema: slow, portals: { lines: row } })
      const { data } = await orders.list()
      expect(data.map(({ fieldData }) => fieldData)).toEqual([
        { id: 1, seen: true },
        { id: 2, seen: true },
      ])
      expect(data[0]?.portalData.lines.map((line) => line.row)).toEqual([1, 1])
      expect(most).toBe(2)
    })
  })

  test('may throw or reject: the value then does not fit, and the thrown words are not repeated', async () => {
    const quote = (value: string): string => {
      throw new Error(`broken by ${value}`)
    }
    const throwing = v.object({ customer: v.pipe(v.string(), v.transform(quote)) })
    const rejecting = v.objectAsync({
      customer: v.pipeAsync(
        v.string(),
        v.transformAsync(async (value) => quote(value)),
      ),
    })
    await inShop(async (fm) => {
      for (const schema of [throwing, rejecting]) {
        const error = await failureOf(fm.layout('Orders', { schema }).get(2))
        expect(error).toMatchObject({ code: 'FM_SCHEMA', recordId: '2', paths: ['fieldData'] })
        expect(inspect(error, { depth: 9 })).not.toContain(SECRET)
      }
    })
  })
})

describe('writing by a schema', () => {
  test('of a library takes values as they travel, and no read-only ones', async () => {
    await inShop(async (fm, server) => {
      const orders = fm.layout('Orders', { schema: ORDER.zod, readOnly: ['id'] })
      const { recordId } = await orders.create({ customer: 'Grace' })
      await orders.edit(recordId, { customer: 'Grace\rArlington' })
      expect(server.records('Demo', 'Orders').at(-1)?.fieldData.customer).toBe('Grace\rArlington')
      // @ts-expect-error -- said to be read-only
      const refused = orders.edit(recordId, { id: 7 })
      expect(await failureOf(refused)).toMatchObject({
        code: 'FM_SCHEMA',
        outcome: 'not-executed',
        recordId,
        paths: ['fieldData.id'],
        message: expect.stringContaining('is read only') as string,
      })
    })
  })

  test('goes through encode where the schema has one', async () => {
    const schema = z.object({
      paid: z.codec(z.number(), z.boolean(), { decode: (n) => n !== 0, encode: (b) => (b ? 1 : 0) }),
    })
    await inShop(async (fm, server) => {
      const orders = fm.layout('Orders', {
        schema,
        encode: (fieldData: Partial<z.output<typeof schema>>) => z.encode(schema.partial(), fieldData),
      })
      await orders.edit(1, { paid: false })
      expect(server.records('Demo', 'Orders')[0]?.fieldData.paid).toBe(0)
      expect((await orders.get(1)).fieldData.paid).toBe(false)
      const error = await failureOf(orders.edit(1, { paid: SECRET as unknown as boolean }))
      expect(error).toMatchObject({ code: 'FM_SCHEMA', outcome: 'not-executed', paths: ['fieldData.paid'] })
      expect(inspect(error, { depth: 9 })).not.toContain(SECRET)
    })
  })
})

describe('fields of codecs, without a library', () => {
  const order = fields({
    id: readOnly(number()),
    customer: text(),
    placed: date(),
    paid: boolean(),
    tags: list(),
    phone: repetitions(text(), 3),
    big: integer(),
  })

  test('read each field as its codec says', async () => {
    await inShop(async (fm) => {
      const orders = fm.layout('Orders', { schema: order })
      expect((await orders.get(1)).fieldData).toEqual({
        id: 1,
        customer: 'Ada\nLondon',
        placed: '2026-12-31',
        paid: true,
        tags: ['new', 'large'],
        phone: ['', '', ''],
        big: 9_007_199_254_740_993n,
      })
      expect((await orders.get(2)).fieldData).toMatchObject({ placed: null, paid: false, tags: [], big: null })
    })
  })

  test('write what they read, under each of the three dateformats', async () => {
    await inShop(async (fm, server) => {
      const orders = fm.layout('Orders', {
        schema: fields({ ...order.fields, placed: date({ format: 'dd.MM.yyyy' }) }),
      })
      for (const dateformats of [undefined, 0, 1, 2] as const) {
        const written = {
          customer: 'Grace\nArlington',
          placed: '2024-02-29',
          paid: false,
          tags: ['x', 'y'],
          phone: ['1', '2'],
          big: 10n ** 30n + 7n,
        }
        const { recordId } = await orders.create(written, { dateformats })
        expect((await orders.get(recordId, { dateformats })).fieldData).toEqual({
          id: null,
          ...written,
          phone: ['1', '2', ''],
        })
        await orders.edit(recordId, { placed: '2001-01-02', phone: [] }, { dateformats })
        expect((await orders.get(recordId, { dateformats })).fieldData).toMatchObject({
          placed: '2001-01-02',
          phone: ['', '', ''],
        })
        await orders.edit(recordId, { placed: null, big: null })
        expect((await orders.get(recordId)).fieldData).toMatchObject({ placed: null, big: null })
      }
      expect(server.records('Demo', 'Orders').at(-1)?.fieldData.customer).toBe('Grace\rArlington')
    })
  })

  test('refuse before anything is sent what a field can not be, saying where and why', async () => {
    await inShop(async (fm, server) => {
      const orders = fm.layout('Orders', { schema: order })
      const before = server.count()
      const refusals: [Parameters<typeof orders.create>[0], string][] = [
        [{ placed: '31.12.2026' }, "fieldData.placed must be a date as in '2026-12-31'"],
        [{ placed: '2026-02-30' }, 'fieldData.placed is a day that the calendar of FileMaker does not have'],
        [{ phone: ['1', '2', '3', '4'] }, 'fieldData.phone has more than 3 repetitions'],
        [{ tags: ['a\rb'] }, 'fieldData.tags has an entry of more than one line'],
        [{ paid: 1 as unknown as boolean }, 'fieldData.paid must be true or false, not number'],
        [{ id: 1 } as object, 'fieldData.id is read only'],
        [
          { big: 1.5 as unknown as bigint, customer: 5 as unknown as string },
          'must be a bigint or null, not number (and 1 more)',
        ],
      ]
      for (const [fieldData, reason] of refusals) {
        const error = await failureOf(orders.create(fieldData))
        expect(error).toMatchObject({ code: 'FM_SCHEMA', outcome: 'not-executed', recordId: undefined })
        expect(String(error)).toContain(reason)
      }
      expect(server.count()).toBe(before)
    })
  })

  test('say which field is not on the layout, and which is not as it should be', async () => {
    await inShop(async (fm) => {
      const missing = await failureOf(fm.layout('Orders', { schema: fields({ nowhere: text() }) }).get(1))
      expect(String(missing)).toContain(
        'layout "Orders", record 1: fieldData.nowhere there is no such field on the layout',
      )
      const dateless = await failureOf(
        fm.layout('Orders', { schema: fields({ customer: date(), placed: required(date()) }) }).get(2),
      )
      expect(dateless).toMatchObject({ paths: ['fieldData.customer', 'fieldData.placed'] })
      expect(inspect(dateless)).not.toContain(SECRET)
    })
  })

  test('stand beside schemas of any library, which check what is written as they check what is read', async () => {
    const mixed = fields({ customer: z.string().max(20), placed: date(), paid: v.number(), tags: type('string') })
    await inShop(async (fm) => {
      const orders = fm.layout('Orders', { schema: mixed })
      expect((await orders.get(1)).fieldData).toEqual({
        customer: 'Ada\rLondon',
        placed: '2026-12-31',
        paid: 1,
        tags: 'new\rlarge',
      })
      expect(await failureOf(orders.edit(1, { customer: 'x'.repeat(21) }))).toMatchObject({
        outcome: 'not-executed',
        paths: ['fieldData.customer'],
      })
      await orders.edit(1, { customer: 'short', paid: 0 })
      expect((await orders.get(1)).fieldData).toMatchObject({ customer: 'short', paid: 0 })
    })
  })

  test('serve as the schema of a portal', async () => {
    await inShop(async (fm) => {
      const orders = fm.layout('Orders', {
        schema: fields({ id: required(number()) }),
        portals: { lines: fields({ 'Lines::text': text(), 'Lines::amount': required(integer()) }) },
      })
      const { portalData } = await orders.get(1)
      expect(portalData.lines).toEqual([
        { 'Lines::text': 'pen', 'Lines::amount': 2n, recordId: '1', modId: '0' },
        { 'Lines::text': 'ink', 'Lines::amount': 3n, recordId: '2', modId: '0' },
      ])
    })
  })
})

describe('with a schema', () => {
  const schema = fields({ id: required(number()), customer: text() })
  const line = fields({ 'Lines::text': text(), 'Lines::amount': integer() })

  test('portals’ rows are written as they are read, bigints too', async () => {
    await inShop(async (fm, server) => {
      const orders = fm.layout('Orders', { schema, portals: { lines: line } })
      await orders.edit(
        1,
        { customer: 'two\nlines' },
        { portalData: { lines: [{ recordId: '1', 'Lines::text': 'a\nb', 'Lines::amount': 10n ** 20n + 1n }] } },
      )
      expect(server.records('Demo', 'Lines')[0]?.fieldData).toMatchObject({
        text: 'a\rb',
        amount: String(10n ** 20n + 1n),
      })
      const refused = orders.edit(1, {}, { portalData: { lines: [{}, { 'Lines::amount': 1.5 as unknown as bigint }] } })
      expect(await failureOf(refused)).toMatchObject({
        outcome: 'not-executed',
        recordId: '1',
        paths: ['portalData.lines[1].Lines::amount'],
      })
      // Without a schema too.
      const untyped = fm.layout('Orders')
      await untyped.edit(1, {}, { portalData: { lines: [{ recordId: '2', 'Lines::amount': 2n ** 70n }] } })
      expect(server.records('Demo', 'Lines')[1]?.fieldData.amount).toBe(String(2n ** 70n))
    })
  })

  test('all records are walked through as the schema has them, and counted whatever they hold', async () => {
    await inShop(async (fm) => {
      const orders = fm.layout('Orders', { schema, portals: { lines: line } })
      const seen: unknown[] = []
      for await (const { fieldData, portalData } of orders.listAll({ pageSize: 1 })) {
        seen.push([fieldData.customer, portalData.lines.map((row) => row['Lines::amount'])])
      }
      expect(seen).toEqual([
        ['Ada\nLondon', [2n, 3n]],
        [SECRET, []],
      ])
      expect((await orders.findAll([{ customer: 'Ada' }]).first())?.fieldData.customer).toBe('Ada\nLondon')
      const refusing = fm.layout('Orders', { schema: fields({ customer: date() }) })
      expect(await refusing.listAll().count()).toBe(2)
      expect(await failureOf(refusing.listAll().first())).toMatchObject({ code: 'FM_SCHEMA', recordId: '1' })
    })
  })
})

test('codecs fit into the codecs and transforms of libraries', async () => {
  const placed = date()
  const inZod = z.object({ placed: z.codec(z.string(), z.iso.date().nullable(), placed) })
  expect(z.decode(inZod, { placed: '12/31/2026' })).toEqual({ placed: '2026-12-31' })
  expect(z.encode(inZod, { placed: '2026-12-31' })).toEqual({ placed: '12/31/2026' })
  const inValibot = v.object({
    placed: v.pipe(
      v.string(),
      v.transform((wire) => placed.decode(wire)),
    ),
  })
  expect(v.parse(inValibot, { placed: '12/31/2026' })).toEqual({ placed: '2026-12-31' })
  const inArktype = type({ placed: type('string').pipe(placed.decode) })
  expect(inArktype({ placed: '12/31/2026' })).toEqual({ placed: '2026-12-31' })
})

test('a definition that is none is refused with the name of what is wrong', async () => {
  await inShop(async (fm) => {
    const layout = (name: string, definition: unknown): unknown =>
      fm.layout(name, definition as { schema: StandardSchema })
    expect(() => layout('Orders', { schema: {} })).toThrow('layout: schema must be a Standard Schema')
    expect(() => layout('Orders', { schema: ORDER.zod, portals: { lines: 1 } })).toThrow(
      'portals.lines must be a Standard Schema',
    )
    expect(() => layout('Orders', { schema: ORDER.zod, readOnly: 'id' })).toThrow('readOnly must be a list')
    expect(() => layout('Orders', { schema: ORDER.zod, encode: 1 })).toThrow('encode must be a function')
    expect(() => layout('Orders', ORDER.zod)).toThrow('a schema is given as an option: { schema }')
    expect(() => layout('Orders', { scheme: ORDER.zod })).toThrow('there is no option "scheme"')
    expect(() => fields({ a: 1 as unknown as StandardSchema })).toThrow(
      'fields: "a" must be a codec or a Standard Schema',
    )
    expect(() => fields({ a: text as unknown as StandardSchema })).toThrow('are the parentheses missing?')
  })
})
