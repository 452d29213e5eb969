import { describe, expect, test } from 'vitest'
import * as retry from '../../src/exchange/retry.ts'
import type { Verb } from '../../src/exchange/retry.ts'

const OPTIONS = { repeatWritesOn112: false, renewal: true }
const VERBS: readonly Verb[] = ['read', 'edit', 'delete', 'write']

/** How often a call is sent again when the same thing happens each time. */
function repeats(happening: Exclude<retry.Happening, 'answer'>, verb: Verb, options = OPTIONS): number {
  const tally: retry.Tally = {}
  for (let count = 0; ; count++) {
    if (retry.decide(happening, verb, tally, options).is === 'fail') return count
    tally[happening] = count + 1
  }
}

describe('the table', () => {
  test.each([
    ['token refused', [3, 3, 3, 3]],
    ['window gone', [1, 0, 0, 0]],
    ['unsent', [3, 3, 3, 3]],
    ['lost', [2, 1, 1, 0]],
    ['unavailable', [3, 0, 0, 0]],
    ['busy', [3, 3, 3, 3]],
    ['throttled', [3, 3, 3, 3]],
  ] as const)('after "%s" read, edit with modId, delete and write are sent again %j times', (happening, expected) => {
    expect(VERBS.map((verb) => repeats(happening, verb))).toEqual(expected)
  })

  test('no write is sent again after 112 unless the client asks for it', () => {
    expect(repeats('window gone', 'write', { ...OPTIONS, repeatWritesOn112: true })).toBe(1)
  })

  test('without renewal a dead token is an error at once', () => {
    expect(repeats('token refused', 'read', { ...OPTIONS, renewal: false })).toBe(0)
  })

  test('repeats after 952 and unsent calls are free, all others draw on the budget', () => {
    const free = Object.entries(retry.RETRY_TABLE).filter(([, row]) => row.budget === 'free')
    expect(free.map(([happening]) => happening).toSorted()).toEqual(['token refused', 'unsent'])
  })
})

describe('the outcome an error tells', () => {
  test('is unknown for writes that were lost, and never for reads', () => {
    expect(VERBS.map((verb) => retry.decide('lost', verb, { lost: 9 }, OPTIONS).outcome)).toEqual([
      'not-executed',
      'unknown',
      'unknown',
      'unknown',
    ])
  })

  test('stays unknown when an attempt was lost before one that was certainly not executed', () => {
    expect(retry.decide('busy', 'edit', { lost: 1, busy: 3 }, OPTIONS).outcome).toBe('unknown')
    expect(retry.decide('busy', 'edit', { busy: 3 }, OPTIONS).outcome).toBe('not-executed')
  })

  test('of an edit refused with 306 after a lost answer is unknown: the first may have changed the modId', () => {
    expect(retry.judgeRefusal(306, 'edit', { lost: 1 })).toBe('unknown')
    expect(retry.judgeRefusal(306, 'edit', {})).toBe('not-executed')
  })

  test('of a delete that finds nothing after a lost answer is done', () => {
    expect(retry.judgeRefusal(101, 'delete', { lost: 1 })).toBe('done')
    expect(retry.judgeRefusal(101, 'delete', {})).toBe('not-executed')
    expect(retry.judgeRefusal(101, 'edit', { lost: 1 })).toBe('unknown')
  })
})

test("answers are told from trouble by FileMaker's code", () => {
  expect([952, 112, 821, 802, 1701].map(retry.happeningOfCode)).toEqual([
    'token refused',
    'window gone',
    'window gone',
    'busy',
    'busy',
  ])
  for (const code of [101, 102, 105, 301, 306, 401, 509, 953, 5000, -1])
    expect(retry.happeningOfCode(code)).toBe('answer')
})

test('pauses grow to at most 5 s and are spread over their whole length', () => {
  expect(retry.backoffMs(1, 1)).toBe(200)
  expect(retry.backoffMs(3, 0.5)).toBe(400)
  expect(retry.backoffMs(50, 1)).toBe(5_000)
  expect(retry.backoffMs(50, 0)).toBe(0)
})

test('the budget gives a repeat for every ten calls and ten a second, and never more than it holds', () => {
  let budget: retry.RetryBudget = { tokens: 0, atMs: 0 }
  expect(retry.draw(budget)).toBeUndefined()
  for (let call = 0; call < 11; call++) budget = retry.earn(budget)
  expect(retry.draw(budget)?.tokens).toBeCloseTo(0.1)
  expect(retry.refill({ tokens: 0, atMs: 0 }, 500).tokens).toBe(5)
  expect(retry.refill({ tokens: 0, atMs: 0 }, 3_600_000).tokens).toBe(retry.FULL_BUDGET)
})
