import { invalidParameter, Refusal, success } from '../answer.ts'
import type { Answer } from '../answer.ts'
import type { SessionCall, SessionRoute } from '../call.ts'
import { fieldOnLayout, layoutNamed } from '../hosted-database.ts'
import { recordIdOf, refuseUnknown } from '../parameters.ts'
import { checkModId, modIdInRequest } from '../record-write.ts'

/** Puts a file into a container field (section 3.17). */
export const uploadContainer: SessionRoute = {
  method: 'POST',
  path: '/databases/{database}/layouts/{layout}/records/{recordId}/containers/{field}',
  operation: 'POST /records/{recordId}/containers/{field}',
  access: 'session',
  takes: 'upload',
  run: upload,
}

/** The same for a repetition of the field, counted from 1. */
export const uploadRepetition: SessionRoute = {
  ...uploadContainer,
  path: '/databases/{database}/layouts/{layout}/records/{recordId}/containers/{field}/{repetition}',
  operation: 'POST /records/{recordId}/containers/{field}/{repetition}',
}

function upload(call: SessionCall): Answer {
  const { database, path, query, engine } = call
  refuseUnknown(query, (name) => name === 'modId')
  const wantedModId = modIdInRequest(query.modId)
  const layout = layoutNamed(database, path.layout ?? '')
  const { table } = layout.occurrence
  const recordId = recordIdOf(path.recordId ?? '')
  const column = containerColumn(call)
  if (call.upload === undefined) {
    const message = "Upload payload must contain a part named 'upload'."
    throw new Refusal(960, { message, keyOrder: 'message-first' })
  }
  const { fileName, content } = call.upload
  const { store } = database
  const modId = store.transaction(() => {
    checkModId({ database, layout, dateFormat: database.solution.dateFormat }, table, recordId, wantedModId)
    const [former = null] = store.row(`SELECT ${column} FROM ${table.sqlName} WHERE id = ?`, [recordId]) ?? []
    store.update(table, recordId, new Map([[column, store.addContainer(fileName, content)]]))
    store.deleteContainer(former)
    return store.modId(table, recordId)
  })
  return success(engine.uploadReturnsModId ? `{"modId":"${modId}"}` : '{}')
}

/** @throws Refusal 102 for a field that is not on the layout or not its own, 408 for one that is no container, 111. */
function containerColumn({ database, path }: SessionCall): string {
  const repetition = path.repetition === undefined ? 1 : countingNumber(path.repetition)
  const { field } = fieldOnLayout(layoutNamed(database, path.layout ?? ''), path.field ?? '')
  if (field.path.length > 0) throw new Refusal(102)
  if (field.field.type !== 'container') throw new Refusal(408)
  if (field.field.global) throw new Refusal(201)
  const column = field.field.columns[repetition - 1]
  if (column === undefined) throw new Refusal(111)
  return column
}

/** @throws Refusal 960 */
function countingNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw invalidParameter()
  return Number(text)
}
