import type { Field, Hop, LayoutField } from './solution.ts'
import type { StoredValue } from './values.ts'

/** A piece of SQL with the values for its question marks. */
export interface Sql {
  readonly text: string
  readonly values: readonly StoredValue[]
}

export const TRUE: Sql = { text: '1', values: [] }
export const FALSE: Sql = { text: '0', values: [] }

/** Joins conditions. Without any, AND is true and OR is false. */
export function joined(operator: 'AND' | 'OR', conditions: readonly Sql[]): Sql {
  const [only] = conditions
  if (only === undefined) return operator === 'AND' ? TRUE : FALSE
  // In halves, since SQLite takes no more than a thousand operators inside each other.
  if (conditions.length > 100) {
    const half = conditions.length >> 1
    return joined(operator, [joined(operator, conditions.slice(0, half)), joined(operator, conditions.slice(half))])
  }
  return {
    text: `(${conditions.map((condition) => condition.text).join(` ${operator} `)})`,
    values: conditions.flatMap((condition) => condition.values),
  }
}

/**
 * What a column is compared and sorted by. Text: the key of text-order.ts; numbers: the number in it, also where a number
 * field holds text. Indexes are on this very expression, so that SQLite finds them.
 */
export function orderExpression(field: Field, column: string, alias?: string): string {
  const name = alias === undefined ? column : `${alias}.${column}`
  if (field.type === 'text') return `fm_order(${name})`
  if (field.type === 'number') return `CASE typeof(${name}) WHEN 'text' THEN fm_number(${name}) ELSE ${name} END`
  return name
}

/** The records at the end of a path, as seen from a row of the table named by `nearAlias`. */
export interface RelatedRows {
  /** For FROM. */
  readonly from: string
  /** Ties them to the row; for WHERE. */
  readonly where: string
  /** Names the table at the path's end. */
  readonly alias: string
}

export function relatedRows(path: readonly Hop[], nearAlias: string): RelatedRows {
  // CROSS JOIN keeps SQLite from starting at the far end, where there may be a hundred thousand rows.
  let near = nearAlias
  let from = ''
  let where = ''
  for (const [index, hop] of path.entries()) {
    const alias = `${nearAlias}r${index + 1}`
    const before = near
    const equal = hop.match.map((pair) => `${alias}.${pair.far.columns[0]} = ${keyFor(pair, before)}`)
    if (index === 0) {
      from = `${hop.to.table.sqlName} AS ${alias}`
      where = equal.join(' AND ')
    } else {
      from += ` CROSS JOIN ${hop.to.table.sqlName} AS ${alias} ON ${equal.join(' AND ')}`
    }
    near = alias
  }
  return { from, where, alias: near }
}

/** A key as the far field has it: SQLite holds 36 and '36' for different. The far side stays bare, for its index. */
function keyFor({ near, far }: Hop['match'][number], alias: string): string {
  const column = `${alias}.${near.columns[0]}`
  if (near.type === far.type) return column
  if (far.type === 'text') return `CAST(${column} AS TEXT)`
  return near.type === 'text' && far.type === 'number' ? `fm_number(${column})` : column
}

/** A field's value for a row: its own column, or the one in the first related record. */
export function valueExpression(
  field: LayoutField,
  alias: string,
  repetition: number,
  expression: (column: string, alias: string) => string = (column, name) => `${name}.${column}`,
): string {
  const column = field.field.columns[repetition] ?? 'NULL'
  if (field.path.length === 0) return expression(column, alias)
  const rows = relatedRows(field.path, alias)
  const value = expression(column, rows.alias)
  return `(SELECT ${value} FROM ${rows.from} WHERE ${rows.where} ORDER BY ${rows.alias}.id LIMIT 1)`
}
