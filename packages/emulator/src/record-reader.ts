// Records as JSON, with their portals: the `dataInfo` and `data` of sections 3.10, 3.11 and 3.16.

import { Refusal } from './answer.ts'
import type { DateFormat } from './dates.ts'
import { jsonArray, jsonObject } from './json.ts'
import type { JsonText } from './json.ts'
import type { HostedDatabase } from './hosted-database.ts'
import type { Page, PortalSelection } from './parameters.ts'
import type { Field, Layout, LayoutField, Portal } from './solution.ts'
import { portalOrder } from './sorting.ts'
import { relatedRows, TRUE, valueExpression } from './sql.ts'
import type { Sql } from './sql.ts'
import type { Row } from './store.ts'
import { wireValue } from './values.ts'
import type { StoredValue } from './values.ts'

/** How an answer shows records. */
export interface View {
  readonly database: HostedDatabase
  /** As the session spells the database. */
  readonly databaseName: string
  /** The layout of the answer: `layout.response`, or that of the request. */
  readonly layout: Layout
  readonly portals: PortalSelection
  readonly dateFormat: DateFormat
  /** What the session has set global fields to. */
  readonly globals: ReadonlyMap<Field, readonly StoredValue[]>
  /** A fresh URL for what a container field holds (section 3.18). */
  readonly containerUrl: (key: StoredValue) => string
}

/** Which records: a condition on the table named `b`, their order, and the page. */
export interface Selection {
  readonly condition: Sql
  readonly order: Sql
  readonly page: Page
}

/**
 * The page of records that a selection gives.
 *
 * @throws Refusal 401 when there are none, or none from the page's offset on (section 8.2).
 */
export function readRecords(view: View, { condition, order, page }: Selection): JsonText {
  const { store } = view.database
  const { table } = view.layout.occurrence
  const total = store.count(table)
  const foundCount =
    condition === TRUE
      ? total
      : Number(store.row(`SELECT count(*) FROM ${table.sqlName} AS b WHERE ${condition.text}`, condition.values)?.[0])
  if (page.offset > foundCount) throw new Refusal(401)
  const select = selectList(view.layout.fields, 'b')
  // The inner statement walks to the page with nothing but ids, and only the page's rows are looked up whole.
  const rows = store.rows(
    `SELECT b.id, b.mod${select} FROM (SELECT b.id AS found FROM ${table.sqlName} AS b WHERE ${condition.text} ${order.text} LIMIT ? OFFSET ?) CROSS JOIN ${table.sqlName} AS b ON b.id = found`,
    [...condition.values, ...order.values, page.limit, page.offset - 1],
  )
  const portals = portalReaders(view)
  const data: JsonText[] = []
  for (const row of rows) data.push(recordJson(view, row, portals))
  return pageJson(view, total, foundCount, data)
}

/** One record as a page of one. @throws Refusal 101 */
export function readRecord(view: View, recordId: number): JsonText {
  const { store } = view.database
  const { table } = view.layout.occurrence
  const select = selectList(view.layout.fields, 'b')
  const row = store.row(`SELECT b.id, b.mod${select} FROM ${table.sqlName} AS b WHERE b.id = ?`, [recordId])
  if (row === undefined) throw new Refusal(101)
  return pageJson(view, store.count(table), 1, [recordJson(view, row, portalReaders(view))])
}

/** The names of a field's repetitions in answers. A field without repetitions has its bare name. */
function keysOf(field: LayoutField): string[] {
  const { columns } = field.field
  return columns.length === 1 ? [field.name] : columns.map((_, index) => `${field.name}(${index + 1})`)
}

function pageJson(view: View, total: number, foundCount: number, data: readonly JsonText[]): JsonText {
  const dataInfo = jsonObject([
    ['database', JSON.stringify(view.databaseName)],
    ['layout', JSON.stringify(view.layout.name)],
    ['table', JSON.stringify(view.layout.occurrence.name)],
    ['totalRecordCount', String(total)],
    ['foundCount', String(foundCount)],
    ['returnedCount', String(data.length)],
  ])
  // Without the braces: scripts' results come before these keys.
  return `"dataInfo":${dataInfo},"data":${jsonArray(data)}`
}

function recordJson(view: View, row: Row, portals: readonly PortalReader[]): JsonText {
  const [recordId = null, modId] = row
  const portalData: [string, JsonText][] = []
  const portalDataInfo: JsonText[] = []
  for (const { portal, read } of portals) {
    const { rows, foundCount } = read(recordId)
    portalData.push([portal.key, jsonArray(rows)])
    portalDataInfo.push(
      jsonObject([
        ...(portal.objectName === undefined
          ? []
          : ([['portalObjectName', JSON.stringify(portal.objectName)]] as const)),
        ['database', JSON.stringify(view.databaseName)],
        ['table', JSON.stringify(portal.occurrence.name)],
        ['foundCount', String(foundCount)],
        ['returnedCount', String(rows.length)],
      ]),
    )
  }
  return jsonObject([
    ['fieldData', jsonObject(fieldEntries(view, view.layout.fields, row))],
    ['portalData', jsonObject(portalData)],
    ['recordId', `"${recordId}"`],
    ['modId', `"${modId}"`],
    ['portalDataInfo', jsonArray(portalDataInfo)],
  ])
}

interface PortalReader {
  readonly portal: Portal
  readonly read: (recordId: StoredValue) => { rows: JsonText[]; foundCount: number }
}

/** The portals that the answer holds, each with its statements put together once for all records of the page. */
function portalReaders(view: View): PortalReader[] {
  const { names } = view.portals
  const { store, solution } = view.database
  return view.layout.portals
    .filter((portal) => names === undefined || names.includes(portal.key))
    .map((portal) => {
      const { offset, limit } = view.portals.pageOf(portal.key)
      const related = relatedRows(portal.path, 'b')
      const from = `FROM ${view.layout.occurrence.table.sqlName} AS b CROSS JOIN ${related.from} WHERE b.id = ? AND ${related.where}`
      // Over several relationships a record can be reached in more than one way, and is one row all the same.
      const isDirect = portal.path.length === 1
      const rowsFrom = isDirect
        ? from
        : `FROM ${portal.occurrence.table.sqlName} AS p WHERE p.id IN (SELECT ${related.alias}.id ${from})`
      const alias = isDirect ? related.alias : 'p'
      const order = portalOrder(portal, solution, alias)
      const counting = `SELECT count(${isDirect ? '*' : `DISTINCT ${related.alias}.id`}) ${from}`
      const reading = `SELECT ${alias}.id, ${alias}.mod${selectList(portal.fields, alias)} ${rowsFrom} ${order.text} LIMIT ? OFFSET ?`
      return {
        portal,
        read: (recordId) => {
          const foundCount = Number(store.row(counting, [recordId])?.[0])
          const rows: JsonText[] = []
          for (const row of store.rows(reading, [recordId, ...order.values, limit, offset - 1])) {
            const [rowId, modId] = row
            rows.push(
              jsonObject([
                ['recordId', `"${rowId}"`],
                ...fieldEntries(view, portal.fields, row),
                ['modId', `"${modId}"`],
              ]),
            )
          }
          return { rows, foundCount }
        },
      }
    })
}

/** Fields with their values; those begin behind the row's record id and modId. */
function fieldEntries(view: View, fields: readonly LayoutField[], row: Row): [string, JsonText][] {
  const entries: [string, JsonText][] = []
  let at = 2
  for (const layoutField of fields) {
    const { field } = layoutField
    const values = field.global ? (view.globals.get(field) ?? view.database.store.globals.get(field)) : row.slice(at)
    for (const [index, key] of keysOf(layoutField).entries()) {
      const value = values?.[index] ?? null
      const json =
        field.type === 'container' && value !== null
          ? JSON.stringify(view.containerUrl(value))
          : wireValue(field.type, value, view.dateFormat, view.database.solution.longNumbers)
      entries.push([key, json])
    }
    at += field.columns.length
  }
  return entries
}

function selectList(fields: readonly LayoutField[], alias: string): string {
  return fields
    .flatMap((field) =>
      field.field.columns.map((_, repetition) =>
        field.field.global ? ', NULL' : `, ${valueExpression(field, alias, repetition)}`,
      ),
    )
    .join('')
}
