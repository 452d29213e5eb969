import { isoClock, readClock, readSpan, type Span, trimZeros } from './calendar.ts'
import { checkOptions, type Codec, createCodec, ValueError } from './codec.ts'
import { expectText, kindOf } from './texts.ts'

/**
 * A time of day as ISO text, `'19:57:12'`, which `Temporal.PlainTime.from` takes; null where the field is empty. FileMaker's
 * time fields hold counts of hours too, over 24 and below zero: {@link duration} is for those.
 */
export function time(): Codec<string | null, string> {
  return createCodec<string | null, string>({
    decode: (wire) => (wire === '' ? null : isoClock(readClock(String(wire)))),
    encode: (value) => {
      if (value === null) return ''
      if (!/^\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?$/.test(expectText(value))) {
        throw new ValueError("must be a time of day as in '19:57:12'")
      }
      return isoClock(readClock(value))
    },
  })
}

/**
 * How long something takes: a time field as ISO text, `'PT30H15M'` or `'-PT1H30M'`, which `Temporal.Duration.from` takes; null
 * where the field is empty. With `as: 'seconds'`, a number of seconds.
 */
export function duration(): Codec<string | null, string>
export function duration(options: { readonly as: 'seconds' }): Codec<number | null, string>
export function duration(
  options: { readonly as?: 'seconds' } = {},
): Codec<string | null, string> | Codec<number | null, string> {
  checkOptions('duration', options, ['as'])
  if (options.as !== undefined && options.as !== 'seconds') {
    throw new TypeError("duration: as must be 'seconds' or left out")
  }
  if (options.as === undefined) {
    return createCodec<string | null, string>({
      decode: (wire) => (wire === '' ? null : isoDuration(readSpan(String(wire)))),
      encode: (value) => (value === null ? '' : writeSpan(readDuration(expectText(value)))),
    })
  }
  return createCodec<number | null, string>({
    decode: (wire) => (wire === '' ? null : secondsOf(readSpan(String(wire)))),
    encode: (value) => (value === null ? '' : writeSpan(spanOf(value))),
  })
}

function isoDuration({ negative, hour, minute, second, fraction }: Span): string {
  const seconds = fraction === '' ? String(second) : `${second}.${fraction}`
  const parts = [hour === 0 ? '' : `${hour}H`, minute === 0 ? '' : `${minute}M`, seconds === '0' ? '' : `${seconds}S`]
  const text = parts.join('')
  return text === '' ? 'PT0S' : `${negative ? '-' : ''}PT${text}`
}

/** Days count 24 hours. Months and years have no length of their own. */
function readDuration(text: string): Span {
  const match =
    /^([+-]?)P(?:(\d{1,7})W)?(?:(\d{1,8})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,11})M)?(?:(\d{1,12})(?:[.,](\d+))?S)?)?$/i.exec(
      text,
    )
  if (match === null || !/\d/.test(text) || /T$/i.test(text)) {
    throw new ValueError("must be a duration as in 'PT1H30M', without years and months")
  }
  const [, sign, weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match
  const whole =
    ((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 3600 + Number(minutes) * 60 + Number(seconds)
  return spanOfSeconds(whole, trimZeros(fraction), sign === '-')
}

function secondsOf({ negative, hour, minute, second, fraction }: Span): number {
  const seconds = Number(`${hour * 3600 + minute * 60 + second}.${fraction === '' ? '0' : fraction}`)
  return negative && seconds !== 0 ? -seconds : seconds
}

/** FileMaker's times go to the microsecond. */
function spanOf(seconds: unknown): Span {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) {
    throw new ValueError(`must be a finite number of seconds or null, not ${kindOf(seconds)}`)
  }
  const [whole = '0', fraction = ''] = Math.abs(seconds).toFixed(6).split('.')
  return spanOfSeconds(Number(whole), trimZeros(fraction), seconds < 0)
}

function spanOfSeconds(whole: number, fraction: string, negative: boolean): Span {
  const hour = Math.floor(whole / 3600)
  if (hour > 999_999_999) throw new ValueError('has more hours than can be written')
  return { hour, minute: Math.floor(whole / 60) % 60, second: whole % 60, fraction, negative }
}

function writeSpan(span: Span): string {
  const isZero = span.hour === 0 && span.minute === 0 && span.second === 0 && span.fraction === ''
  return `${span.negative && !isZero ? '-' : ''}${isoClock(span)}`
}
