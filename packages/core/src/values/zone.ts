import type { Clock, Day } from './calendar.ts'
import { trimZeros } from './calendar.ts'
import { ValueError } from './codec.ts'

/** Clocks of one time zone: what they show at an instant, and at which instant they show something. */
export interface Zone {
  readonly name: string
  /** Clock and calendar at an instant. */
  readonly at: (instantMs: number) => Day & Clock
  /**
   * The instant, in milliseconds since 1970. Of a time that clocks show twice the first, and for one that they skip the one as
   * long after the gap: as Temporal does ("compatible").
   */
  readonly instantOf: (local: Day & Clock) => number
  /** How far clocks are ahead of UTC, in milliseconds. */
  readonly offsetAt: (instantMs: number) => number
}

const DAY_MS = 86_400_000

/** @throws RangeError that names the option where there is no such zone. */
export function createZone(option: string, name: unknown): Zone {
  if (typeof name !== 'string' || name === '') throw new TypeError(`${option}: must be a time zone like 'Europe/Oslo'`)
  const clock = clockOf(option, name)
  const offsetAt = (instantMs: number): number => {
    const whole = Math.floor(instantMs / 1000) * 1000
    return utcOf(partsAt(clock, whole)) - whole
  }
  return {
    name,
    offsetAt,
    at: (instantMs) => fieldsOf(instantMs + offsetAt(instantMs)),
    instantOf: (local) => {
      const wall = utcOf(local)
      // No zone changes its clocks twice within two days: one of the offsets around is the one.
      const [before, after] = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)]
      if (before === after) return wall - before
      const shown = [wall - before, wall - after].filter((instant) => instant + offsetAt(instant) === wall)
      return shown.length === 0 ? wall - before : Math.min(...shown)
    },
  }
}

function clockOf(option: string, timeZone: string): Intl.DateTimeFormat {
  const numeric = 'numeric'
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      era: 'short',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    })
  } catch {
    throw new RangeError(`${option}: there is no such time zone; it must be one like 'Europe/Oslo'`)
  }
}

function partsAt(clock: Intl.DateTimeFormat, instantMs: number): Day & Clock {
  const parts = Object.fromEntries(clock.formatToParts(instantMs).map(({ type, value }) => [type, value]))
  const numberOf = (type: string): number => Number(parts[type] ?? 0)
  const year = numberOf('year')
  return {
    year: parts.era?.startsWith('B') === true ? 1 - year : year,
    month: numberOf('month'),
    day: numberOf('day'),
    hour: numberOf('hour'),
    minute: numberOf('minute'),
    second: numberOf('second'),
    fraction: '',
  }
}

/** The instant at which clocks of UTC show this. */
export function utcOf({ year, month, day, hour, minute, second, fraction }: Day & Clock): number {
  // Date.UTC takes the years before 100 for those of the twentieth century.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second, Number(fraction.slice(0, 3).padEnd(3, '0')))
  return date.getTime()
}

/** What clocks of UTC show. */
function fieldsOf(instantMs: number): Day & Clock {
  const date = new Date(instantMs)
  if (Number.isNaN(date.getTime())) throw new ValueError('is an invalid Date')
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    fraction: trimZeros(String(date.getUTCMilliseconds()).padStart(3, '0')),
  }
}

/** `+02:00`, with seconds where an old zone has them. */
export function isoOffset(offsetMs: number): string {
  const seconds = Math.abs(offsetMs) / 1000
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const shown = parts.map((value) => String(value).padStart(2, '0'))
  return `${offsetMs < 0 ? '-' : '+'}${(shown[2] === '00' ? shown.slice(0, 2) : shown).join(':')}`
}
