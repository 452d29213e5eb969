import { kindOf } from './texts.ts'

/** What criteria are made of. Dates are given as they travel: in the form of the find's `dateformats`. */
export type CriterionValue = string | number | bigint

/**
 * The whole field is this, its case aside. Nothing in the text is taken for an operator.
 *
 * An empty text finds empty fields.
 */
export function exactly(value: CriterionValue): string {
  return `==${escape('exactly', value)}`
}

/** The field holds these words as whole words, in any order. */
export function wholeWords(value: CriterionValue): string {
  return `=${some('wholeWords', value)}`
}

/** The field holds words that begin so, in any order: what a text without operators finds. */
export function words(value: CriterionValue): string {
  return some('words', value)
}

/** The field holds this text anywhere, also within words. */
export function contains(value: CriterionValue): string {
  return `*"${text('contains', value).replaceAll(/[\\"]/g, String.raw`\$&`)}"`
}

/** The field begins with this text. */
export function startsWith(value: CriterionValue): string {
  return `==${some('startsWith', value)}*`
}

/** The field ends with this text. */
export function endsWith(value: CriterionValue): string {
  return `==*${some('endsWith', value)}`
}

/**
 * From the one to the other, both included.
 *
 * @example
 * await orders.find([{ ordered: between('2026-01-01', '2026-12-31') }], { dateformats: 2 }) // 2: dates in ISO form
 */
export function between(from: CriterionValue, to: CriterionValue): string {
  return `${rangeEnd(from)}...${rangeEnd(to)}`
}

/** This or less. */
export function atMost(value: CriterionValue): string {
  return `<=${some('atMost', value)}`
}

/** This or more. */
export function atLeast(value: CriterionValue): string {
  return `>=${some('atLeast', value)}`
}

/** Less than this. */
export function lessThan(value: CriterionValue): string {
  return `<${some('lessThan', value)}`
}

/** More than this. */
export function moreThan(value: CriterionValue): string {
  return `>${some('moreThan', value)}`
}

/** Nothing is in the field. */
export function empty(): string {
  return '='
}

/** Something is in the field. */
export function notEmpty(): string {
  return '*'
}

/** Other records have the same in this field. */
export function duplicated(): string {
  return '!'
}

/** Today's date where the server is. */
export function today(): string {
  return '//'
}

/**
 * A find request that takes what it finds out of what the requests before it found; as the first one, out of all records.
 *
 * @example
 * await people.find([{ city: startsWith('Oslo') }, not({ status: exactly('closed') })])
 */
export function not<const Request extends object>(request: Request): Request & { readonly omit: true } {
  if (typeof request !== 'object' || request === null) throw new TypeError('not: must be a find request')
  return { ...request, omit: true }
}

/**
 * A text in which nothing is taken for an operator, for criteria that you put together yourself.
 *
 * @example
 * const criterion = `=${literal(name)}*`
 */
export function literal(value: CriterionValue): string {
  return escape('literal', value)
}

/**
 * FileMaker's find operators. A point is one only beside another, and so is a slash; what stands for itself is left alone,
 * so that numbers, dates and names stay legible.
 */
const OPERATORS = /[=*@#<>≤≥!?"\\~…]|\.(?=\.)|(?<=\.)\.|\/(?=\/)|(?<=\/)\//g

/** A point at an end of the text would join those of the range. */
const RANGE_OPERATORS = new RegExp(String.raw`${OPERATORS.source}|^\.|\.$`, 'g')

function escape(builder: string, value: CriterionValue): string {
  return text(builder, value, true).replaceAll(OPERATORS, String.raw`\$&`)
}

/** As `escape`; an empty text would mean something else than it says. */
function some(builder: string, value: CriterionValue): string {
  text(builder, value)
  return escape(builder, value)
}

function rangeEnd(value: CriterionValue): string {
  return text('between', value).replaceAll(RANGE_OPERATORS, String.raw`\$&`)
}

function text(builder: string, value: CriterionValue, mayBeEmpty = false): string {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return String(value)
  if (typeof value === 'string' && (value !== '' || mayBeEmpty)) return value
  const kind = typeof value === 'string' ? 'an empty text' : kindOf(value)
  throw new TypeError(`${builder}: must be a text that is not empty, a finite number or a bigint, not ${kind}`)
}
