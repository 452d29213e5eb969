import { encodeQuery } from './encoding.ts'
import type { Parameters, PortalSelection, Route, ScriptCall } from './parameters.ts'

/** What is sent besides the path: a query, or a body. */
export interface Spelled {
  /** With its question mark; empty where there is nothing to say. */
  readonly query: string
  readonly body: string | undefined
}

/** Spells a call's parameters the way its route wants them. What is undefined is left out. */
export function spell(route: Route, parameters: Parameters): Spelled {
  const entries = entriesOf(route, parameters)
  if (route.method === 'POST' || route.method === 'PATCH') {
    return { query: '', body: JSON.stringify(Object.fromEntries(entries)) }
  }
  return { query: encodeQuery(entries.map(([key, value]) => [key, textOf(value)])), body: undefined }
}

type Entry = readonly [key: string, value: unknown]

function entriesOf({ takes = {} }: Route, parameters: Parameters): readonly Entry[] {
  const entries: Entry[] = []
  for (const [name, key] of Object.entries(takes)) {
    const value: unknown = parameters[name as keyof Parameters]
    if (value === undefined) continue
    switch (name as keyof Parameters) {
      case 'script':
      case 'scriptPrerequest':
      case 'scriptPresort':
        entries.push(...scriptEntries(key, value as ScriptCall))
        break
      case 'portal':
        entries.push([key, portalNames(value as PortalSelection)], ...rangeEntries(takes, value as PortalSelection))
        break
      // Texts in a body, too: that is how Claris' own examples have them.
      case 'offset':
      case 'limit':
        entries.push([key, textOf(value)])
        break
      default:
        entries.push([key, value])
    }
  }
  return entries
}

function scriptEntries(key: string, { name, param }: ScriptCall): readonly Entry[] {
  return param === undefined
    ? [[key, name]]
    : [
        [key, name],
        [`${key}.param`, param],
      ]
}

function portalNames(portal: PortalSelection): readonly string[] {
  return isNameList(portal) ? portal : Object.keys(portal)
}

function rangeEntries(
  { portalOffset, portalLimit }: NonNullable<Route['takes']>,
  portal: PortalSelection,
): readonly Entry[] {
  const entries: Entry[] = []
  if (isNameList(portal)) return entries
  for (const [name, { offset, limit }] of Object.entries(portal)) {
    // Put in by a function: a `$` in a replacement text has a meaning.
    const spelled = (pattern = ''): string => pattern.replace('{portal}', () => name)
    if (offset !== undefined) entries.push([spelled(portalOffset), String(offset)])
    if (limit !== undefined) entries.push([spelled(portalLimit), String(limit)])
  }
  return entries
}

function isNameList(portal: PortalSelection): portal is readonly string[] {
  return Array.isArray(portal)
}

/** A query has texts only: lists travel as JSON in one of them. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
