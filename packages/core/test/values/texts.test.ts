import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  boolean,
  choice,
  codec,
  date,
  decimal,
  duration,
  integer,
  list,
  number,
  readOnly,
  repetition,
  repetitions,
  required,
  text,
  timestamp,
} from '../../src/values.ts'

describe('text', () => {
  test('has LF where FileMaker has CR, unless its breaks are to be kept', () => {
    expect(text().decode('a\rb')).toBe('a\nb')
    expect(text().encode('a\nb\r\nc\rd')).toBe('a\rb\rc\rd')
    expect(text({ breaks: 'keep' }).decode('a\rb')).toBe('a\rb')
    expect(text({ breaks: 'keep' }).encode('a\nb')).toBe('a\nb')
    expect(text().decode(5)).toBe('5')
  })

  test('of any kind comes back as it was', () => {
    const { decode, encode } = text()
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((given) => !given.includes('\r')),
        (given) => {
          expect(decode(encode(given))).toBe(given)
        },
      ),
    )
  })
})

describe('value lists', () => {
  test('have one value a line', () => {
    expect(list().decode('a\rb c\rd')).toEqual(['a', 'b c', 'd'])
    expect(list().decode('a\r')).toEqual(['a'])
    expect(list().decode('')).toEqual([])
    expect(list().encode(['a', 'b'])).toBe('a\rb')
    expect(list().encode([])).toBe('')
    expect(list(integer()).decode('1\r2')).toEqual([1n, 2n])
    expect(list(choice(['x', 'y'])).encode(['y', 'x'])).toBe('y\rx')
  })

  test('take no entry that would be two, or none', () => {
    expect(() => list().encode(['a\rb'])).toThrow('has an entry of more than one line')
    expect(() => list().encode(['a', ''])).toThrow('has an empty entry')
    expect(() => list().encode('a' as unknown as string[])).toThrow('must be a list')
    expect(() => list(choice(['x'])).decode('x\rz')).toThrow('is none of the 1 choices')
  })
})

test('a choice is one of its texts, or null where the field is empty', () => {
  const region = choice(['West', 'East'])
  expect([region.decode('West'), region.decode(''), region.encode(null)]).toEqual(['West', null, ''])
  expect(() => region.decode('North')).toThrow('is none of the 2 choices')
  expect(() => region.encode('North' as 'West')).toThrow('is none of the 2 choices')
  expect(() => choice([])).toThrow('choice: needs a list of texts')
})

test('a required field is never empty, in either direction', () => {
  const region = required(choice(['West', 'East']))
  expect(region.decode('West')).toBe('West')
  expect(() => region.decode('')).toThrow('is empty')
  expect(() => required(text()).encode('')).toThrow('is empty')
  expect(required(text())['~standard'].validate('')).toMatchObject({ issues: [{ message: 'is empty' }] })
})

test('repetitions have the names that they have in FileMaker', () => {
  expect([repetition('phone', 1), repetition('phone', 2)]).toEqual(['phone', 'phone(2)'])
  expect(() => repetition('phone', 0)).toThrow('must be a whole number from 1')
  expect(() => repetitions(text(), 0)).toThrow('count must be a whole number from 1')
})

test('a codec of your own is a schema that takes its two functions as they are', () => {
  const colour = codec({
    decode: (wire) => {
      if (wire === 'none') throw new Error(`there is no colour ${wire}`)
      return String(wire).toLowerCase()
    },
    encode: (name: string) => name.toUpperCase(),
  })
  expect(colour['~standard'].validate('RED')).toEqual({ value: 'red' })
  expect(colour['~standard'].validate('none')).toMatchObject({ issues: [{ message: 'there is no colour none' }] })
  expect(colour['~standard'].validate(undefined)).toMatchObject({
    issues: [{ message: 'there is no such field on the layout' }],
  })
  expect(colour.encode('red')).toBe('RED')
  expect(() => codec({ decode: String } as never)).toThrow('codec: encode must be a function')
})

test('options and codecs that are none are refused by name', () => {
  const none = null as never
  const slip = { inexakt: 'round' } as never
  const makers = { number, decimal, integer, text, date, timestamp, duration } as Record<
    string,
    (options: never) => unknown
  >
  for (const [name, make] of Object.entries(makers)) {
    expect(() => make(none)).toThrow(`${name}: options must be an object`)
    expect(() => make(slip)).toThrow(`${name}: there is no option "inexakt"`)
  }
  expect(() => boolean(none)).toThrow('boolean: options must be an object')
  for (const wrong of [none, 'text' as never, text as never]) {
    expect(() => list(wrong)).toThrow('list: entry must be a codec')
    expect(() => required(wrong)).toThrow('required must be a codec')
    expect(() => readOnly(wrong)).toThrow('readOnly: must be a codec or a Standard Schema')
    expect(() => repetitions(wrong, 2)).toThrow('repetitions: of must be a codec')
  }
})
