import type { FieldValue } from '../records.ts'
import { sameDecimal } from '../wire/exact-numbers.ts'
import { checkOptions, type Codec, createCodec, ValueError } from './codec.ts'
import { expectText, kindOf } from './texts.ts'

/** How a number field is read that holds text: FileMaker's fields take any. */
export interface TextInNumbers {
  /**
   * `'digits'`: as FileMaker calculates, by the digits in the text ("12 kg" is 12), and null where there are none.
   * `'refuse'`: such a value is not valid. @defaultValue 'digits'
   */
  readonly text?: 'digits' | 'refuse'
}

export interface NumberOptions extends TextInNumbers {
  /**
   * What becomes of a number with more digits than JavaScript's has: `'refuse'` makes it invalid, `'round'` takes the nearest.
   * {@link decimal} and {@link integer} keep all digits. @defaultValue 'refuse'
   */
  readonly inexact?: 'refuse' | 'round'
}

/** A number; null where the field is empty. */
export function number(options: NumberOptions = {}): Codec<number | null> {
  checkOptions('number', options, ['text', 'inexact'])
  const { inexact = 'refuse' } = options
  if (inexact !== 'refuse' && inexact !== 'round') throw new TypeError("number: inexact must be 'refuse' or 'round'")
  const read = decimalReader('number', options)
  return createCodec<number | null, FieldValue>({
    decode: (wire) => {
      if (typeof wire === 'number') return wire
      const digits = read(wire)
      if (digits === null) return null
      const value = Number(digits)
      if (!Number.isFinite(value)) throw new ValueError('is larger than a JavaScript number can be')
      if (inexact === 'refuse' && !sameDecimal(digits, String(value))) {
        throw new ValueError("has more digits than a JavaScript number: see decimal(), or number({ inexact: 'round' })")
      }
      return value
    },
    encode: (value) => {
      if (value === null) return ''
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        throw new ValueError(`must be a finite number or null, not ${kindOf(value)}`)
      }
      return value
    },
  })
}

/**
 * A number with every digit it has, as text: `'12345678901234567890'`, `'-0.5'`, `'1e400'`; null where the field is empty. For
 * money, long keys, and libraries that calculate with decimals.
 */
export function decimal(options: TextInNumbers = {}): Codec<string | null, string> {
  checkOptions('decimal', options, ['text'])
  const read = decimalReader('decimal', options)
  return createCodec({
    decode: (wire) => (typeof wire === 'number' ? plain(String(wire)) : read(wire)),
    encode: (value) => {
      if (value === null) return ''
      const digits = expectText(value).trim()
      if (!DECIMAL.test(digits)) throw new ValueError('must be the digits of a number')
      return plain(digits)
    },
  })
}

/** A whole number of any length, as a bigint; null where the field is empty. */
export function integer(options: TextInNumbers = {}): Codec<bigint | null> {
  checkOptions('integer', options, ['text'])
  const read = decimalReader('integer', options)
  return createCodec<bigint | null, FieldValue>({
    decode: (wire) => {
      const digits = typeof wire === 'number' ? plain(String(wire)) : read(wire)
      return digits === null ? null : wholeNumber(digits)
    },
    encode: (value) => {
      if (value === null) return ''
      if (typeof value !== 'bigint') throw new ValueError(`must be a bigint or null, not ${kindOf(value)}`)
      return exactly(value)
    },
  })
}

/** A number where one holds it, else its digits: FileMaker takes both. */
function exactly(value: bigint): FieldValue {
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : String(value)
}

// Each digit has one place it can match at: a long text in a number field must not be tried in every way to split it.
const DECIMAL = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i

/** FileMaker's numbers have 400 digits; an exponent beyond this would only fill memory. */
const MOST_DIGITS = 1_000

function wholeNumber(digits: string): bigint {
  const [, sign, whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(digits) ?? []
  const significant = (whole + fraction).replace(/^0+/, '')
  if (significant === '') return 0n
  const power = Number(exponent) - fraction.length
  const rest = power < 0 ? significant.slice(power) : ''
  if (/[1-9]/.test(rest) || -power > significant.length) throw new ValueError('is not a whole number')
  if (significant.length + power > MOST_DIGITS) throw new ValueError('has more digits than FileMaker can hold')
  const value = BigInt(power < 0 ? significant.slice(0, power) || '0' : significant + '0'.repeat(power))
  return sign === '-' ? -value : value
}

/** Reads the text of a number field: its decimal digits, or null where there is no number in it. */
function decimalReader(name: string, { text = 'digits' }: TextInNumbers): (wire: FieldValue) => string | null {
  if (text !== 'digits' && text !== 'refuse') throw new TypeError(`${name}: text must be 'digits' or 'refuse'`)
  return (wire) => {
    const trimmed = String(wire).trim()
    if (trimmed === '') return null
    if (DECIMAL.test(trimmed)) return plain(trimmed)
    if (text === 'refuse') throw new ValueError('is text and not a number')
    return digitsIn(trimmed)
  }
}

/** A number's one spelling: no plus signs and needless zeros before the point, a digit there, no point without a fraction. */
function plain(digits: string): string {
  return digits
    .replace(/^\+/, '')
    .replace(/^(-?)\./, '$10.')
    .replace(/^(-?)0+(?=\d)/, '$1')
    .replace(/\.(?=e|$)/i, '')
    .replace(/e\+?/i, 'e')
}

/** As FileMaker's GetAsNumber: the digits and the first point, negative where a minus stands before the first digit. */
function digitsIn(text: string): string | null {
  const first = text.search(/\d/)
  if (first < 0) return null
  // A point counts where it stands right before the first digit, not at the end of a word before it.
  const start = text[first - 1] === '.' ? first - 1 : first
  const [whole = '', ...fraction] = text
    .slice(start)
    .replaceAll(/[^\d.]/g, '')
    .split('.')
  const digits = `${whole === '' ? '0' : whole}${fraction.length === 0 ? '' : `.${fraction.join('')}`}`.replace(
    /\.$/,
    '',
  )
  return text.slice(0, start).includes('-') ? `-${digits}` : digits
}
