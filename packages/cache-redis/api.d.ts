// dist/index.d.ts
export { redisCache, type RedisCacheOptions, type RedisSource } from './dist/redis-cache.ts';

// dist/redis-cache.d.ts
import type { SessionCache } from '@fm/core';
import { type RedisSource } from './dist/redis-source.ts';
export type { RedisSource } from './dist/redis-source.ts';
export interface RedisCacheOptions {
    /** What all keys begin with; a `keyPrefix` of the given client or options comes before it. @defaultValue 'fm:' */
    readonly keyPrefix?: string;
    /**
     * Whether commands go through the given client itself, for where connections are scarce. Weaker: a client that sends
     * unanswered commands again, as ioredis does by default, reports swaps that succeeded as refused, and one that lost
     * its step is not renewed here. Only for a client. @defaultValue false
     */
    readonly shareConnection?: boolean;
}
/**
 * Keeps sessions in Redis, for clients on any number of machines.
 *
 * Nothing is connected before the first operation. The cache then opens one connection of its own, also when it is given
 * a client, whose connection may hold commands back for minutes. An operation that finds no connection waits for one, as
 * long as its `signal` lets it, at most a second. An idle connection does not keep the process alive.
 *
 * @param source - A URL (`redis://`, `rediss://`), ioredis options (sentinels too), or a `Redis` or `Cluster` of ioredis,
 *   which stays the caller's: it is copied, and never closed.
 * @throws TypeError when `source` is missing or nothing of these, or an option is not what it should be.
 */
export declare function redisCache(source: RedisSource | undefined, { keyPrefix, shareConnection, ...others }?: RedisCacheOptions): SessionCache & {
    close(): Promise<void>;
};

// dist/redis-source.d.ts
import { Redis, type Cluster, type RedisOptions } from 'ioredis';
/** Where Redis is: a URL, options of ioredis, or a client of ioredis. */
export type RedisSource = string | RedisOptions | Redis | Cluster;
/** A client of ioredis. */
export type RedisClient = Redis | Cluster;
export interface ClientSource {
    /** The client that was given, if one was. */
    readonly client: RedisClient | undefined;
    /** Begins to connect a new client, with our settings. */
    readonly open: () => RedisClient;
}
/** @throws TypeError when `source` is nothing of what it may be. Its message does not hold the URL: that has a password. */
export declare function clientSource(source: RedisSource | undefined): ClientSource;
/** By its own word: with two copies of ioredis in one install, `instanceof` knows only one of them. */
export declare function isCluster(client: RedisClient): client is Cluster;
