// A field's value in its three forms: as it is written, stored and read (section 8.6).

import { Refusal } from './answer.ts'
import {
  formatDate,
  formatTime,
  formatTimestamp,
  ISO_DATES,
  parseDate,
  parseTime,
  parseTimestamp,
  US_DATES,
} from './dates.ts'
import type { DateFormat } from './dates.ts'
import type { FieldType, LongNumbers } from './definition.ts'
import { isWithinDouble } from './json.ts'
import type { JsonText } from './json.ts'

/**
 * What SQLite holds; null is empty. Numbers that a double can't hold and text in number fields are text; a container
 * is the key of its row among the containers.
 */
export type StoredValue = null | string | number | bigint

/**
 * The stored form of a value that a client sends.
 *
 * @throws Refusal 500 or 501 when a date or time is none in that format.
 */
export function storedValue(type: FieldType, input: string | number, dates: DateFormat): StoredValue {
  const text = typeof input === 'number' ? String(input) : input
  if (text === '') return null
  switch (type) {
    case 'text':
      return storedText(text)
    case 'number':
      return storedNumber(text)
    case 'date':
      return parseDate(text, dates) ?? refuse(500)
    case 'time':
      return parseTime(text) ?? refuse(501)
    case 'timestamp':
      return parseTimestamp(text, dates) ?? refuse(500)
    case 'container':
      return refuse(201)
  }
}

/** As `storedValue`, for values in a definition: dates in the US form or the ISO form, undefined when it is neither. */
export function storedFromDefinition(type: FieldType, input: string | number): StoredValue | undefined {
  const text = String(input)
  if (text === '') return null
  if (type === 'date') return parseDate(text, US_DATES) ?? parseDate(text, ISO_DATES)
  if (type === 'timestamp') return parseTimestamp(text, US_DATES) ?? parseTimestamp(text, ISO_DATES)
  if (type === 'time') return parseTime(text)
  return type === 'number' ? storedNumber(text) : storedText(text)
}

/** The value as it stands in `fieldData`. Containers are not for this function: their URL is made for each read. */
export function wireValue(
  type: FieldType,
  stored: StoredValue,
  dates: DateFormat,
  longNumbers: LongNumbers = 'text',
): JsonText {
  if (stored === null) return '""'
  if (typeof stored === 'string') {
    if (type === 'number' && longNumbers === 'number' && NUMBER.test(stored)) return numberJson(stored)
    if (type === 'date') return JSON.stringify(formatDate(stored, dates))
    if (type === 'timestamp') return JSON.stringify(formatTimestamp(stored, dates))
    return JSON.stringify(stored)
  }
  return type === 'time' ? JSON.stringify(formatTime(Number(stored))) : String(stored)
}

/** The number that a text in a number field counts as: its digits, whatever stands between them. Null without any. */
export function numberIn(text: string): number | null {
  const digits = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(text)
    ? text
    : text.replace(/[^\d.-]/g, '').replace(/(?!^)-/g, '')
  if (!/\d/.test(digits)) return null
  const value = Number(digits)
  return Number.isFinite(value) ? value : Number.parseFloat(digits)
}

/** Without NUL characters: Node 22 would cut the text off at the first one when it comes back from SQLite. */
function storedText(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text
}

function storedNumber(text: string): StoredValue {
  const trimmed = text.trim()
  if (!NUMBER.test(trimmed)) return text
  const value = Number(trimmed)
  // Fifteen significant digits always survive the way through a double; of longer ones only those that come out alike.
  const digits = trimmed.replace(/e.*$/i, '').replace(/^[-+]?0*\.?0*|\./g, '')
  if (!isWithinDouble(value, digits) || (digits.length > 15 && String(value) !== trimmed)) return trimmed
  // As bigint SQLite stores an integer; a JavaScript number would become 36.0 there, and '36.0' beside a text key.
  return Number.isSafeInteger(value) ? BigInt(value) : value
}

const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i

/** JSON wants a digit on either side of the point, and neither a plus sign nor zeros in front. */
function numberJson(digits: string): JsonText {
  return digits
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.')
    .replace(/\.(?=e|$)/i, '')
    .replace(/^(-?)0+(?=\d)/, '$1')
}

function refuse(code: number): never {
  throw new Refusal(code)
}
