import { checkCall, readListOptions, SHOWN_OPTIONS, type CallOptions, type ShownOptions } from './call-options.ts'
import { boolean, count } from './checks.ts'
import type { FieldData, PortalFields, RecordEntry, RecordPage } from './records.ts'
import { askNext, beginWalk, foundCountOf, takePage, type Asked, type Step } from './walk.ts'
import { operationOf, ROUTES, type SortOrder } from './wire/parameters.ts'

/**
 * All records of a layout, or of a find, one after the other, read in pages. The next page travels while the caller works on
 * one; two are in memory, never more. Leaving the loop ends what is under way. Each loop reads anew.
 *
 * Records that vanish meanwhile, deleted by the loop itself too, make it skip no other. In the order of creation, which is
 * the order without `sort`, it repeats none either; in a sort of your own a record that moves may come twice or not at all.
 */
export interface AllRecords<Fields = FieldData, Portals = PortalFields> extends AsyncIterable<
  RecordEntry<Fields, Portals>
> {
  /** The same, a page at a time; no page is empty. `dataInfo` is the server's, of the page as it was read. */
  pages(): AsyncIterable<RecordPage<Fields, Portals>>
  /** The first one, or undefined when there is none. Asks for one record. */
  first(): Promise<RecordEntry<Fields, Portals> | undefined>
  /** How many there are, whatever `offset` and `limit` say. Asks for one record, without its portals. */
  count(): Promise<number>
}

/** `timeoutMs` is for each page; `signal` for all of them. */
export interface AllRecordsOptions extends ShownOptions {
  /** @defaultValue order of creation, in which nothing is skipped or repeated while records come and go */
  readonly sort?: readonly SortOrder[] | undefined
  /** The first record, counted from 1. @defaultValue 1 */
  readonly offset?: number | undefined
  /** Records in all, at the most. @defaultValue all */
  readonly limit?: number | undefined
  /** Records a page, at the most. @defaultValue 500 */
  readonly pageSize?: number | undefined
  /** Whether the next page is asked for before it is wanted. @defaultValue true */
  readonly lookAhead?: boolean | undefined
}

/** Keeps the session open between pages, where it would be ended with each call. Its errors name the operation. */
export type KeepSession = (limits: CallOptions, operation: string) => Promise<{ release(): Promise<void> }>

/** Reads a page as it travels. */
export type ReadPage = (
  options: Asked & Omit<AllRecordsOptions, keyof Asked | 'pageSize' | 'lookAhead'>,
) => Promise<RecordPage>

/** Makes a page of what travels what the caller gets. */
type MapPage<Fields, Portals> = (page: RecordPage) => Promise<RecordPage<Fields, Portals>>

const ALL_OPTIONS: readonly string[] = ['sort', 'offset', 'limit', 'pageSize', 'lookAhead', ...SHOWN_OPTIONS]

/** @throws TypeError that names the option, before anything is sent. */
export function createAllRecords<Fields, Portals>(
  method: 'listAll' | 'findAll',
  options: AllRecordsOptions,
  read: ReadPage,
  map: MapPage<Fields, Portals>,
  keepSession: KeepSession | undefined,
): AllRecords<Fields, Portals> {
  checkCall(method, options, ALL_OPTIONS)
  const { pageSize = 500, lookAhead = true, offset = 1, limit = Infinity, ...each } = options
  count(`${method}: pageSize`, pageSize, 1, 1_000_000)
  boolean(`${method}: lookAhead`, lookAhead)
  readListOptions(method, { ...each, offset, ...(limit === Infinity ? {} : { limit }) })

  async function* rawPages(): AsyncGenerator<RecordPage, void, undefined> {
    const left = new AbortController()
    const signal = each.signal === undefined ? left.signal : AbortSignal.any([each.signal, left.signal])
    const ask = (asked: Asked): Promise<RecordPage> => {
      const page = read({ ...each, ...asked, signal })
      // It may fail while the caller works on the page before, or has left: nobody is listening then.
      page.catch(() => {})
      return page
    }
    const operation = operationOf(method === 'listAll' ? ROUTES.list : ROUTES.find)
    const kept = await keepSession?.({ ...each, signal }, operation)
    try {
      let walk = beginWalk(offset, limit, pageSize, each.sort !== undefined && each.sort.length > 0)
      let asked = askNext(walk)
      let travelling: Promise<RecordPage> | undefined = ask(asked)
      for (;;) {
        const page: RecordPage = await (travelling ?? ask(asked))
        const step: Step<FieldData> = takePage(walk, asked, page)
        walk = step.walk
        asked = askNext(walk)
        travelling = lookAhead && !step.isDone ? ask(asked) : undefined
        if (step.fresh.length > 0) yield { data: step.fresh, dataInfo: page.dataInfo }
        if (step.isDone) return
      }
    } finally {
      left.abort()
      await kept?.release()
    }
  }

  async function* pages(): AsyncGenerator<RecordPage<Fields, Portals>, void, undefined> {
    for await (const page of rawPages()) yield await map(page)
  }

  async function* records(): AsyncGenerator<RecordEntry<Fields, Portals>, void, undefined> {
    for await (const page of pages()) yield* page.data
  }

  return {
    [Symbol.asyncIterator]: records,
    pages: () => ({ [Symbol.asyncIterator]: pages }),
    first: async () => (await map(await read({ ...each, offset, limit: 1 }))).data[0],
    count: async () => {
      const page = await read({ ...each, sort: undefined, portal: [], offset: 1, limit: 1 })
      const told = page.data.length === 0 ? 0 : foundCountOf(page)
      return told ?? countPages()
    },
  }

  /** Servers before FileMaker 18 do not tell how many there are. */
  async function countPages(): Promise<number> {
    let counted = 0
    const without = { ...each, sort: undefined, portal: [], pageSize, lookAhead }
    const all = createAllRecords(method, without, read, async (page) => page, keepSession)
    for await (const page of all.pages()) counted += page.data.length
    return counted
  }
}
