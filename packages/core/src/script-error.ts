import { known } from './checks.ts'
import { errorMeaning } from './error-meanings.ts'
import type { ScriptResult, ScriptResults } from './script-options.ts'

/** Which script of a call: the one before the action, between action and sort, or after both. Named like the options. */
export type ScriptStep = keyof ScriptResults

/** An answer with the results of the scripts that ran, by step; or that of a script which ran by itself. */
export type ScriptAnswer = ScriptResults | ScriptResult

/**
 * A script that ran with a call ended with an error. The call itself succeeded: nothing of it is undone, and `answer` has
 * what it brought. Thrown only where that was asked for, by {@link checkScripts}.
 */
export class ScriptError<Answer = unknown> extends Error {
  override readonly name = 'ScriptError'
  /** Compare this and not the message: it is the same in every version and every copy of this package. */
  readonly code = 'FM_SCRIPT_FAILED'
  readonly outcome = 'executed'
  readonly step: ScriptStep
  /** FileMaker's number at the script's end; 5000 to 5499 are the script's own. */
  readonly scriptError: number
  /** What the number means, in words. Undefined for one that is not documented. */
  readonly meaning: string | undefined
  // Private, so that no logger prints what came out of the database.
  readonly #scriptResult: string
  readonly #answer: Answer

  constructor(step: ScriptStep, { error, result }: ScriptResult, answer: Answer) {
    const meaning = errorMeaning(error)
    super(`${step} ended with error ${error}${meaning === undefined ? '' : `: ${meaning}`}; the call itself succeeded`)
    this.step = step
    this.scriptError = error
    this.meaning = meaning
    this.#scriptResult = result
    this.#answer = answer
  }

  /** What the script gave to Exit Script. */
  get scriptResult(): string {
    return this.#scriptResult
  }

  /** The answer of the call, as it would have been returned. */
  get answer(): Answer {
    return this.#answer
  }
}

/**
 * Passes an answer on if its scripts went well, and throws if one did not. For those who want a script's error thrown: a
 * failed script does not fail its call.
 *
 * @param options - `accept`: numbers that are no failure, as 401 where a script's own find may match nothing.
 * @throws {@link ScriptError} of the first script, in the order in which they ran, that ended with another number than 0.
 * @example
 * const { recordId } = checkScripts(await orders.create({ total: 9 }, { script: 'Confirm' }))
 */
export function checkScripts<Answer extends ScriptAnswer>(
  answer: Answer,
  options: { readonly accept?: readonly number[] } = {},
): Answer {
  known('checkScripts', options, ['accept'])
  const { accept = [] } = options
  if (!Array.isArray(accept)) throw new TypeError('checkScripts: accept must be a list of numbers')
  if (typeof answer !== 'object' || answer === null) throw new TypeError('checkScripts: answer must be that of a call')
  for (const [step, ran] of scriptsOf(answer)) {
    if (ran !== undefined && ran.error !== 0 && !accept.includes(ran.error)) throw new ScriptError(step, ran, answer)
  }
  return answer
}

function scriptsOf(answer: ScriptAnswer): readonly (readonly [ScriptStep, ScriptResult | undefined])[] {
  if ('error' in answer) return [['script', answer]]
  return STEPS.map((step) => [step, answer[step]])
}

const STEPS: readonly ScriptStep[] = ['scriptPrerequest', 'scriptPresort', 'script']
