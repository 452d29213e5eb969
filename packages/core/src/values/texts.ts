import type { FieldValue } from '../records.ts'
import { checkCodec, checkOptions, type Codec, createCodec, directionsOf, ValueError } from './codec.ts'

/**
 * Text. FileMaker breaks lines with CR; a program gets, and may give, LF (CR LF too).
 *
 * @param options - `breaks`: `'keep'` leaves them as they travel. @defaultValue 'lf'
 */
export function text(options: { readonly breaks?: 'lf' | 'keep' } = {}): Codec<string, string> {
  checkOptions('text', options, ['breaks'])
  const { breaks = 'lf' } = options
  if (breaks !== 'lf' && breaks !== 'keep') throw new TypeError("text: breaks must be 'lf' or 'keep'")
  if (breaks === 'keep') return createCodec({ decode: String, encode: expectText })
  return createCodec({
    decode: (wire) => String(wire).replaceAll('\r', '\n'),
    encode: (value) => expectText(value).replaceAll(/\r\n|\n/g, '\r'),
  })
}

/**
 * The chosen entries of a value list (check boxes), or any text that is one value a line: FileMaker puts CR between them.
 * An empty field is an empty list.
 *
 * @param entry - What each entry is. @defaultValue text
 */
export function list(): Codec<readonly string[], string>
export function list<Value>(entry: Codec<Value>): Codec<readonly Value[], string>
export function list<Value>(entry?: Codec<Value>): Codec<readonly Value[], string> {
  if (entry !== undefined) checkCodec('list: entry', entry)
  const [decode, encode] = directionsOf(entry ?? (text({ breaks: 'keep' }) as unknown as Codec<Value>))
  return createCodec<readonly Value[], string>({
    decode: (wire, dateformats) => {
      const lines = String(wire).split(/\r\n|\r|\n/)
      // A break at the end ends the last value; it begins no other.
      if (lines.at(-1) === '') lines.pop()
      return lines.map((line) => decode(line, dateformats))
    },
    encode: (values, dateformats) => {
      if (!Array.isArray(values)) throw new ValueError('must be a list')
      const lines = values.map((value) => String(encode(value, dateformats)))
      for (const line of lines) {
        if (line === '') throw new ValueError('has an empty entry')
        if (/[\r\n]/.test(line)) throw new ValueError('has an entry of more than one line')
      }
      return lines.join('\r')
    },
  })
}

/**
 * One of the given texts, or null where the field is empty.
 *
 * @example
 * const region = choice(['West', 'East']) // 'West' | 'East' | null
 */
export function choice<const Choice extends string>(choices: readonly Choice[]): Codec<Choice | null, Choice | ''> {
  if (!Array.isArray(choices) || choices.length === 0) throw new TypeError('choice: needs a list of texts')
  const byValue = new Map<unknown, Choice>(choices.map((one) => [one, one]))
  const pick = (value: unknown): Choice => {
    const one = byValue.get(value)
    if (one === undefined) throw new ValueError(`is none of the ${byValue.size} choices`)
    return one
  }
  return createCodec({
    decode: (wire) => (wire === '' ? null : pick(String(wire))),
    encode: (value) => (value === null ? '' : pick(value)),
  })
}

/**
 * True or false, by FileMaker's rule: a number other than zero is true; zero, an empty field and text without digits are false.
 * Written as 1 and 0. FileMaker itself has no such type.
 *
 * @param words - For text fields: what stands for true, and what for false. An empty field is false then, too.
 * @example
 * boolean({ true: 'Yes', false: 'No' })
 */
export function boolean(words?: { readonly true: FieldValue; readonly false: FieldValue }): Codec<boolean> {
  if (words !== undefined) checkOptions('boolean', words, ['true', 'false'])
  const [yes, no] = words === undefined ? [1, 0] : [expectWord('true', words.true), expectWord('false', words.false)]
  if (yes === no) throw new TypeError('boolean: true and false must be written differently')
  return createCodec<boolean, FieldValue>({
    decode: (wire) => {
      if (words === undefined) return typeof wire === 'number' ? wire !== 0 : /[1-9]/.test(mantissa(wire))
      if (String(wire) === String(yes)) return true
      if (wire === '' || String(wire) === String(no)) return false
      throw new ValueError('is neither of the two words')
    },
    encode: (value) => {
      if (typeof value !== 'boolean') throw new ValueError(`must be true or false, not ${kindOf(value)}`)
      return value ? yes : no
    },
  })
}

/** What decides whether a number is zero: its digits without the exponent. */
function mantissa(wire: string): string {
  return /^\s*[-+]?[\d.]+e[-+]?\d+\s*$/i.test(wire) ? wire.replace(/e.*$/is, '') : wire
}

function expectWord(option: string, word: unknown): FieldValue {
  if (typeof word === 'number' || typeof word === 'string') return word
  throw new TypeError(`boolean: ${option} must be a text or a number`)
}

export function expectText(value: unknown): string {
  if (typeof value !== 'string') throw new ValueError(`must be a text, not ${kindOf(value)}`)
  return value
}

/** `null`, `a list`, `a Date`, or what typeof says: never the value. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return value instanceof Date ? 'a Date' : typeof value
}
