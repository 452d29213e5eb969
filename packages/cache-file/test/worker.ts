// One of many processes on one file. It takes orders from the test through its channel, one after the other.
import { setTimeout as timeout } from 'node:timers/promises'
import { fileCache } from '../src/index.ts'
import { watchDatabaseSteps } from './database-steps.ts'

/** `count`: swap a counter up for so long. `get`: read a key. `restrict`: go on as a user who is not root. */
export type Order =
  | { readonly kind: 'count'; readonly key: string; readonly forMs: number; readonly pauseMs: number }
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'restrict' }

export interface Report {
  /** The numbers that this process swapped in. */
  readonly won: readonly number[]
  /** Messages of operations that rejected. */
  readonly errors: readonly string[]
  /** How long each call of SQLite kept the event loop, less the time in which the system let others run. */
  readonly stepsMs: readonly number[]
  readonly operations: number
  readonly value: string | undefined
}

const cache = fileCache(process.argv[2] ?? '')
process.on('message', (order: Order) => void follow(order).then((report) => process.send?.(report)))
process.send?.('ready')

async function follow(order: Order): Promise<Report> {
  const nothing: Report = { won: [], errors: [], stepsMs: [], operations: 0, value: undefined }
  try {
    if (order.kind === 'count') return { ...nothing, ...(await count(order.key, order.forMs, order.pauseMs)) }
    if (order.kind === 'get') return { ...nothing, value: (await cache.get(order.key))?.value }
    process.setgid?.(65_534)
    process.setuid?.(65_534)
    return nothing
  } catch (error) {
    return { ...nothing, errors: [String(error)] }
  }
}

async function count(key: string, forMs: number, pauseMs: number): Promise<Partial<Report>> {
  const won: number[] = []
  const errors: string[] = []
  const steps = watchDatabaseSteps()
  const end = performance.now() + forMs
  let operations = 0
  while (performance.now() < end) {
    try {
      const found = await cache.get(key)
      const next = Number(found?.value.split(' ')[0] ?? 0) + 1
      const value = `${next} ${process.pid} ${'x'.repeat(700)}`
      if (await cache.compareAndSet(key, found?.value, value, 60_000)) {
        won.push(next)
        // At once, for the test that kills us: what is not said before is not known.
        process.send?.({ justWon: next })
      }
      operations += 2
    } catch (error) {
      errors.push(String(error))
    }
    await timeout(Math.random() * 2 * pauseMs)
  }
  return { won, errors, operations, stepsMs: steps.tookMs }
}
