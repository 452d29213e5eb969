import { FileMakerError } from './errors.ts'
import { MOD_ID_MISMATCH } from './wire/error-codes.ts'

/** How long the record's own modId is waited for, after the call has failed. */
export const PRESENT_MOD_ID_MS = 5_000

/** Says in a 306 which modId was given, and which one the record has, where that is to be read. */
export async function withModIds<Result>(
  call: Promise<Result>,
  given: string | undefined,
  readPresent?: () => Promise<string | undefined>,
): Promise<Result> {
  try {
    return await call
  } catch (error) {
    if (given === undefined || !(error instanceof FileMakerError) || error.fileMakerCode !== MOD_ID_MISMATCH)
      throw error
    // A record that can't be read now is no reason to hide what happened.
    const present = await readPresent?.().catch(() => undefined)
    const { operation, outcome, attempts, httpStatus, messages, cause } = error
    const details = { operation, outcome, attempts, httpStatus, messages, conflict: { given, present } }
    throw new FileMakerError(details, cause === undefined ? {} : { cause })
  }
}
