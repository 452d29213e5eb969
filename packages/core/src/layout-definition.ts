import type { LayoutOptions } from './layout.ts'
import type { PortalRowIds } from './portal-writes.ts'
import type { FieldValue } from './records.ts'
import type { DateFormats } from './wire/parameters.ts'
import type { SchemaInput, StandardSchema } from './values/standard-schema.ts'

/** A value as it can be written. A bigint goes with all its digits; so does a text of digits, however many. */
export type WritableValue = FieldValue | bigint

declare const readOnlyMark: unique symbol

/**
 * A field that is read and never written, in the type of a layout's fields: a calculation, a summary, a global field, one whose
 * modification is prohibited. Writes then have no such field.
 *
 * @example
 * interface Person { name: string; age: ReadOnly<number> }
 * const people = fm.layout<Person>('People')
 */
export type ReadOnly<Value> = Value & { readonly [readOnlyMark]: true }

/** What can be written of a layout's fields: any of them but the {@link ReadOnly} ones; bigints where there are numbers. */
export type WrittenFields<Fields> = string extends keyof Fields
  ? Readonly<Record<string, WritableValue>>
  : {
      readonly [
        Field in keyof Fields as Fields[Field] extends { readonly [readOnlyMark]: true } ? never : Field
      ]?: WrittenValue<Fields[Field]>
    }

type WrittenValue<Value> = number extends Value ? Value | bigint : Value

/** The schemas of portals' rows, by portal. */
export type PortalSchemas = Readonly<Record<string, StandardSchema>>

/** A layout's fields as a schema has them. */
export interface LayoutDefinition<
  Schema extends StandardSchema = StandardSchema,
  Portals extends PortalSchemas = PortalSchemas,
  ReadOnlyField extends string = string,
  Written = never,
> extends LayoutOptions {
  /**
   * What `fieldData` is, of any library with Standard Schema (zod, valibot, arktype), or made by `fields()` of
   * `@fm/core/values`. Every record that is read goes through it; it may take its time. A value that does not fit is a
   * {@link SchemaError}. An empty field is `''`, of numbers and dates too: codecs of ours give null, a schema of another
   * library has to allow it.
   *
   * What is written is checked and turned where the schema knows how: `fields()` does. For other schemas values are written as
   * they travel (the schema's input), or as `encode` takes them.
   */
  readonly schema: Schema
  /** What the rows of portals are, without their `recordId` and `modId`. Other portals come as they travel. @defaultValue none */
  readonly portals?: Portals | undefined
  /** Fields that are never written: calculations, summaries, global fields. (`fields()` has `readOnly()`.) @defaultValue none */
  readonly readOnly?: readonly ReadOnlyField[] | undefined
  /**
   * Turns what is to be written into values as they travel, for schemas that know one direction only.
   *
   * @example
   * encode: (fieldData: Partial<z.output<typeof person>>) => z.encode(person.partial(), fieldData)
   */
  readonly encode?:
    | ((fieldData: Written) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>)
    | undefined
}

/** What can be written by a schema: what `fields()` says, or any of the schema's input but the fields that are read-only. */
export type WrittenBySchema<Schema extends StandardSchema, ReadOnlyField extends string = never> = Schema extends {
  readonly '~write': (written: infer Written, dateformats: DateFormats) => unknown
}
  ? { readonly [Field in keyof Written as Field extends ReadOnlyField ? never : Field]?: Written[Field] }
  : {
      readonly [Field in keyof SchemaInput<Schema> as Field extends ReadOnlyField ? never : Field]?: WrittenAsItTravels<
        SchemaInput<Schema>[Field]
      >
    }

/** Where a schema takes whatever travels, so does a write. */
type WrittenAsItTravels<Value> = unknown extends Value
  ? WritableValue
  : FieldValue extends Value
    ? Value | bigint
    : Value

/** The rows of each portal that can be written, by the portals' schemas. */
export type WrittenRows<Portals extends PortalSchemas> = {
  readonly [Portal in keyof Portals]?: readonly (PortalRowIds & WrittenBySchema<Portals[Portal]>)[]
}

/** The rows of each portal, as their schemas give them. */
export type PortalsRead<Portals extends PortalSchemas> = {
  readonly [Portal in keyof Portals]: NonNullable<Portals[Portal]['~standard']['types']>['output']
}
