/** The emulator's own time. It runs like the machine's and can be turned forward. */
export interface Clock {
  /** Milliseconds since 1970, with fractions. */
  now(): number
  advance(ms: number): void
}

export function createClock(): Clock {
  let advancedMs = 0
  return {
    // Not Date.now(): the wall clock can be set back under a running test.
    now: () => performance.timeOrigin + performance.now() + advancedMs,
    advance: (ms) => {
      if (!Number.isFinite(ms) || ms < 0) throw new TypeError('advance(ms): ms must be a number of at least 0')
      advancedMs += ms
    },
  }
}
