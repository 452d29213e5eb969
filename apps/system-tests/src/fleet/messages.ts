import type { ClientOptions } from '@fm/core'

/** Where a fleet's processes share their sessions. */
export type CacheChoice =
  | { readonly kind: 'memory' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'redis'; readonly url: string }
  | { readonly kind: 'redis cluster'; readonly ports: readonly number[] }
  | { readonly kind: 'redis sentinel'; readonly port: number; readonly name: string }
  /** Keyv over Redis: no compare-and-set. */
  | { readonly kind: 'keyv'; readonly url: string }

/** What a member of a fleet is started with. */
export interface MemberOptions {
  readonly server: string
  readonly database: string
  readonly account: string
  readonly password: string
  readonly cache: CacheChoice
  readonly cacheSecret: string
  readonly sessions: NonNullable<ClientOptions['sessions']>
  readonly timeouts: NonNullable<ClientOptions['timeouts']>
  /** Kills itself, as `kill -9` does, right before or after its nth write to the cache. */
  readonly crash: CrashPoint | undefined
  /** The user that it becomes once it is up, which only root may ask for. */
  readonly uid: number | undefined
}

export interface CrashPoint {
  readonly write: number
  readonly when: 'before' | 'after'
}

/** Work for a member. */
export type Job =
  /** Each task asks what product the server is, which needs no session: connections are open then, and code is loaded. */
  | { readonly job: 'greet'; readonly tasks: number }
  /** Each task makes calls one after the other, until it made so many or time is up. */
  | {
      readonly job: 'calls'
      readonly tasks: number
      readonly verb: 'read' | 'write' | 'both'
      readonly calls?: number
      readonly forMs?: number
      readonly pauseMs?: number
      /** @defaultValue 'People' */
      readonly layout?: string
    }
  /** Each task opens exclusive scopes one after the other and looks whether anybody else's state is in them. */
  | { readonly job: 'scopes'; readonly tasks: number; readonly scopes: number; readonly holdMs?: number }
  /** Opens one exclusive scope and keeps it until the process ends. */
  | { readonly job: 'hold' }
  | { readonly job: 'inspect' }
  | { readonly job: 'close' }

/** What came of a job. */
export interface JobReport {
  readonly succeeded: number
  readonly failures: readonly Failure[]
  /** Milliseconds each call took, in no order. */
  readonly latencies: readonly number[]
  /** When the first answer of this job came, and the last, in milliseconds since 1970. */
  readonly firstAt: number
  readonly lastAt: number
  /** Scopes that found another's state. */
  readonly mixed: number
  readonly cacheOperations: number
  /** Warnings that the cache failed. */
  readonly cacheWarnings: number
  /** When the cache first took a write again after it had failed, in milliseconds since 1970; undefined while it fails. */
  readonly cacheAcceptedAt: number | undefined
  readonly inspected?: unknown
}

export interface Failure {
  readonly name: string
  readonly message: string
  readonly outcome: string | undefined
  readonly fileMakerCode: number | undefined
  readonly write: boolean
}

export type ToMember = { readonly id: number } & Job
export type FromMember =
  | { readonly ready: true }
  | { readonly id: number; readonly report: JobReport }
  | { readonly id: number; readonly error: string }
