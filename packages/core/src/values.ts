export { codec, readOnly, required, type Codec, type ReadOnlySchema } from './values/codec.ts'
export { boolean, choice, list, text } from './values/texts.ts'
export { decimal, integer, number, type NumberOptions, type TextInNumbers } from './values/numbers.ts'
export { date, timestamp, type DateOptions } from './values/dates.ts'
export { duration, time } from './values/times.ts'
export {
  fields,
  repetition,
  repetitions,
  type FieldSchemas,
  type FieldsRead,
  type FieldsSchema,
  type FieldsWritten,
  type Repetitions,
} from './values/fields.ts'
export {
  atLeast,
  atMost,
  between,
  contains,
  duplicated,
  empty,
  endsWith,
  exactly,
  lessThan,
  literal,
  moreThan,
  not,
  notEmpty,
  startsWith,
  today,
  wholeWords,
  words,
  type CriterionValue,
} from './values/criteria.ts'
