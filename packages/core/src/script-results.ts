import { errorMeaning } from './error-meanings.ts'

/** What became of one script that ran with a call. */
export interface ScriptResult {
  /** 0 when it went well; else the number of its last error, or of its Revert Transaction or Exit. */
  readonly error: number
  /** What it gave to Exit Script. Undefined where it gave nothing. */
  readonly result: string | undefined
}

/** When a script of a call runs: before the action, between action and sort, after both. */
export type ScriptStep = 'prerequest' | 'presort' | 'script'

/** What became of the scripts that ran with a call; of those that ran. */
export type ScriptResults = { readonly [Step in ScriptStep]?: ScriptResult }

/**
 * A script that ran with a call ended with an error. The call itself succeeded: nothing is undone, and its answer is here.
 * Thrown only where that was asked for, see {@link checkScripts}.
 */
export class ScriptError<Answer = unknown> extends Error {
  override readonly name = 'ScriptError'
  /** Compare this and not the message: it is the same in every version and every copy of this package. */
  readonly code = 'FM_SCRIPT_FAILED'
  readonly outcome = 'executed'
  readonly step: ScriptStep
  /** FileMaker's number; 5000 to 5499 are the script's own. */
  readonly scriptError: number
  /** What the number means, in words. Undefined for one that is not documented. */
  readonly meaning: string | undefined
  // Private, so that no logger prints what was in the database.
  readonly #scriptResult: string | undefined
  readonly #answer: Answer

  constructor(step: ScriptStep, { error, result }: ScriptResult, answer: Answer) {
    const meaning = errorMeaning(error)
    const place = step === 'script' ? 'the script' : `the script of step ${step}`
    super(`${place} ended with error ${error}${meaning === undefined ? '' : `: ${meaning}`}; the call itself succeeded`)
    this.step = step
    this.scriptError = error
    this.meaning = meaning
    this.#scriptResult = result
    this.#answer = answer
  }

  /** What the script gave to Exit Script. */
  get scriptResult(): string | undefined {
    return this.#scriptResult
  }

  /** The answer of the call, as it would have been returned. */
  get answer(): Answer {
    return this.#answer
  }
}

/**
 * Passes an answer on if its scripts went well, and throws if one did not. For those who want a script's error thrown: a
 * failed script does not fail the call, and undoes nothing of it.
 *
 * @throws {@link ScriptError} of the first script, in the order in which they ran, that ended with an error.
 * @example
 * const { recordId } = checkScripts(await orders.create({ total: 9 }, { script: { name: 'Confirm' } }))
 */
export function checkScripts<Answer extends { readonly scripts?: ScriptResults | undefined }>(answer: Answer): Answer {
  for (const step of STEPS) {
    const ran = answer.scripts?.[step]
    if (ran !== undefined && ran.error !== 0) throw new ScriptError(step, ran, answer)
  }
  return answer
}

const STEPS: readonly ScriptStep[] = ['prerequest', 'presort', 'script']
