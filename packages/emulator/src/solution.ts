// A definition checked and resolved: names have become the things they mean, so that nothing is looked up wrongly later.

import { partsOf, US_DATES } from './dates.ts'
import type { DateFormat } from './dates.ts'
import type {
  AccountDefinition,
  DatabaseDefinition,
  DisplayType,
  FieldDefinition,
  FieldType,
  LayoutDefinition,
  LayoutFieldDefinition,
  LayoutFolder,
  PortalDefinition,
  RecordDefinition,
  RelationshipDefinition,
  ScriptDefinition,
  ScriptFolder,
  ShorthandDefinition,
  SortDefinition,
  ValueListItem,
} from './definition.ts'

export interface Solution {
  readonly name: string
  readonly accounts: readonly Required<AccountDefinition>[]
  readonly tables: readonly Table[]
  readonly occurrences: ReadonlyMap<string, Occurrence>
  readonly relationships: readonly Relationship[]
  readonly layoutList: readonly (Layout | Folder<Layout>)[]
  readonly layouts: ReadonlyMap<string, Layout>
  readonly scriptList: readonly (ScriptDefinition | Folder<ScriptDefinition>)[]
  /** The first script of each name. */
  readonly scripts: ReadonlyMap<string, ScriptDefinition>
  readonly valueLists: ReadonlyMap<string, readonly ValueListItem[]>
  /** What `dateformats: 1` means. */
  readonly dateFormat: DateFormat
}

export interface Folder<Item> {
  readonly folder: string
  readonly items: readonly (Item | Folder<Item>)[]
}

export interface Table {
  readonly name: string
  /** Its name in SQLite. Numbered, since SQLite would hold names that differ in ASCII case only for one. */
  readonly sqlName: string
  readonly fields: readonly Field[]
  readonly records: Iterable<RecordDefinition>
}

export interface Field {
  readonly table: Table
  readonly name: string
  readonly type: FieldType
  readonly global: boolean
  readonly definition: FieldDefinition
  /** A column for each repetition. */
  readonly columns: readonly string[]
}

/** A table as the relationship graph knows it. */
export interface Occurrence {
  readonly name: string
  readonly table: Table
}

export interface Relationship {
  readonly from: Occurrence
  readonly to: Occurrence
  readonly match: readonly { readonly from: Field; readonly to: Field }[]
  readonly allowCreate: boolean
}

/** One step through the graph, from a known occurrence to the next. */
export interface Hop {
  readonly to: Occurrence
  readonly match: readonly { readonly near: Field; readonly far: Field }[]
  /** Whether a record of `to` can be created from the near side. */
  readonly allowCreate: boolean
}

export interface Layout {
  readonly name: string
  readonly occurrence: Occurrence
  readonly fields: readonly LayoutField[]
  readonly portals: readonly Portal[]
}

export interface LayoutField {
  /** As it stands in answers: `field`, or `TO::field`. */
  readonly name: string
  readonly field: Field
  /** From the layout's (in a portal: the portal's) occurrence; empty for own fields. */
  readonly path: readonly Hop[]
  readonly occurrence: Occurrence
  readonly valueList: string | undefined
  readonly displayType: DisplayType
}

export interface Portal {
  readonly objectName: string | undefined
  /** Object name or occurrence: its key in `portalData`. */
  readonly key: string
  readonly occurrence: Occurrence
  readonly path: readonly Hop[]
  readonly fields: readonly LayoutField[]
  readonly sort: readonly SortDefinition[]
}

/**
 * Checks a definition and resolves its names.
 *
 * @throws TypeError that names the place.
 */
export function resolveSolution(name: string, given: DatabaseDefinition | ShorthandDefinition): Solution {
  const definition = isShorthand(given) ? expandShorthand(name, given) : given
  const place = `databases.${name}`
  const tables = resolveTables(definition, place)
  const occurrences = resolveOccurrences(definition, tables, place)
  const relationships = (definition.relationships ?? []).map((relationship, index) =>
    resolveRelationship(relationship, occurrences, `${place}.relationships[${index}]`),
  )
  const valueLists = new Map(Object.entries(definition.valueLists ?? {}))
  const graph: Graph = { occurrences, relationships, valueLists }
  const layouts = new Map<string, Layout>()
  const layoutList = resolveFolders(
    definition.layouts ?? tables.map((table): LayoutDefinition => ({ name: table.name, table: table.name })),
    (entry: LayoutDefinition | LayoutFolder) => ('folder' in entry ? entry.layouts : undefined),
    (layout, where) => {
      const resolved = resolveLayout(layout as LayoutDefinition, graph, where)
      if (layouts.has(resolved.name)) fail(where, `there is another layout named ${quote(resolved.name)}`)
      layouts.set(resolved.name, resolved)
      return resolved
    },
    `${place}.layouts`,
  )
  const scripts = new Map<string, ScriptDefinition>()
  const scriptList = resolveFolders(
    definition.scripts ?? [],
    (entry: ScriptDefinition | ScriptFolder) => ('folder' in entry ? entry.scripts : undefined),
    (script, where) => {
      const { name: scriptName, run } = script as ScriptDefinition
      if (typeof scriptName !== 'string' || scriptName === '') fail(where, 'a script needs a name')
      if (run !== undefined && typeof run !== 'function') fail(`${where}.run`, 'must be a function')
      if (!scripts.has(scriptName)) scripts.set(scriptName, script as ScriptDefinition)
      return script as ScriptDefinition
    },
    `${place}.scripts`,
  )
  const dateFormat = definition.dateFormat ?? US_DATES
  if (new Set(partsOf(dateFormat)).size !== 3) {
    fail(`${place}.dateFormat`, 'must hold yyyy, MM and dd once each')
  }
  const accounts = resolveAccounts(definition, place)
  return {
    name,
    accounts,
    tables,
    occurrences,
    relationships,
    layoutList,
    layouts,
    scriptList,
    scripts,
    valueLists,
    dateFormat,
  }
}

/** A field by its name; names differ in more than case (section 8.6). */
export function fieldNamed<Named extends { readonly name: string }>(
  fields: readonly Named[],
  name: string,
): Named | undefined {
  const wanted = name.toLowerCase()
  return fields.find((field) => field.name === name) ?? fields.find((field) => field.name.toLowerCase() === wanted)
}

interface Graph {
  readonly occurrences: ReadonlyMap<string, Occurrence>
  readonly relationships: readonly Relationship[]
  readonly valueLists: ReadonlyMap<string, readonly ValueListItem[]>
}

function isShorthand(given: DatabaseDefinition | ShorthandDefinition): given is ShorthandDefinition {
  const tables = (given as { tables?: unknown }).tables
  return tables === undefined || typeof (tables as Iterable<unknown>)[Symbol.iterator] === 'function'
}

function expandShorthand(name: string, given: ShorthandDefinition): DatabaseDefinition {
  const tables: Record<string, { fields: Record<string, FieldType>; records: RecordDefinition[] }> = {}
  for (const [table, iterable] of Object.entries(given)) {
    if (typeof iterable?.[Symbol.iterator] !== 'function') {
      fail(`databases.${name}.${table}`, 'must be records, or the database needs the key "tables"')
    }
    const records = [...iterable]
    tables[table] = { fields: inferFields(records), records }
  }
  return { tables }
}

/** A field's type is that of its values; text where they differ, or where there are none. */
function inferFields(records: readonly RecordDefinition[]): Record<string, FieldType> {
  const types = new Map<string, FieldType | undefined>()
  for (const record of records) {
    for (const [field, value] of Object.entries(record)) {
      const known = types.get(field)
      if (value === null || value === undefined || value === '') {
        types.set(field, known)
        continue
      }
      const type = typeof value === 'number' ? 'number' : typeof value === 'object' ? 'container' : 'text'
      types.set(field, known === undefined || known === type ? type : 'text')
    }
  }
  return Object.fromEntries([...types].map(([field, type]) => [field, type ?? 'text']))
}

function resolveTables(definition: DatabaseDefinition, place: string): Table[] {
  return Object.entries(definition.tables).map(([name, table], number) => {
    if (typeof table?.fields !== 'object') fail(`${place}.tables.${name}`, 'a table needs "fields"')
    const fields: Field[] = []
    const resolved: Table = { name, sqlName: `t${number}`, fields, records: table.records ?? [] }
    for (const [fieldName, given] of Object.entries(table.fields)) {
      const where = `${place}.tables.${name}.fields.${fieldName}`
      const field = typeof given === 'string' ? { type: given } : given
      if (!FIELD_TYPES.has(field.type)) fail(where, `${quote(field.type)} is no field type`)
      const maxRepeat = field.maxRepeat ?? 1
      if (!Number.isInteger(maxRepeat) || maxRepeat < 1 || maxRepeat > 1000) {
        fail(`${where}.maxRepeat`, 'must be a whole number from 1 to 1000')
      }
      const column = `f${fields.length}`
      fields.push({
        table: resolved,
        name: fieldName,
        type: field.type,
        global: field.global ?? false,
        definition: field,
        columns: Array.from({ length: maxRepeat }, (_, index) => (index === 0 ? column : `${column}r${index + 1}`)),
      })
    }
    return resolved
  })
}

const FIELD_TYPES: ReadonlySet<string> = new Set<FieldType>([
  'text',
  'number',
  'date',
  'time',
  'timestamp',
  'container',
])

function resolveOccurrences(definition: DatabaseDefinition, tables: readonly Table[], place: string) {
  const occurrences = new Map<string, Occurrence>(tables.map((table) => [table.name, { name: table.name, table }]))
  for (const [name, tableName] of Object.entries(definition.tableOccurrences ?? {})) {
    const table = tables.find((candidate) => candidate.name === tableName)
    if (table === undefined) fail(`${place}.tableOccurrences.${name}`, `there is no table ${quote(tableName)}`)
    occurrences.set(name, { name, table })
  }
  return occurrences
}

function resolveRelationship(
  definition: RelationshipDefinition,
  occurrences: ReadonlyMap<string, Occurrence>,
  where: string,
): Relationship {
  const from = occurrenceNamed(definition.from, occurrences, `${where}.from`)
  const to = occurrenceNamed(definition.to, occurrences, `${where}.to`)
  const match = Object.entries(definition.match ?? {}).map(([near, far]) => ({
    from: matchField(from, near, where),
    to: matchField(to, far, where),
  }))
  if (match.length === 0) fail(`${where}.match`, 'must name at least one pair of fields')
  return { from, to, match, allowCreate: definition.allowCreate ?? false }
}

function matchField(occurrence: Occurrence, name: string, where: string): Field {
  const field = fieldNamed(occurrence.table.fields, name)
  if (field === undefined) {
    fail(`${where}.match`, `there is no field ${quote(name)} in table ${quote(occurrence.table.name)}`)
  }
  if (field.global || field.type === 'container') {
    fail(`${where}.match`, `${quote(name)} is a global or container field and can't be a match field`)
  }
  return field
}

function resolveFolders<Given extends object, Item>(
  list: readonly Given[],
  contents: (entry: Given) => readonly Given[] | undefined,
  resolve: (entry: Given, where: string) => Item,
  place: string,
): (Item | Folder<Item>)[] {
  return list.map((entry, index) => {
    const where = `${place}[${index}]`
    if (typeof entry !== 'object' || entry === null) fail(where, 'must be an object')
    const inside = contents(entry)
    if (inside === undefined) return resolve(entry, where)
    return {
      folder: String('folder' in entry && entry.folder),
      items: resolveFolders(inside, contents, resolve, where),
    }
  })
}

function resolveLayout(definition: LayoutDefinition, graph: Graph, where: string): Layout {
  if (typeof definition.name !== 'string' || definition.name === '') fail(where, 'a layout needs a name')
  const place = `${where} (layout ${quote(definition.name)})`
  const occurrence = occurrenceNamed(definition.table, graph.occurrences, `${place}.table`)
  const fields = (definition.fields ?? occurrence.table.fields.map((field) => field.name)).map((field, index) =>
    resolveLayoutField(field, occurrence, graph, 'bare', `${place}.fields[${index}]`),
  )
  const portals = (definition.portals ?? []).map((portal, index) =>
    resolvePortal(portal, occurrence, graph, `${place}.portals[${index}]`),
  )
  return { name: definition.name, occurrence, fields: withoutDoubles(fields), portals }
}

function resolvePortal(definition: PortalDefinition, base: Occurrence, graph: Graph, where: string): Portal {
  const occurrence = occurrenceNamed(definition.table, graph.occurrences, `${where}.table`)
  const path = pathBetween(base, occurrence, graph.relationships)
  if (path === undefined || path.length === 0) {
    fail(`${where}.table`, `no relationship leads from ${quote(base.name)} to ${quote(occurrence.name)}`)
  }
  const fields = (definition.fields ?? occurrence.table.fields.map((field) => field.name)).map((field, index) =>
    resolveLayoutField(field, occurrence, graph, 'full', `${where}.fields[${index}]`),
  )
  const sort = definition.sort ?? []
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

/** The shortest way through the graph; empty when both are one, undefined when there is none. */
function pathBetween(
  base: Occurrence,
  target: Occurrence,
  relationships: readonly Relationship[],
): readonly Hop[] | undefined {
  const paths = new Map<string, readonly Hop[]>([[base.name, []]])
  const queue = [base.name]
  for (const here of queue) {
    const path = paths.get(here) ?? []
    if (here === target.name) return path
    for (const hop of hopsFrom(here, relationships)) {
      if (paths.has(hop.to.name)) continue
      paths.set(hop.to.name, [...path, hop])
      queue.push(hop.to.name)
    }
  }
  return undefined
}

function hopsFrom(name: string, relationships: readonly Relationship[]): Hop[] {
  return relationships.flatMap((relationship): Hop[] => {
    if (relationship.from.name === name) {
      const match = relationship.match.map(({ from, to }) => ({ near: from, far: to }))
      return [{ to: relationship.to, match, allowCreate: relationship.allowCreate }]
    }
    if (relationship.to.name === name) {
      const match = relationship.match.map(({ from, to }) => ({ near: to, far: from }))
      return [{ to: relationship.from, match, allowCreate: false }]
    }
    return []
  })
}

function resolveAccounts(definition: DatabaseDefinition, place: string): Required<AccountDefinition>[] {
  const accounts = definition.accounts ?? [{ name: 'web', password: 'secret' }]
  return accounts.map(({ name, password, fmrest = true }, index) => {
    if (typeof name !== 'string' || typeof password !== 'string') {
      fail(`${place}.accounts[${index}]`, 'needs a name and a password, both text')
    }
    return { name, password, fmrest }
  })
}

function occurrenceNamed(name: string, occurrences: ReadonlyMap<string, Occurrence>, where: string): Occurrence {
  return occurrences.get(name) ?? fail(where, `there is no table occurrence ${quote(name)}`)
}

function quote(name: string): string {
  return JSON.stringify(name)
}

function fail(place: string, problem: string): never {
  throw new TypeError(`${place}: ${problem}`)
}
