/** Clock, timers and chance, so that the simulator can turn them. Durations are monotonic; no wall clock decides anything. */
export interface Time {
  /** Milliseconds from an arbitrary beginning, never set back. */
  now(): number
  /** Does something later. Keeps the process alive, since somebody awaits it. Returns what calls it off. */
  after(ms: number, action: () => void): () => void
  /** The same in the background: never keeps the process alive. */
  afterUnawaited(ms: number, action: () => void): () => void
  /** From 0 up to, not including, 1. */
  random(): number
}

/** A timer that comes so late tells of a process that stood still: starved, frozen, or busy with itself. */
export const STALL_MS = 50

export const systemTime: Time = {
  now: () => performance.now(),
  after: (ms, action) => {
    const timer = setTimeout(action, ms)
    return () => clearTimeout(timer)
  },
  afterUnawaited: (ms, action) => {
    const timer = setTimeout(action, ms).unref()
    return () => clearTimeout(timer)
  },
  random: Math.random,
}

export function sleep(time: Time, ms: number): Promise<void> {
  return new Promise((resolve) => void time.after(ms, resolve))
}

/** A pause somewhere in the range, so that many who wait for the same thing do not come back at once. */
export function between(time: Time, leastMs: number, mostMs: number): number {
  return leastMs + time.random() * (mostMs - leastMs)
}
