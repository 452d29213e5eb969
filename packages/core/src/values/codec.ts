import type { FieldValue } from '../records.ts'
import type { DateFormats } from '../wire/parameters.ts'
import {
  isStandardSchema,
  type SchemaIssue,
  type SchemaOptions,
  type SchemaResult,
  type StandardSchema,
} from './standard-schema.ts'

/**
 * Takes a field's value from how it travels to how a program wants it, and back.
 *
 * A codec is a Standard Schema, so it stands wherever one does; and its two functions need no `this`, so that they fit into
 * schemas of a library: `z.codec(z.string(), z.iso.date().nullable(), date())`, `v.transform((wire: string) => born.decode(wire))`.
 */
export interface Codec<Value, Wire extends FieldValue = FieldValue> extends StandardSchema<FieldValue, Value> {
  /** @throws TypeError for what is no such value, without quoting it. */
  readonly decode: (wire: FieldValue) => Value
  /** @throws TypeError for what can't be written so, without quoting it. */
  readonly encode: (value: Value) => Wire
  /** As `encode`, for a call that says how dates are written. */
  readonly '~encode': (value: Value, dateformats: DateFormats | undefined) => Wire
}

/** Both directions. Where a call is known, so is how it writes dates. */
interface CodecSteps<Value, Wire extends FieldValue> {
  readonly decode: (wire: FieldValue, dateformats: DateFormats | undefined) => Value
  readonly encode: (value: Value, dateformats: DateFormats | undefined) => Wire
}

/**
 * A codec of your own.
 *
 * What the functions throw makes the value invalid. The message is told in `issues` of the error, not in its own message:
 * it may quote the value.
 *
 * @example
 * const colour = codec({ decode: (wire) => String(wire).toLowerCase(), encode: (name: string) => name.toUpperCase() })
 */
export function codec<Value, Wire extends FieldValue>(steps: {
  readonly decode: (wire: FieldValue) => Value
  readonly encode: (value: Value) => Wire
}): Codec<Value, Wire> {
  if (typeof steps?.decode !== 'function') throw new TypeError('codec: decode must be a function')
  if (typeof steps.encode !== 'function') throw new TypeError('codec: encode must be a function')
  const { decode, encode } = steps
  return createCodec({ decode: (wire) => decode(wire), encode: (value: Value) => encode(value) })
}

/** @internal */
export function createCodec<Value, Wire extends FieldValue>(steps: CodecSteps<Value, Wire>): Codec<Value, Wire> {
  return {
    decode: (wire) => steps.decode(wire, undefined),
    encode: (value) => steps.encode(value, undefined),
    '~encode': steps.encode,
    '~standard': {
      version: 1,
      vendor: '@fm/core',
      validate: (wire, options) => {
        if (wire === undefined) return failure('there is no such field on the layout')
        if (typeof wire !== 'string' && typeof wire !== 'number') return failure('is neither a text nor a number')
        return attempt(() => steps.decode(wire, dateFormatsIn(options)))
      },
    },
  }
}

/** How a codec is told of a call's `dateformats`: Standard Schema hands options on, other libraries ignore them. */
export function optionsFor(dateformats: DateFormats): SchemaOptions {
  return { libraryOptions: { dateformats } }
}

function dateFormatsIn(options: SchemaOptions | undefined): DateFormats | undefined {
  const dateformats = options?.libraryOptions?.dateformats
  return dateformats === 0 || dateformats === 1 || dateformats === 2 ? dateformats : undefined
}

/** What was wrong, in words that hold nothing of the value: they may stand in an error's message. */
export class ValueError extends TypeError {
  override readonly name = 'ValueError'
}

/** An issue of ours: its message says nothing of the value. */
interface OwnIssue extends SchemaIssue {
  readonly valueFree: true
}

export function ownIssue(message: string, path: readonly PropertyKey[] = []): OwnIssue {
  return { message, path, valueFree: true }
}

export function isOwnIssue(issue: SchemaIssue): issue is OwnIssue {
  return 'valueFree' in issue && issue.valueFree === true
}

export function failure(message: string): { readonly issues: readonly SchemaIssue[] } {
  return { issues: [ownIssue(message)] }
}

/** What is thrown makes the value invalid. */
export function attempt<Output>(make: () => Output): SchemaResult<Output> {
  try {
    return { value: make() }
  } catch (error) {
    return { issues: [issueOf(error)] }
  }
}

export function issueOf(error: unknown): SchemaIssue {
  if (error instanceof ValueError) return ownIssue(error.message)
  return { message: error instanceof Error ? error.message : 'could not be read', path: [] }
}

/** The same, for a field that is never empty: `required(date())` gives no null, and refuses to write an empty value. */
export function required<Value, Wire extends FieldValue>(inner: Codec<Value, Wire>): Codec<Exclude<Value, null>, Wire> {
  checkCodec('required', inner)
  const refuseEmpty = <Given>(wire: Given): Given => {
    if (wire === '') throw new ValueError('is empty')
    return wire
  }
  const [decodeFor, encodeFor] = directionsOf(inner)
  return createCodec({
    decode: (wire, dateformats) => decodeFor(refuseEmpty(wire), dateformats) as Exclude<Value, null>,
    encode: (value, dateformats) => refuseEmpty(encodeFor(value, dateformats)),
  })
}

/** @throws TypeError that names an option which the codec does not know: a slip of the pen is no choice. */
export function checkOptions(codecName: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${codecName}: options must be an object`)
  const unknown = Object.keys(options).find((option) => !names.includes(option))
  if (unknown === undefined) return
  throw new TypeError(`${codecName}: there is no option "${unknown}"; there are ${names.join(', ')}`)
}

/** @throws TypeError that names what should have been one. */
export function checkCodec(option: string, inner: unknown): void {
  if (isStandardSchema(inner) && '~encode' in inner && typeof inner['~encode'] === 'function') return
  throw new TypeError(`${option} must be a codec`)
}

/** A codec's two directions with `dateformats`, for codecs around it. */
export function directionsOf<Value, Wire extends FieldValue>(
  inner: Codec<Value, Wire>,
): [CodecSteps<Value, Wire>['decode'], CodecSteps<Value, Wire>['encode']] {
  const { validate } = inner['~standard']
  const decode = (wire: FieldValue, dateformats: DateFormats | undefined): Value => {
    const result = validate(wire, dateformats === undefined ? undefined : optionsFor(dateformats))
    if (result instanceof Promise) throw new ValueError('is read by a codec that takes its time')
    if (result.issues === undefined) return result.value
    const [issue = ownIssue('is not valid')] = result.issues
    throw isOwnIssue(issue) ? new ValueError(issue.message) : new TypeError(issue.message)
  }
  return [decode, inner['~encode']]
}

/** A schema whose field is read and never written. */
export interface ReadOnlySchema<Output> extends StandardSchema<unknown, Output> {
  readonly '~readOnly': true
}

/**
 * Marks a field of {@link fields} that is read and never written: a calculation, a summary, a global field, one whose
 * modification is prohibited. Writes have no such field, in their types and when they run.
 *
 * @param schema - A codec, or a schema of any library.
 */
export function readOnly<Output>(schema: StandardSchema<unknown, Output>): ReadOnlySchema<Output> {
  if (!isStandardSchema(schema)) throw new TypeError('readOnly: must be a codec or a Standard Schema')
  return { '~standard': schema['~standard'], '~readOnly': true }
}
