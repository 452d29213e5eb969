import type { Layout, LayoutOptions } from './layout.ts'
import type { LayoutDefinition, PortalSchemas, PortalsRead, WrittenBySchema, WrittenRows } from './layout-definition.ts'
import type { FieldData, PortalFields } from './records.ts'
import type { SchemaInput, SchemaOutput, StandardSchema } from './values/standard-schema.ts'

/** Where layouts are had: a client, or a scope. */
export interface LayoutSource {
  /**
   * The records of one layout. Nothing is sent.
   *
   * The types of its fields and portals' rows are believed, not checked. Mark what is never written with {@link ReadOnly}.
   *
   * @example
   * const people = fm.layout<{ name: string; age: ReadOnly<number> }, { lines: { 'Lines::text': string } }>('People')
   */
  layout<Fields = FieldData, Portals = PortalFields>(name: string, options?: LayoutOptions): Layout<Fields, Portals>
  /**
   * The records of one layout, each checked and turned by a schema: of zod, valibot, arktype or any library with Standard
   * Schema, or made of codecs with `fields()` of `@fm/core/values`. Calls throw a {@link SchemaError} where a value does not fit.
   *
   * @throws TypeError that names what is wrong with the definition.
   * @example
   * const people = fm.layout('People', { schema: z.object({ name: z.string(), age: z.number() }), readOnly: ['age'] })
   */
  layout<
    Schema extends StandardSchema,
    Portals extends PortalSchemas = Readonly<Record<string, StandardSchema<FieldData, FieldData>>>,
    ReadOnlyField extends keyof SchemaInput<Schema> & string = never,
    Written = WrittenBySchema<Schema, ReadOnlyField>,
  >(
    name: string,
    definition: LayoutDefinition<Schema, Portals, ReadOnlyField, Written>,
  ): Layout<SchemaOutput<Schema>, PortalsRead<Portals>, Written, WrittenRows<Portals>>
}

/** Both ways of naming a layout, by one that takes a definition where there is one. */
export function layoutSource(
  open: <Fields, Portals, Written, Rows>(
    name: string,
    options?: LayoutOptions | LayoutDefinition,
  ) => Layout<Fields, Portals, Written, Rows>,
): LayoutSource['layout'] {
  return open
}
