import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkTypes } from './type-checking/compile.ts'
import { fiftyLayouts } from './type-checking/fifty-layouts.ts'

const FULL = process.env.FM_TEST_FULL === '1'
/** Promised on an idle machine: the compiler from its start to its end. */
const PROMISED_MS = 1_000

describe('the compiler', () => {
  test.each(['types', 'codecs', 'zod'] as const)(
    'checks a file of fifty layouts by %s within a second',
    (definition) => {
      const program = { 'fifty-layouts.ts': fiftyLayouts(definition) }
      const most = FULL ? PROMISED_MS : PROMISED_MS * 5
      // A busy machine may hold up one check; not all of them.
      let ms = Infinity
      for (let tries = FULL ? 5 : 3; tries > 0 && ms > (FULL ? 0 : most); tries--) {
        const check = checkTypes(program)
        expect(check.complaints).toBe('')
        ms = Math.min(ms, check.ms)
      }
      if (FULL) process.stdout.write(`tsc on fifty layouts by ${definition}: ${ms.toFixed(0)} ms\n`)
      expect(ms).toBeLessThan(most)
    },
  )

  test('sees a wrong value, a wrong field and a read-only field in each of the fifty', () => {
    for (const definition of ['types', 'codecs', 'zod'] as const) {
      const wrong = ['{ name7: 7n }', '{ nmae7: "x" }', '{ total: 1 }'].map(
        (fieldData) => `void layout7.create(${fieldData})`,
      )
      const { complaints } = checkTypes({ 'wrong.ts': fiftyLayouts(definition) + wrong.join('\n') })
      expect(complaints.match(/error TS/g)).toHaveLength(3)
    }
  })

  test('agrees with what types.test.ts expects of the public types', () => {
    const expectations = readFileSync(join(import.meta.dirname, 'types.test.ts'), 'utf8')
      .replaceAll("'../src/index.ts'", "'@fm/core'")
      .replaceAll("'../src/values.ts'", "'@fm/core/values'")
    expect(checkTypes({ 'types.ts': expectations }).complaints).toBe('')
    const spoilt = expectations.replace('toEqualTypeOf<0 | 1 | 2>()', 'toEqualTypeOf<0 | 1>()')
    expect(checkTypes({ 'types.ts': spoilt }).complaints).toContain('error TS')
  })
})

test('some type test speaks of every public name', () => {
  const tests = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.ts'))
  const spoken = tests
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .filter((text) => text.includes('expectTypeOf'))
    // What is only imported is not spoken of.
    .map((text) => text.slice(text.lastIndexOf("from '")))
    .join('')
  for (const entry of ['index.ts', 'values.ts']) {
    const source = readFileSync(join(import.meta.dirname, '../src', entry), 'utf8')
    const names = [...source.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(
      ([, list = '']) => list.match(/\w+(?=\s*(?:,|$))/g) ?? [],
    )
    expect(names.length).toBeGreaterThan(30)
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(spoken))).toEqual([])
  }
})
