import type { DateFormats } from '../wire/parameters.ts'
import {
  checkDay,
  dateForms,
  type Clock,
  type Day,
  isoClock,
  isoDay,
  readClock,
  readIsoDay,
  trimZeros,
} from './calendar.ts'
import { checkOptions, type Codec, createCodec, ValueError } from './codec.ts'
import { expectText } from './texts.ts'
import { createZone, isoOffset, utcOf, type Zone } from './zone.ts'

export interface DateOptions {
  /**
   * The file's own form of dates: `'dd.MM.yyyy'`. Needed for calls with `dateformats: 1`; the other two forms are known. The
   * codec's own `decode` and `encode`, which no call is known to, take it too (else the US form).
   * @defaultValue none
   */
  readonly format?: string | undefined
}

/**
 * A date as ISO text, `'2026-12-31'`, which `Temporal.PlainDate.from` takes; null where the field is empty. It travels in the
 * form of the call's `dateformats`.
 *
 * With `as: 'Date'`, a `Date`: the day's beginning in the time zone `zone`. A date of the calendar is no instant, so the zone
 * has to be said, here and where the `Date` is shown.
 */
export function date(options?: DateOptions): Codec<string | null, string>
export function date(options: DateOptions & { readonly as: 'Date'; readonly zone: string }): Codec<Date | null, string>
export function date(
  options: DateOptions & { readonly as?: 'Date'; readonly zone?: string } = {},
): Codec<string | null, string> | Codec<Date | null, string> {
  checkOptions('date', options, DATE_OPTIONS)
  const forms = dateForms('date', options.format)
  checkAs('date', options.as)
  if (options.as === undefined) {
    if (options.zone !== undefined) throw new TypeError("date: zone goes with as: 'Date'")
    return createCodec<string | null, string>({
      decode: (wire, dateformats) => (wire === '' ? null : isoDay(forms.read(readText(wire), dateformats))),
      encode: (value, dateformats) => (value === null ? '' : forms.write(readIsoDay(expectText(value)), dateformats)),
    })
  }
  const zone = createZone('date: zone', options.zone)
  return createCodec<Date | null, string>({
    decode: (wire, dateformats) =>
      wire === '' ? null : new Date(zone.instantOf({ ...forms.read(readText(wire), dateformats), ...MIDNIGHT })),
    encode: (value, dateformats) =>
      value === null ? '' : forms.write(checkDay(zone.at(instantOf(value))), dateformats),
  })
}

const DATE_OPTIONS: readonly string[] = ['format', 'as', 'zone']

const MIDNIGHT: Clock = { hour: 0, minute: 0, second: 0, fraction: '' }

/**
 * A timestamp as ISO text, `'2026-12-31T19:57:12'`, which `Temporal.PlainDateTime.from` takes; null where the field is empty.
 * FileMaker's timestamps have no time zone: they are what a clock showed, mostly the server's.
 *
 * With `zone`, that clock's time zone, they become instants: `'2026-12-31T19:57:12+01:00[Europe/Oslo]'`, which
 * `Temporal.ZonedDateTime.from` takes, or with `as: 'Date'` a `Date`. Written are any instants, in the zone's time. Of a time
 * that clocks show twice in autumn the first is meant, and one that they skip in spring is as long after the gap.
 */
export function timestamp(options?: DateOptions & { readonly zone?: string | undefined }): Codec<string | null, string>
export function timestamp(
  options: DateOptions & { readonly zone: string; readonly as: 'Date' },
): Codec<Date | null, string>
export function timestamp(
  options: DateOptions & { readonly zone?: string | undefined; readonly as?: 'Date' } = {},
): Codec<string | null, string> | Codec<Date | null, string> {
  checkOptions('timestamp', options, DATE_OPTIONS)
  const forms = dateForms('timestamp', options.format)
  checkAs('timestamp', options.as)
  const read = (wire: unknown, dateformats: DateFormats | undefined): Day & Clock => {
    const [, day = '', clock = '0:00'] = /^\s*(\S+)(?:[T ]\s*(\S.*?))?\s*$/.exec(splitT(readText(wire))) ?? []
    return { ...forms.read(day, dateformats), ...readClock(clock) }
  }
  const write = (local: Day & Clock, dateformats: DateFormats | undefined): string =>
    `${forms.write(checkDay(local), dateformats)} ${isoClock(local)}`
  const plain = (local: Day & Clock): string => `${isoDay(local)}T${isoClock(local)}`

  if (options.zone === undefined) {
    if (options.as !== undefined) throw new TypeError("timestamp: as: 'Date' needs a zone")
    return createCodec<string | null, string>({
      decode: (wire, dateformats) => (wire === '' ? null : plain(read(wire, dateformats))),
      encode: (value, dateformats) => (value === null ? '' : write(readLocal(expectText(value)), dateformats)),
    })
  }
  const zone = createZone('timestamp: zone', options.zone)
  if (options.as === 'Date') {
    return createCodec<Date | null, string>({
      decode: (wire, dateformats) => (wire === '' ? null : new Date(zone.instantOf(read(wire, dateformats)))),
      encode: (value, dateformats) => (value === null ? '' : write(zone.at(instantOf(value)), dateformats)),
    })
  }
  return createCodec<string | null, string>({
    decode: (wire, dateformats) => {
      if (wire === '') return null
      const local = read(wire, dateformats)
      const instant = zone.instantOf(local)
      // What clocks skip is shown as they show it; a fraction finer than a millisecond stays.
      const shown = { ...zone.at(instant), fraction: local.fraction }
      return `${plain(shown)}${isoOffset(zone.offsetAt(instant))}[${zone.name}]`
    },
    encode: (value, dateformats) => (value === null ? '' : write(readInstant(expectText(value), zone), dateformats)),
  })
}

/** `2026-12-31T08:00` as `2026-12-31 08:00`: servers write a blank, FileMaker's own functions may write either. */
function splitT(text: string): string {
  return text.replace(/(?<=\d)T(?=\d)/, ' ')
}

const LOCAL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?/i

function readLocal(text: string): Day & Clock {
  const { local, rest } = splitIso(text)
  if (rest !== '') throw new ValueError('has a time zone: timestamp({ zone }) takes that')
  return local
}

/** An instant: with `Z` or an offset. What stands in brackets behind it names the zone, and the offset rules. */
function readInstant(text: string, zone: Zone): Day & Clock {
  const { local, rest } = splitIso(text)
  const match = /^(?:z|([+-])(\d{2}):?(\d{2})(?::?(\d{2}))?)(?:\[[^\]]*\])*$/i.exec(rest)
  if (match === null) throw new ValueError("must be an instant as in '2026-12-31T19:57:12Z' or with an offset")
  const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] = match
  const aheadMs = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  const whole = utcOf({ ...local, fraction: '' })
  return { ...zone.at(sign === '-' ? whole + aheadMs : whole - aheadMs), fraction: local.fraction }
}

function splitIso(text: string): { readonly local: Day & Clock; readonly rest: string } {
  const match = LOCAL.exec(text)
  if (match === null) throw new ValueError("must be a timestamp as in '2026-12-31T19:57:12'")
  const [whole, day = '', hour = '', minute = '', second = '0', fraction = ''] = match
  const clock = readClock(`${hour}:${minute}:${second}`)
  return { local: { ...readIsoDay(day), ...clock, fraction: trimZeros(fraction) }, rest: text.slice(whole.length) }
}

function instantOf(value: unknown): number {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw new ValueError('must be a valid Date or null')
  return value.getTime()
}

function readText(wire: unknown): string {
  if (typeof wire !== 'string') throw new ValueError('is a number, no date')
  return wire
}

function checkAs(name: string, as: unknown): void {
  if (as !== undefined && as !== 'Date') throw new TypeError(`${name}: as must be 'Date' or left out`)
}
