import { startEmulator } from '@fm/emulator'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boolean, decimal, fields, integer, number } from '../../src/values.ts'
import { clientOf } from '../support.ts'

describe('numbers', () => {
  test('in number fields that hold text count by their digits, as FileMaker calculates', () => {
    const read = number().decode
    const cases: [string | number, number | null][] = [
      [36, 36],
      ['', null],
      ['  ', null],
      ['36', 36],
      ['+.5', 0.5],
      ['-1e3', -1000],
      ['12 kg', 12],
      ['€ 1,254.50', 1254.5],
      ['minus -7', -7],
      ['no. .5', 0.5],
      ['3-4', 34],
      ['none', null],
      ['12.', 12],
    ]
    for (const [wire, value] of cases) expect([wire, read(wire)]).toEqual([wire, value])
  })

  test('can refuse text instead', () => {
    expect(number({ text: 'refuse' }).decode('12.50')).toBe(12.5)
    expect(() => number({ text: 'refuse' }).decode('12 kg')).toThrow('is text and not a number')
    expect(() => decimal({ text: 'refuse' }).decode('12 kg')).toThrow('is text and not a number')
  })

  test('with more digits than JavaScript has are refused, rounded where that is said, or kept', () => {
    const long = '0.12345678901234567890'
    expect(() => number().decode(long)).toThrow('has more digits than a JavaScript number')
    expect(number({ inexact: 'round' }).decode(long)).toBe(Number(long))
    expect(decimal().decode(long)).toBe(long)
    expect(() => number({ inexact: 'round' }).decode('1e400')).toThrow('is larger than a JavaScript number can be')
    expect(decimal().decode('1e400')).toBe('1e400')
    expect(integer().decode('9007199254740993')).toBe(9_007_199_254_740_993n)
    expect(number().decode('0.10')).toBe(0.1)
  })

  test('as decimals have one spelling', () => {
    const cases = [
      [1e21, '1e21'],
      [1e-7, '1e-7'],
      ['+1.', '1'],
      ['-.5', '-0.5'],
      ['1.E+5', '1e5'],
      ['007', '7'],
      ['-00.50', '-0.50'],
    ] as const
    for (const [wire, digits] of cases) expect(decimal().decode(wire)).toBe(digits)
    for (const wrong of ['', 'x', '1 2', '1e', '0x10', '--1', 'NaN']) {
      expect(() => decimal().encode(wrong)).toThrow('must be the digits of a number')
    }
  })

  test('as integers are whole, or refused', () => {
    const cases: [string | number, bigint][] = [
      [7, 7n],
      ['-1.20e1', -12n],
      ['1500e-2', 15n],
      ['0.000', 0n],
      [1e21, 10n ** 21n],
      ['1e400', 10n ** 400n],
    ]
    for (const [wire, value] of cases) expect(integer().decode(wire)).toBe(value)
    for (const wrong of [0.5, '1e-1', '12.5', '15e-2'])
      expect(() => integer().decode(wrong)).toThrow('is not a whole number')
    expect(() => integer().decode('1e999999999')).toThrow('has more digits than FileMaker can hold')
    expect(integer().encode(2n ** 64n)).toBe('18446744073709551616')
    expect(integer().encode(-5n)).toBe(-5)
  })

  test('of any number of digits are the same after writing and reading', async () => {
    await using server = await startEmulator({
      databases: { Demo: { tables: { T: { fields: { value: 'number' }, records: [{}] } } } },
    })
    await using fm = clientOf(server)
    const records = fm.layout('T', { schema: fields({ value: integer() }) })
    const long = fc.tuple(fc.bigInt({ min: 10n ** 15n, max: 10n ** 400n - 1n }), fc.boolean())
    await fc.assert(
      fc.asyncProperty(long, async ([digits, negative]) => {
        const value = negative ? -digits : digits
        await records.edit(1, { value })
        expect((await records.get(1)).fieldData.value).toBe(value)
      }),
      { numRuns: 40 },
    )
  })

  test('that are none are not written', () => {
    for (const wrong of [Number.NaN, Infinity, '5', undefined, {}]) {
      expect(() => number().encode(wrong as number)).toThrow('must be a finite number or null')
    }
    expect(() => integer().encode(5 as unknown as bigint)).toThrow('must be a bigint or null, not number')
    expect(() => number({ inexact: 'maybe' as 'round' })).toThrow("inexact must be 'refuse' or 'round'")
  })
})

test('a long text in a number field is read in no time, whatever is in it', () => {
  const startedAt = performance.now()
  for (const text of ['1', '0', '1.', '.', ' '].map((part) => `${part.repeat(200_000)}x`)) {
    for (const codec of [number({ inexact: 'round' }), decimal(), integer(), boolean()]) {
      // Read or refused: here it matters only that it takes no time.
      void codec['~standard'].validate(text)
    }
  }
  // With patterns that tried each way to split the digits it took minutes.
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})

test('booleans follow FileMaker: numbers other than zero are true', () => {
  const { decode, encode } = boolean()
  for (const yes of [1, -1, 0.5, '1', '12 kg', '1e-400', '-0.01']) expect([yes, decode(yes)]).toEqual([yes, true])
  for (const no of [0, '', '0', '0.00', '0e5', 'no', 'true']) expect([no, decode(no)]).toEqual([no, false])
  expect([encode(true), encode(false)]).toEqual([1, 0])
  const words = boolean({ true: 'Yes', false: 'No' })
  expect(['Yes', 'No', ''].map((wire) => words.decode(wire))).toEqual([true, false, false])
  expect([words.encode(true), words.encode(false)]).toEqual(['Yes', 'No'])
  expect(() => words.decode('Maybe')).toThrow('is neither of the two words')
  expect(() => boolean({ true: 1, false: 1 })).toThrow('must be written differently')
})
