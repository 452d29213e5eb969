import assert from 'node:assert/strict'
import type { Case } from '../case.ts'
import { hourMs, write } from './steps.ts'

const texts = [
  ' ',
  'plain',
  ' spaces around ',
  'line\nfeed, carriage\r\nreturn, tab\t',
  '{"json":[null,true,1]}',
  `quotes ' " \` and \\ backslashes`,
  '100 % _ ? * ; --',
  'ümläut, Ångström, ﬀ, Straße',
  // The same letters in one and in two code points: no normalisation, please.
  'é e\u{301}',
  '日本語 العربية עברית',
  '👩‍👩‍👧‍👦 𝄞 🇩🇪',
  'zero \0 inside',
  '\u{FEFF}byte order mark, \u{FFFD} replacement, \u{7F} \u{85} \u{2028} controls',
  '\u{10FFFF} last code point',
]

// Pairs of which a cache that folds, cuts or cleans its keys makes one.
const distinct = [
  'a',
  'A',
  'a.',
  'a:',
  'a_',
  'a-',
  'a.b',
  'a:b',
  'a_b',
  'a-b',
  '1',
  '01',
  '1.0',
  '-',
  '.',
  '..',
  '__proto__',
]

export const keysAndValues: readonly Case[] = [
  {
    name: 'a key that was never written has no value',
    run: async ({ cache, key }) => {
      assert.equal(await cache.get(key()), undefined)
    },
  },
  {
    name: 'any well-formed Unicode text comes back as it was written',
    run: async ({ cache, key }) => {
      for (const [index, text] of texts.entries()) {
        await write(cache, key(`${index}`), text)
        assert.equal((await cache.get(key(`${index}`)))?.value, text)
      }
    },
  },
  {
    name: 'values of 1 byte to 8 KiB come back whole',
    run: async ({ cache, key }) => {
      for (const bytes of [1, 2, 255, 256, 1023, 1024, 4095, 4096, 4097, 8191, 8192]) {
        // No two neighbours alike, so that a part cut out of the middle shows, too.
        const value = Array.from({ length: bytes }, (_, index) => String.fromCodePoint(33 + (index % 89))).join('')
        await write(cache, key(`${bytes}`), value)
        assert.equal((await cache.get(key(`${bytes}`)))?.value, value, `${bytes} bytes`)
      }
    },
  },
  {
    name: 'keys that differ in a single character are different keys',
    run: async ({ cache, key }) => {
      for (const suffix of distinct) await write(cache, key(suffix), suffix)
      for (const suffix of distinct) assert.equal((await cache.get(key(suffix)))?.value, suffix)
    },
  },
  {
    name: 'keys of 120 characters are told apart to the last one',
    run: async ({ cache, key }) => {
      const long = key('').padEnd(119, 'x')
      await write(cache, `${long}1`, 'one')
      await write(cache, `${long}2`, 'two')
      assert.deepEqual([(await cache.get(`${long}1`))?.value, (await cache.get(`${long}2`))?.value], ['one', 'two'])
    },
  },
  {
    name: 'values are compared to the last character',
    run: async ({ cache, key }) => {
      for (const [index, [there, similar]] of (
        [
          ['value', 'Value'],
          ['value', 'value '],
          ['1', '1.0'],
          ['x'.repeat(8000), `${'x'.repeat(7999)}y`],
          ['é', 'e\u{301}'],
        ] as const
      ).entries()) {
        await write(cache, key(`${index}`), there)
        assert.equal(await cache.compareAndSet(key(`${index}`), similar, 'next', hourMs), false)
      }
    },
  },
  {
    name: 'a change of one key leaves the others alone',
    run: async ({ cache, key }) => {
      await write(cache, key('stays'), 'stays')
      await write(cache, key('goes'), 'goes')
      await cache.compareAndSet(key('goes'), 'goes', undefined, hourMs)
      assert.equal((await cache.get(key('stays')))?.value, 'stays')
    },
  },
]
