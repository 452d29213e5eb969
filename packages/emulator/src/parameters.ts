// The options of a request in their two spellings: with an underscore in the query of a range, without one in the body
// of a find (section 11).

import { invalidParameter, malformed } from './answer.ts'
import { ISO_DATES, US_DATES } from './dates.ts'
import type { DateFormat } from './dates.ts'
import type { SortDefinition } from './definition.ts'
import { isJsonObject } from './json.ts'
import type { Solution } from './solution.ts'

/** Option values by name, texts or parsed JSON. */
export type Options = Readonly<Record<string, unknown>>

export interface Page {
  /** The first record, counted from 1. */
  readonly offset: number
  readonly limit: number
}

/** Which portals an answer holds, and which of their rows. */
export interface PortalSelection {
  /** Undefined: all. */
  readonly names: readonly string[] | undefined
  readonly pageOf: (portal: string) => Page
}

export interface ScriptParameters {
  readonly name: string
  readonly parameter: string
}

/** Where a script stands in a request (section 6). */
export type ScriptPhase = 'prerequest' | 'presort' | 'after'

/** What parameter names start with: `_offset` in a query, `offset` in a body. */
export type Spelling = 'query' | 'body'

export const SCRIPT_OPTIONS: readonly string[] = [
  'script',
  'script.param',
  'script.prerequest',
  'script.prerequest.param',
  'script.presort',
  'script.presort.param',
]

/** Offset and limit; 1 and 100 unless given. @throws Refusal 960 for anything but whole numbers from 1 (section 8.2). */
export function pageOptions(options: Options, spelling: Spelling): Page {
  const prefix = spelling === 'query' ? '_' : ''
  return {
    offset: countingNumber(options[`${prefix}offset`], 1),
    limit: countingNumber(options[`${prefix}limit`], 100),
  }
}

/** The portals of the answer; rows 1 to 50 of each unless given. */
export function portalOptions(options: Options, spelling: Spelling): PortalSelection {
  const prefix = spelling === 'query' ? '_' : ''
  for (const key of Object.keys(options)) {
    if (key.startsWith(`${prefix}offset.`) || key.startsWith(`${prefix}limit.`)) countingNumber(options[key], 1)
  }
  return {
    names: portalNames(options.portal, spelling),
    pageOf: (portal) => ({
      offset: countingNumber(options[`${prefix}offset.${portal}`], 1),
      limit: countingNumber(options[`${prefix}limit.${portal}`], 50),
    }),
  }
}

/** @throws Refusal 960 when it is no array of objects with a field name. */
export function sortOptions(options: Options, spelling: Spelling): SortDefinition[] {
  const given = spelling === 'query' ? parsedText(options._sort) : options.sort
  if (given === undefined || given === '') return []
  if (!Array.isArray(given)) throw invalidParameter()
  return given.map((item: unknown): SortDefinition => {
    if (!isJsonObject(item) || typeof item.fieldName !== 'string') throw invalidParameter()
    const { fieldName, sortOrder } = item
    if (sortOrder !== undefined && typeof sortOrder !== 'string') throw invalidParameter()
    return sortOrder === undefined || sortOrder === '' ? { fieldName } : { fieldName, sortOrder }
  })
}

/** How dates are written: 0 US, 1 as the file has it, 2 ISO 8601 (section 8.6). */
export function dateOption(options: Options, solution: Solution): DateFormat {
  const { dateformats = 0 } = options
  switch (dateformats) {
    case 0:
    case '0':
      return US_DATES
    case 1:
    case '1':
      return solution.dateFormat
    case 2:
    case '2':
      return ISO_DATES
    default:
      throw invalidParameter()
  }
}

export function responseLayoutOption(options: Options): string | undefined {
  const name = options['layout.response']
  if (name === undefined || name === '') return undefined
  if (typeof name !== 'string') throw invalidParameter()
  return name
}

export function scriptOptions(options: Options): ReadonlyMap<ScriptPhase, ScriptParameters> {
  const scripts = new Map<ScriptPhase, ScriptParameters>()
  for (const phase of ['prerequest', 'presort', 'after'] as const) {
    const key = phase === 'after' ? 'script' : `script.${phase}`
    const name = options[key]
    if (name === undefined || name === '') continue
    if (typeof name !== 'string') throw invalidParameter()
    const parameter = options[`${key}.param`] ?? ''
    if (typeof parameter !== 'string' && typeof parameter !== 'number') throw invalidParameter()
    scripts.set(phase, { name, parameter: String(parameter) })
  }
  return scripts
}

/** A record id in a path: digits (section 8.1). @throws Refusal 960 */
export function recordIdOf(text: string): number {
  if (!/^\d+$/.test(text)) throw invalidParameter()
  // Beyond that no record can be; -1 is no record either, and keeps the digits from being rounded to one that is.
  return text.length > 15 ? -1 : Number(text)
}

/** @throws Refusal 960 when a query holds a parameter that the route does not know (section 7.2). */
export function refuseUnknown(query: Options, isKnown: (name: string) => boolean): void {
  if (!Object.keys(query).every(isKnown)) throw invalidParameter()
}

/** Whether a parameter has to do with portals; both spellings start alike but for the underscore. */
export function isPortalOption(name: string): boolean {
  return name === 'portal' || name.startsWith('_offset.') || name.startsWith('_limit.')
}

/** Requires a key of the body to be an object. @throws Refusal 10 */
export function objectInBody(body: Options, key: string): Readonly<Record<string, unknown>> | undefined {
  const value = body[key]
  if (value === undefined) return undefined
  if (!isJsonObject(value)) throw schemaMismatch()
  return value
}

/** The body is JSON and yet not what the route describes (section 7.2). */
export function schemaMismatch(): Error {
  return malformed('Parameter (body) failed schema validation')
}

function countingNumber(given: unknown, whenMissing: number): number {
  if (given === undefined) return whenMissing
  const text = typeof given === 'number' ? String(given) : given
  if (typeof text !== 'string' || !/^\d{1,15}$/.test(text) || Number(text) < 1) throw invalidParameter()
  return Number(text)
}

function portalNames(given: unknown, spelling: Spelling): string[] | undefined {
  if (given === undefined) return undefined
  // Claris' own description declares a comma list; every client sends a JSON array, and both work.
  const list = typeof given === 'string' && !given.trim().startsWith('[') ? given.split(',') : undefined
  const names = list ?? (spelling === 'query' ? parsedText(given) : given)
  if (!Array.isArray(names) || !names.every((name): name is string => typeof name === 'string')) {
    throw invalidParameter()
  }
  return names.filter((name) => name !== '')
}

function parsedText(given: unknown): unknown {
  if (typeof given !== 'string' || given === '') return given
  try {
    return JSON.parse(given)
  } catch {
    throw invalidParameter()
  }
}
