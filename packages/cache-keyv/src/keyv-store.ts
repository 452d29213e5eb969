/** What this backend uses of a Keyv. Those of keyv 5 and 6 both fit. */
export interface KeyvStore {
  get(key: string): Promise<unknown>
  set(key: string, value: string, ttl?: number): Promise<unknown>
  delete(key: string): Promise<unknown>
  on(event: string, listener: (error: unknown) => void): unknown
  /** Where the values lie. */
  readonly store?: unknown
  /** Keyv 5 has it, and without it `get` hides that its store failed, from the `error` event too. */
  throwOnErrors?: boolean
}

/** Whether the values lie in a Map of this process: as such (Keyv 5) or in an adapter around it (Keyv 6). */
export function isInMemory({ store }: KeyvStore): boolean {
  if (store instanceof Map) return true
  return typeof store === 'object' && store !== null && 'store' in store && store.store instanceof Map
}
