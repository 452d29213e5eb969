// Answers are put together as text: their key order is part of the protocol (section 0), a portal's key may come twice
// (section 8.5), and a JavaScript object would move number-like field names to the front.

/** A piece of compact JSON. */
export type JsonText = string

/** An object with its keys in the order given, each value being JSON already. */
export function jsonObject(entries: readonly (readonly [key: string, value: JsonText])[]): JsonText {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`
}

/** An array of values that are JSON already. */
export function jsonArray(items: readonly JsonText[]): JsonText {
  return `[${items.join(',')}]`
}

/**
 * Parses JSON, with numbers that a double can't hold kept as the digits that were sent.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function parseJson(text: string): unknown {
  // The reviver makes parsing several times slower, so only texts that hold many digits in a row, or an exponent, get it.
  if (!/\d[\d.]{15}|\d[eE][-+]?\d/.test(text)) return JSON.parse(text)
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== 'number' || context?.source === undefined) return value
    const isShort = context.source.replace(/[eE].*$|\D/g, '').length < 16
    const isHeld = isWithinDouble(value, context.source) && (isShort || String(value) === context.source)
    return isHeld ? value : context.source
  }
  return JSON.parse(text, keepDigits)
}

/** Whether a number is neither too large for a double nor so small that it would be zero. */
export function isWithinDouble(value: number, digits: string): boolean {
  return Number.isFinite(value) && (value !== 0 || !/[1-9]/.test(digits.replace(/e.*$/i, '')))
}

/** Whether a parsed value is an object with keys: neither null nor an array. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
