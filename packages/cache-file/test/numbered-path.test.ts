import { join } from 'node:path'
import { expect, test } from 'vitest'
import { highestNumber, numberedPath } from '../src/numbered-path.ts'

test('the number stands before the extension, and the first file has none', () => {
  expect([1, 2, 10].map((number) => numberedPath(join('folder', 'sessions.db'), number))).toEqual(
    ['sessions.db', 'sessions-2.db', 'sessions-10.db'].map((name) => join('folder', name)),
  )
  expect(numberedPath('sessions', 2)).toBe('sessions-2')
})

test('the highest number is found among other files, whatever is missing below it', () => {
  expect(highestNumber('sessions.db', [])).toBe(0)
  expect(
    highestNumber('sessions.db', ['sessions.db-journal', 'sessions-2.db-journal', 'other-9.db', 'sessions-x.db']),
  ).toBe(0)
  expect(highestNumber('sessions.db', ['sessions.db'])).toBe(1)
  expect(highestNumber('sessions.db', ['sessions-10.db', 'sessions-9.db', 'sessions.db'])).toBe(10)
  expect(highestNumber('sessions.db', ['sessions-02.db', 'sessions-2.db.bak'])).toBe(0)
})
