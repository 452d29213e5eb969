// Tables, their occurrences and relationships: the definition's names checked and resolved.

import type {
  DatabaseDefinition,
  FieldType,
  RecordDefinition,
  RelationshipDefinition,
  ShorthandDefinition,
} from './definition.ts'
import { fail, keyedAt, onlyKeys, quote } from './definition-mistake.ts'
import { fieldNamed } from './solution.ts'
import type { Field, Hop, Occurrence, Relationship, Table } from './solution.ts'

export function isShorthand(given: DatabaseDefinition | ShorthandDefinition): given is ShorthandDefinition {
  const tables = (given as { tables?: unknown }).tables
  return tables === undefined || typeof (tables as Iterable<unknown>)[Symbol.iterator] === 'function'
}

export function expandShorthand(name: string, given: ShorthandDefinition): DatabaseDefinition {
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

export function resolveTables(definition: DatabaseDefinition, place: string): Table[] {
  return keyedAt(definition.tables, `${place}.tables`).map(([name, table], number) => {
    const { fields: givenFields, records = [] } = table ?? {}
    if (givenFields === undefined) fail(`${place}.tables.${name}`, 'a table needs "fields"')
    if (typeof records?.[Symbol.iterator] !== 'function') fail(`${place}.tables.${name}.records`, 'must be a list')
    onlyKeys(table, ['fields', 'records'], `${place}.tables.${name}`)
    const fields: Field[] = []
    const resolved: Table = { name, sqlName: `t${number}`, fields, records }
    for (const [fieldName, given] of keyedAt(givenFields, `${place}.tables.${name}.fields`)) {
      const where = `${place}.tables.${name}.fields.${fieldName}`
      const field = typeof given === 'string' ? { type: given } : given
      onlyKeys(field ?? {}, ['type', 'global', 'value', 'serial', 'maxRepeat'], where)
      if (!FIELD_TYPES.has(field?.type)) {
        fail(where, `${quote(field.type)} is no field type; there are ${[...FIELD_TYPES].join(', ')}`)
      }
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

export function resolveOccurrences(
  definition: DatabaseDefinition,
  tables: readonly Table[],
  place: string,
): ReadonlyMap<string, Occurrence> {
  const occurrences = new Map<string, Occurrence>(tables.map((table) => [table.name, { name: table.name, table }]))
  for (const [name, tableName] of keyedAt(definition.tableOccurrences, `${place}.tableOccurrences`)) {
    const table = tables.find((candidate) => candidate.name === tableName)
    if (table === undefined) fail(`${place}.tableOccurrences.${name}`, `there is no table ${quote(tableName)}`)
    occurrences.set(name, { name, table })
  }
  return occurrences
}

export function resolveRelationship(
  definition: RelationshipDefinition,
  occurrences: ReadonlyMap<string, Occurrence>,
  where: string,
): Relationship {
  onlyKeys(definition, ['from', 'to', 'match', 'allowCreate'], where)
  const from = occurrenceNamed(definition.from, occurrences, `${where}.from`)
  const to = occurrenceNamed(definition.to, occurrences, `${where}.to`)
  const match = keyedAt(definition.match, `${where}.match`).map(([near, far]) => ({
    from: matchField(from, near, where),
    to: matchField(to, far, where),
  }))
  if (match.length === 0) fail(`${where}.match`, 'must name at least one pair of fields')
  return { from, to, match, allowCreate: definition.allowCreate ?? false }
}

export function occurrenceNamed(name: string, occurrences: ReadonlyMap<string, Occurrence>, where: string): Occurrence {
  return occurrences.get(name) ?? fail(where, `there is no table occurrence ${quote(name)}`)
}

/** The shortest way through the graph; empty when both are one, undefined when there is none. */
export function pathBetween(
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

const FIELD_TYPES: ReadonlySet<string> = new Set<FieldType>([
  'text',
  'number',
  'date',
  'time',
  'timestamp',
  'container',
])

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
