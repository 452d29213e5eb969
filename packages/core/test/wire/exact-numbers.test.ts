import { expect, test } from 'vitest'
import { parseJson } from '../../src/wire/exact-numbers.ts'

test('numbers that JavaScript holds exactly stay numbers', () => {
  const text =
    '{"a":1,"b":-2.5,"c":9007199254740991,"d":1e3,"e":0.1,"f":123456789012.5,"g":100000000000000000000,"h":0.000}'
  expect(parseJson(text)).toEqual({
    a: 1,
    b: -2.5,
    c: 9007199254740991,
    d: 1000,
    e: 0.1,
    f: 123456789012.5,
    g: 1e20,
    h: 0,
  })
})

test('numbers that would be rounded come as the text of their digits', () => {
  for (const digits of [
    '9007199254740993',
    '12345678901234567890',
    '0.12345678901234567890',
    '-98765432109876543.21',
    '1e400',
    '-1e-400',
    '1.00000000000000000001e5',
    '7'.repeat(400),
  ]) {
    expect(parseJson(`{"n":${digits}}`)).toEqual({ n: digits })
    expect(parseJson(`[${digits}]`)).toEqual([digits])
  }
})

test('digits inside a text stay as they are', () => {
  expect(parseJson('{"n":"a:12345678901234567890,1e5","m":1}')).toEqual({ n: 'a:12345678901234567890,1e5', m: 1 })
})
