import { expect, expectTypeOf, test } from 'vitest'
import type {
  AllRecords,
  Client,
  CreatedRecord,
  FlatLayoutEntry,
  FlatScriptEntry,
  Layout,
  LayoutEntry,
  RecordAnswer,
  RecordEntry,
  RecordPage,
  ScriptEntry,
  ScriptResult,
  ScriptResults,
} from '../src/index.ts'

interface Person {
  readonly name: string
  readonly age: number
}

// What these promise is seen by the compiler; nothing is run.
declare const fm: Client
declare const people: Layout<Person>
const never = (): boolean => false

test('answers have the fields that were named, and the results of scripts', () => {
  if (!never()) return
  expectTypeOf(people.get(1)).resolves.toEqualTypeOf<RecordAnswer<Person>>()
  expectTypeOf(people.list()).resolves.toEqualTypeOf<RecordPage<Person>>()
  expectTypeOf(people.create({ name: 'Ada' })).resolves.toEqualTypeOf<CreatedRecord>()
  expectTypeOf(people.delete(1)).resolves.toEqualTypeOf<ScriptResults>()
  expectTypeOf(people.runScript('S')).resolves.toEqualTypeOf<ScriptResult>()
  expectTypeOf<RecordPage['script']>().toEqualTypeOf<ScriptResult | undefined>()
})

test('everything is read record by record, page by page, or by its first', () => {
  if (!never()) return
  const all = people.findAll([{ name: 'Ada' }])
  expectTypeOf(all).toEqualTypeOf<AllRecords<Person>>()
  expectTypeOf(all).toExtend<AsyncIterable<RecordEntry<Person>>>()
  expectTypeOf(all.pages()).toEqualTypeOf<AsyncIterable<RecordPage<Person>>>()
  expectTypeOf(all.first()).resolves.toEqualTypeOf<RecordEntry<Person> | undefined>()
  expectTypeOf(all.count()).resolves.toBeNumber()
})

test('lists are trees, or flat where that is said', () => {
  if (!never()) return
  expectTypeOf(fm.layouts()).resolves.toEqualTypeOf<readonly LayoutEntry[]>()
  expectTypeOf(fm.layouts({ folders: 'flat' })).resolves.toEqualTypeOf<readonly FlatLayoutEntry[]>()
  expectTypeOf(fm.scripts({ folders: 'tree' })).resolves.toEqualTypeOf<readonly ScriptEntry[]>()
  expectTypeOf(fm.scripts({ folders: 'flat' })).resolves.toEqualTypeOf<readonly FlatScriptEntry[]>()
})

test('what is not on the layout, or is no option, does not compile', () => {
  expect(never()).toBe(false)
  if (!never()) return
  // @ts-expect-error no such field
  void people.create({ shoe: 44 })
  // @ts-expect-error a script would run with every page
  people.listAll({ script: 'S' })
  // @ts-expect-error a page has no size of its own
  void people.list({ pageSize: 3 })
  // @ts-expect-error no such kind of session
  fm.layout('People', { scripts: 'own' })
  // @ts-expect-error rows are lists
  void people.edit(1, {}, { portalData: { lines: {} } })
  void people.edit(
    1,
    {},
    { portalData: { lines: [{ recordId: 1, modId: '0', 'Lines::qty': 1 }, { 'Lines::qty': 2 }] } },
  )
})
