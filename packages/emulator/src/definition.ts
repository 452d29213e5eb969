// What a solution is described with. The types are the public face; solution.ts checks a description.

/** A hosted file: its tables, how they hang together, and what the Data API shows of them. */
export interface DatabaseDefinition {
  /** Who may log in. @defaultValue one account, `web` with the password `secret` */
  readonly accounts?: readonly AccountDefinition[]
  readonly tables: Readonly<Record<string, TableDefinition>>
  /** Further table occurrences: occurrence → table. Every table is an occurrence of its own name anyway. */
  readonly tableOccurrences?: Readonly<Record<string, string>>
  readonly relationships?: readonly RelationshipDefinition[]
  /** In the order of the layout list. @defaultValue one layout per table, named like it, with all its fields */
  readonly layouts?: readonly (LayoutDefinition | LayoutFolder)[]
  readonly valueLists?: Readonly<Record<string, readonly ValueListItem[]>>
  /** In the order of the script list. A script named `-` is a separator. */
  readonly scripts?: readonly (ScriptDefinition | ScriptFolder)[]
  /** What `dateformats: 1`, the file's locale, means. @defaultValue 'MM/dd/yyyy' */
  readonly dateFormat?: string
  /**
   * How numbers travel that a double can't hold: with their digits as JSON text or as a JSON number. At which size servers turn
   * to text is not known. @defaultValue 'text'
   */
  readonly longNumbers?: LongNumbers
}

export type LongNumbers = 'text' | 'number'

/** A table, a layout of the same name, and the records: field names are the keys, types follow from the values. */
export type ShorthandDefinition = Readonly<Record<string, Iterable<RecordDefinition>>>

export interface AccountDefinition {
  readonly name: string
  /** For accounts that sign in with one, and only for these. */
  readonly password?: string
  /**
   * Whether it signs in with its password, an OAuth identity provider or a Claris ID. Pairs and identity tokens come from
   * the emulator's `issueOAuth()` and `issueIdentityToken()`. @defaultValue 'password'
   */
  readonly signsInWith?: 'password' | 'oauth' | 'clarisId'
  /** Whether it has the extended privilege `fmrest`, without which no log-in works. @defaultValue true */
  readonly fmrest?: boolean
}

export interface TableDefinition {
  readonly fields: Readonly<Record<string, FieldType | FieldDefinition>>
  /** Read once, at the start, in this order; record ids count from 1. @defaultValue none */
  readonly records?: Iterable<RecordDefinition>
}

export type FieldType = 'text' | 'number' | 'date' | 'time' | 'timestamp' | 'container'

export interface FieldDefinition {
  readonly type: FieldType
  /** One value for the whole file, and one of its own for each session that sets it. @defaultValue false */
  readonly global?: boolean
  /** What a global field holds before a session sets it. @defaultValue empty */
  readonly value?: ValueDefinition
  /** Auto-enter: new records get this number and those after it. Without it, nothing is entered. */
  readonly serial?: { readonly next?: number; readonly increment?: number }
  /** Number of repetitions. @defaultValue 1 */
  readonly maxRepeat?: number
}

/**
 * Values by field name, `field(2)` for a repetition. Dates and timestamps are taken as `MM/dd/yyyy` and `yyyy-MM-dd`.
 * Fields left out, null and undefined are empty.
 */
export type RecordDefinition = Readonly<Record<string, ValueDefinition | null | undefined>>

export type ValueDefinition = string | number | ContainerDefinition

/** A file in a container field. */
export interface ContainerDefinition {
  readonly name: string
  /** Media type. @defaultValue by the name's extension */
  readonly type?: string
  /** Bytes, a text in UTF-8, or a file on disk that is read each time it is asked for. */
  readonly content: Uint8Array | string | { readonly file: string }
}

/** Two table occurrences whose records belong together where fields are equal; it works in both directions. */
export interface RelationshipDefinition {
  readonly from: string
  readonly to: string
  /** Fields of `from` → the fields of `to` that equal them. */
  readonly match: Readonly<Record<string, string>>
  /** Whether records of `to` can be created through it, as portal rows. @defaultValue false */
  readonly allowCreate?: boolean
}

export interface LayoutDefinition {
  readonly name: string
  /** The table occurrence it shows. */
  readonly table: string
  /** Own fields by name, related ones as `TO::field`. @defaultValue all fields of the table */
  readonly fields?: readonly (string | LayoutFieldDefinition)[]
  readonly portals?: readonly PortalDefinition[]
}

export interface LayoutFieldDefinition {
  readonly field: string
  readonly valueList?: string
  /** @defaultValue 'editText' */
  readonly displayType?: DisplayType
}

export type DisplayType =
  | 'editText'
  | 'popupList'
  | 'popupMenu'
  | 'checkBox'
  | 'radioButtons'
  | 'selectionList'
  | 'calendar'
  | 'secureText'

export interface PortalDefinition {
  /** The table occurrence whose records it shows. */
  readonly table: string
  /** The portal's object name, its key in `portalData`. @defaultValue none: the occurrence's name is the key */
  readonly name?: string
  /** As `TO::field`, or by name for fields of its own table. @defaultValue all fields of its table */
  readonly fields?: readonly (string | LayoutFieldDefinition)[]
  /** Fields of its own table. @defaultValue in the order of creation */
  readonly sort?: readonly SortDefinition[]
}

export interface SortDefinition {
  readonly fieldName: string
  /** `ascend`, `descend`, or the name of a value list. @defaultValue 'ascend' */
  readonly sortOrder?: string
}

export interface LayoutFolder {
  readonly folder: string
  readonly layouts: readonly (LayoutDefinition | LayoutFolder)[]
}

export type ValueListItem = string | { readonly value: string; readonly displayValue: string }

export interface ScriptDefinition {
  readonly name: string
  /** What it does. @defaultValue nothing: no result, error 0 */
  readonly run?: (call: ScriptCall) => ScriptOutcome | Promise<ScriptOutcome>
  /** Milliseconds that it takes beside that; the session is busy meanwhile. @defaultValue 0 */
  readonly durationMs?: number
}

export interface ScriptFolder {
  readonly folder: string
  readonly scripts: readonly (ScriptDefinition | ScriptFolder)[]
}

/** What a script sees. */
export interface ScriptCall {
  readonly parameter: string
  readonly database: string
  readonly layout: string
  readonly account: string
  /** The record that the call is about, where it is about one. */
  readonly recordId: string | undefined
}

/** Its result as text, or result and error code. Without a result the answer has no `scriptResult` key. */
export type ScriptOutcome = string | undefined | void | { readonly result?: string; readonly error?: number }
