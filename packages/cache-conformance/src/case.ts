import type { Bench, Outage } from './bench.ts'

/** One promise of the contract. */
export interface Case {
  /** The promise, as a sentence. */
  readonly name: string
  /** What a cache must be for the promise to be one that it makes; all of them. Left out: every cache makes it. */
  readonly only?: readonly Trait[]
  /** Rejects when the promise is not kept. */
  readonly run: (bench: Bench) => Promise<void>
}

/** Like {@link Case}, for each way to break the store that is given. */
export interface OutageCase {
  readonly name: string
  readonly run: (bench: Bench, outage: Outage) => Promise<void>
}

/**
 * `atomic` and `weak`: as `supports.atomic` says. `shared`: `supports.sharedBy` is not 'process'. `closable`: it has
 * `close`.
 */
export type Trait = 'atomic' | 'weak' | 'shared' | 'closable'
