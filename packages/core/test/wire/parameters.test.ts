import { expect, test } from 'vitest'
import { encodeSegment } from '../../src/wire/encoding.ts'
import { pathOf, ROUTES, type Parameters } from '../../src/wire/parameters.ts'
import { spell } from '../../src/wire/spelling.ts'

const queryOf = (parameters: Parameters): string => decodeURIComponent(spell(ROUTES.list, parameters).query)
const bodyOf = (parameters: Parameters): unknown => JSON.parse(spell(ROUTES.find, parameters).body ?? '')

test('each name is one path segment, encoded once', () => {
  const path = pathOf(ROUTES.list, { database: 'Käufe & Co', layout: 'a/b #1 100%?+' })
  expect(path).toBe('/databases/K%C3%A4ufe%20%26%20Co/layouts/a%2Fb%20%231%20100%25%3F%2B/records')
})

test('dots that would be taken for a step up are encoded', () => {
  expect(encodeSegment('..', 'layout')).toBe('%2E%2E')
  expect(encodeSegment('.', 'layout')).toBe('%2E')
  expect(encodeSegment('a..b', 'layout')).toBe('a..b')
})

test('an empty name and half a surrogate pair are refused by name', () => {
  expect(() => encodeSegment('', 'layout')).toThrow('layout: must not be empty')
  expect(() => encodeSegment('\ud83d', 'database')).toThrow(/database/)
})

test('a GET spells its parameters with underscores and JSON, a find without and with lists', () => {
  const parameters = {
    offset: 11,
    limit: 5,
    sort: [{ fieldName: 'name', sortOrder: 'descend' }],
    portal: { Lines: { offset: 2, limit: 3 } },
    dateformats: 2,
  } as const
  expect(queryOf(parameters)).toBe(
    '?_offset=11&_limit=5&_sort=[{"fieldName":"name","sortOrder":"descend"}]&portal=["Lines"]&_offset.Lines=2&_limit.Lines=3&dateformats=2',
  )
  expect(bodyOf(parameters)).toEqual({
    offset: '11',
    limit: '5',
    sort: [{ fieldName: 'name', sortOrder: 'descend' }],
    portal: ['Lines'],
    'offset.Lines': '2',
    'limit.Lines': '3',
    dateformats: 2,
  })
})

test('nothing asked for is nothing sent, and no portals is an empty list', () => {
  expect(queryOf({})).toBe('')
  expect(queryOf({ portal: [] })).toBe('?portal=[]')
})

test('a script and its parameter are two parameters, whatever is left out of the others', () => {
  const script = { name: 'After & all', param: '{"a":1}' }
  expect(queryOf({ script, scriptPrerequest: { name: 'Before' } })).toBe(
    '?script=After & all&script.param={"a":1}&script.prerequest=Before',
  )
  expect(bodyOf({ scriptPresort: script })).toEqual({
    'script.presort': 'After & all',
    'script.presort.param': '{"a":1}',
  })
})

test('a portal may have a name that means something in a replacement', () => {
  expect(bodyOf({ portal: { "$&$1$'": { limit: 2 } } })).toEqual({ portal: ["$&$1$'"], "limit.$&$1$'": '2' })
})
