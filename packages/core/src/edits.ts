import { checkOnConflict, readFieldData, readWriteOptions, WRITE_OPTIONS, type EditOptions } from './call-options.ts'
import { name } from './checks.ts'
import { createsRows, readDeleteRelated, readPortalData } from './portal-writes.ts'
import type { Parameters } from './wire/parameters.ts'

/** What an edit changes. */
export interface Edit extends Parameters {
  readonly fieldData: Readonly<Record<string, unknown>>
  readonly portalData: Readonly<Record<string, readonly unknown[]>> | undefined
}

export const EDIT_OPTIONS: readonly string[] = ['modId', 'onConflict', 'deleteRelated', ...WRITE_OPTIONS]

/** @throws TypeError that names the option. */
export function readEdit(fieldData: unknown, portalData: unknown, options: Omit<EditOptions, 'portalData'>): Edit {
  checkOnConflict(options.onConflict)
  const { modId } = options
  if (modId !== undefined) name('edit: modId', modId)
  const fields = readFieldData('edit', fieldData)
  const deleteRelated = readDeleteRelated('edit', options.deleteRelated)
  if (deleteRelated !== undefined && Object.hasOwn(fields, 'deleteRelated')) {
    throw new TypeError('edit: deleteRelated is given twice, as a field and as an option')
  }
  return {
    fieldData: deleteRelated === undefined ? fields : { ...fields, deleteRelated },
    modId,
    portalData: readPortalData('edit', portalData),
    ...readWriteOptions('edit', options),
  }
}

/**
 * Whether doing the edit twice does no more than once: the server refuses the second because the first changed the modId.
 * That holds where the edit names a modId and changes a field of the record itself; an edit of related fields alone leaves
 * the record's own modId as it is, and `deleteRelated` is no field. A new related row would be there twice.
 */
export function isConditional({ fieldData, portalData, modId }: Edit): boolean {
  const fields = Object.keys(fieldData)
  if (modId === undefined || fields.includes('deleteRelated') || createsRows(portalData)) return false
  return fields.some((field) => !field.includes('::'))
}
