// What the demo and its worker processes say to each other.

export const CALL_KINDS = ['find', 'page', 'get', 'create', 'edit', 'delete'] as const
export type CallKind = (typeof CALL_KINDS)[number]

/** How a run shares sessions: all workers a few through a cache, or every call a login and a logout of its own. */
export type Sharing =
  | { readonly by: 'file'; readonly path: string; readonly sessions: number }
  | { readonly by: 'redis'; readonly url: string; readonly cacheSecret: string; readonly sessions: number }
  | { readonly by: 'nothing' }

/** What a worker is to do until it is stopped. */
export interface Job {
  readonly server: string
  readonly sharing: Sharing
  /** How many things it does at the same time. */
  readonly tasks: number
  /** No two workers or runs have the same: begins the keys of the records that it writes. */
  readonly name: string
  /** Countries to ask for. */
  readonly countryCodes: readonly string[]
}

export type ToWorker =
  | { readonly is: 'work'; readonly job: Job }
  /** Calls in flight are to end and no more to begin, until `resume`. */
  | { readonly is: 'pause' }
  | { readonly is: 'resume' }
  /** Rounds that have begun are to end, then the worker is `finished`. */
  | { readonly is: 'stop' }

export type FromWorker =
  | { readonly is: 'ready' }
  | { readonly is: 'paused' }
  | { readonly is: 'calls'; readonly calls: readonly CallReport[] }
  /** Core's word that the cache began to fail; calls went on without it. */
  | { readonly is: 'cache failing' }
  | { readonly is: 'finished' }

/** One call of the application, with all repeats that core made for it. */
export interface CallReport {
  readonly kind: CallKind
  readonly ms: number
  /** `settled`: nobody could say whether a write was executed, so the worker looked, and did what was missing. */
  readonly end: 'done' | 'settled' | 'failed'
  readonly error?: string
}
