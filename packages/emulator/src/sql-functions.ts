import type { DatabaseSync } from 'node:sqlite'
import { textOrderKey } from './text-order.ts'
import { createTextMatcher } from './text-pattern.ts'
import { numberIn } from './values.ts'

/**
 * Teaches SQLite what it can't do by itself: `fm_order` is what texts are compared by, `fm_number` the number in a text,
 * `fm_text` whether a text matches the pattern of a criterion. They are deterministic, so that indexes can be on them.
 */
export function registerFunctions(sqlite: DatabaseSync): void {
  const deterministic = { deterministic: true }
  const textMatches = createTextMatcher()
  sqlite.function('fm_order', deterministic, (text) => (text === null ? null : textOrderKey(String(text))))
  sqlite.function('fm_number', deterministic, (text) => (text === null ? null : numberIn(String(text))))
  sqlite.function('fm_text', deterministic, (pattern, text) =>
    text !== null && textMatches(String(pattern), String(text)) ? 1 : 0,
  )
}
