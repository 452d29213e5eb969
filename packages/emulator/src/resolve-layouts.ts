// Layouts with their fields and portals: the definition's names checked and resolved.

import type { LayoutDefinition, LayoutFieldDefinition, PortalDefinition, ValueListItem } from './definition.ts'
import { fail, listAt, onlyKeys, quote } from './definition-mistake.ts'
import { occurrenceNamed, pathBetween } from './resolve-tables.ts'
import { fieldNamed } from './solution.ts'
import type { Layout, LayoutField, Occurrence, Portal, Relationship } from './solution.ts'

export interface Graph {
  readonly occurrences: ReadonlyMap<string, Occurrence>
  readonly relationships: readonly Relationship[]
  readonly valueLists: ReadonlyMap<string, readonly ValueListItem[]>
}

export function resolveLayout(definition: LayoutDefinition, graph: Graph, where: string): Layout {
  if (typeof definition.name !== 'string' || definition.name === '') fail(where, 'a layout needs a name')
  const place = `${where} (layout ${quote(definition.name)})`
  onlyKeys(definition, ['name', 'table', 'fields', 'portals'], place)
  const occurrence = occurrenceNamed(definition.table, graph.occurrences, `${place}.table`)
  const fields = listAt(definition.fields ?? occurrence.table.fields.map((field) => field.name), `${place}.fields`).map(
    (field, index) => resolveLayoutField(field, occurrence, graph, 'bare', `${place}.fields[${index}]`),
  )
  const portals = listAt(definition.portals, `${place}.portals`).map((portal, index) =>
    resolvePortal(portal, occurrence, graph, `${place}.portals[${index}]`),
  )
  return { name: definition.name, occurrence, fields: withoutDoubles(fields), portals }
}

function resolvePortal(definition: PortalDefinition, base: Occurrence, graph: Graph, where: string): Portal {
  onlyKeys(definition, ['name', 'table', 'fields', 'sort'], where)
  const occurrence = occurrenceNamed(definition.table, graph.occurrences, `${where}.table`)
  const path = pathBetween(base, occurrence, graph.relationships)
  if (path === undefined || path.length === 0) {
    fail(`${where}.table`, `no relationship leads from ${quote(base.name)} to ${quote(occurrence.name)}`)
  }
  const fields = listAt(definition.fields ?? occurrence.table.fields.map((field) => field.name), `${where}.fields`).map(
    (field, index) => resolveLayoutField(field, occurrence, graph, 'full', `${where}.fields[${index}]`),
  )
  const sort = listAt(definition.sort, `${where}.sort`)
  for (const { fieldName, sortOrder = 'ascend' } of sort) {
    const name = fieldName.startsWith(`${occurrence.name}::`) ? fieldName.slice(occurrence.name.length + 2) : fieldName
    if (fieldNamed(occurrence.table.fields, name) === undefined) {
      fail(`${where}.sort`, `there is no field ${quote(fieldName)} in table ${quote(occurrence.table.name)}`)
    }
    if (!['ascend', 'descend'].includes(sortOrder) && !graph.valueLists.has(sortOrder)) {
      fail(`${where}.sort`, `${quote(sortOrder)} is neither ascend, descend nor a value list`)
    }
  }
  const key = definition.name ?? occurrence.name
  return { objectName: definition.name, key, occurrence, path, fields: withoutDoubles(fields), sort }
}

/** `bare`: own fields are called by their name alone, as in `fieldData`; `full`: with their occurrence, as in portals. */
function resolveLayoutField(
  given: string | LayoutFieldDefinition,
  base: Occurrence,
  graph: Graph,
  spelling: 'bare' | 'full',
  where: string,
): LayoutField {
  const definition = typeof given === 'string' ? { field: given } : given
  if (typeof definition?.field !== 'string') fail(where, 'must be a field name, or an object with "field"')
  onlyKeys<LayoutFieldDefinition>(definition, ['field', 'valueList', 'displayType'], where)
  const { valueList } = definition
  if (valueList !== undefined && !graph.valueLists.has(valueList)) {
    fail(where, `there is no value list ${quote(valueList)}`)
  }
  const [occurrenceName, fieldName] = splitName(definition.field, base.name)
  const occurrence = occurrenceNamed(occurrenceName, graph.occurrences, where)
  const field = fieldNamed(occurrence.table.fields, fieldName)
  if (field === undefined) fail(where, `there is no field ${quote(fieldName)} in ${quote(occurrence.name)}`)
  const path = field.global ? [] : pathBetween(base, occurrence, graph.relationships)
  if (path === undefined) {
    fail(where, `no relationship leads from ${quote(base.name)} to ${quote(occurrence.name)}`)
  }
  const isOwn = occurrence.name === base.name
  return {
    name: isOwn && spelling === 'bare' ? field.name : `${occurrence.name}::${field.name}`,
    field,
    path,
    occurrence,
    valueList,
    displayType: definition.displayType ?? 'editText',
  }
}

function splitName(name: string, occurrence: string): [occurrence: string, field: string] {
  const at = name.indexOf('::')
  return at === -1 ? [occurrence, name] : [name.slice(0, at), name.slice(at + 2)]
}

/** A field placed twice is there once (section 3.8). */
function withoutDoubles(fields: readonly LayoutField[]): LayoutField[] {
  return [...new Map(fields.map((field) => [field.name, field])).values()]
}
