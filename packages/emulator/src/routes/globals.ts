import { Refusal, success } from '../answer.ts'
import type { SessionRoute } from '../call.ts'
import { splitRepetition } from '../hosted-database.ts'
import { dateOption, objectInBody, schemaMismatch } from '../parameters.ts'
import { valueInRequest } from '../record-write.ts'
import { fieldNamed } from '../solution.ts'
import type { Field, Solution } from '../solution.ts'
import type { StoredValue } from '../values.ts'

/** Sets global fields for this session (section 3.19). All of them, or none. */
export const setGlobals: SessionRoute = {
  method: 'PATCH',
  path: '/databases/{database}/globals',
  operation: 'PATCH /globals',
  trailingSlash: true,
  access: 'session',
  run: ({ database, session, body }) => {
    const { solution, store } = database
    const given = objectInBody(body, 'globalFields')
    if (given === undefined) throw schemaMismatch()
    const dateFormat = dateOption(body, solution)
    const changes = Object.entries(given).map(([name, value]): [Field, number, StoredValue] => {
      const { field, repetition } = globalField(solution, name)
      return [field, repetition, valueInRequest(field, value, dateFormat)]
    })
    for (const [field, repetition, value] of changes) {
      const values = session.globals.get(field) ?? [...(store.globals.get(field) ?? [])]
      values[repetition] = value
      session.globals.set(field, values)
    }
    return success('{}')
  },
}

/** @throws Refusal 102 when the name is no `TO::field` of a global field, 111 for a repetition that it does not have. */
function globalField(solution: Solution, name: string): { field: Field; repetition: number } {
  const { base, repetition } = splitRepetition(name)
  const at = base.indexOf('::')
  const occurrence = at === -1 ? undefined : solution.occurrences.get(base.slice(0, at))
  const field = occurrence === undefined ? undefined : fieldNamed(occurrence.table.fields, base.slice(at + 2))
  if (field === undefined || !field.global) throw new Refusal(102)
  if (field.columns[repetition] === undefined) throw new Refusal(111)
  return { field, repetition }
}
