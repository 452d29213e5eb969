import type { FieldData, FieldValue } from '../records.ts'
import type { DateFormats } from '../wire/parameters.ts'
import { isObject } from '../wire/shapes.ts'
import { attempt, checkCodec, type Codec, failure, issueOf, type ReadOnlySchema, ValueError } from './codec.ts'
import {
  isStandardSchema,
  type SchemaInput,
  type SchemaIssue,
  type SchemaOptions,
  type SchemaOutput,
  type SchemaResult,
  type StandardSchema,
} from './standard-schema.ts'

/** A schema for each field: codecs, schemas of any library, {@link readOnly} ones, {@link repetitions}. */
export type FieldSchemas = Readonly<Record<string, StandardSchema>>

/** What reading gives: these fields, no others. */
export type FieldsRead<Schemas extends FieldSchemas> = {
  readonly [Field in keyof Schemas]: SchemaOutput<Schemas[Field]>
}

/** What writing takes: any of the fields that are not read-only. */
export type FieldsWritten<Schemas extends FieldSchemas> = {
  readonly [Field in keyof Schemas as Schemas[Field] extends ReadOnlySchema<unknown> ? never : Field]?: FieldWritten<
    Schemas[Field]
  >
}

/** A codec writes what it reads; of a schema that goes one way only, values are written as they travel. */
type FieldWritten<Schema extends StandardSchema> = Schema extends {
  readonly '~encode': (value: infer Value, dateformats: DateFormats) => unknown
}
  ? Value
  : SchemaInput<Schema>

/** The fields of a layout, or of a portal's rows, as one schema. Made by {@link fields}. */
export interface FieldsSchema<Schemas extends FieldSchemas> extends StandardSchema<FieldData, FieldsRead<Schemas>> {
  readonly fields: Schemas
  /** As the fields travel. Fields that are not in the schema go as they are. */
  readonly '~write': (written: FieldsWritten<Schemas>, dateformats: DateFormats) => Written | Promise<Written>
}

type Written = SchemaResult<Readonly<Record<string, unknown>>>

/**
 * The fields of a layout, each with what reads and writes it: a codec of ours, or a schema of any library.
 *
 * Reading gives these fields and no others, and says which is missing on the layout or is not as it should be. Writing takes
 * any of them, and checks them before anything is sent: codecs write what they read, other schemas take values as they
 * travel.
 *
 * @throws TypeError that names the field whose schema is none.
 * @example
 * const people = fm.layout('People', {
 *   schema: fields({ name: text(), born: date(), age: readOnly(number()), mail: z.email(), phone: repetitions(text(), 3) }),
 * })
 */
export function fields<const Schemas extends FieldSchemas>(schemas: Schemas): FieldsSchema<Schemas> {
  if (!isObject(schemas)) throw new TypeError('fields: must be an object with a schema for each field')
  const entries = Object.entries(schemas)
  for (const [field, schema] of entries) {
    if (!isStandardSchema(schema)) {
      const hint = typeof schema === 'function' ? '; are the parentheses missing?' : ''
      throw new TypeError(`fields: "${field}" must be a codec or a Standard Schema${hint}`)
    }
  }
  const byName = new Map(entries)
  return {
    fields: schemas,
    '~standard': {
      version: 1,
      vendor: '@fm/core',
      validate: (wire, options) => {
        if (!isObject(wire)) return failure('is no object of fields')
        const results = entries.map(([field, schema]) => validate(schema, wireOf(wire, field, schema), options))
        const join = (settled: readonly SchemaResult<unknown>[]): SchemaResult<FieldsRead<Schemas>> =>
          joined(entries, settled) as SchemaResult<FieldsRead<Schemas>>
        return whenSettled(results, join)
      },
    },
    '~write': (written, dateformats) => {
      if (!isObject(written)) return failure('is no object of fields')
      const names = Object.entries(written)
      const results = names.map(([field, value]) => writeField(byName.get(field), value, dateformats))
      return whenSettled(results, (settled) => {
        const all = joined(names, settled)
        return all.issues === undefined ? { value: spread(byName, all.value) } : all
      })
    },
  }
}

/**
 * A field that repeats, as a list of all its repetitions on the layout: `phone`, `phone(2)`, `phone(3)` on the wire. Writing
 * takes the whole field: repetitions that the list lacks are emptied. ({@link repetition} names a single one.)
 *
 * @param of - What each repetition is.
 * @param count - How many there are.
 */
export function repetitions<Value, Wire extends FieldValue>(of: Codec<Value, Wire>, count: number): Repetitions<Value> {
  if (!Number.isInteger(count) || count < 1 || count > 32_000) {
    throw new TypeError('repetitions: count must be a whole number from 1 to 32000')
  }
  checkCodec('repetitions: of', of)
  const { '~encode': encode, '~standard': one } = of
  return {
    '~repetitions': count,
    '~standard': {
      version: 1,
      vendor: '@fm/core',
      validate: (wires, options) => {
        if (!Array.isArray(wires)) return failure('is no list of repetitions')
        const results = wires.map((wire: unknown) => one.validate(wire, options))
        return whenSettled(results, (settled) => {
          const values = joined(Object.entries(wires), settled)
          if (values.issues !== undefined) return values
          return { value: Object.values(values.value) as Value[] }
        })
      },
    },
    '~encode': (values, dateformats) => {
      if (!Array.isArray(values)) throw new ValueError('must be a list of repetitions')
      if (values.length > count) throw new ValueError(`has more than ${count} repetitions`)
      const wires = values.map((value: Value) => encode(value, dateformats))
      return [...wires, ...Array.from({ length: count - wires.length }, () => '')]
    },
  }
}

/** Made by {@link repetitions}. */
export interface Repetitions<Value> extends StandardSchema<readonly FieldValue[], readonly Value[]> {
  readonly '~repetitions': number
  readonly '~encode': (values: readonly Value[], dateformats: DateFormats) => readonly FieldValue[]
}

/**
 * The name of one repetition of a field: `phone(2)`. The first is the field itself.
 *
 * @param number - Counted from 1.
 */
export function repetition<const Field extends string, const Count extends number>(
  field: Field,
  number: Count,
): Count extends 1 ? Field : `${Field}(${Count})` {
  if (!Number.isInteger(number) || number < 1) throw new TypeError('repetition: must be a whole number from 1')
  return (number === 1 ? field : `${field}(${number})`) as Count extends 1 ? Field : `${Field}(${Count})`
}

/** What the server sent for a field: of one that repeats a list, the first of it under its bare name. */
function wireOf(wire: Readonly<Record<string, unknown>>, field: string, schema: StandardSchema): unknown {
  const own = (name: string): unknown => (Object.hasOwn(wire, name) ? wire[name] : undefined)
  if (!isRepetitions(schema)) return own(field)
  return Array.from({ length: schema['~repetitions'] }, (_, index) =>
    index === 0 ? (own(field) ?? own(`${field}(1)`)) : own(`${field}(${index + 1})`),
  )
}

function writeField(
  schema: StandardSchema | undefined,
  value: unknown,
  dateformats: DateFormats,
): SchemaResult<unknown> | Promise<SchemaResult<unknown>> {
  // A value of undefined is refused where all fields are checked.
  if (schema === undefined || value === undefined) return { value }
  if ('~readOnly' in schema) return failure('is read only')
  if (isEncoder(schema)) return attempt(() => schema['~encode'](value, dateformats))
  const result = validate(schema, value)
  const asGiven = (checked: SchemaResult<unknown>): SchemaResult<unknown> =>
    checked.issues === undefined ? { value } : checked
  return result instanceof Promise ? result.then(asGiven) : asGiven(result)
}

/** Lists of repetitions under the names they have on the wire. */
function spread(
  schemas: ReadonlyMap<string, StandardSchema>,
  written: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(written).flatMap(([field, value]): [string, unknown][] => {
      const schema = schemas.get(field)
      if (schema === undefined || !isRepetitions(schema) || !Array.isArray(value)) return [[field, value]]
      return value.map((wire: unknown, index) => [repetition(field, index + 1), wire])
    }),
  )
}

function isRepetitions(schema: StandardSchema): schema is Repetitions<unknown> {
  return '~repetitions' in schema
}

function isEncoder(
  schema: StandardSchema,
): schema is StandardSchema & { readonly '~encode': (value: unknown, dateformats: DateFormats) => unknown } {
  return '~encode' in schema
}

/** Asks a schema. What it throws makes the value invalid. */
export function validate(
  schema: StandardSchema,
  value: unknown,
  options?: SchemaOptions,
): SchemaResult<unknown> | Promise<SchemaResult<unknown>> {
  const failed = (error: unknown): SchemaResult<unknown> => ({ issues: [issueOf(error)] })
  try {
    const result = schema['~standard'].validate(value, options)
    return result instanceof Promise ? result.catch(failed) : result
  } catch (error) {
    return failed(error)
  }
}

/** Goes on at once where nothing has to be waited for. */
export function whenSettled<Result, Joined>(
  results: readonly (Result | Promise<Result>)[],
  join: (settled: readonly Result[]) => Joined,
): Joined | Promise<Joined> {
  return results.some((result) => result instanceof Promise)
    ? Promise.all(results).then(join)
    : join(results as readonly Result[])
}

/** One result of many, by name. */
function joined(
  names: readonly (readonly [name: string, ...unknown[]])[],
  results: readonly SchemaResult<unknown>[],
): SchemaResult<Readonly<Record<string, unknown>>> {
  const issues = results.flatMap((result, index): readonly SchemaIssue[] =>
    (result.issues ?? []).map((issue) => ({ ...issue, path: [names[index]?.[0] ?? '', ...(issue.path ?? [])] })),
  )
  if (issues.length > 0) return { issues }
  // From entries, and not key by key: a field may be named __proto__.
  return {
    value: Object.fromEntries(
      results.map((result, index) => [names[index]?.[0] ?? '', result.issues === undefined ? result.value : undefined]),
    ),
  }
}
