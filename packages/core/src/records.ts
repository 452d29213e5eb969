import type { NewPortalRecord } from './portal-writes.ts'
import type { ScriptResults } from './script-options.ts'

/** A value as it travels: FileMaker knows no null and no boolean. An empty field, of numbers too, is `''`. */
export type FieldValue = string | number

/** The fields of a layout by name; related ones are `Occurrence::field`, repetitions `field(2)`. */
export type FieldData = Readonly<Record<string, FieldValue>>

/** The fields of portals' rows, by portal. */
export type PortalFields = Readonly<Record<string, FieldData>>

/** One record. */
export interface RecordEntry<Fields = FieldData, Portals = PortalFields> {
  readonly fieldData: Fields
  /** Related rows by portal: its object name, or the table occurrence where it has none. */
  readonly portalData: { readonly [Portal in keyof Portals]: readonly PortalRow<Portals[Portal]>[] }
  /** FileMaker's own id of the record. A text: it may exceed what a number holds. */
  readonly recordId: string
  /** Grows with each commit; give it to {@link Layout.edit} to edit only what you have seen. */
  readonly modId: string
  readonly portalDataInfo?: readonly PortalDataInfo[]
}

/** One record as the answer of a call, with the results of the call's scripts. */
export interface RecordAnswer<Fields = FieldData, Portals = PortalFields>
  extends RecordEntry<Fields, Portals>, ScriptResults {}

/** A record that was created. */
export interface CreatedRecord extends EditedRecord {
  readonly recordId: string
}

/** A record that was edited, with the results of the call's scripts. */
export interface EditedRecord extends ScriptResults {
  readonly modId: string
  /** The related records that the call created, one entry each; left out where there are none. */
  readonly newPortalRecordInfo?: readonly NewPortalRecord[]
}

/** A related row: its fields by full name (`Occurrence::field`), and its own ids. */
export type PortalRow<Row = FieldData> = { readonly recordId: string; readonly modId: string } & Row

export interface PortalDataInfo {
  readonly portalObjectName?: string
  readonly database: string
  readonly table: string
  readonly foundCount: number
  readonly returnedCount: number
}

/** One page of records, with the results of the call's scripts; an empty page has none, since the server tells none. */
export interface RecordPage<Fields = FieldData, Portals = PortalFields> extends ScriptResults {
  readonly data: readonly RecordEntry<Fields, Portals>[]
  readonly dataInfo: DataInfo
}

export interface DataInfo {
  readonly database: string
  readonly layout: string
  /** Table occurrence. Empty where nothing was found: FileMaker tells it with records only. */
  readonly table: string
  /** Records in the table. Undefined where nothing was found, for the same reason. */
  readonly totalRecordCount: number | undefined
  /** Records that match, whatever the limit. 0 on a page beyond the last of them, too: the server tells no more then. */
  readonly foundCount: number
  /** Records on this page. */
  readonly returnedCount: number
}
