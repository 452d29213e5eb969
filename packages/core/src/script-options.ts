import type { Call, Exchange } from './exchange/call.ts'
import type { Verb } from './exchange/retry.ts'
import type { Outcome } from './errors.ts'
import { boolean, known, name, oneOf, text } from './checks.ts'
import { LAYOUT_MISSING, MALFORMED, SCRIPT_MISSING } from './wire/error-codes.ts'
import type { Parameters, ScriptCall } from './wire/parameters.ts'
import { textOf, type JsonObject } from './wire/shapes.ts'

/**
 * On which session calls with scripts are made. `shared`: on one of those that all calls share, as every other client does
 * it; global variables, global fields, found sets and records left open then stay behind for the next call. `exclusive`: on
 * a session of the call's own, which costs a login and a logout.
 */
export type ScriptSessions = 'shared' | 'exclusive'

/**
 * Scripts that run within a call. Their results and errors are fields of its answer, under the names they have here; an
 * error of a script is no failure of the call. A call with a script is not sent again when its answer is lost.
 */
export interface ScriptOptions {
  /** Runs when all is done and sorted, before records are read for the answer. Its name, or with a parameter. */
  readonly script?: string | ScriptCall | undefined
  /** Runs on the layout before anything else is done. */
  readonly scriptPrerequest?: string | ScriptCall | undefined
  /** Runs after the action and before the sort. */
  readonly scriptPresort?: string | ScriptCall | undefined
  /** @defaultValue what the layout says, else the client; else 'shared' */
  readonly scripts?: ScriptSessions | undefined
  /** Says that the scripts may run twice without harm, even at the same time: the call is then repeated as if it had none. @defaultValue false */
  readonly idempotent?: boolean | undefined
}

/** What a script left: both as `Exit Script` and `Get ( LastError )` had them at its end. */
export interface ScriptResult {
  /** `''` where it returned nothing. */
  readonly result: string
  /** FileMaker's number, 0 for none; a script may set numbers of its own from 5000 to 5499. */
  readonly error: number
}

/** One for each script that the call named, where the server told of it. */
export interface ScriptResults {
  readonly script?: ScriptResult
  readonly scriptPrerequest?: ScriptResult
  readonly scriptPresort?: ScriptResult
}

const PHASES = ['script', 'scriptPrerequest', 'scriptPresort'] as const
type Phase = (typeof PHASES)[number]

export const SCRIPT_OPTIONS: readonly string[] = [...PHASES, 'scripts', 'idempotent']

/** Where calls with scripts go: the exchange of all calls, or one that gives each call a session of its own. */
export interface ScriptPlaces {
  readonly shared: Exchange
  readonly exclusive: Exchange
  /** What is meant where a call does not say. */
  readonly scripts: ScriptSessions
}

/** The scripts of one call, checked. */
export interface ReadScripts {
  readonly parameters: Pick<Parameters, Phase>
  /** Sends the call where it belongs, as what it is in the table of repeats. */
  readonly send: (call: Call) => Promise<JsonObject>
}

/** @throws TypeError that names the option. */
export function readScripts(
  method: string,
  options: ScriptOptions & { readonly layoutResponse?: string | undefined },
  places: ScriptPlaces,
): ReadScripts {
  const { scripts = places.scripts, idempotent = false } = options
  checkScriptSessions(`${method}: scripts`, scripts)
  boolean(`${method}: idempotent`, idempotent)
  const parameters: Partial<Record<Phase, ScriptCall>> = {}
  for (const phase of PHASES) {
    const given = options[phase]
    if (given !== undefined) parameters[phase] = readScript(`${method}: ${phase}`, given)
  }
  const given = PHASES.filter((phase) => parameters[phase] !== undefined)
  if (given.length === 0) return { parameters, send: places.shared }
  const exchange = places[scripts]
  return {
    parameters,
    send: (call) => {
      const verb = idempotent ? idempotentVerb(call.verb) : 'write'
      return exchange({ ...call, verb, refusalOutcome: outcomeOfRefusal(call, given, options.layoutResponse) })
    },
  }
}

/** As {@link readScripts}, for a call that is nothing but a script. */
export function readScriptCall(
  method: string,
  options: Pick<ScriptOptions, 'scripts' | 'idempotent'>,
  places: ScriptPlaces,
): { readonly send: Exchange; readonly verb: Verb } {
  const { scripts = places.scripts, idempotent = false } = options
  checkScriptSessions(`${method}: scripts`, scripts)
  boolean(`${method}: idempotent`, idempotent)
  return { send: places[scripts], verb: idempotent ? 'read' : 'write' }
}

export function checkScriptSessions(option: string, scripts: unknown): asserts scripts is ScriptSessions {
  oneOf(option, scripts, ['shared', 'exclusive'])
}

function readScript(option: string, given: unknown): ScriptCall {
  if (typeof given === 'string') return { name: name(option, given) }
  known(option, given, ['name', 'param'])
  const { name: script, param } = given as { readonly name?: unknown; readonly param?: unknown }
  return { name: name(`${option}.name`, script), param: readScriptParameter(`${option}.param`, param) }
}

/** A text, for a script knows nothing else: structures travel as JSON in it. */
export function readScriptParameter(option: string, param: unknown): string | undefined {
  return param === undefined ? undefined : text(option, param)
}

/**
 * A deleted record that is missing when the deletion is repeated says nothing about the script that was to run after it. So
 * such a deletion is repeated like an edit, whose second refusal leaves its outcome unknown.
 */
function idempotentVerb(verb: Verb): Verb {
  return verb === 'delete' ? 'edit' : verb
}

/**
 * A refused action is not executed; a script that ran before the refusal is not undone by it, and a script that is missing
 * is noticed when its turn comes.
 */
function outcomeOfRefusal(
  call: Call,
  given: readonly Phase[],
  layoutResponse: string | undefined,
): (code: number) => Outcome {
  const runsBefore = given.includes('scriptPrerequest')
  const isReading = call.verb === 'read'
  return (code) => {
    if (MALFORMED.has(code)) return 'not-executed'
    // The layout of the answer is gone to last.
    if (code === LAYOUT_MISSING && layoutResponse === undefined) return 'not-executed'
    if (code === SCRIPT_MISSING) return runsBefore && given.length === 1 ? 'not-executed' : 'unknown'
    return runsBefore || isReading ? 'unknown' : 'not-executed'
  }
}

/** The results in an answer, under the names that the options have. */
export function scriptResultsOf(response: JsonObject): ScriptResults {
  return {
    ...resultOf('script', response.scriptResult, response.scriptError),
    ...resultOf('scriptPrerequest', response['scriptResult.prerequest'], response['scriptError.prerequest']),
    ...resultOf('scriptPresort', response['scriptResult.presort'], response['scriptError.presort']),
  }
}

function resultOf(phase: Phase, result: unknown, error: unknown): ScriptResults {
  return result === undefined && error === undefined ? {} : { [phase]: readResult(result, error) }
}

/** The key of a result is missing where the script returned nothing; a code that is none of FileMaker's is -1, unknown. */
export function readResult(result: unknown, error: unknown): ScriptResult {
  const code = error === undefined ? 0 : Number(error)
  return {
    result: textOf(result),
    error: Number.isSafeInteger(code) ? code : -1,
  }
}
