/**
 * Parses JSON so that no number is rounded: one that a JavaScript number can't hold exactly becomes the string of its
 * digits, as written.
 *
 * The reviver that sees a number's own text makes parsing several times slower, so it runs only where a quick look finds
 * digits enough (16 and more, or an exponent) to matter.
 */
export function parseJson(text: string): unknown {
  if (!MIGHT_BE_INEXACT.test(text)) return JSON.parse(text)
  return JSON.parse(text, keepExact)
}

/** A number follows `:`, `[` or `,`; inside a text the same may stand, which costs time and nothing else. */
const MIGHT_BE_INEXACT = /[:,[]\s*-?(?:[\d.]{16,}|[\d.]+[eE])/

function keepExact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value
  // What a double is written as has at most 25 characters: longer digits are compared only where zeros may explain them.
  const { source } = context
  return source.length <= MAX_COMPARED && sameDecimal(source, String(value)) ? value : source
}

/** A double's own digits end within 309 before the point or 1,075 behind it. */
const MAX_COMPARED = 1_400

/** Whether two texts are the same number, digit by digit. */
export function sameDecimal(written: string, held: string): boolean {
  return written === held || normalise(written) === normalise(held)
}

/** Significant digits and the power of ten behind them: `-120e3` and `-1.2e5` both give `-12e4`. */
function normalise(decimal: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(decimal)
  if (parts === null) return decimal
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const digits = (whole + fraction).replace(/^0+/, '')
  let end = digits.length
  while (digits[end - 1] === '0') end--
  const significant = digits.slice(0, end)
  if (significant === '') return '0'
  const power = Number(exponent) - fraction.length + (digits.length - significant.length)
  return `${sign}${significant}e${power}`
}
