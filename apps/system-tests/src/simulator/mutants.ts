/** A rule of core broken on purpose, to see that the checker notices. */
export interface Mutant {
  readonly name: string
  readonly about: string
  /** Where it is noticed, the surest first. */
  readonly scenarios: readonly string[]
  readonly edits: readonly { readonly file: string; readonly replace: string; readonly by: string }[]
}

export const MUTANTS: readonly Mutant[] = []
