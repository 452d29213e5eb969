import type { SessionCache } from '@fm/core'

export const hourMs = 3_600_000

/** Long enough for a slow machine to find a value that it has just written, short enough to wait for its end. */
export const shortMs = 250

/** Puts a value where there is none. Whether the cache says so in the right way is a case of its own. */
export async function write(cache: SessionCache, key: string, value: string, ttlMs: number = hourMs): Promise<void> {
  await cache.compareAndSet(key, undefined, value, ttlMs)
}

/** Waits until what was written for {@link shortMs} before is over, by any clock that runs a little late, too. */
export function untilExpired(): Promise<void> {
  return sleep(shortMs + 100)
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/** What becomes of an operation within a time: its result, its error, or neither. */
export async function outcome<Result>(operation: Promise<Result>, withinMs: number): Promise<Outcome<Result>> {
  const late = Promise.withResolvers<Outcome<Result>>()
  const timer = setTimeout(() => late.resolve({ kind: 'hangs' }), withinMs)
  const settled = operation.then(
    (result): Outcome<Result> => ({ kind: 'resolved', result }),
    (error: unknown): Outcome<Result> => ({ kind: 'rejected', error }),
  )
  try {
    return await Promise.race([settled, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

export type Outcome<Result> =
  | { readonly kind: 'resolved'; readonly result: Result }
  | { readonly kind: 'rejected'; readonly error: unknown }
  | { readonly kind: 'hangs' }
