// dist/bench.d.ts
import type { SessionCache } from '@fm/core';
import { type Child, type ChildCache } from './dist/children.ts';
/** Breaks the store, so that it can't answer; resolves with what repairs it. */
export type Outage = () => Promise<() => Promise<void>>;
/** What the kit is told about the caches under test. */
export interface Subject {
    readonly create: () => SessionCache;
    readonly child: ChildCache | undefined;
}
/** What a case works with: caches of its own, keys that nobody else uses, child processes. All end with the case. */
export interface Bench {
    /** The cache under test. */
    readonly cache: SessionCache;
    /** A key of this case. Calls with one suffix give one key. */
    readonly key: (suffix?: string) => string;
    /** Another cache object on the same store. */
    readonly another: () => SessionCache;
    /** A process with a cache on the same store. */
    readonly startChild: () => Promise<Child>;
}
/** Runs a case's steps on a bench, and clears it up whatever becomes of them. */
export declare function withBench(subject: Subject, steps: (bench: Bench) => Promise<void>): Promise<void>;

// dist/cache-conformance.d.ts
import type { SessionCache } from '@fm/core';
import { type Outage } from './dist/bench.ts';
import type { ChildCache } from './dist/children.ts';
/** What the kit uses of a test runner. vitest, jest, mocha and `node:test` have it. */
export interface TestRunner {
    readonly describe: (name: string, register: () => void) => unknown;
    readonly it: {
        (name: string, run: () => Promise<void>): unknown;
        readonly skip: (name: string, run: () => Promise<void>) => unknown;
    };
}
export interface ConformanceOptions {
    /**
     * Makes a cache. Called once for its `supports`, and for every case again. If these are shared beyond one process, all
     * of them must be on one store. A server that they need is to be started before.
     */
    readonly create: () => SessionCache;
    /** How a child process makes one. Required when `supports.sharedBy` is not 'process'. */
    readonly child?: ChildCache;
    /**
     * Ways to make the store unable to answer, by a name for the report: refused connections, a lock that is held … Each is
     * a function that does it and resolves with another that undoes it. Required when `supports.sharedBy` is not 'process'.
     *
     * @defaultValue `{}`
     */
    readonly outages?: Readonly<Record<string, Outage>>;
}
/**
 * Registers the contract of a session cache as cases of a test runner: a case for each promise.
 *
 * Promises that a cache does not make, by its `supports` or because it has no `close`, are registered with `it.skip`, so
 * that the report shows them. Cases use keys of their own and leave them in the store, where they expire in an hour.
 *
 * @param runner - `describe` and `it` of the test runner. Most cases take less than half a second, those with other
 * processes some seconds: mocha's limit of 2 s must be raised.
 * @throws TypeError when `supports` is none, or an option is missing that the cache's `supports` asks for.
 * @example
 * cacheConformance({ describe, it }, { create: () => memoryCache() })
 */
export declare function cacheConformance({ describe, it }: TestRunner, { create, child, outages }: ConformanceOptions): void;

// dist/child.d.ts
/** `get`: look at a key. `count`: for so long, read the count under a key and swap it for one that is higher by one. */
export type Order = {
    readonly kind: 'get';
    readonly key: string;
} | {
    readonly kind: 'count';
    readonly key: string;
    readonly forMs: number;
};
export interface Report {
    readonly kind: 'report';
    /** What `get` found. */
    readonly value: string | undefined;
    /** The counts that were swapped in. */
    readonly won: readonly number[];
    /** What operations rejected with. */
    readonly errors: readonly string[];
}
export type ToParent = {
    readonly kind: 'ready';
} | {
    readonly kind: 'won';
    readonly count: number;
} | Report;

// dist/children.d.ts
import type { Order, Report } from './dist/child.ts';
/** How a child process makes a cache on the same store as `create` does in this one. */
export interface ChildCache {
    /** A module that exports `createCache`, a function that takes `argument` and returns the cache. Path or file URL. */
    readonly module: string | URL;
    /** What `createCache` is called with, such as a path or an address. @defaultValue '' */
    readonly argument?: string;
}
/** A process with a cache of its own, which does what it is told, one thing after the other. */
export interface Child {
    /** The counts that it swapped in so far. Also known when it was killed. */
    readonly won: readonly number[];
    follow(order: Order): Promise<Report>;
    /** SIGKILL: nothing in it can clear up. */
    kill(): Promise<void>;
}
/** @throws when the process ends before its cache is made. */
export declare function startChild({ module, argument }: ChildCache): Promise<Child>;

// dist/index.d.ts
export { cacheConformance, type ConformanceOptions, type TestRunner } from './dist/cache-conformance.ts';
export type { ChildCache } from './dist/children.ts';
export type { Outage } from './dist/bench.ts';
