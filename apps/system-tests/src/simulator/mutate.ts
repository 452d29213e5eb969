import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { MUTANTS, type Mutant } from './mutants.ts'

const CORE = new URL('../../../../packages/core/src/', import.meta.url)

/** Breaks one rule of core. Has to be called before the first of core's modules is loaded. */
export function mutate(name: string): void {
  const mutant = MUTANTS.find((candidate) => candidate.name === name)
  if (mutant === undefined) throw new TypeError(`there is no mutant ${name}`)
  const sources = mutatedSources(mutant)
  registerHooks({
    load: (url, context, nextLoad) => {
      const source = sources.get(url)
      return source === undefined ? nextLoad(url, context) : { format: 'module-typescript', source, shortCircuit: true }
    },
  })
}

/**
 * Core's sources with a mutant's edits, by URL.
 *
 * @throws Error when a text to be replaced is not there exactly once: the mutant has to be looked at again.
 */
export function mutatedSources({ name, edits }: Mutant): ReadonlyMap<string, string> {
  const sources = new Map<string, string>()
  for (const { file, replace, by } of edits) {
    const url = new URL(file, CORE).href
    const source = sources.get(url) ?? readFileSync(new URL(url), 'utf8')
    if (source.split(replace).length !== 2) {
      throw new Error(`mutant ${name}: ${file} does not have exactly one ${JSON.stringify(replace)}`)
    }
    sources.set(
      url,
      source.replace(replace, () => by),
    )
  }
  return sources
}
