import { isObject, type JsonObject } from './wire/shapes.ts'

/** What a layout consists of. */
export interface LayoutMetadata {
  readonly fieldMetaData: readonly FieldMetadata[]
  /** The fields of each portal. */
  readonly portalMetaData: Readonly<Record<string, readonly FieldMetadata[]>>
  /** Empty when the layout uses none. */
  readonly valueLists: readonly ValueList[]
}

export interface FieldMetadata {
  readonly name: string
  readonly type: 'normal' | 'calculation' | 'summary'
  readonly displayType: string
  readonly result: 'text' | 'number' | 'date' | 'time' | 'timeStamp' | 'container'
  readonly valueList?: string
  readonly global: boolean
  readonly autoEnter: boolean
  readonly fourDigitYear: boolean
  readonly maxRepeat: number
  readonly maxCharacters: number
  readonly notEmpty: boolean
  readonly numeric: boolean
  readonly timeOfDay: boolean
  readonly repetitionStart: number
  readonly repetitionEnd: number
}

export interface ValueList {
  readonly name: string
  readonly type: string
  readonly values: readonly { readonly displayValue: string; readonly value: string }[]
}

/** A field as FileMaker Server 17 described it. */
export interface OldFieldMetadata {
  readonly name: string
  readonly type: 'normal' | 'calculation' | 'summary'
  readonly result: 'text' | 'number' | 'date' | 'time' | 'timeStamp' | 'container'
  readonly valueList?: string
  /** A text on the wire, a boolean here. */
  readonly global: boolean
  readonly repetitions: number
  readonly id?: string
}

/** The key of the value lists is missing where there are none. */
export function layoutMetadataOf(response: JsonObject): LayoutMetadata {
  const metadata = response as unknown as LayoutMetadata
  return { ...metadata, valueLists: metadata.valueLists ?? [] }
}

export function oldMetadataOf({ metaData }: JsonObject): readonly OldFieldMetadata[] {
  if (!Array.isArray(metaData)) return []
  return metaData.filter(isObject).map((field) => ({
    ...(field as unknown as OldFieldMetadata),
    global: field.global === true || field.global === 'true',
  }))
}
