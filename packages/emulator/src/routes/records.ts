import { success } from '../answer.ts'
import type { SessionRoute } from '../call.ts'
import { layoutNamed } from '../hosted-database.ts'
import { isPortalOption, pageOptions, recordIdOf, refuseUnknown, SCRIPT_OPTIONS, sortOptions } from '../parameters.ts'
import { readRecord, readRecords } from '../record-reader.ts'
import { responseObject, scriptRuns } from '../script-runs.ts'
import { layoutOrder } from '../sorting.ts'
import { TRUE } from '../sql.ts'
import { viewOf } from '../view.ts'

const ONE_RECORD_OPTIONS: ReadonlySet<string> = new Set([...SCRIPT_OPTIONS, 'layout.response', 'dateformats'])
const RANGE_OPTIONS: ReadonlySet<string> = new Set([...ONE_RECORD_OPTIONS, '_offset', '_limit', '_sort'])

/** A range of a table's records (section 3.10). */
export const listRecords: SessionRoute = {
  method: 'GET',
  path: '/databases/{database}/layouts/{layout}/records',
  operation: 'GET /records',
  trailingSlash: true,
  access: 'session',
  run: async (call) => {
    const { database, query } = call
    refuseUnknown(query, (name) => RANGE_OPTIONS.has(name) || isPortalOption(name))
    const layout = layoutNamed(database, call.path.layout ?? '')
    const view = viewOf(call, layout, query, 'query')
    const page = pageOptions(query, 'query')
    const sort = sortOptions(query, 'query')
    const scripts = scriptRuns(call, query, layout.name)
    await scripts.run('prerequest')
    await scripts.run('presort')
    const order = layoutOrder(sort, layout, database.solution, database.store, 'b')
    await scripts.run('after')
    return success(responseObject(scripts, readRecords(view, { condition: TRUE, order, page })))
  },
}

/** One record (section 3.11). */
export const getRecord: SessionRoute = {
  method: 'GET',
  path: '/databases/{database}/layouts/{layout}/records/{recordId}',
  operation: 'GET /records/{recordId}',
  access: 'session',
  run: async (call) => {
    const { database, query } = call
    refuseUnknown(query, (name) => ONE_RECORD_OPTIONS.has(name) || isPortalOption(name))
    const layout = layoutNamed(database, call.path.layout ?? '')
    const view = viewOf(call, layout, query, 'query')
    const recordId = recordIdOf(call.path.recordId ?? '')
    const scripts = scriptRuns(call, query, layout.name)
    await scripts.run('prerequest', recordId)
    await scripts.run('presort', recordId)
    await scripts.run('after', recordId)
    return success(responseObject(scripts, readRecord(view, recordId)))
  },
}
