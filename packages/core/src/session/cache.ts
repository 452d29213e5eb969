/**
 * Where clients keep slots: a register for each key. Keys and values are opaque strings. Two methods make a backend.
 *
 * It is no ordinary cache: a value may be lost (that costs a login), but never be stale on purpose, and `compareAndSet`
 * is what keeps many processes at one login. Keys have at most 120 characters out of `[A-Za-z0-9._:-]`, values at most
 * 8 KiB. An expired entry is an absent one, for both methods.
 */
export interface SessionCache {
  /**
   * The value, or undefined when there is none or its time is over. `ttlMs`: what is left of it, where that is known for
   * free. Rejects when the cache can't tell.
   */
  get(key: string, options?: { signal?: AbortSignal }): Promise<{ value: string; ttlMs?: number } | undefined>
  /**
   * Replaces `expected` by `next` in one step, and gives it a fresh time to live: undefined as `expected` means "there is
   * none", as `next` "delete"; the same string twice renews its time to live.
   *
   * Resolves with whether it did; rejects on any doubt, never false because of an error.
   */
  compareAndSet(
    key: string,
    expected: string | undefined,
    next: string | undefined,
    ttlMs: number,
    options?: { signal?: AbortSignal },
  ): Promise<boolean>
  /** Who sees the same values, and whether compareAndSet is one step for all of them. */
  readonly supports: { readonly sharedBy: 'process' | 'machine' | 'network'; readonly atomic: boolean }
  /** Closes what the cache itself opened. The client never calls it: whoever made the cache closes it. */
  close?(): Promise<void>
}
