/**
 * A schema of any library that speaks Standard Schema, version 1: zod, valibot, arktype and others. Written down here as that
 * standard allows, so that core needs no package for it.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown, options?: SchemaOptions) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    /** Never there when the program runs. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

export interface SchemaOptions {
  readonly libraryOptions?: Record<string, unknown> | undefined
}

/** With `issues`, the value is none of the schema's; without, it is as the schema wants it. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

/** One thing that is wrong with a value. Libraries quote the value in `message`: keep it out of logs. */
export interface SchemaIssue {
  readonly message: string
  /** Where: names and numbers, or objects that hold one as `key`. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** What a schema takes: values as they travel. */
export type SchemaInput<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['input']

/** What a schema gives. */
export type SchemaOutput<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['output']

/** Some libraries' schemas are functions. */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  const standard: unknown = (value as Partial<StandardSchema>)['~standard']
  return (
    typeof standard === 'object' &&
    standard !== null &&
    'validate' in standard &&
    typeof standard.validate === 'function'
  )
}
