import { beforeAll, describe, expect, test } from 'vitest'
import type { Emulator } from '@fm/emulator'
import { startEmulator } from '@fm/emulator'
import { column, signIn } from './support.ts'
import type { Client } from './support.ts'

const NOW = new Date()
const TODAY = `${NOW.getMonth() + 1}/${NOW.getDate()}/${NOW.getFullYear()}`

const PEOPLE = [
  {
    key: 1,
    name: 'Ann Lee',
    mail: 'ann@example.com',
    age: 36,
    born: '03/11/1989',
    at: '8:00',
    seen: '03/11/2025 08:00:00',
  },
  {
    key: 2,
    name: 'Anna Berg',
    mail: 'anna@example.org',
    age: 40,
    born: '12/31/1984',
    at: '9:30',
    seen: '03/11/2025 23:59:59',
  },
  {
    key: 3,
    name: 'Mary Ann Smith',
    mail: '',
    age: '12 kg',
    born: '01/15/2025',
    at: '30:00',
    seen: '03/12/2025 00:00:00',
  },
  { key: 4, name: 'Joann', mail: 'x*y', age: 36.5, born: TODAY, at: '8:00', seen: '01/01/2024 00:00:00' },
  { key: 5, name: 'Åse Øverby', mail: 'a"b', age: -5, born: '06/30/1990', at: '', seen: '' },
  { key: 6, name: '', mail: 'back\\slash', age: '', born: '', at: '', seen: '' },
  {
    key: 7,
    name: 'ANN LEE',
    mail: 'room 12',
    age: 100,
    born: '03/01/1989',
    at: '23:59:59',
    seen: '03/11/1989 12:00:00',
  },
]

let server: Emulator
let client: Client

beforeAll(async () => {
  server = await startEmulator({
    databases: {
      Demo: {
        tables: {
          People: {
            fields: {
              key: 'number',
              name: 'text',
              mail: 'text',
              age: 'number',
              born: 'date',
              at: 'time',
              seen: 'timestamp',
              photo: 'container',
              shared: { type: 'text', global: true },
            },
            records: PEOPLE.map((person) =>
              person.key === 2 ? { ...person, photo: { name: 'a.png', content: 'x' } } : person,
            ),
          },
          Pets: {
            fields: { owner: 'number', kind: 'text' },
            records: [
              { owner: 1, kind: 'cat' },
              { owner: 1, kind: 'dog' },
              { owner: 4, kind: 'dog' },
            ],
          },
        },
        relationships: [{ from: 'People', to: 'Pets', match: { key: 'owner' } }],
        layouts: [{ name: 'People', table: 'People', portals: [{ table: 'Pets' }] }],
      },
    },
  })
  client = await signIn(server, 'Demo')
  return () => server.close()
})

/** The keys that are found, or the code of the error. */
async function found(query: Record<string, unknown> | Record<string, unknown>[], more: Record<string, unknown> = {}) {
  const reply = await client.find('People', Array.isArray(query) ? query : [query], more)
  return reply.code === '0' ? column(reply, 'key') : `${reply.code} (HTTP ${reply.status})`
}

const NONE = '401 (HTTP 500)'

describe('text criteria (section 8.4)', () => {
  test.each([
    ['a word begins so, whatever its case', 'ann', [1, 2, 3, 7]],
    ['all words, in any order', 'lee an', [1, 7]],
    ['= a whole word', '=ann', [1, 3, 7]],
    ['== the whole field', '==ann lee', [1, 7]],
    ['== with a letter beyond ASCII', '==åse øverby', [5]],
    ['== and not a part of it', '==ann', NONE],
    ['= alone: empty', '=', [6]],
    ['== alone: empty', '==', [6]],
    ['* alone: not empty', '*', [1, 2, 3, 4, 5, 7]],
    ['* before: anywhere', '*ann', [1, 2, 3, 4, 7]],
    ['* around', '*nn*', [1, 2, 3, 4, 7]],
    ['* within', 'm*th', [3]],
    ['=… with a wildcard at the end', '=Ann*', [1, 2, 3, 7]],
    ['== with a wildcard', '==ann*', [1, 2, 7]],
    ['@ one character', '==joa@n', [4]],
    ['@ is exactly one', '==jo@n', NONE],
    ['letters beyond ASCII are blind to case too', 'ØVER', [5]],
    ['! duplicates', '!', [1, 7]],
    ['< in alphabetical order', '<anna', [1, 7]],
    ['<= and ≤', '<=anna berg', [1, 2, 7]],
    ['≤', '≤ANNA Berg', [1, 2, 7]],
    ['> letters with marks stand beside those without', '>anz', [3, 4, 5]],
    ['... a range', 'anna...joann', [2, 4, 5]],
    ['.. a range too', 'anna..joann', [2, 4, 5]],
    ['"…" a phrase', '"ann smith"', [3]],
    ['~ is a relaxed search', '~joann', [4]],
    ['nothing', 'zzz', NONE],
  ])('name %s', async (_rule, criterion, keys) => {
    expect(await found({ name: criterion })).toEqual(keys)
  })

  test.each([
    ['@ is a wildcard unless escaped', 'ann\\@example', [1]],
    ['a quoted @ is a letter', '"anna@example"', [2]],
    ['# one digit', 'room ##', [7]],
    ['# is no letter', '==roo#*', NONE],
    ['an escaped * is a letter', '==x\\*y', [4]],
    ['an escaped quote is a letter', '*\\"*', [5]],
    ['an escaped quote does not end the phrase that it is in', '*"a\\"b"', [5]],
    ['dots in a phrase are no range, behind an escaped quote neither', '*"\\"..."', NONE],
    ['an escaped backslash is a letter', '*\\\\*', [6]],
  ])('mail %s', async (_rule, criterion, keys) => {
    expect(await found({ mail: criterion })).toEqual(keys)
  })

  test('many wildcards on a long text take no long time', async () => {
    const text = 'a'.repeat(20_000)
    const created = await client.call('POST', '/layouts/People/records', { fieldData: { name: text } })
    const before = performance.now()
    expect(await found({ name: '*a*a*a*a*a*a*a*a*b' })).toBe(NONE)
    expect(await found({ name: '==*a*a*a*a*a*a@*b' })).toBe(NONE)
    expect(performance.now() - before).toBeLessThan(3000)
    await client.call('DELETE', `/layouts/People/records/${created.response.recordId}`)
  })
})

describe('number criteria (section 8.4)', () => {
  test.each([
    ['a number', '36', [1]],
    ['a number, as JSON number', 36, [1]],
    ['= and ==', '==36', [1]],
    ['<', '<36', [3, 5]],
    ['≥', '≥36.5', [2, 4, 7]],
    ['>=', '>=36.5', [2, 4, 7]],
    ['>', '>36.5', [2, 7]],
    ['negative numbers', '-5', [5]],
    ['a range includes its ends', '36...40', [1, 2, 4]],
    ['the number in a text counts', '12', [3]],
    ['= empty', '=', [6]],
    ['* not empty', '*', [1, 2, 3, 4, 5, 7]],
    ['a wildcard looks at the digits', '3*', [1, 4]],
    ['no number', 'abc', NONE],
  ])('%s', async (_rule, criterion, keys) => {
    expect(await found({ age: criterion })).toEqual(keys)
  })
})

describe('date and time criteria (section 8.4)', () => {
  test.each([
    ['born', '3/11/1989', [1]],
    ['born', '==03/11/1989', [1]],
    ['born', '<1/1/1989', [2]],
    ['born', '1/1/1989...12/31/1990', [1, 5, 7]],
    ['born', '//', [4]],
    ['born', '1989', [1, 7]],
    ['born', '3/1989', [1, 7]],
    ['born', '3/*/1989', [1, 7]],
    ['born', '*/11/*', [1]],
    ['born', '=', [6]],
    ['born', '?', NONE],
    ['born', '2/30/1989', '500 (HTTP 500)'],
    ['born', '1989-03-11', '500 (HTTP 500)'],
    ['at', '8:00', [1, 4]],
    ['at', '>9:00', [2, 3, 7]],
    ['at', 'noon', '501 (HTTP 500)'],
    ['seen', '3/11/2025', [1, 2]],
    ['seen', '3/11/2025 08:00:00', [1]],
    ['seen', '>3/11/2025', [3]],
    ['seen', '<=3/11/2025', [1, 2, 4, 7]],
    ['seen', '2025', [1, 2, 3]],
  ])('%s %s', async (field, criterion, keys) => {
    expect(await found({ [field]: criterion })).toEqual(keys)
  })

  test('dateformats holds for criteria too', async () => {
    expect(await found({ born: '1989-03-11' }, { dateformats: 2 })).toEqual([1])
    expect(await found({ born: '1989-03-01...1989-03-31' }, { dateformats: '2' })).toEqual([1, 7])
  })
})

describe('find requests (section 3.16)', () => {
  test('fields of one request are joined with AND, requests with OR', async () => {
    expect(await found({ name: 'ann', age: '>39' })).toEqual([2, 7])
    expect(await found([{ name: 'mary' }, { age: '36' }, { age: '36' }])).toEqual([1, 3])
  })

  test('omit takes away from what the requests before it found; a request after it adds again', async () => {
    expect(await found([{ name: 'ann' }, { name: 'mary', omit: 'true' }])).toEqual([1, 2, 7])
    expect(await found([{ name: 'ann' }, { age: '*', omit: 'true' }, { name: 'mary' }])).toEqual([3])
    expect(await found([{ name: 'ann', omit: 'false' }])).toEqual([1, 2, 3, 7])
  })

  test('a first request that omits takes from all records, those with an empty field stay', async () => {
    expect(await found([{ name: 'ann', omit: 'true' }])).toEqual([4, 5, 6])
    expect(await found([{ age: '>0', omit: 'true' }])).toEqual([5, 6])
  })

  test('omit as a boolean is refused', async () => {
    expect(await found({ name: 'ann', omit: true })).toBe('10 (HTTP 400)')
  })

  test('no match is HTTP 500 with code 401, messages first', async () => {
    const reply = await client.find('People', [{ name: 'zzz' }])
    expect([reply.status, reply.text]).toEqual([
      500,
      '{"messages":[{"code":"401","message":"No records match the request"}],"response":{}}',
    ])
  })

  test('requests without a criterion are error 400; empty criteria count as absent', async () => {
    for (const query of [[{}], [], [{ name: '' }], [{ omit: 'true' }], [{ name: 'ann' }, {}]]) {
      expect((await client.find('People', query)).code).toBe('400')
    }
    expect(await found({ name: 'mary', mail: '' })).toEqual([3])
  })

  test('a query that is missing or no array of objects gets 400 and code 10', async () => {
    for (const query of [undefined, {}, 'name', [1], [{ name: null }], [{ name: { a: 1 } }]]) {
      const reply = await client.find('People', query)
      expect([reply.status, reply.code]).toEqual([400, '10'])
    }
  })

  test('a field that is not on the layout is 102; container fields are found empty or not, global ones not at all', async () => {
    expect(await found({ nothing: 'x' })).toBe('102 (HTTP 500)')
    expect(await found({ photo: '*' })).toEqual([2])
    expect(await found({ photo: '=' })).toEqual([1, 3, 4, 5, 6, 7])
    expect(await found({ photo: 'png' })).toBe('508 (HTTP 500)')
    expect(await found({ shared: 'x' })).toBe('508 (HTTP 500)')
  })

  test('a related field finds the records that have such a related record', async () => {
    expect(await found({ 'Pets::kind': 'dog' })).toEqual([1, 4])
    expect(await found([{ 'Pets::kind': 'dog' }, { 'Pets::kind': 'cat', omit: 'true' }])).toEqual([4])
  })

  test('offset and limit are texts or numbers, without an underscore; those with one are ignored', async () => {
    expect(await found({ name: '*' }, { offset: '2', limit: 2 })).toEqual([2, 3])
    expect(await found({ name: '*' }, { _offset: '3', _limit: '1' })).toHaveLength(6)
    expect(await found({ name: '*' }, { offset: 7 })).toBe(NONE)
    expect(await found({ name: '*' }, { offset: 0 })).toBe('960 (HTTP 400)')
  })

  test('two thousand requests in one find work', async () => {
    const query = Array.from({ length: 2000 }, (_, index) => ({ key: String(index + 3) }))
    expect(await found(query)).toEqual([3, 4, 5, 6, 7])
  })
})
