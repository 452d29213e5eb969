import type { DateFormats } from '../wire/parameters.ts'
import { ValueError } from './codec.ts'

/** A day of the calendar. */
export interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** A time of day: whole seconds, and the digits behind the point without zeros at the end. */
export interface Clock {
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly fraction: string
}

/** How one form of a date is read and written. */
interface DateForm {
  /** Undefined where the text has another form. */
  readonly read: (text: string) => Day | undefined
  readonly write: (day: Day) => string
}

const TOKENS = /yyyy|MM?|dd?/g

const US = dateForm('MM/dd/yyyy')
const ISO = dateForm('yyyy-MM-dd')

/** `12/31/2026`, `31.12.2026`, `2026-12-31`: how dates travel under each of the three `dateformats`. */
export interface DateForms {
  /** Without `dateformats`, ISO is read as well. */
  readonly read: (text: string, dateformats: DateFormats | undefined) => Day
  /** Without `dateformats`, in the file's own form where it is known, else in the US form. */
  readonly write: (day: Day, dateformats: DateFormats | undefined) => string
}

/**
 * @param name - The codec, for errors.
 * @param format - The file's own form, for `dateformats: 1`.
 * @throws TypeError where it does not hold dd (or d), MM (or M) and yyyy once each.
 */
export function dateForms(name: string, format: string | undefined): DateForms {
  const own = format === undefined ? undefined : ownForm(name, format)
  const formFor = (dateformats: DateFormats | undefined): DateForm => {
    if (dateformats === undefined) return own ?? US
    if (dateformats === 0) return US
    if (dateformats === 2) return ISO
    if (own === undefined) throw new ValueError(`needs the option format of ${name}() where dateformats is 1`)
    return own
  }
  return {
    read: (text, dateformats) => {
      const day = (dateformats === undefined ? ISO.read(text) : undefined) ?? formFor(dateformats).read(text)
      if (day === undefined) throw new ValueError('is no date in the form that dates have here')
      return day
    },
    write: (day, dateformats) => formFor(dateformats).write(day),
  }
}

function ownForm(name: string, format: unknown): DateForm {
  const letters = typeof format === 'string' ? (format.match(TOKENS) ?? []).map(([letter]) => letter) : []
  if (letters.length !== 3 || new Set(letters).size !== 3) {
    throw new TypeError(`${name}: format must hold dd, MM and yyyy once each, as in 'dd.MM.yyyy'`)
  }
  return dateForm(String(format))
}

function dateForm(format: string): DateForm {
  const parts: string[] = format.match(TOKENS) ?? []
  const separators = format.split(TOKENS).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`))
  const source = parts.reduce(
    (text, part, index) =>
      `${text}(${part === 'yyyy' ? String.raw`\d{4}` : String.raw`\d{1,2}`})${separators[index + 1]}`,
    separators[0] ?? '',
  )
  const pattern = new RegExp(`^${source}$`)
  return {
    read: (text) => {
      const numbers = pattern.exec(text.trim())?.slice(1).map(Number)
      if (numbers === undefined) return undefined
      const numberOf = (letter: string): number => numbers[parts.findIndex((part) => part.startsWith(letter))] ?? 0
      return checkDay({ year: numberOf('y'), month: numberOf('M'), day: numberOf('d') })
    },
    write: ({ year, month, day }) =>
      format.replaceAll(TOKENS, (token) => {
        const value = token.startsWith('y') ? year : token.startsWith('M') ? month : day
        return String(value).padStart(token.length, '0')
      }),
  }
}

/** FileMaker's calendar goes from year 1 to 4000. */
export function checkDay(day: Day): Day {
  const { year, month, day: dayOfMonth } = day
  if (year < 1 || year > 4000 || month < 1 || month > 12 || dayOfMonth < 1 || dayOfMonth > daysIn(year, month)) {
    throw new ValueError('is a day that the calendar of FileMaker does not have')
  }
  return day
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** `2026-12-31`. */
export function isoDay(day: Day): string {
  return ISO.write(day)
}

/** @throws ValueError where the text is no ISO date. */
export function readIsoDay(text: string): Day {
  const day = ISO.read(text)
  if (day === undefined || text.length !== 10) throw new ValueError("must be a date as in '2026-12-31'")
  return day
}

/** `08:05:00` or `08:05:00.25`. */
export function isoClock({ hour, minute, second, fraction }: Clock): string {
  const text = [hour, minute, second].map((value) => String(value).padStart(2, '0')).join(':')
  return fraction === '' ? text : `${text}.${fraction}`
}

/** A time as FileMaker has it: a count of hours, minutes and seconds that may be more than a day, and negative. */
export interface Span extends Clock {
  readonly negative: boolean
}

/** Reads `19:57:12`, `8:05`, `30:00:00.25`, `-1:30:00`, `8:05 PM`. */
export function readSpan(text: string): Span {
  const match = /^(-?)(\d{1,9})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?)?\s*([ap]m)?$/i.exec(text.trim())
  if (match === null) throw new ValueError('is no time')
  const [, sign = '', hours = '', minutes = '0', seconds = '0', fraction = '', half = ''] = match
  const span = { hour: Number(hours), minute: Number(minutes), second: Number(seconds), fraction: trimZeros(fraction) }
  const impossibleHalf = half !== '' && (span.hour < 1 || span.hour > 12)
  if (span.minute > 59 || span.second > 59 || impossibleHalf) throw new ValueError('is no time')
  const hour = half === '' ? span.hour : (span.hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  return { ...span, hour, negative: sign === '-' }
}

/** Reads a time that stands on a clock: from 00:00:00 to 23:59:59. */
export function readClock(text: string): Clock {
  const { negative, ...clock } = readSpan(text)
  if (negative || clock.hour > 23)
    throw new ValueError('is no time of day; duration() takes what is longer, or negative')
  return clock
}

/** By a loop: a pattern would begin anew at each zero of a long text. */
export function trimZeros(fraction: string): string {
  let end = fraction.length
  while (fraction[end - 1] === '0') end--
  return fraction.slice(0, end)
}
