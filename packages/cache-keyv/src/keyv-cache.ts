import type { SessionCache } from '@fm/core'
import { isInMemory, type KeyvStore } from './keyv-store.ts'
import { probeOnce } from './probe.ts'
import { tieErrors } from './tied-errors.ts'

export interface KeyvCacheOptions {
  /**
   * Who sees the same values. A Keyv does not know what is behind its store, so say it where the default is wrong. For
   * 'network' the client wants a `cacheSecret`.
   *
   * @defaultValue 'process' when the store is a Map, else 'network'
   */
  readonly sharedBy?: SessionCache['supports']['sharedBy']
  /**
   * The store's own compare-and-set, one step for everybody who shares it, as `SessionCache` describes it. What it writes
   * must be what `keyv.get` reads: the same key, namespace included, and the same envelope around the value, which is
   * `{"value":…,"expires":…}` unless the Keyv says otherwise. The first operation tries it out.
   *
   * @defaultValue none: reading, comparing and writing, one after the other
   */
  readonly compareAndSet?: SessionCache['compareAndSet']
}

/**
 * Keeps sessions in any Keyv store.
 *
 * Keyv can't compare and set. Without the store's own, `supports.atomic` is false and the client writes, waits and looks
 * again: exact for one process, best effort between several, where a cold start may cost some logins more.
 *
 * @param keyv - A Keyv of its own, of version 5.6 or 6; the store below may be shared. Its `error` event is listened to,
 *   and Keyv 5 is set to `throwOnErrors`, which would surprise others who use it. It is never disconnected here.
 * @throws TypeError when `keyv` is none, or an option is not what it should be.
 */
export function keyvCache(
  keyv: KeyvStore,
  { sharedBy, compareAndSet: given, ...others }: KeyvCacheOptions = {},
): SessionCache {
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) {
    throw new TypeError(`keyvCache: there is no option "${unknown}"; there are sharedBy, compareAndSet`)
  }
  if (typeof keyv?.get !== 'function' || typeof keyv.on !== 'function') throw new TypeError('keyv: must be a Keyv')
  if (sharedBy !== undefined && !['process', 'machine', 'network'].includes(sharedBy)) {
    throw new TypeError(`sharedBy: must be 'process', 'machine' or 'network'`)
  }
  if (given !== undefined && typeof given !== 'function') throw new TypeError('compareAndSet: must be a function')
  const tied = tieErrors(keyv)

  const get: SessionCache['get'] = async (key) => {
    const value = await tied('get', () => keyv.get(key))
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'string') throw new Error('Keyv: something else than text lies under this key')
    return { value }
  }

  const readCompareWrite: SessionCache['compareAndSet'] = async (key, expected, next, ttlMs, options) => {
    if ((await get(key))?.value !== expected) return false
    // Whoever asked has gone on without an answer: a value that turned up now would surprise everybody.
    options?.signal?.throwIfAborted()
    if (next === undefined) {
      if (expected !== undefined) await done('delete', () => keyv.delete(key))
      return true
    }
    // Keyv 5 takes 0 for "for ever".
    await done('set', () => keyv.set(key, next, Math.max(1, Math.ceil(ttlMs))))
    return true
  }

  /** Keyv says false for what failed, and adapters of their own accord. */
  async function done(name: string, operation: () => Promise<unknown>): Promise<void> {
    if ((await tied(name, operation)) === false) throw new Error(`Keyv: ${name} was not done`)
  }

  const compareAndSet = given ?? readCompareWrite
  const probe = probeOnce({ get, compareAndSet })

  return {
    supports: { sharedBy: sharedBy ?? (isInMemory(keyv) ? 'process' : 'network'), atomic: given !== undefined },
    get: (key, options) => waitFor(options?.signal, () => probe().then(() => get(key, options))),
    compareAndSet: (key, expected, next, ttlMs, options) =>
      waitFor(options?.signal, async () => {
        await probe()
        options?.signal?.throwIfAborted()
        return compareAndSet(key, expected, next, ttlMs, options)
      }),
  }
}

/** A Keyv knows no signals: what runs runs on, but nobody waits for it. */
async function waitFor<Value>(signal: AbortSignal | undefined, operation: () => Promise<Value>): Promise<Value> {
  if (signal === undefined) return operation()
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  operation().then(resolve, reject)
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
