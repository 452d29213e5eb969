import type { WireRequest } from './request.ts'

/** One operation of the Data API: its verb and its path below `/fmi/data/{version}`. The pattern names it in errors. */
export interface Route {
  readonly method: WireRequest['method']
  readonly pattern: string
}

type RouteName =
  | 'login'
  | 'logout'
  | 'validateSession'
  | 'productInfo'
  | 'databases'
  | 'layouts'
  | 'scripts'
  | 'layoutMetadata'
  | 'list'
  | 'get'
  | 'find'
  | 'create'
  | 'edit'
  | 'duplicate'
  | 'delete'
  | 'globals'

/**
 * Every route, spelled as on the wire.
 *
 * @see Claris FileMaker Data API Guide, "Write FileMaker Data API calls"
 */
export const ROUTES: Readonly<Record<RouteName, Route>> = {
  login: { method: 'POST', pattern: '/databases/{database}/sessions' },
  logout: { method: 'DELETE', pattern: '/databases/{database}/sessions/{token}' },
  validateSession: { method: 'GET', pattern: '/validateSession' },
  productInfo: { method: 'GET', pattern: '/productInfo' },
  databases: { method: 'GET', pattern: '/databases' },
  layouts: { method: 'GET', pattern: '/databases/{database}/layouts' },
  scripts: { method: 'GET', pattern: '/databases/{database}/scripts' },
  layoutMetadata: { method: 'GET', pattern: '/databases/{database}/layouts/{layout}' },
  list: { method: 'GET', pattern: '/databases/{database}/layouts/{layout}/records' },
  get: { method: 'GET', pattern: '/databases/{database}/layouts/{layout}/records/{recordId}' },
  find: { method: 'POST', pattern: '/databases/{database}/layouts/{layout}/_find' },
  create: { method: 'POST', pattern: '/databases/{database}/layouts/{layout}/records' },
  edit: { method: 'PATCH', pattern: '/databases/{database}/layouts/{layout}/records/{recordId}' },
  duplicate: { method: 'POST', pattern: '/databases/{database}/layouts/{layout}/records/{recordId}' },
  delete: { method: 'DELETE', pattern: '/databases/{database}/layouts/{layout}/records/{recordId}' },
  globals: { method: 'PATCH', pattern: '/databases/{database}/globals' },
}

/** `GET /databases/{database}/layouts`: how errors and logs name a route. No value of a call is in it. */
export function operationOf(route: Route): string {
  return `${route.method} ${route.pattern}`
}

/** Names and numbers in a path, each one segment. */
export type PathValues = Readonly<Record<string, string>>

/** The route's path with its values in place, each percent-encoded once. */
export function pathOf(route: Route, values: PathValues): string {
  return route.pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeSegment(values[name] ?? '', name))
}

/**
 * One path segment: everything that is not unreserved is encoded, `/` and the blank too. A segment of one or two dots is
 * encoded as well, or servers on the way would take it for a step up.
 *
 * @throws TypeError where the text is empty or holds half of a surrogate pair, which has no UTF-8 form.
 */
export function encodeSegment(text: string, name: string): string {
  if (text === '') throw new TypeError(`${name}: must not be empty`)
  if (/^\.{1,2}$/.test(text)) return text.replaceAll('.', '%2E')
  return encode(text, name)
}

/** `?a=b&c=d`, or nothing. Undefined values are left out. */
function queryOf(parameters: Readonly<Record<string, string | undefined>>): string {
  const pairs: string[] = []
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) pairs.push(`${encode(name, name)}=${encode(value, name)}`)
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

function encode(text: string, name: string): string {
  if (!text.isWellFormed()) throw new TypeError(`${name}: holds half of a surrogate pair, which can't be sent`)
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** How a page of records is asked for, in words of the API, before either of its two spellings. */
export interface ReadParameters {
  readonly offset?: number | undefined
  readonly limit?: number | undefined
  readonly sort?: readonly SortOrder[] | undefined
  readonly portal?: PortalSelection | undefined
  readonly layoutResponse?: string | undefined
  readonly dateformats?: DateFormats | undefined
}

/** `sortOrder`: `ascend` (default), `descend`, or the name of a value list. */
export interface SortOrder {
  readonly fieldName: string
  readonly sortOrder?: string
}

/** Names of the portals wanted; or each with the rows wanted of it: `offset` counted from 1, `limit` 50 by default. */
export type PortalSelection = readonly string[] | Readonly<Record<string, PortalRange>>

export interface PortalRange {
  readonly offset?: number
  readonly limit?: number
}

/** 0: US, as in `12/31/2026` (the server's default). 1: the file's locale. 2: ISO 8601. FileMaker Server 2023 and later. */
export type DateFormats = 0 | 1 | 2

/** The spelling of a GET: `_offset`, `_limit`, `_sort` and `portal` as JSON in one value each. */
export function readQuery(parameters: ReadParameters): string {
  const { offset, limit, sort, portal, layoutResponse, dateformats } = parameters
  return queryOf({
    _offset: offset?.toString(),
    _limit: limit?.toString(),
    _sort: sort === undefined ? undefined : JSON.stringify(sort),
    portal: portal === undefined ? undefined : JSON.stringify(portalNames(portal)),
    ...portalRanges(portal, '_'),
    'layout.response': layoutResponse,
    dateformats: dateformats?.toString(),
  })
}

/** The spelling of a find's body: no underscores, and real arrays. */
export function readBody(parameters: ReadParameters): Record<string, unknown> {
  const { offset, limit, sort, portal, layoutResponse, dateformats } = parameters
  return {
    offset: offset?.toString(),
    limit: limit?.toString(),
    sort,
    portal: portal === undefined ? undefined : portalNames(portal),
    ...portalRanges(portal, ''),
    'layout.response': layoutResponse,
    dateformats,
  }
}

function portalNames(portal: PortalSelection): readonly string[] {
  return isNameList(portal) ? portal : Object.keys(portal)
}

function portalRanges(portal: PortalSelection | undefined, prefix: '_' | ''): Record<string, string> {
  const ranges: Record<string, string> = {}
  if (portal === undefined || isNameList(portal)) return ranges
  for (const [name, { offset, limit }] of Object.entries(portal)) {
    if (offset !== undefined) ranges[`${prefix}offset.${name}`] = String(offset)
    if (limit !== undefined) ranges[`${prefix}limit.${name}`] = String(limit)
  }
  return ranges
}

function isNameList(portal: PortalSelection): portal is readonly string[] {
  return Array.isArray(portal)
}
