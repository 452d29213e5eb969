import { encodeSegment } from './encoding.ts'
import type { WireRequest } from './request.ts'

/**
 * One operation of the Data API: its verb, its path below `/fmi/data/{version}`, and how it spells the parameters that it
 * takes: in the query of a GET and a DELETE, in the body of a POST and a PATCH. The pattern names it in errors.
 */
export interface Route {
  readonly method: WireRequest['method']
  readonly pattern: string
  readonly takes?: Readonly<Partial<Record<keyof Parameters, string>>>
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
  | 'oldLayoutMetadata'
  | 'list'
  | 'get'
  | 'find'
  | 'create'
  | 'edit'
  | 'duplicate'
  | 'delete'
  | 'globals'
  | 'runScript'
  | 'upload'
  | 'uploadRepetition'

/** Each with `.param` behind it for its parameter. */
const SCRIPTS = { script: 'script', scriptPrerequest: 'script.prerequest', scriptPresort: 'script.presort' } as const
const SHOWN = { layoutResponse: 'layout.response', dateformats: 'dateformats' } as const
const WRITTEN = { portalData: 'portalData', options: 'options', dateformats: 'dateformats', ...SCRIPTS } as const
/** A GET's have underscores, a find's have none. `{portal}` stands for the name of a portal. */
const PORTALS_IN_QUERY = { portal: 'portal', portalOffset: '_offset.{portal}', portalLimit: '_limit.{portal}' } as const
const PORTALS_IN_BODY = { portal: 'portal', portalOffset: 'offset.{portal}', portalLimit: 'limit.{portal}' } as const

/**
 * Every route, spelled as on the wire.
 *
 * @see Claris FileMaker Data API Guide, "Write FileMaker Data API calls"
 */
export const ROUTES: Readonly<Record<RouteName, Route>> = {
  login: { method: 'POST', pattern: '/databases/{database}/sessions', takes: { dataSources: 'fmDataSource' } },
  logout: { method: 'DELETE', pattern: '/databases/{database}/sessions/{token}', takes: {} },
  validateSession: { method: 'GET', pattern: '/validateSession', takes: {} },
  productInfo: { method: 'GET', pattern: '/productInfo', takes: {} },
  databases: { method: 'GET', pattern: '/databases', takes: {} },
  layouts: { method: 'GET', pattern: '/databases/{database}/layouts', takes: {} },
  scripts: { method: 'GET', pattern: '/databases/{database}/scripts', takes: {} },
  layoutMetadata: {
    method: 'GET',
    pattern: '/databases/{database}/layouts/{layout}',
    takes: { recordId: 'recordId' },
  },
  oldLayoutMetadata: { method: 'GET', pattern: '/databases/{database}/layouts/{layout}/metadata', takes: {} },
  list: {
    method: 'GET',
    pattern: '/databases/{database}/layouts/{layout}/records',
    takes: { offset: '_offset', limit: '_limit', sort: '_sort', ...PORTALS_IN_QUERY, ...SHOWN, ...SCRIPTS },
  },
  get: {
    method: 'GET',
    pattern: '/databases/{database}/layouts/{layout}/records/{recordId}',
    takes: { ...PORTALS_IN_QUERY, ...SHOWN, ...SCRIPTS },
  },
  find: {
    method: 'POST',
    pattern: '/databases/{database}/layouts/{layout}/_find',
    takes: {
      query: 'query',
      offset: 'offset',
      limit: 'limit',
      sort: 'sort',
      ...PORTALS_IN_BODY,
      ...SHOWN,
      ...SCRIPTS,
    },
  },
  create: {
    method: 'POST',
    pattern: '/databases/{database}/layouts/{layout}/records',
    takes: { fieldData: 'fieldData', ...WRITTEN },
  },
  edit: {
    method: 'PATCH',
    pattern: '/databases/{database}/layouts/{layout}/records/{recordId}',
    takes: { fieldData: 'fieldData', modId: 'modId', ...WRITTEN },
  },
  duplicate: {
    method: 'POST',
    pattern: '/databases/{database}/layouts/{layout}/records/{recordId}',
    takes: SCRIPTS,
  },
  delete: {
    method: 'DELETE',
    pattern: '/databases/{database}/layouts/{layout}/records/{recordId}',
    takes: SCRIPTS,
  },
  globals: { method: 'PATCH', pattern: '/databases/{database}/globals', takes: { globalFields: 'globalFields' } },
  runScript: {
    method: 'GET',
    pattern: '/databases/{database}/layouts/{layout}/script/{script}',
    takes: { scriptParam: 'script.param' },
  },
  // The one POST with a parameter in its query: its body is the file.
  upload: {
    method: 'POST',
    pattern: '/databases/{database}/layouts/{layout}/records/{recordId}/containers/{field}',
    takes: { modId: 'modId' },
  },
  uploadRepetition: {
    method: 'POST',
    pattern: '/databases/{database}/layouts/{layout}/records/{recordId}/containers/{field}/{repetition}',
    takes: { modId: 'modId' },
  },
}

/** `GET /databases/{database}/layouts`: how errors and logs name a route. No value of a call is in it. */
export function operationOf(route: Route): string {
  return `${route.method} ${route.pattern}`
}

/** Names and numbers in a path, each one segment. */
export type PathValues = Readonly<Record<string, string>>

/** The route's path with its values in place, each percent-encoded once. */
export function pathOf(route: Route, values: PathValues): string {
  return fill(route.pattern, values)
}

/** What a route's path adds to that of the route above it. */
export function pathBelow(above: Route, route: Route, values: PathValues): string {
  return fill(route.pattern.slice(above.pattern.length), values)
}

function fill(pattern: string, values: PathValues): string {
  return pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeSegment(values[name] ?? '', name))
}

/** What calls can say, in words of the API, before a route spells it. */
export interface Parameters {
  readonly query?: readonly unknown[] | undefined
  readonly offset?: number | undefined
  readonly limit?: number | undefined
  readonly sort?: readonly SortOrder[] | undefined
  readonly portal?: PortalSelection | undefined
  /** The ranges in `portal`: each is a parameter of its own on the wire. */
  readonly portalOffset?: never
  readonly portalLimit?: never
  readonly layoutResponse?: string | undefined
  readonly dateformats?: DateFormats | undefined
  readonly fieldData?: Readonly<Record<string, unknown>> | undefined
  readonly portalData?: Readonly<Record<string, unknown>> | undefined
  readonly modId?: string | undefined
  readonly options?: { readonly entrymode?: EntryMode | undefined; readonly prohibitmode?: EntryMode | undefined }
  readonly script?: ScriptCall | undefined
  readonly scriptPrerequest?: ScriptCall | undefined
  readonly scriptPresort?: ScriptCall | undefined
  readonly scriptParam?: string | undefined
  readonly recordId?: string | undefined
  readonly globalFields?: Readonly<Record<string, unknown>> | undefined
  readonly dataSources?: readonly unknown[] | undefined
}

/** A script by name, with its parameter. */
export interface ScriptCall {
  readonly name: string
  /** What `Get(ScriptParameter)` gives in the script. @defaultValue none */
  readonly param?: string | undefined
}

/** `user`: as for somebody at the keyboard (the server's default). `script`: as for a script, which may do more. */
export type EntryMode = 'user' | 'script'

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
