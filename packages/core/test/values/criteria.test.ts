import { startEmulator, type Emulator } from '@fm/emulator'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client, Layout } from '../../src/index.ts'
import {
  atLeast,
  atMost,
  between,
  contains,
  date,
  duplicated,
  empty,
  endsWith,
  exactly,
  lessThan,
  literal,
  moreThan,
  not,
  notEmpty,
  startsWith,
  today,
  wholeWords,
  words,
} from '../../src/values.ts'
import { clientOf } from '../support.ts'

interface Row {
  readonly key: number
  readonly value: string
  readonly amount: number
  readonly day: string
}

const RUNS = process.env.FM_TEST_FULL === '1' ? 1_500 : 60

/** Every operator of FileMaker's find mode, and what is made of several signs. */
const OPERATORS = [
  '=',
  '==',
  '*',
  '@',
  '#',
  '<',
  '<=',
  '≤',
  '>',
  '>=',
  '≥',
  '..',
  '...',
  '…',
  '!',
  '//',
  '?',
  '"',
  '\\',
  '~',
  '*""',
]

/** Each operator alone, and at the begin, within and at the end; all of them; and what the operators would match as wildcards. */
const VALUES = [
  ...OPERATORS,
  ...OPERATORS.map((operator) => `${operator}begin mid${operator}dle end${operator}`),
  OPERATORS.join(''),
  'begin middle end',
  '5begin mid5dle end5',
  'xbegin mid anything dle endx',
  'middle',
  '',
]

let server: Emulator
let fm: Client
let rows: Layout<Row>

beforeAll(async () => {
  server = await startEmulator({
    databases: {
      Demo: {
        tables: {
          T: {
            fields: { key: 'number', value: 'text', amount: 'number', day: 'date' },
            records: VALUES.map((value, key) => ({ key, value, amount: key - 10, day: `01/${(key % 28) + 1}/2026` })),
          },
        },
      },
    },
  })
  fm = clientOf(server)
  rows = fm.layout<Row>('T')
})
afterAll(async () => {
  await fm.close()
  await server.close()
})

async function found(criterion: string, field: 'value' | 'amount' | 'day' = 'value'): Promise<readonly Row[]> {
  const { data } = await rows.find([{ [field]: criterion }], { limit: 1_000 })
  return data.map(({ fieldData }) => fieldData)
}

const valuesOf = async (criterion: string): Promise<readonly string[]> =>
  (await found(criterion)).map(({ value }) => value)
const wanted = (matches: (value: string) => boolean): readonly string[] =>
  VALUES.filter((value) => value !== '' && matches(value))

describe.each(VALUES.filter((value) => value !== ''))('for %j', (value) => {
  test('exactly finds it and nothing else', async () => {
    expect(await valuesOf(exactly(value))).toEqual([value])
  })

  test('contains, startsWith and endsWith find what does', async () => {
    expect(await valuesOf(contains(value))).toEqual(wanted((other) => other.includes(value)))
    expect(await valuesOf(startsWith(value))).toEqual(wanted((other) => other.startsWith(value)))
    expect(await valuesOf(endsWith(value))).toEqual(wanted((other) => other.endsWith(value)))
  })

  test('words and wholeWords find it, and nothing that lacks one of its characters', async () => {
    const lacks = (other: string): boolean => value.split(' ').some((word) => !other.includes(word))
    for (const criterion of [words(value), wholeWords(value), literal(value)]) {
      const values = await valuesOf(criterion)
      expect(values).toContain(value)
      expect(values.filter((other) => lacks(other))).toEqual([])
    }
  })

  test('a range from it to it, and comparisons with it, hold it where they should', async () => {
    expect(await valuesOf(between(value, value))).toContain(value)
    expect(await valuesOf(atLeast(value))).toContain(value)
    expect(await valuesOf(atMost(value))).toContain(value)
    expect(await valuesOf(moreThan(value))).not.toContain(value)
    expect(await valuesOf(lessThan(value))).not.toContain(value)
    expect((await valuesOf(atMost(value))).length + (await valuesOf(moreThan(value))).length).toBe(VALUES.length - 1)
  })
})

test('what stands for itself stays legible, each operator has a backslash', () => {
  expect(literal('a=b*c@d#e<f>g≤h≥i!j?k"l~m…n')).toBe('a\\=b\\*c\\@d\\#e\\<f\\>g\\≤h\\≥i\\!j\\?k\\"l\\~m\\…n')
  expect(literal('a.b..c...d')).toBe('a.b\\.\\.c\\.\\.\\.d')
  expect(literal('1/2//3')).toBe('1/2\\/\\/3')
  expect(literal('back\\slash')).toBe('back\\\\slash')
  expect(literal('-1.5 (Müller & Søn), 50%')).toBe('-1.5 (Müller & Søn), 50%')
  expect(contains('say "a\\b" *')).toBe('*"say \\"a\\\\b\\" *"')
  expect(literal('')).toBe('')
  expect(between('.a.', 'b..')).toBe('\\.a\\....b\\.\\.')
  expect(between(0.5, 1.25)).toBe('0.5...1.25')
})

test('any text of operators and letters is found by what it is, begins with, ends with and holds', async () => {
  const character = fc.constantFrom(...OPERATORS, 'a', 'Z', '5', ' ', 'ø', '-', '/', '.', '(', '%', '_', '{', '$')
  const texts = fc
    .array(character, { minLength: 1, maxLength: 8 })
    .map((characters) => characters.join(''))
    // Blanks at the ends are not part of a criterion, and one blank is as good as two.
    .filter((text) => text === text.trim() && !text.includes('  '))
  const { recordId } = await rows.create({ value: 'x', key: 5_000 })
  await fc.assert(
    fc.asyncProperty(texts, fc.nat(7), fc.nat(7), async (text, from, to) => {
      await rows.edit(recordId, { value: text })
      const part = text.slice(Math.min(from, to), Math.max(from, to) + 1).trim()
      const criteria = [
        exactly(text),
        contains(text),
        startsWith(text),
        endsWith(text),
        words(text),
        between(text, text),
      ]
      if (part !== '') criteria.push(contains(part))
      if (part !== '' && text.startsWith(part)) criteria.push(startsWith(part))
      if (part !== '' && text.endsWith(part)) criteria.push(endsWith(part))
      const requests = criteria.map((criterion) => rows.find([{ key: '5000', value: criterion }]))
      for (const page of await Promise.all(requests)) expect(page.data).toHaveLength(1)
    }),
    { numRuns: RUNS },
  )
  await rows.delete(recordId)
}, 120_000)

test('numbers, large ones too, are compared as numbers', async () => {
  const amounts = async (criterion: string): Promise<number[]> =>
    (await found(criterion, 'amount')).map(({ amount }) => amount)
  expect(await amounts(exactly(-5))).toEqual([-5])
  expect(await amounts(between(-2, 1n))).toEqual([-2, -1, 0, 1])
  expect(await amounts(lessThan(-8))).toEqual([-10, -9])
  expect(await amounts(atMost(-9.5))).toEqual([-10])
  expect(await amounts(moreThan(10n ** 40n))).toEqual([])
  expect((await amounts(atLeast(-1e21))).length).toBe(VALUES.length)
})

test('dates are given as they travel', async () => {
  const { encode } = date()
  const days = async (criterion: string): Promise<Set<string>> =>
    new Set((await found(criterion, 'day')).map(({ day }) => day))
  expect(await days(exactly(encode('2026-01-05')))).toEqual(new Set(['01/05/2026']))
  expect(await days(between(encode('2026-01-05'), encode('2026-01-06')))).toEqual(new Set(['01/05/2026', '01/06/2026']))
  expect(await days(today())).toEqual(new Set())
  const page = await rows.find([{ day: atLeast('2026-01-28') }], { dateformats: 2 })
  expect(page.data[0]?.fieldData.day).toBe('2026-01-28')
})

test('empty and notEmpty, duplicated and not', async () => {
  expect(await valuesOf(empty())).toEqual([''])
  expect(await valuesOf(exactly(''))).toEqual([''])
  expect((await valuesOf(notEmpty())).length).toBe(VALUES.length - 1)
  expect(await valuesOf(duplicated())).toEqual([])
  const twice = await rows.create({ value: 'middle' })
  expect(await valuesOf(duplicated())).toEqual(['middle', 'middle'])
  await rows.delete(twice.recordId)
  const { data } = await rows.find([{ value: contains('begin') }, not({ value: contains('=') })])
  expect(data.length).toBe(wanted((value) => value.includes('begin') && !value.includes('=')).length)
})

describe('what can not be meant', () => {
  test.each([contains, startsWith, endsWith, words, wholeWords, atLeast, atMost, lessThan, moreThan])(
    '%o of nothing is refused',
    (builder) => {
      expect(() => builder('')).toThrow(`${builder.name}: must be a text that is not empty`)
      expect(() => builder(Number.NaN)).toThrow(TypeError)
      expect(() => builder(null as unknown as string)).toThrow('not null')
    },
  )

  test('a range without an end is refused, and not() of no request', () => {
    expect(() => between('', 'b')).toThrow('between: must be a text')
    expect(() => between('a', '')).toThrow('not an empty text')
    expect(() => not(null as unknown as object)).toThrow('not: must be a find request')
  })
})
