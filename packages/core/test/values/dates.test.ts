import { startEmulator } from '@fm/emulator'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { date, duration, fields, time, timestamp, type Codec } from '../../src/values.ts'
import { clientOf } from '../support.ts'
import { nodesTemporal } from './temporal.ts'

const Temporal = nodesTemporal()
const OSLO = 'Europe/Oslo'
const ZONES = [
  'UTC',
  OSLO,
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Monrovia',
]

/** Days that FileMaker's calendar has. */
const days = fc
  .date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('4000-12-31T23:59:59Z'), noInvalidDate: true })
  .map((instant) => instant.toISOString().slice(0, 10))
const clocks = fc
  .tuple(fc.nat(23), fc.nat(59), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))

/** Temporal takes offsets of old times to the minute; this one counts their seconds. */
function instantOf(zoned: string): number {
  const [, wall = '', sign, hours, minutes, seconds = '0'] =
    /^(.*T[\d:.]+)([+-])(\d\d):(\d\d)(?::(\d\d))?\[/.exec(zoned) ?? []
  const aheadMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
  return Date.parse(`${wall}Z`) - (sign === '-' ? -aheadMs : aheadMs)
}

/** A field through the codec, to the emulator, and back, under each of the three dateformats. */
async function throughServer<Value>(
  type: 'date' | 'time' | 'timestamp',
  codec: Codec<Value, string>,
  values: readonly Value[],
): Promise<void> {
  await using server = await startEmulator({
    databases: { Demo: { dateFormat: 'dd.MM.yyyy', tables: { T: { fields: { value: type }, records: [{}] } } } },
  })
  await using fm = clientOf(server)
  const records = fm.layout('T', { schema: fields({ value: codec }) })
  for (const dateformats of [0, 1, 2] as const) {
    for (const value of values) {
      await records.edit(1, { value }, { dateformats })
      expect((await records.get(1, { dateformats })).fieldData.value).toEqual(value)
    }
  }
}

describe('dates', () => {
  test('are ISO text that Temporal takes, whatever the dateformats', async () => {
    const codec = date({ format: 'dd.MM.yyyy' })
    expect(codec.decode('31.12.2026')).toBe('2026-12-31')
    expect(codec.decode('2026-12-31')).toBe('2026-12-31')
    expect(date().decode('12/31/2026')).toBe('2026-12-31')
    expect(date().decode('2/1/2026')).toBe('2026-02-01')
    expect(String(Temporal.PlainDate.from(date().decode('02/29/2024') ?? ''))).toBe('2024-02-29')
    await throughServer('date', codec, ['2026-12-31', '2024-02-29', '0900-01-02', null])
  })

  test('without a call, US is what is written', () => {
    expect(date().encode('2026-02-01')).toBe('02/01/2026')
    expect(date().encode(null)).toBe('')
  })

  test('every day of the calendar comes back as it was', () => {
    fc.assert(
      fc.property(days, (day) => {
        expect(date().decode(date().encode(day))).toBe(day)
      }),
    )
  })

  test('as Date, a day is its beginning in the zone, and the day that it is there', async () => {
    const codec = date({ as: 'Date', zone: OSLO, format: 'd.M.yyyy' })
    expect(codec.decode('1.7.2026')).toEqual(new Date('2026-06-30T22:00:00Z'))
    expect(codec.encode(new Date('2026-06-30T21:59:59Z'))).toBe('30.6.2026')
    await throughServer('date', codec, [new Date('2026-06-30T22:00:00Z'), null])
  })

  test('are refused where they are none, and the text is not quoted', () => {
    for (const wrong of ['02/30/2026', '13/01/2026', '31.12.2026', '12/31/26', '?', 'soon', '12/31/2026x']) {
      expect(() => date().decode(wrong)).toThrow(TypeError)
      expect(() => date().encode(wrong)).toThrow(TypeError)
      expect(date()['~standard'].validate(wrong)).not.toHaveProperty('value')
    }
    expect(() => date().encode('')).toThrow(TypeError)
    expect(date()['~standard'].validate(5)).not.toHaveProperty('value')
    expect(() => date().encode('2026-1-1')).toThrow(TypeError)
    expect(() => date().decode('secret')).toThrow('is no date in the form that dates have here')
    expect(() => date({ format: 'dd.MM.yy' })).toThrow("format must hold dd, MM and yyyy once each, as in 'dd.MM.yyyy'")
    expect(() => date({ zone: OSLO } as never)).toThrow("zone goes with as: 'Date'")
    expect(() => date({ as: 'Date', zone: 'Mars/Olympus' })).toThrow(RangeError)
    expect(() => date()['~encode']('2026-12-31', 1)).toThrow('needs the option format of date() where dateformats is 1')
  })
})

describe('timestamps', () => {
  test('without a zone are what a clock showed, as ISO text that Temporal takes', async () => {
    const codec = timestamp({ format: 'dd.MM.yyyy' })
    expect(timestamp().decode('03/11/2025 19:57:12')).toBe('2025-03-11T19:57:12')
    expect(timestamp().decode('3/11/2025 7:57 PM')).toBe('2025-03-11T19:57:00')
    expect(timestamp().decode('2025-03-11T19:57:12.250')).toBe('2025-03-11T19:57:12.25')
    expect(String(Temporal.PlainDateTime.from(timestamp().decode('03/11/2025 00:00:00') ?? ''))).toBe(
      '2025-03-11T00:00:00',
    )
    expect(timestamp().encode('2025-03-11T08:05')).toBe('03/11/2025 08:05:00')
    await throughServer('timestamp', codec, [
      '2025-03-11T19:57:12',
      '2025-03-11T00:00:00',
      '2025-03-11T19:57:12.000001',
      null,
    ])
  })

  test('with a zone are instants, as text that Temporal takes or as Date', async () => {
    const zoned = timestamp({ zone: OSLO })
    const dated = timestamp({ zone: OSLO, as: 'Date' })
    expect(zoned.decode('07/01/2026 12:00:00')).toBe('2026-07-01T12:00:00+02:00[Europe/Oslo]')
    expect(zoned.encode('2026-07-01T10:00:00Z')).toBe('07/01/2026 12:00:00')
    expect(zoned.encode('2026-07-01T06:00:00.5-04:00[America/New_York]')).toBe('07/01/2026 12:00:00.5')
    expect(dated.decode('12/31/2026 23:59:59')).toEqual(new Date('2026-12-31T22:59:59Z'))
    expect(dated.encode(new Date('2026-12-31T22:59:59.120Z'))).toBe('12/31/2026 23:59:59.12')
    const format = 'dd.MM.yyyy'
    await throughServer('timestamp', timestamp({ zone: OSLO, format }), [
      '2026-07-01T12:00:00+02:00[Europe/Oslo]',
      null,
    ])
    await throughServer('timestamp', timestamp({ zone: OSLO, as: 'Date', format }), [
      new Date('2026-07-01T10:00:00Z'),
      null,
    ])
  })

  test('agree with Temporal on what a clock means, in every zone, at both changes of the clocks too', () => {
    const walls = fc.oneof(
      fc.tuple(days, clocks),
      fc.tuple(
        fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2011-12-30', '2026-10-04'),
        clocks,
      ),
    )
    fc.assert(
      fc.property(walls, fc.constantFrom(...ZONES), ([day, clock], zone) => {
        const meant = Temporal.PlainDateTime.from(`${day}T${clock}`).toZonedDateTime(zone)
        const [year = '', month = '', dayOfMonth = ''] = day.split('-')
        const wire = `${month}/${dayOfMonth}/${year} ${clock}`
        expect(timestamp({ zone, as: 'Date' }).decode(wire)?.getTime()).toBe(meant.epochMilliseconds)
        const zoned = timestamp({ zone }).decode(wire) ?? ''
        expect(instantOf(zoned)).toBe(meant.epochMilliseconds)
        expect(zoned).toContain(`[${zone}]`)
        // Written again, it is the time that clocks show then.
        expect(timestamp({ zone, as: 'Date' }).decode(timestamp({ zone }).encode(zoned))?.getTime()).toBe(
          meant.epochMilliseconds,
        )
      }),
      { numRuns: 500 },
    )
  })

  test('that clocks show twice are the first of both, and those that they skip come as long after the gap', () => {
    const cases: [zone: string, wire: string, zoned: string, instant: string][] = [
      [OSLO, '10/25/2026 02:30:00', '2026-10-25T02:30:00+02:00', '2026-10-25T00:30:00Z'],
      [OSLO, '10/25/2026 03:00:00', '2026-10-25T03:00:00+01:00', '2026-10-25T02:00:00Z'],
      [OSLO, '03/29/2026 02:30:00', '2026-03-29T03:30:00+02:00', '2026-03-29T01:30:00Z'],
      ['Australia/Lord_Howe', '04/05/2026 01:45:00', '2026-04-05T01:45:00+11:00', '2026-04-04T14:45:00Z'],
      ['Pacific/Apia', '12/30/2011 12:00:00', '2011-12-31T12:00:00+14:00', '2011-12-30T22:00:00Z'],
    ]
    for (const [zone, wire, zoned, instant] of cases) {
      expect(timestamp({ zone }).decode(wire)).toBe(`${zoned}[${zone}]`)
      expect(timestamp({ zone, as: 'Date' }).decode(wire)).toEqual(new Date(instant))
    }
    // The second of both is written as clocks show it, which is all that FileMaker has.
    expect(timestamp({ zone: OSLO }).encode('2026-10-25T01:30:00Z')).toBe('10/25/2026 02:30:00')
  })

  test('are refused where they are none, or have a zone that is not asked for', () => {
    for (const wrong of ['2026-02-30T00:00:00', '2026-01-01T24:00:00', '2026-01-01', 'now', '2026-01-01T10:00:00x']) {
      expect(() => timestamp().encode(wrong)).toThrow(TypeError)
    }
    expect(() => timestamp().encode('2026-01-01T10:00:00Z')).toThrow('has a time zone: timestamp({ zone }) takes that')
    expect(() => timestamp({ zone: OSLO }).encode('2026-01-01T10:00:00')).toThrow('must be an instant')
    expect(() => timestamp({ zone: OSLO, as: 'Date' }).encode(new Date(Number.NaN))).toThrow('must be a valid Date')
    expect(() => timestamp().decode('01/01/2026 25:00:00')).toThrow('is no time of day')
    expect(() => timestamp({ as: 'Date' } as never)).toThrow("as: 'Date' needs a zone")
  })
})

describe('times', () => {
  test('of day are ISO text that Temporal takes', async () => {
    expect(time().decode('8:05 pm')).toBe('20:05:00')
    expect(time().decode('12:00 AM')).toBe('00:00:00')
    expect(String(Temporal.PlainTime.from(time().decode('19:57:12') ?? ''))).toBe('19:57:12')
    expect(time().encode('08:05')).toBe('08:05:00')
    await throughServer('time', time(), ['19:57:12', '00:00:00', '23:59:59.25', null])
  })

  test('that are longer than a day, or negative, are durations that Temporal takes', async () => {
    expect(() => time().decode('30:00:00')).toThrow('duration() takes what is longer, or negative')
    expect(duration().decode('30:15:00')).toBe('PT30H15M')
    expect(duration().decode('-1:30:00')).toBe('-PT1H30M')
    expect(duration().decode('0:00:00')).toBe('PT0S')
    expect(String(Temporal.Duration.from(duration().decode('-100:00:00.25') ?? ''))).toBe('-PT100H0.25S')
    expect(duration().encode('P1DT6H')).toBe('30:00:00')
    expect(duration().encode('-PT90M')).toBe('-01:30:00')
    expect(duration({ as: 'seconds' }).decode('-00:00:01.5')).toBe(-1.5)
    expect(duration({ as: 'seconds' }).encode(108_000)).toBe('30:00:00')
    await throughServer('time', duration(), ['PT30H15M', '-PT1H30M', 'PT0S', 'PT0.25S', 'PT9999H59M59S', null])
    await throughServer('time', duration({ as: 'seconds' }), [108_900, -5400, 0, 0.25, -0.000001, null])
  })

  test('every count of seconds comes back as it was', () => {
    const seconds = duration({ as: 'seconds' })
    fc.assert(
      fc.property(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), (count) => {
        expect(seconds.decode(seconds.encode(count))).toBe(count)
        const iso = duration().decode(seconds.encode(count)) ?? ''
        expect(duration().encode(iso)).toBe(seconds.encode(count))
      }),
    )
  })

  test('are refused where they are none', () => {
    for (const wrong of ['', 'P', 'PT', 'P1M', 'P1Y', '1:30', 'PT1H30', 'P1DT']) {
      expect(() => duration().encode(wrong)).toThrow(TypeError)
    }
    for (const wrong of ['noon', '10:70', '1:2:60', '13:00 pm', '-', '8:']) {
      expect(() => duration().decode(wrong)).toThrow('is no time')
    }
    expect(() => time().encode('8:05')).toThrow("must be a time of day as in '19:57:12'")
  })
})

test('a long text in a time field is read in no time, whatever is in it', () => {
  const startedAt = performance.now()
  const many = (text: string): string => text.repeat(200_000)
  for (const text of [`8:05${many(' ')}x`, `${many(' ')}x`, `8:05:00.${many('0')}1`, `8:05:00.1${many('0')}`]) {
    for (const codec of [time(), duration(), timestamp()]) {
      // Read or refused: here it matters only that it takes no time.
      void codec['~standard'].validate(text)
    }
  }
  expect(time().decode(`8:05:00.1${many('0')}`)).toBe('08:05:00.1')
  // With patterns that began anew at each character it took minutes.
  expect(performance.now() - startedAt).toBeLessThan(5_000)
})
