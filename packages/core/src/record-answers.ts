import { FileMakerError, TransportError } from './errors.ts'
import { newPortalRecordsOf } from './portal-writes.ts'
import type { CreatedRecord, EditedRecord, RecordAnswer, RecordEntry, RecordPage } from './records.ts'
import { scriptResultsOf } from './script-options.ts'
import { NO_RECORDS, RECORD_MISSING } from './wire/error-codes.ts'
import { operationOf, ROUTES, type Route } from './wire/parameters.ts'
import { isObject, textOf, type JsonObject } from './wire/shapes.ts'

/** The page in an answer; an empty one where FileMaker said that nothing matches. */
export async function pageOf(answer: Promise<JsonObject>, database: string, layout: string): Promise<RecordPage> {
  try {
    const response = await answer
    const data = recordsOf(response)
    const told: JsonObject = isObject(response.dataInfo) ? response.dataInfo : {}
    // Servers before FileMaker 18 send no dataInfo: then what is here is all that is known.
    const counted = {
      database,
      layout,
      table: '',
      totalRecordCount: undefined,
      foundCount: data.length,
      returnedCount: data.length,
    }
    return { data, dataInfo: { ...counted, ...told }, ...scriptResultsOf(response) }
  } catch (error) {
    if (!(error instanceof FileMakerError) || error.fileMakerCode !== NO_RECORDS) throw error
    const dataInfo = { database, layout, table: '', totalRecordCount: undefined, foundCount: 0, returnedCount: 0 }
    return { data: [], dataInfo }
  }
}

/** @throws FileMakerError 101 where the answer has no record. */
export function recordOf(response: JsonObject): RecordAnswer {
  const [record] = recordsOf(response)
  if (record !== undefined) return { ...record, ...scriptResultsOf(response) }
  const messages = [{ code: RECORD_MISSING, message: 'Record is missing' }]
  throw new FileMakerError({
    operation: operationOf(ROUTES.get),
    outcome: 'not-executed',
    httpStatus: 200,
    messages,
  })
}

function recordsOf(response: JsonObject): readonly RecordEntry[] {
  return Array.isArray(response.data) ? (response.data.filter(isObject) as unknown as readonly RecordEntry[]) : []
}

/** A success that does not say which record it made is none of FileMaker's, and the record may be there. */
export function createdOf(route: Route, response: JsonObject): CreatedRecord {
  const recordId = textOf(response.recordId)
  if (recordId === '') {
    const details = { operation: operationOf(route), outcome: 'unknown', reason: 'not-filemaker' } as const
    throw new TransportError('an answer without a recordId', details)
  }
  return { recordId, ...editedOf(response) }
}

export function editedOf(response: JsonObject): EditedRecord {
  const newPortalRecordInfo = newPortalRecordsOf(response)
  return {
    modId: textOf(response.modId),
    ...(newPortalRecordInfo === undefined ? {} : { newPortalRecordInfo }),
    ...scriptResultsOf(response),
  }
}
