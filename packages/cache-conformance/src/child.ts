// The program of the processes that the kit starts: makes a cache and does with it what it is told.
import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { SessionCache } from '@fm/core'

/** `get`: look at a key. `count`: for so long, read the count under a key and swap it for one that is higher by one. */
export type Order =
  | { readonly kind: 'get'; readonly key: string }
  | { readonly kind: 'count'; readonly key: string; readonly forMs: number }

export interface Report {
  readonly kind: 'report'
  /** What `get` found. */
  readonly value: string | undefined
  /** The counts that were swapped in. */
  readonly won: readonly number[]
  /** What operations rejected with. */
  readonly errors: readonly string[]
}

export type ToParent = { readonly kind: 'ready' } | { readonly kind: 'won'; readonly count: number } | Report

const patienceMs = 5000

const cache = await createCache(process.argv[2] ?? '', process.argv[3] ?? '')
process.on('message', (order: Order) => void follow(order).then(send))
process.on('disconnect', () => process.exit())
send({ kind: 'ready' })

async function createCache(module: string, argument: string): Promise<SessionCache> {
  const exported: unknown = await import(isAbsolute(module) ? pathToFileURL(module).href : module)
  if (typeof exported !== 'object' || exported === null || !('createCache' in exported)) {
    throw new TypeError(`child.module: ${module} must export createCache`)
  }
  if (typeof exported.createCache !== 'function') throw new TypeError('child.module: createCache must be a function')
  return exported.createCache(argument) as SessionCache
}

async function follow(order: Order): Promise<Report> {
  const won: number[] = []
  const errors: string[] = []
  let value: string | undefined
  const end = performance.now() + (order.kind === 'count' ? order.forMs : 0)
  do {
    try {
      const options = { signal: AbortSignal.timeout(patienceMs) }
      value = (await cache.get(order.key, options))?.value
      if (order.kind === 'get') break
      const count = Number(value?.split(' ')[0] ?? 0) + 1
      // The rest makes the value this process's own: two that write the same string could not be told apart.
      const next = `${count} ${process.pid} ${performance.now()}`
      if (await cache.compareAndSet(order.key, value, next, 3_600_000, options)) {
        won.push(count)
        send({ kind: 'won', count })
      }
    } catch (error) {
      errors.push(String(error))
    }
    // A turn of the event loop, so that even a cache that answers at once lets messages out.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 2))
  } while (performance.now() < end)
  return { kind: 'report', value, won, errors }
}

function send(message: ToParent): void {
  process.send?.(message)
}
