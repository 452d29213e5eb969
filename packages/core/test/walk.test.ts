import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RecordEntry, RecordPage } from '../src/records.ts'
import { askNext, beginWalk, takePage, type Asked } from '../src/walk.ts'

/** A table whose records come and go between two pages. Ids grow with creation, as FileMaker's do. */
interface Table {
  ids: number[]
  nextId: number
}

const tableOf = (count: number): Table => ({
  ids: Array.from({ length: count }, (_, index) => index + 1),
  nextId: count + 1,
})

type Change = { readonly remove: number } | { readonly removeFirst: number } | { readonly add: number }

function change(table: Table, what: Change): void {
  if ('remove' in what) table.ids = table.ids.filter((id) => (id * 2_654_435_761) % 100 >= what.remove)
  else if ('removeFirst' in what) table.ids = table.ids.slice(what.removeFirst)
  else for (let count = what.add; count > 0; count--) table.ids.push(table.nextId++)
}

function pageOf(ids: readonly number[], { offset, limit }: Asked, told: boolean): RecordPage {
  const page = ids.slice(offset - 1, offset - 1 + limit)
  const data = page.map((id): RecordEntry => ({ fieldData: {}, portalData: {}, recordId: String(id), modId: '0' }))
  const found = told && page.length > 0
  const dataInfo = { database: '', layout: '', table: '', returnedCount: page.length }
  return {
    data,
    dataInfo: found
      ? { ...dataInfo, totalRecordCount: ids.length, foundCount: ids.length }
      : { ...dataInfo, totalRecordCount: undefined, foundCount: page.length },
  }
}

interface Ride {
  readonly pageSize: number
  readonly offset?: number
  readonly limit?: number
  readonly sorted?: (ids: readonly number[]) => readonly number[]
  /** False: a server before FileMaker 18. */
  readonly told?: boolean
  readonly changes?: readonly Change[]
}

/** Walks through the table to the end; before each page the next change happens. */
function ride(
  table: Table,
  { pageSize, offset = 1, limit = Infinity, sorted, told = true, changes = [] }: Ride,
): { readonly delivered: readonly number[]; readonly asked: readonly Asked[] } {
  const delivered: number[] = []
  const asked: Asked[] = []
  let walk = beginWalk(offset, limit, pageSize, sorted !== undefined)
  for (let index = 0; ; index++) {
    if (index > 10_000) throw new Error('the walk does not end')
    const ask = askNext(walk)
    asked.push(ask)
    const step = takePage(walk, ask, pageOf(sorted?.(table.ids) ?? table.ids, ask, told))
    delivered.push(...step.fresh.map(({ recordId }) => Number(recordId)))
    walk = step.walk
    if (step.isDone) return { delivered, asked }
    const next = changes[index]
    if (next !== undefined) change(table, next)
  }
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

test.each([true, false])('a quiet table is read once, each page by one request (counts told: %s)', (told) => {
  expect(ride(tableOf(25), { pageSize: 10, told }).delivered).toEqual(upTo(25))
  expect(ride(tableOf(25), { pageSize: 10, told }).asked).toHaveLength(3)
  expect(ride(tableOf(0), { pageSize: 10, told }).delivered).toEqual([])
})

test('where counts are told, no page is asked for that is known to be empty', () => {
  expect(ride(tableOf(20), { pageSize: 10 }).asked).toHaveLength(2)
})

test('offset and limit are those of the whole', () => {
  expect(ride(tableOf(50), { pageSize: 10, offset: 6, limit: 23 }).delivered).toEqual(upTo(28).slice(5))
  expect(ride(tableOf(50), { pageSize: 10, limit: 3 }).asked).toEqual([{ offset: 1, limit: 3 }])
})

const changes = fc.array(
  fc.oneof(
    fc.record({ remove: fc.integer({ min: 0, max: 100 }) }),
    fc.record({ removeFirst: fc.integer({ min: 0, max: 40 }) }),
    fc.record({ add: fc.integer({ min: 0, max: 15 }) }),
  ),
  { maxLength: 12 },
)

test('in the order of creation no record that stays is skipped, and none is repeated, whatever vanishes meanwhile', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 120 }),
      fc.integer({ min: 1, max: 30 }),
      changes,
      fc.boolean(),
      (count, pageSize, happening, told) => {
        const table = tableOf(count)
        const { delivered } = ride(table, { pageSize, told, changes: happening })
        expect(new Set(delivered).size).toBe(delivered.length)
        const stayed = table.ids.filter((id) => id <= count)
        expect(delivered).toEqual(expect.arrayContaining(stayed))
        expect(delivered).toEqual(delivered.toSorted((one, other) => one - other))
      },
    ),
    { numRuns: 1_000 },
  )
})

test.each([
  ['in the order of creation', undefined],
  ['in another', (ids: readonly number[]): readonly number[] => ids.toReversed()],
])(
  'whoever deletes what was delivered, while the next page travels, is delivered every record: %s',
  (_what, sorted) => {
    const table = tableOf(100)
    const delivered: number[] = []
    let walk = beginWalk(1, Infinity, 10, sorted !== undefined)
    let page: number[] = []
    for (let isDone = false; !isDone;) {
      const ask = askNext(walk)
      const step = takePage(walk, ask, pageOf(sorted?.(table.ids) ?? table.ids, ask, true))
      // The page before, for this one was travelling meanwhile.
      const gone = new Set(page)
      table.ids = table.ids.filter((id) => !gone.has(id))
      page = step.fresh.map(({ recordId }) => Number(recordId))
      delivered.push(...page)
      walk = step.walk
      isDone = step.isDone
    }
    expect(delivered.toSorted((one, other) => one - other)).toEqual(upTo(100))
  },
)

test('in a sort of the caller, records that vanish make the walk skip no other', () => {
  const backwards = (ids: readonly number[]): readonly number[] => ids.toReversed()
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 120 }),
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.record({ remove: fc.integer({ min: 0, max: 60 }) }), { maxLength: 6 }),
      (count, pageSize, happening) => {
        const table = tableOf(count)
        const { delivered } = ride(table, { pageSize, sorted: backwards, changes: happening })
        expect(delivered).toEqual(expect.arrayContaining(table.ids))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('in a sort of the caller, records that appear before the place are not waited for, and repeat none near it', () => {
  const table = tableOf(40)
  const backwards = (ids: readonly number[]): readonly number[] => ids.toReversed()
  const { delivered } = ride(table, { pageSize: 10, sorted: backwards, changes: [{ add: 5 }, { add: 30 }] })
  expect(delivered).toEqual(upTo(40).toReversed())
})

test('ids that do not grow are no order to go by: the walk goes by those it has seen', () => {
  const mixed = (ids: readonly number[]): readonly number[] =>
    ids.toSorted((one, other) => ((one * 7) % 31) - ((other * 7) % 31))
  let walk = beginWalk(1, Infinity, 10, false)
  const table = tableOf(30)
  const delivered: string[] = []
  for (let round = 0; round < 20; round++) {
    const ask = askNext(walk)
    const step = takePage(walk, ask, pageOf(mixed(table.ids), ask, true))
    delivered.push(...step.fresh.map(({ recordId }) => recordId))
    walk = step.walk
    if (step.isDone) break
  }
  expect(delivered.toSorted()).toEqual(upTo(30).map(String).toSorted())
})

test('a server that answers at random ends the walk all the same', () => {
  const pages = fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 12 }), { maxLength: 60 })
  const ends = (given: readonly (readonly number[])[]): boolean => {
    let walk = beginWalk(1, 200, 10, true)
    for (const ids of [...given, ...Array.from({ length: 100 }, () => [])]) {
      const step = takePage(walk, askNext(walk), pageOf(ids, { offset: 1, limit: 11 }, true))
      walk = step.walk
      if (step.isDone) return true
    }
    return false
  }
  expect(fc.check(fc.property(pages, ends))).toMatchObject({ failed: false })
})
