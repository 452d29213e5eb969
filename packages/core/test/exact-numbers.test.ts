import { startEmulator } from '@fm/emulator'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Client } from '../src/index.ts'
import { exactly } from '../src/values.ts'
import { parseJson } from '../src/wire/exact-numbers.ts'
import { clientOf } from './support.ts'

const digit = fc.integer({ min: 0, max: 9 })
const digitsOf = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.array(digit, { minLength, maxLength }).map((digits) => digits.join(''))

/** Numbers as JSON may spell them: any sign, 1 to 400 digits, a point anywhere, an exponent of any size. */
const numbers = fc
  .record({
    sign: fc.constantFrom('', '-'),
    whole: fc.oneof(digitsOf(1, 20), digitsOf(16, 400)).map((digits) => digits.replace(/^0+(?=\d)/, '')),
    fraction: fc.oneof(fc.constant(''), digitsOf(1, 20), digitsOf(1, 200)),
    exponent: fc.oneof(
      fc.constant(undefined),
      fc.integer({ min: -30, max: 30 }),
      fc.integer({ min: -2_000, max: 2_000 }),
    ),
    letter: fc.constantFrom('e', 'E', 'e+'),
  })
  .map(({ sign, whole, fraction, exponent, letter }) => {
    const power = exponent === undefined ? '' : `${exponent < 0 ? letter.slice(0, 1) : letter}${exponent}`
    return sign + whole + (fraction === '' ? '' : `.${fraction}`) + power
  })

/** A decimal as a whole number and the power of ten behind it. */
function partsOf(decimal: string): { readonly digits: bigint; readonly power: number } {
  const [mantissa = '', exponent = '0'] = decimal.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), power: Number(exponent) - fraction.length }
}

/** Whether two decimals are the same, by whole numbers of any length. */
function same(one: string, other: string): boolean {
  const [left, right] = [partsOf(one), partsOf(other)]
  const least = Math.min(left.power, right.power)
  return left.digits * 10n ** BigInt(left.power - least) === right.digits * 10n ** BigInt(right.power - least)
}

describe('reading', () => {
  test('gives a number only where it is the same number, and the text as written else', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom('[$]', '{"a":$}', '{"a":[1,$ ]}', '{"b":"x","a": $}'), (written, frame) => {
        const json = JSON.stringify(parseJson(frame.replace('$', written)), (_key, value: unknown) =>
          typeof value === 'number' ? `number ${value}` : value,
        )
        const held = Number(written)
        const kept = Number.isFinite(held) && same(written, String(held))
        expect(json).toContain(kept ? `"number ${held}"` : `"${written}"`)
      }),
      { numRuns: 3_000 },
    )
  })

  test('leaves what stands in texts alone, whatever it looks like', () => {
    const texts = fc
      .tuple(numbers, fc.constantFrom(',', ':', '[', '{"a":', ' ', '\\'))
      .map(([number, before]) => before + number)
    fc.assert(
      fc.property(fc.dictionary(texts, fc.oneof(texts, fc.integer()), { minKeys: 1 }), (object) => {
        expect(parseJson(JSON.stringify(object))).toEqual(JSON.parse(JSON.stringify(object)))
      }),
    )
  })
})

describe.each(['number', 'text'] as const)('through a server that sends long numbers as JSON %s', (longNumbers) => {
  async function withTable(use: (fm: Client) => Promise<void>): Promise<void> {
    await using server = await startEmulator({
      databases: {
        Demo: { longNumbers, tables: { T: { fields: { value: 'number', text: 'text' }, records: [{}] } } },
      },
    })
    await using fm = clientOf(server)
    await use(fm)
  }

  /** What is read of a field, as text; a number that JavaScript holds may have come as one. */
  const read = async (fm: Client, field: 'value' | 'text' = 'value'): Promise<string> =>
    String((await fm.layout('T').get(1)).fieldData[field])

  test('numbers of 16 to 400 digits come back with every digit, written as text or as bigint', async () => {
    const long = fc.tuple(fc.constantFrom('', '-'), fc.integer({ min: 1, max: 9 }), digitsOf(15, 399))
    await withTable(async (fm) => {
      const records = fm.layout('T')
      await fc.assert(
        fc.asyncProperty(long, async ([sign, first, rest]) => {
          const digits = `${sign}${first}${rest}`
          await records.edit(1, { value: digits, text: BigInt(digits) })
          expect(same(await read(fm), digits)).toBe(true)
          expect(await read(fm, 'text')).toBe(digits)
          await records.edit(1, { value: BigInt(digits) })
          expect(same(await read(fm), digits)).toBe(true)
          // A find takes the digits, too.
          expect((await records.find([{ text: exactly(BigInt(digits)) }])).data).toHaveLength(1)
          expect((await records.find([{ text: BigInt(digits) }])).data).toHaveLength(1)
        }),
        { numRuns: 25 },
      )
    })
  })

  test('fractions and exponents of any size come back as they were', async () => {
    await withTable(async (fm) => {
      const records = fm.layout('T')
      await fc.assert(
        fc.asyncProperty(numbers, async (written) => {
          await records.edit(1, { value: written })
          expect(same(await read(fm), written)).toBe(true)
        }),
        { numRuns: 60 },
      )
      for (const written of ['1e400', '-1e400', '1e-400', '1e+2000', `0.${'1'.repeat(400)}`, '9'.repeat(400)]) {
        await records.edit(1, { value: written })
        expect(await read(fm)).toBe(written)
      }
    })
  })

  test('every JavaScript number comes back as itself', async () => {
    await withTable(async (fm) => {
      const records = fm.layout('T')
      await fc.assert(
        fc.asyncProperty(fc.double({ noDefaultInfinity: true, noNaN: true }), async (written) => {
          await records.edit(1, { value: written })
          // FileMaker knows no negative zero.
          expect(Number((await records.get(1)).fieldData.value) + 0).toBe(written + 0)
        }),
        { numRuns: 60 },
      )
    })
  })
})

test('bigints are written in records, global fields and find criteria', async () => {
  await using server = await startEmulator({
    databases: {
      Demo: { tables: { T: { fields: { value: 'number', all: { type: 'number', global: true } }, records: [] } } },
    },
  })
  await using fm = clientOf(server)
  const big = 10n ** 30n + 1n
  const { recordId } = await fm.layout('T').create({ value: big })
  expect((await fm.layout('T').get(recordId)).fieldData.value).toBe(String(big))
  await using scope = await fm.startCommunication({ exclusive: true })
  await scope.setGlobals({ 'T::all': big })
  const [record] = (await scope.layout('T').find([{ value: big }])).data
  expect(record?.fieldData.all).toBe(String(big))
})
