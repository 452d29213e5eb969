import { Refusal, success } from '../answer.ts'
import type { SessionRoute } from '../call.ts'
import { foundSet } from '../find-criteria.ts'
import type { Criterion, FindRequest } from '../find-criteria.ts'
import { fieldOnLayout, layoutNamed } from '../hosted-database.ts'
import { isJsonObject } from '../json.ts'
import { dateOption, pageOptions, schemaMismatch, sortOptions } from '../parameters.ts'
import { readRecords } from '../record-reader.ts'
import { responseObject, scriptRuns } from '../script-runs.ts'
import type { Layout } from '../solution.ts'
import { layoutOrder } from '../sorting.ts'
import { viewOf } from '../view.ts'

/** Finds records (section 3.16). No match is error 401 with HTTP 500. */
export const findRecords: SessionRoute = {
  method: 'POST',
  path: '/databases/{database}/layouts/{layout}/_find',
  operation: 'POST /_find',
  access: 'session',
  run: async (call) => {
    const { database, body, engine } = call
    const layout = layoutNamed(database, call.path.layout ?? '')
    const view = viewOf(call, layout, body, 'body')
    const page = pageOptions(body, 'body')
    const sort = sortOptions(body, 'body')
    const dateFormat = dateOption(body, database.solution)
    const sent = sentRequests(body.query)
    const scripts = scriptRuns(call, body, layout.name)
    await scripts.run('prerequest')
    const requests = sent.map((request) => findRequest(request, layout))
    const condition = foundSet(requests, 'b', { dateFormat, now: engine.clock.now(), store: database.store })
    await scripts.run('presort')
    const order = layoutOrder(sort, layout, database.solution, database.store, 'b')
    await scripts.run('after')
    return success(responseObject(scripts, readRecords(view, { condition, order, page })))
  },
}

function sentRequests(query: unknown): Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(query) || !query.every(isJsonObject)) throw schemaMismatch()
  if (query.length === 0) throw new Refusal(400)
  return query
}

/** @throws Refusal 400 without a criterion, 102 for a field that is not on the layout. */
function findRequest(request: Readonly<Record<string, unknown>>, layout: Layout): FindRequest {
  const criteria: Criterion[] = []
  let omit = false
  for (const [name, value] of Object.entries(request)) {
    if (name === 'omit') {
      // A text, says section 3.16; what a real server does with a boolean is not known.
      if (value !== 'true' && value !== 'false') throw schemaMismatch()
      omit = value === 'true'
      continue
    }
    if (typeof value !== 'string' && typeof value !== 'number') throw schemaMismatch()
    const text = String(value)
    const { field, repetition } = fieldOnLayout(layout, name)
    if (text.trim() !== '') criteria.push({ field, repetition, text })
  }
  if (criteria.length === 0) throw new Refusal(400)
  return { omit, criteria }
}
