import { expect, test } from 'vitest'
import { readArguments } from '../src/arguments.ts'

test('everything can be left out', () => {
  expect(readArguments([])).toEqual({
    seconds: 10,
    workers: 4,
    sessions: 1,
    cache: 'file',
    once: false,
    sabotage: undefined,
  })
})

test.each([
  [['--seconds', '0'], "--seconds takes a whole number from 1 to 3600, not '0'"],
  [['--seconds', '4.5'], "--seconds takes a whole number from 1 to 3600, not '4.5'"],
  [['--workers', ''], "--workers takes a whole number from 1 to 32, not ''"],
  [['--sessions', 'two'], "--sessions takes a whole number from 1 to 16, not 'two'"],
  [['--break', 'leg'], "--break takes call or worker, not 'leg'"],
  [['--cache', 'memory'], '--cache takes file, redis, or a URL'],
  [['once'], "Unexpected argument 'once'"],
])('%j is refused by name', (given, message) => {
  expect(() => readArguments(given)).toThrow(message)
})

test("a Redis is the demo's own, or the one at a URL", () => {
  expect(readArguments(['--cache', 'redis'])).toMatchObject({ cache: 'redis' })
  expect(readArguments(['--cache', 'redis://127.0.0.1:6379'])).toMatchObject({
    cache: { url: 'redis://127.0.0.1:6379' },
  })
})
