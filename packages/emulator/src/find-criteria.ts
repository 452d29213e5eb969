// Find requests as SQL conditions (section 8.4).

import { Refusal } from './answer.ts'
import { parseDate, parseTime, parseTimestamp, partsOf, storedDate, today } from './dates.ts'
import type { DateFormat } from './dates.ts'
import type { Field, LayoutField } from './solution.ts'
import { FALSE, joined, orderExpression, relatedRows, TRUE } from './sql.ts'
import type { Sql } from './sql.ts'
import type { Store } from './store.ts'
import { likeExactly, likePrefilter, plainText, textPattern } from './text-pattern.ts'
import { numberIn } from './values.ts'
import type { StoredValue } from './values.ts'

export interface FindRequest {
  readonly omit: boolean
  /** Joined with AND. */
  readonly criteria: readonly Criterion[]
}

export interface Criterion {
  readonly field: LayoutField
  /** Counted from 0. */
  readonly repetition: number
  /** As sent, with its operators. */
  readonly text: string
}

export interface FindContext {
  readonly dateFormat: DateFormat
  /** Milliseconds since 1970; what `//` means follows from it. */
  readonly now: number
  /** Gets an index where a criterion is found faster with one. */
  readonly store: Store
}

/**
 * The condition for the found set. Each request adds to what the ones before it found, or takes from it (omit); where
 * the first one omits, it takes from all records.
 *
 * @param alias - The layout's table in the statement.
 * @throws Refusal 500 or 501 for a date or time that is none, 508 for a criterion its field can't have.
 */
export function foundSet(requests: readonly FindRequest[], alias: string, context: FindContext): Sql {
  let found: Sql[] = requests[0]?.omit === true ? [TRUE] : []
  for (const { omit, criteria } of requests) {
    const condition = joined(
      'AND',
      criteria.map((criterion) => criterionCondition(criterion, alias, context)),
    )
    if (omit) {
      // NOT would leave records out whose field is empty: there the condition is neither true nor false.
      const others = { text: `${condition.text} IS NOT TRUE`, values: condition.values }
      found = [joined('AND', [joined('OR', found), others])]
    } else found.push(condition)
  }
  return joined('OR', found)
}

function criterionCondition({ field, repetition, text }: Criterion, alias: string, context: FindContext): Sql {
  if (field.field.global) throw new Refusal(508)
  const column = field.field.columns[repetition]
  if (column === undefined) throw new Refusal(111)
  if (field.path.length === 0) return columnCondition(field.field, column, alias, text, context)
  const rows = relatedRows(field.path, alias)
  const condition = columnCondition(field.field, column, rows.alias, text, context)
  return {
    text: `EXISTS (SELECT 1 FROM ${rows.from} WHERE ${rows.where} AND ${condition.text})`,
    values: condition.values,
  }
}

/** The criterion of one column: true where it is met; false or null, which is as good in a WHERE, where it is not. */
function columnCondition(field: Field, column: string, alias: string, text: string, context: FindContext): Sql {
  const name = `${alias}.${column}`
  const criterion = text.trim().replace(/^~/, '')
  if (criterion === '=' || criterion === '==') return { text: `${name} IS NULL`, values: [] }
  if (criterion === '*') return { text: `${name} IS NOT NULL`, values: [] }
  if (field.type === 'container') throw new Refusal(508)
  const order = orderExpression(field, column, alias)
  const orderIndex = field.type === 'text' || field.type === 'number' ? 'order' : 'value'
  if (criterion === '!') {
    const { sqlName } = field.table
    const inner = orderExpression(field, column)
    context.store.wantIndex(field, column, orderIndex)
    return {
      text: `${order} IN (SELECT ${inner} FROM ${sqlName} WHERE ${inner} IS NOT NULL GROUP BY ${inner} HAVING count(*) > 1)`,
      values: [],
    }
  }
  const range = splitRange(criterion)
  // Other types than text are compared without a function, and a scan then costs less than making the index.
  const comparesWithFunction = field.type === 'text'
  if (range !== undefined) {
    if (comparesWithFunction) context.store.wantIndex(field, column, 'order')
    const [from, to] = range.map((end) => end.trim())
    return joined('AND', [
      ...(from ? [compared(field, order, '>=', from, context)] : []),
      ...(to ? [compared(field, order, '<=', to, context)] : []),
    ])
  }
  const comparison = /^(<=|>=|≤|≥|<|>)([^]*)$/.exec(criterion)
  if (comparison !== null) {
    if (comparesWithFunction) context.store.wantIndex(field, column, 'order')
    const operator = (comparison[1] ?? '').replace('≤', '<=').replace('≥', '>=') as Comparison
    return compared(field, order, operator, (comparison[2] ?? '').trim(), context)
  }
  if (field.type === 'text') return textCondition(field, column, name, criterion, context)
  return equalTo(field, column, name, order, criterion.replace(/^={1,2}/, '').trim(), context)
}

type Comparison = '<' | '<=' | '>' | '>='

function textCondition(field: Field, column: string, name: string, criterion: string, context: FindContext): Sql {
  const mode = criterion.startsWith('==') ? 'whole-field' : criterion.startsWith('=') ? 'whole-words' : 'words'
  const wanted = criterion.replace(/^={1,2}/, '')
  if (mode === 'whole-field') {
    const plain = plainText(wanted)
    if (plain === '') return { text: `${name} IS NULL`, values: [] }
    if (plain !== undefined && /^[\x20-\x7e]*$/.test(plain)) {
      context.store.wantIndex(field, column, 'value')
      return { text: `${name} = ?`, values: [plain] }
    }
  }
  const exactly = mode === 'words' ? likeExactly(wanted) : undefined
  if (exactly !== undefined) return { text: `${name} LIKE ? ESCAPE '\\'`, values: [exactly] }
  const pattern = textPattern(mode, wanted)
  const prefilter = likePrefilter(wanted)
  if (prefilter === undefined) return { text: `fm_text(?, ${name})`, values: [pattern] }
  // CASE and not AND: SQLite may turn the sides of an AND round, and the function is the dear one.
  return {
    text: `CASE WHEN ${name} LIKE ? ESCAPE '\\' THEN fm_text(?, ${name}) ELSE 0 END`,
    values: [prefilter, pattern],
  }
}

/** Equality for everything but text; a date may be given by year, by month, or with `*` for a part. */
function equalTo(field: Field, column: string, name: string, order: string, wanted: string, context: FindContext): Sql {
  if (field.type === 'number') {
    if (/[*@#"]/.test(wanted)) {
      return { text: `fm_text(?, ${name})`, values: [textPattern('words', wanted)] }
    }
    const number = numberIn(wanted)
    if (number === null) return FALSE
    context.store.wantIndex(field, column, 'order')
    return { text: `${order} = ?`, values: [number] }
  }
  if (wanted === '?') return FALSE
  context.store.wantIndex(field, column, 'value')
  if (field.type === 'time') {
    return { text: `${name} = ?`, values: [parseTime(wanted) ?? refuse(501)] }
  }
  const days = daysMeant(wanted, context)
  if (days?.pattern !== undefined) return { text: `${name} LIKE ?`, values: [`${days.pattern}%`] }
  if (days !== undefined) {
    const end = field.type === 'date' ? days.last : `${days.last} 99`
    return { text: `(${name} >= ? AND ${name} <= ?)`, values: [days.first ?? '', end ?? ''] }
  }
  if (field.type === 'date') throw new Refusal(500)
  return { text: `${name} = ?`, values: [parseTimestamp(wanted, context.dateFormat) ?? refuse(500)] }
}

function compared(field: Field, order: string, operator: Comparison, wanted: string, context: FindContext): Sql {
  if (wanted === '') throw new Refusal(508)
  const condition = (value: StoredValue): Sql => ({ text: `${order} ${operator} ?`, values: [value] })
  switch (field.type) {
    case 'text':
      return { text: `${order} ${operator} fm_order(?)`, values: [plainText(wanted) ?? wanted] }
    case 'number': {
      const number = numberIn(wanted)
      return number === null ? FALSE : condition(number)
    }
    case 'time':
      return condition(parseTime(wanted) ?? refuse(501))
    default: {
      const days = daysMeant(wanted, context)
      if (days?.first !== undefined && days.last !== undefined) {
        // The whole day, month or year counts: nothing in it is before or after itself.
        if (operator === '<' || operator === '>=') return condition(days.first)
        return condition(field.type === 'date' ? days.last : `${days.last} 99`)
      }
      if (field.type === 'date') throw new Refusal(500)
      return condition(parseTimestamp(wanted, context.dateFormat) ?? refuse(500))
    }
  }
}

/** Days that a date criterion means: from first to last, or a pattern for LIKE where parts are left open with `*`. */
interface Days {
  readonly first?: string
  readonly last?: string
  readonly pattern?: string
}

function daysMeant(text: string, context: FindContext): Days | undefined {
  if (text === '//') {
    const day = today(context.now)
    return { first: day, last: day }
  }
  const day = parseDate(text, context.dateFormat)
  if (day !== undefined) return { first: day, last: day }
  const parts = /^\d{4}$|^[\d*]+([/.-][\d*]+){1,2}$/.test(text) ? text.split(/[/.-]/) : []
  if (parts.length === 1) return { first: `${text}-01-01`, last: `${text}-12-31` }
  const order = partsOf(context.dateFormat).filter((part) => parts.length === 3 || part !== 'dd')
  const partOf = (name: string): string | undefined => parts[order.indexOf(name)]
  const [year, month, dayOfMonth = '*'] = [partOf('yyyy'), partOf('MM'), partOf('dd')]
  if (year === undefined || month === undefined) return undefined
  const pattern = [year.padStart(4, '0'), month.padStart(2, '0'), dayOfMonth.padStart(2, '0')].map((part, index) =>
    part.includes('*') ? (index === 0 ? '____' : '__') : part,
  )
  if (!pattern.some((part) => part.startsWith('_'))) return undefined
  const isPossible = storedDate(
    year.includes('*') ? 2000 : Number(year),
    month.includes('*') ? 1 : Number(month),
    dayOfMonth.includes('*') ? 1 : Number(dayOfMonth),
  )
  return isPossible === undefined ? undefined : { pattern: pattern.join('-') }
}

/** The two ends of `a...b` or `a..b`, where the dots are neither quoted nor escaped. */
function splitRange(criterion: string): [from: string, to: string] | undefined {
  const masked = criterion.replace(/\\[^]|"(?:\\[^]|[^"\\])*"/g, (part) => '\u0000'.repeat(part.length))
  const dots = /\.{2,3}|…/.exec(masked)
  if (dots === null || masked === dots[0]) return undefined
  return [criterion.slice(0, dots.index), criterion.slice(dots.index + dots[0].length)]
}

function refuse(code: number): never {
  throw new Refusal(code)
}
