import { RedisFailure } from './failure.ts'

/**
 * Runs something and waits for it until it ends, `signal` is aborted or the time is over, whichever comes first.
 *
 * @param operation - Its own signal says that nobody waits any more.
 * @throws The signal's reason, or an error that names the time limit.
 */
export async function waitAtMost<Value>(
  limitMs: number,
  signal: AbortSignal | undefined,
  operation: (stopped: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal?.throwIfAborted()
  const controller = new AbortController()
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  const stop = (reason: unknown): void => {
    controller.abort(reason)
    reject(reason)
  }
  const onAbort = (): void => stop(signal?.reason)
  // This timer keeps the process alive: an idle connection does not, and somebody waits for an answer.
  const timer = setTimeout(() => stop(new RedisFailure(`no answer within ${limitMs} ms`)), limitMs)
  signal?.addEventListener('abort', onAbort, { once: true })
  operation(controller.signal).then(resolve, reject)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', onAbort)
  }
}
