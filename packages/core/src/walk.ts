import type { RecordEntry, RecordPage } from './records.ts'

/**
 * A way through all records, page by page, as pure functions.
 *
 * The server knows pages by position only, and positions move when records vanish: whoever asks for the page after record
 * 500 when ten before it are gone misses ten. So each page is asked for with the last record of the one before, the anchor.
 * Where another record is in its place, the walk looks for where it stood. The Data API can't sort by record id, but without
 * a sort its order is that of creation, in which record ids grow: there the walk goes by the ids themselves, and misses and
 * repeats nothing. In a sort of the caller's it goes by the ids of the last pages, and by the counts.
 */
export interface Walk {
  /** Position of the next record, counted from 1, as far as is known. */
  readonly next: number
  readonly pageSize: number
  /** Records that are still wanted. */
  readonly left: number
  /** Ids of the last records, in their order; the last one is the anchor. */
  readonly seen: readonly string[]
  /** Whether ids have grown so far, and nothing was said that would change that. */
  readonly ascending: boolean
  /** How many records matched when the last page was read; undefined where the server does not tell. */
  readonly foundCount: number | undefined
  /** How far before its expected place the anchor is looked for, and how often it has been. */
  readonly back: number
  readonly looks: number
}

/** A page as it is asked for. */
export interface Asked {
  readonly offset: number
  readonly limit: number
}

/** What a page brings. */
export interface Step<Fields> {
  /** Records that were not there before. */
  readonly fresh: readonly RecordEntry<Fields>[]
  readonly walk: Walk
  readonly isDone: boolean
}

/** In a sort of the caller's, the anchor is looked for so often; then the counts have to do. */
const MAX_LOOKS = 4

export function beginWalk(offset: number, limit: number, pageSize: number, isSorted: boolean): Walk {
  return {
    next: offset,
    pageSize,
    left: limit,
    seen: [],
    ascending: !isSorted,
    foundCount: undefined,
    back: 0,
    looks: 0,
  }
}

export function askNext({ next, pageSize, left, seen, back }: Walk): Asked {
  const limit = Math.min(pageSize, left)
  return seen.length === 0 ? { offset: next, limit } : { offset: Math.max(1, next - 1 - back), limit: limit + 1 }
}

export function takePage<Fields>(walk: Walk, asked: Asked, page: RecordPage<Fields>): Step<Fields> {
  const { data } = page
  const anchor = walk.seen.at(-1)
  if (anchor === undefined) return goOn(walk, asked, page, data)
  if (data[0]?.recordId === anchor) return goOn(walk, asked, page, data.slice(1))
  return walk.ascending ? takeByIds(walk, asked, page, anchor) : takeBySeen(walk, asked, page)
}

/** Ids grow: what is above the anchor's is new, and nothing is missed where the page begins with one that is not. */
function takeByIds<Fields>(walk: Walk, asked: Asked, page: RecordPage<Fields>, anchor: string): Step<Fields> {
  const { data } = page
  const first = data[0]
  const beginsBefore = first !== undefined && !isAbove(first.recordId, anchor)
  if (!beginsBefore && asked.offset > 1) return lookFurther(walk, page, Math.max(walk.pageSize, walk.back * 2))
  const fresh = data.filter(({ recordId }) => isAbove(recordId, anchor))
  return goOn(walk, asked, page, fresh)
}

/** The caller's order: what comes behind the last record that is known is new. */
function takeBySeen<Fields>(walk: Walk, asked: Asked, page: RecordPage<Fields>): Step<Fields> {
  const seen = new Set(walk.seen)
  const last = page.data.findLastIndex(({ recordId }) => seen.has(recordId))
  if (last !== -1) return goOn(walk, asked, page, page.data.slice(last + 1))
  if (asked.offset > 1 && walk.looks < MAX_LOOKS) return lookFurther(walk, page, walk.back + walk.pageSize)
  // None of them is to be found: the walk goes on from where the counts say it stood.
  const next = Math.max(1, walk.next - vanished(walk, page))
  return { fresh: [], walk: { ...walk, next, seen: [], back: 0, looks: 0 }, isDone: false }
}

/** First by the number of records that vanished, if it is known; then by what the caller says. */
function lookFurther<Fields>(walk: Walk, page: RecordPage<Fields>, back: number): Step<Fields> {
  const missing = walk.looks === 0 ? vanished(walk, page) : 0
  return { fresh: [], walk: { ...walk, back: missing === 0 ? back : missing, looks: walk.looks + 1 }, isDone: false }
}

function goOn<Fields>(
  walk: Walk,
  asked: Asked,
  page: RecordPage<Fields>,
  records: readonly RecordEntry<Fields>[],
): Step<Fields> {
  const fresh = records.slice(0, walk.left)
  const left = walk.left - fresh.length
  const foundCount = foundCountOf(page)
  const next = asked.offset + page.data.length
  const isShort = page.data.length < asked.limit
  const isAtEnd = isShort || (foundCount !== undefined && next > foundCount)
  const ids = fresh.map(({ recordId }) => recordId)
  const ascending = walk.ascending && grows([...walk.seen.slice(-1), ...ids])
  // Two pages: one may have vanished as a whole.
  const seen = [...walk.seen, ...ids].slice(-2 * walk.pageSize)
  return {
    fresh,
    walk: { ...walk, next, left, seen, ascending, foundCount, back: 0, looks: 0 },
    isDone: left === 0 || isAtEnd,
  }
}

/** How many records fewer there are than at the page before. Negative: there are more. */
function vanished<Fields>(walk: Walk, page: RecordPage<Fields>): number {
  const foundCount = foundCountOf(page)
  return walk.foundCount === undefined || foundCount === undefined ? 0 : walk.foundCount - foundCount
}

/** Undefined where nothing was found and on servers before FileMaker 18: they do not tell. */
export function foundCountOf<Fields>({ dataInfo }: RecordPage<Fields>): number | undefined {
  return dataInfo.totalRecordCount === undefined ? undefined : dataInfo.foundCount
}

function grows(ids: readonly string[]): boolean {
  return ids.every((id, index) => /^\d+$/.test(id) && (index === 0 || isAbove(id, ids[index - 1] ?? '')))
}

/** Ids are digits, and may be more than a number holds. */
function isAbove(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length
}
