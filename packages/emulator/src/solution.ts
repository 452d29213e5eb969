// A definition resolved: names have become the things they mean, so that nothing is looked up wrongly later.

import type { DateFormat } from './dates.ts'
import type {
  DisplayType,
  FieldDefinition,
  FieldType,
  LongNumbers,
  RecordDefinition,
  ScriptDefinition,
  SortDefinition,
  ValueListItem,
} from './definition.ts'

export interface Solution {
  readonly name: string
  readonly accounts: readonly Account[]
  readonly tables: readonly Table[]
  readonly occurrences: ReadonlyMap<string, Occurrence>
  readonly relationships: readonly Relationship[]
  readonly layoutList: readonly (Layout | Folder<Layout>)[]
  readonly layouts: ReadonlyMap<string, Layout>
  readonly scriptList: readonly (ScriptDefinition | Folder<ScriptDefinition>)[]
  /** The first script of each name. */
  readonly scripts: ReadonlyMap<string, ScriptDefinition>
  readonly valueLists: ReadonlyMap<string, readonly ValueListItem[]>
  /** What `dateformats: 1` means. */
  readonly dateFormat: DateFormat
  readonly longNumbers: LongNumbers
}

export interface Account {
  readonly name: string
  /** Undefined for accounts that sign in with something else. */
  readonly password: string | undefined
  readonly signsInWith: 'password' | 'oauth' | 'clarisId'
  readonly fmrest: boolean
}

export interface Folder<Item> {
  readonly folder: string
  readonly items: readonly (Item | Folder<Item>)[]
}

export interface Table {
  readonly name: string
  /** Its name in SQLite. Numbered, since SQLite would hold names that differ in ASCII case only for one. */
  readonly sqlName: string
  readonly fields: readonly Field[]
  readonly records: Iterable<RecordDefinition>
}

export interface Field {
  readonly table: Table
  readonly name: string
  readonly type: FieldType
  readonly global: boolean
  readonly definition: FieldDefinition
  /** A column for each repetition. */
  readonly columns: readonly string[]
}

/** A table as the relationship graph knows it. */
export interface Occurrence {
  readonly name: string
  readonly table: Table
}

export interface Relationship {
  readonly from: Occurrence
  readonly to: Occurrence
  readonly match: readonly { readonly from: Field; readonly to: Field }[]
  readonly allowCreate: boolean
}

/** One step through the graph, from a known occurrence to the next. */
export interface Hop {
  readonly to: Occurrence
  readonly match: readonly { readonly near: Field; readonly far: Field }[]
  /** Whether a record of `to` can be created from the near side. */
  readonly allowCreate: boolean
}

export interface Layout {
  readonly name: string
  readonly occurrence: Occurrence
  readonly fields: readonly LayoutField[]
  readonly portals: readonly Portal[]
}

export interface LayoutField {
  /** As it stands in answers: `field`, or `TO::field`. */
  readonly name: string
  readonly field: Field
  /** From the layout's (in a portal: the portal's) occurrence; empty for own fields. */
  readonly path: readonly Hop[]
  readonly occurrence: Occurrence
  readonly valueList: string | undefined
  readonly displayType: DisplayType
}

export interface Portal {
  readonly objectName: string | undefined
  /** Object name or occurrence: its key in `portalData`. */
  readonly key: string
  readonly occurrence: Occurrence
  readonly path: readonly Hop[]
  readonly fields: readonly LayoutField[]
  readonly sort: readonly SortDefinition[]
}

/** A field by its name; names differ in more than case (section 8.6). */
export function fieldNamed<Named extends { readonly name: string }>(
  fields: readonly Named[],
  name: string,
): Named | undefined {
  const wanted = name.toLowerCase()
  return fields.find((field) => field.name === name) ?? fields.find((field) => field.name.toLowerCase() === wanted)
}
