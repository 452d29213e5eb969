import { readFileSync } from 'node:fs'
import { DatabaseSync, StatementSync } from 'node:sqlite'

/**
 * Times every synchronous call of SQLite in this process from now on. These are what stops its event loop.
 *
 * Sixteen processes on two cores wait for each other most of the time. Linux counts that, and it is subtracted: it is no
 * fault of the cache's. A loop's delay as a whole would be no measure: here it was 30 ms at times without any file.
 */
export function watchDatabaseSteps(): { tookMs: readonly number[] } {
  const tookMs: number[] = []
  for (const prototype of [StatementSync.prototype, DatabaseSync.prototype]) {
    for (const name of ['run', 'get', 'exec', 'prepare', 'close']) {
      const method: unknown = Reflect.get(prototype, name)
      if (typeof method === 'function') Reflect.set(prototype, name, watched(method))
    }
  }
  return { tookMs }

  function watched(method: Function): Function {
    return function watchedCall(this: unknown, ...values: unknown[]): unknown {
      const before = performance.now() - waitedForProcessorMs()
      try {
        return Reflect.apply(method, this, values)
      } finally {
        tookMs.push(performance.now() - waitedForProcessorMs() - before)
      }
    }
  }
}

function waitedForProcessorMs(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0 // not Linux: then the whole time counts
  }
}
