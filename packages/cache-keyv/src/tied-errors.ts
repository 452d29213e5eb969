import { AsyncLocalStorage } from 'node:async_hooks'
import type { KeyvStore } from './keyv-store.ts'

/** Runs an operation of a Keyv, and rejects when an error was reported while it ran, whatever it resolved with. */
export type Tied = <Value>(name: string, operation: () => Promise<Value>) => Promise<Value>

/**
 * Makes the errors of a Keyv rejections again.
 *
 * Keyv reports what goes wrong as an event, and resolves as if there were no value: an outage would look like a miss, and
 * a whole fleet would sign in again.
 */
export function tieErrors(keyv: KeyvStore): Tied {
  const calls = new AsyncLocalStorage<unknown[]>()
  const running = new Set<unknown[]>()
  keyv.on('error', (error) => {
    const own = calls.getStore()
    if (own !== undefined && running.has(own)) own.push(error)
    // Nobody's: a connection that all use, say, opened by a call that is long over. No call in flight is beyond doubt.
    else for (const errors of running) errors.push(error)
  })
  // It throws besides, and the errors of its `get` are no event at all.
  if (keyv.throwOnErrors === false) keyv.throwOnErrors = true

  return async (name, operation) => {
    const errors: unknown[] = []
    running.add(errors)
    try {
      const value = await calls.run(errors, operation)
      if (errors.length > 0) throw errors[0]
      return value
    } catch (error) {
      throw new Error(`Keyv: ${name} failed`, { cause: error })
    } finally {
      running.delete(errors)
    }
  }
}
