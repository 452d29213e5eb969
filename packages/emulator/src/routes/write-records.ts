import { invalidParameter, success } from '../answer.ts'
import type { SessionCall, SessionRoute } from '../call.ts'
import { layoutNamed } from '../hosted-database.ts'
import { isJsonObject } from '../json.ts'
import { dateOption, objectInBody, recordIdOf, refuseUnknown, SCRIPT_OPTIONS, schemaMismatch } from '../parameters.ts'
import type { Options } from '../parameters.ts'
import { modIdInRequest } from '../record-write.ts'
import type { WriteContext } from '../record-write.ts'
import { createRecord, deleteRecord, duplicateRecord, editRecord, newPortalEntry } from '../record-writer.ts'
import type { Changes } from '../record-writer.ts'
import { responseWith, scriptRuns } from '../script-runs.ts'

/** Creates a record (section 3.12). */
export const createOne: SessionRoute = {
  method: 'POST',
  path: '/databases/{database}/layouts/{layout}/records',
  operation: 'POST /records',
  trailingSlash: true,
  access: 'session',
  run: async (call) => {
    const changes = changesIn(call.body)
    if (call.body.fieldData === undefined) throw schemaMismatch()
    const context = writeContext(call)
    const scripts = scriptRuns(call, call.body, context.layout.name)
    await scripts.run('prerequest')
    const written = createRecord(context, changes)
    await scripts.run('presort', written.recordId)
    await scripts.run('after', written.recordId)
    return success(
      responseWith(scripts, [
        ['recordId', `"${written.recordId}"`],
        ['modId', `"${written.modId}"`],
        ...newPortalEntry(written),
      ]),
    )
  },
}

/** Edits a record, its portal rows and related records (section 3.13). */
export const editOne: SessionRoute = {
  method: 'PATCH',
  path: '/databases/{database}/layouts/{layout}/records/{recordId}',
  operation: 'PATCH /records/{recordId}',
  access: 'session',
  run: async (call) => {
    const changes = changesIn(call.body)
    const modId = modIdInRequest(call.body.modId)
    const context = writeContext(call)
    const recordId = recordIdOf(call.path.recordId ?? '')
    const scripts = scriptRuns(call, call.body, context.layout.name)
    await scripts.run('prerequest', recordId)
    const written = editRecord(context, recordId, changes, modId)
    await scripts.run('presort', recordId)
    await scripts.run('after', recordId)
    return success(responseWith(scripts, [['modId', `"${written.modId}"`], ...newPortalEntry(written)]))
  },
}

/** Duplicates a record (section 3.14). */
export const duplicateOne: SessionRoute = {
  method: 'POST',
  path: '/databases/{database}/layouts/{layout}/records/{recordId}',
  operation: 'POST /records/{recordId}',
  access: 'session',
  run: async (call) => {
    const context = writeContext(call)
    const recordId = recordIdOf(call.path.recordId ?? '')
    const scripts = scriptRuns(call, call.body, context.layout.name)
    await scripts.run('prerequest', recordId)
    const written = duplicateRecord(context, recordId)
    await scripts.run('presort', written.recordId)
    await scripts.run('after', written.recordId)
    return success(
      responseWith(scripts, [
        ['recordId', `"${written.recordId}"`],
        ['modId', `"${written.modId}"`],
      ]),
    )
  },
}

/** Deletes a record (section 3.15). Its scripts come in the query. */
export const deleteOne: SessionRoute = {
  method: 'DELETE',
  path: '/databases/{database}/layouts/{layout}/records/{recordId}',
  operation: 'DELETE /records/{recordId}',
  access: 'session',
  run: async (call) => {
    refuseUnknown(call.query, (name) => SCRIPT_OPTIONS.includes(name))
    const context = writeContext(call)
    const recordId = recordIdOf(call.path.recordId ?? '')
    const scripts = scriptRuns(call, call.query, context.layout.name)
    await scripts.run('prerequest', recordId)
    deleteRecord(context, recordId)
    await scripts.run('presort')
    await scripts.run('after')
    return success(responseWith(scripts, []))
  },
}

function changesIn(body: Options): Changes {
  const { options } = body
  if (options !== undefined) {
    if (!isJsonObject(options)) throw schemaMismatch()
    // Since 21 and 21.1.1; there is no validation yet that they could override.
    for (const mode of [options.entrymode, options.prohibitmode]) {
      if (mode !== undefined && mode !== 'user' && mode !== 'script') throw invalidParameter()
    }
  }
  return { fieldData: objectInBody(body, 'fieldData') ?? {}, portalData: objectInBody(body, 'portalData') ?? {} }
}

function writeContext(call: SessionCall): WriteContext {
  const { database, path, body, query } = call
  return {
    database,
    layout: layoutNamed(database, path.layout ?? ''),
    dateFormat: dateOption(body.dateformats === undefined ? query : body, database.solution),
  }
}
