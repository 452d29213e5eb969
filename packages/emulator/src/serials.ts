import type { Field, Solution } from './solution.ts'
import type { StoredValue } from './values.ts'

/** The auto-enter serials of a file. Numbers that were taken are gone, also when the record is not written after all. */
export interface Serials {
  /** The field's next value; undefined when it has no serial. */
  take(field: Field): StoredValue | undefined
  /** Goes on behind a number that a record brings along. */
  skip(field: Field, given: StoredValue): void
}

export function createSerials(solution: Solution): Serials {
  const serials = new Map<Field, { next: number; readonly increment: number }>()
  for (const field of solution.tables.flatMap((table) => table.fields)) {
    const { serial } = field.definition
    if (serial !== undefined) serials.set(field, { next: serial.next ?? 1, increment: serial.increment ?? 1 })
  }
  return {
    take: (field) => {
      const serial = serials.get(field)
      if (serial === undefined) return undefined
      const taken = serial.next
      serial.next += serial.increment
      return field.type === 'text' ? String(taken) : taken
    },
    skip: (field, given) => {
      const serial = serials.get(field)
      if (serial !== undefined && Number(given) >= serial.next) serial.next = Number(given) + serial.increment
    },
  }
}
