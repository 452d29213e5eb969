/** A question of the caller's that stays without an answer for so long is put once more: it may never be answered. */
const STALE_MS = 30_000

/** Puts a question once for all who have it at the same time, and keeps no answer. */
export type SharedQuestion<Answer> = (ask: () => Promise<Answer>) => Promise<Answer>

export function createSharedQuestion<Answer>(staleMs: number = STALE_MS): SharedQuestion<Answer> {
  let current: { readonly answer: Promise<Answer>; readonly askedAt: number } | undefined
  return (ask) => {
    if (current !== undefined && performance.now() - current.askedAt < staleMs) return current.answer
    const asked = {
      answer: ask().finally(() => (current = current === asked ? undefined : current)),
      askedAt: performance.now(),
    }
    current = asked
    return asked.answer
  }
}
