import { CallError, type CallDetails } from './errors.ts'
import type { SchemaIssue } from './values/standard-schema.ts'

/** Where a value is that does not fit. */
export interface SchemaErrorDetails extends CallDetails {
  readonly layout: string
  /** Undefined for a record that is to be created. */
  readonly recordId: string | undefined
  readonly paths: readonly string[]
  readonly issues: readonly SchemaIssue[]
}

/**
 * A value is not as the layout's schema wants it: `outcome` is `'executed'` for one that the server sent, and `'not-executed'`
 * for one that was to be written.
 */
export class SchemaError extends CallError {
  override readonly name = 'SchemaError'
  readonly code = 'FM_SCHEMA'
  readonly layout: string
  readonly recordId: string | undefined
  /** What does not fit: `fieldData.born`, `portalData.lines[2].Lines::price`. */
  readonly paths: readonly string[]
  // Private, so that no logger and no inspection comes upon it: what schemas say may quote values.
  readonly #issues: readonly SchemaIssue[]

  constructor(message: string, details: SchemaErrorDetails, options?: ErrorOptions) {
    super(message, details, options)
    this.layout = details.layout
    this.recordId = details.recordId
    this.paths = details.paths
    this.#issues = details.issues
  }

  /** What the schema said, with its own paths. Libraries quote values here: look at it, and keep it out of logs. */
  get issues(): readonly SchemaIssue[] {
    return this.#issues
  }
}
