import { setTimeout as timeout } from 'node:timers/promises'

const longestPauseMs = 16

/**
 * Waits before the next attempt: up to 1 ms, 2, 4 … 16, at random, so that processes which met once do not meet again.
 * Resolves early when the signal is aborted.
 *
 * The timer keeps the process alive, unlike our others: somebody awaits the operation, and it ends with its signal.
 */
export async function pauseBetweenAttempts(attempt: number, signal: AbortSignal): Promise<void> {
  try {
    await timeout(Math.random() * Math.min(2 ** attempt, longestPauseMs), undefined, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
