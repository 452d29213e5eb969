// Scripts within a request: before the action, before the sort, and after both (section 6).

import { Refusal } from './answer.ts'
import type { SessionCall } from './call.ts'
import type { ScriptDefinition } from './definition.ts'
import { jsonObject } from './json.ts'
import type { JsonText } from './json.ts'
import { scriptOptions } from './parameters.ts'
import type { Options, ScriptParameters, ScriptPhase } from './parameters.ts'
import { endedUnderCall } from './sessions.ts'

export interface ScriptRuns {
  /** Runs the request's script of that phase, if it has one. @throws Refusal 104 when there is no such script. */
  run(phase: ScriptPhase, recordId?: number): Promise<void>
  /** The results as keys of the answer, before the endpoint's own. */
  entries(): [string, JsonText][]
}

/** The scripts that a request names. @throws Refusal 960 when a name is no text. */
export function scriptRuns(call: SessionCall, options: Options, layout: string): ScriptRuns {
  const wanted = scriptOptions(options)
  const entries: [string, JsonText][] = []
  return {
    run: async (phase, recordId) => {
      const parameters = wanted.get(phase)
      if (parameters === undefined) return
      const outcome = await runScript(call, parameters, layout, recordId)
      entries.push(...resultEntries(outcome, phase === 'after' ? '' : `.${phase}`))
    },
    entries: () => entries,
  }
}

/** A script's result and error as they stand in an answer. */
export interface ScriptResult {
  /** Undefined when it returned nothing: the key is missing then (section 3.20). */
  readonly result: string | undefined
  readonly error: number
}

/** @throws Refusal 104 when there is no such script, 112 when the session ends while it runs. */
export async function runScript(
  call: SessionCall,
  { name, parameter }: ScriptParameters,
  layout: string,
  recordId?: number,
): Promise<ScriptResult> {
  const script = call.database.solution.scripts.get(name)
  if (script === undefined || name === '-') throw new Refusal(104)
  if (script.durationMs !== undefined) await call.wait(script.durationMs)
  const outcome = await outcomeOf(script, {
    parameter,
    database: call.session.database,
    layout,
    account: call.session.account,
    recordId: recordId === undefined ? undefined : String(recordId),
  })
  if (call.session.end !== undefined) throw endedUnderCall(call.session.end)
  return outcome
}

/** The keys of a result, with what their names end in. */
export function resultEntries({ result, error }: ScriptResult, suffix: string): [string, JsonText][] {
  return [
    ...(result === undefined ? [] : [[`scriptResult${suffix}`, JSON.stringify(result)] as [string, JsonText]]),
    [`scriptError${suffix}`, JSON.stringify(String(error))],
  ]
}

/** Scripts' entries and an endpoint's own as one response. */
export function responseWith(runs: ScriptRuns, own: readonly (readonly [string, JsonText])[]): JsonText {
  return jsonObject([...runs.entries(), ...own])
}

/** As `responseWith`, for an endpoint's own keys that are text already. */
export function responseObject(runs: ScriptRuns, own: JsonText): JsonText {
  const entries = runs.entries()
  return entries.length === 0 ? `{${own}}` : `${jsonObject(entries).slice(0, -1)},${own}}`
}

async function outcomeOf(
  script: ScriptDefinition,
  given: Parameters<NonNullable<ScriptDefinition['run']>>[0],
): Promise<ScriptResult> {
  const outcome = await script.run?.(given)
  if (typeof outcome === 'object') {
    const { result, error = 0 } = outcome
    return { result: result === '' ? undefined : result, error }
  }
  return { result: outcome === undefined || outcome === '' ? undefined : outcome, error: 0 }
}
