// dist/index.d.ts
export { keyvCache, type KeyvCacheOptions } from './dist/keyv-cache.ts';
export type { KeyvStore } from './dist/keyv-store.ts';

// dist/keyv-cache.d.ts
import type { SessionCache } from '@fm/core';
import { type KeyvStore } from './dist/keyv-store.ts';
export interface KeyvCacheOptions {
    /**
     * Who sees the same values. A Keyv does not know what is behind its store, so say it where the default is wrong. For
     * 'network' the client wants a `cacheSecret`.
     *
     * @defaultValue 'process' when the store is a Map, else 'network'
     */
    readonly sharedBy?: SessionCache['supports']['sharedBy'];
    /**
     * The store's own compare-and-set, one step for everybody who shares it, as `SessionCache` describes it. What it writes
     * must be what `keyv.get` reads: the same key, namespace included, and the same envelope around the value, which is
     * `{"value":…,"expires":…}` unless the Keyv says otherwise. The first operation tries it out.
     *
     * @defaultValue none: reading, comparing and writing, one after the other
     */
    readonly compareAndSet?: SessionCache['compareAndSet'];
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
export declare function keyvCache(keyv: KeyvStore, { sharedBy, compareAndSet: given, ...others }?: KeyvCacheOptions): SessionCache;

// dist/keyv-store.d.ts
/** What this backend uses of a Keyv. Those of keyv 5 and 6 both fit. */
export interface KeyvStore {
    get(key: string): Promise<unknown>;
    set(key: string, value: string, ttl?: number): Promise<unknown>;
    delete(key: string): Promise<unknown>;
    on(event: string, listener: (error: unknown) => void): unknown;
    /** Where the values lie. */
    readonly store?: unknown;
    /** Keyv 5 has it, and without it `get` hides that its store failed, from the `error` event too. */
    throwOnErrors?: boolean;
}
/** Whether the values lie in a Map of this process: as such (Keyv 5) or in an adapter around it (Keyv 6). */
export declare function isInMemory({ store }: KeyvStore): boolean;
