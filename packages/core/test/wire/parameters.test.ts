import { expect, test } from 'vitest'
import { encodeSegment, pathOf, readBody, readQuery, ROUTES } from '../../src/wire/parameters.ts'

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
  expect(decodeURIComponent(readQuery(parameters))).toBe(
    '?_offset=11&_limit=5&_sort=[{"fieldName":"name","sortOrder":"descend"}]&portal=["Lines"]&_offset.Lines=2&_limit.Lines=3&dateformats=2',
  )
  expect(JSON.parse(JSON.stringify(readBody(parameters)))).toEqual({
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
  expect(readQuery({})).toBe('')
  expect(decodeURIComponent(readQuery({ portal: [] }))).toBe('?portal=[]')
})
