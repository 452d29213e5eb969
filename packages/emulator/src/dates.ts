// Dates are stored as yyyy-MM-dd, timestamps as yyyy-MM-dd HH:mm:ss and times as seconds, so that SQL can compare them.

/** An order of `MM`, `dd` and `yyyy` with separators. */
export type DateFormat = string

export const US_DATES: DateFormat = 'MM/dd/yyyy'
export const ISO_DATES: DateFormat = 'yyyy-MM-dd'

/** Stored form of a date written in the given format, or undefined when it is no such date. */
export function parseDate(text: string, format: DateFormat): string | undefined {
  const order = partsOf(format)
  const numbers = /^\s*(\d+)[/.\-\s](\d+)[/.\-\s](\d+)\s*$/.exec(text)?.slice(1)
  if (numbers === undefined) return undefined
  const [year, month, day] = ['yyyy', 'MM', 'dd'].map((part) => numbers[order.indexOf(part)] ?? '')
  if (year === undefined || month === undefined || day === undefined) return undefined
  if (month.length > 2 || day.length > 2 || year.length > 4) return undefined
  return storedDate(fullYear(year), Number(month), Number(day))
}

/** The calendar day in stored form, or undefined when there is none such. */
export function storedDate(year: number, month: number, day: number): string | undefined {
  if (year < 1 || year > 4000 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`
}

export function formatDate(stored: string, format: DateFormat): string {
  if (format === ISO_DATES) return stored
  const [year = '', month = '', day = ''] = stored.split('-')
  return format.replace('yyyy', year).replace('MM', month).replace('dd', day)
}

/** Seconds, or undefined when the text is no time. More than 24 hours are a time too. */
export function parseTime(text: string): number | undefined {
  const match = /^\s*(-?)(\d{1,6})(?::(\d{1,2})(?::(\d{1,2}(?:\.\d{1,6})?))?)?\s*([ap]m)?\s*$/i.exec(text)
  if (match === null) return undefined
  const [, sign, hourText = '', minuteText = '0', secondText = '0', half] = match
  let hours = Number(hourText)
  const minutes = Number(minuteText)
  const seconds = Number(secondText)
  if (minutes > 59 || seconds >= 60) return undefined
  if (half !== undefined) {
    if (hours < 1 || hours > 12) return undefined
    hours = (hours % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  }
  const total = hours * 3600 + minutes * 60 + seconds
  return sign === '-' ? -total : total
}

export function formatTime(stored: number): string {
  const total = Math.abs(stored)
  const whole = Math.floor(total)
  const fraction = Math.round((total - whole) * 1e6)
  const end = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`
  const minutes = Math.floor(whole / 60)
  const text = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(whole % 60)}${end}`
  return stored < 0 ? `-${text}` : text
}

/** Stored form, or undefined when the text is neither a timestamp nor a date. */
export function parseTimestamp(text: string, format: DateFormat): string | undefined {
  const trimmed = text.trim()
  const split = /^(\S+?)(?:\s+|T(?=\d))(\S.*)$/.exec(trimmed)
  const date = parseDate(split?.[1] ?? trimmed, format)
  if (date === undefined) return undefined
  const seconds = split === null ? 0 : parseTime(split[2] ?? '')
  if (seconds === undefined || seconds < 0 || seconds >= 86_400) return undefined
  return `${date} ${formatTime(seconds)}`
}

export function formatTimestamp(stored: string, format: DateFormat): string {
  return `${formatDate(stored.slice(0, 10), format)} ${stored.slice(11)}`
}

/** Today, in stored form, where this server is. */
export function today(now: number): string {
  const date = new Date(now)
  return storedDate(date.getFullYear(), date.getMonth() + 1, date.getDate()) ?? ''
}

/** `yyyy`, `MM` and `dd` in the format's order. */
export function partsOf(format: DateFormat): string[] {
  return format.match(/yyyy|MM|dd/g) ?? []
}

function fullYear(text: string): number {
  const year = Number(text)
  if (text.length > 2) return year
  // Two digits mean the century that puts the year at most thirty years ahead.
  const limit = new Date().getFullYear() + 30
  const century = Math.floor(limit / 100) * 100
  return century + year > limit ? century - 100 + year : century + year
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
