import type { SessionCache } from '@fm/core'
import type { Outage } from '../src/bench.ts'

export interface Entry {
  value: string
  ttlMs: number
  writtenAtMs: number
  touched: boolean
}

/** Where model caches keep things, with what broken ones want to know besides. */
export interface Store {
  readonly entries: Map<string, Entry>
  /** How often compareAndSet was called for a key. */
  readonly swaps: Map<string, number>
  state: 'up' | 'down' | 'closed by one'
}

export function createStore(): Store {
  return { entries: new Map(), swaps: new Map(), state: 'up' }
}

/** Stops a store from answering, as a server that refuses connections does. */
export function outageOf(store: Store): Outage {
  return async () => {
    store.state = 'down'
    return async () => {
      store.state = 'up'
    }
  }
}

export function isLive(entry: Entry | undefined): entry is Entry {
  return entry !== undefined && entry.writtenAtMs + entry.ttlMs > performance.now()
}

/** A cache that keeps every promise. The broken ones take it and change one thing. */
export function modelCache(
  store: Store,
  supports: SessionCache['supports'],
): SessionCache & { close(): Promise<void> } {
  let closed = false
  const check = (signal?: AbortSignal): void => {
    signal?.throwIfAborted()
    if (closed) throw new Error('closed')
    if (store.state === 'down') throw new Error('down')
  }
  return {
    supports,
    get: async (key, options) => {
      check(options?.signal)
      const entry = store.entries.get(key)
      if (!isLive(entry)) return undefined
      return { value: entry.value, ttlMs: entry.writtenAtMs + entry.ttlMs - performance.now() }
    },
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      check(options?.signal)
      store.swaps.set(key, (store.swaps.get(key) ?? 0) + 1)
      const entry = store.entries.get(key)
      if ((isLive(entry) ? entry.value : undefined) !== expected) return false
      if (next === undefined) store.entries.delete(key)
      else store.entries.set(key, { value: next, ttlMs, writtenAtMs: performance.now(), touched: next === expected })
      return true
    },
    close: async () => {
      closed = true
    },
  }
}
