import { randomUUID } from 'node:crypto'
import type { SessionCache } from '@fm/core'
import { startChild, type Child, type ChildCache } from './children.ts'

/** Breaks the store, so that it can't answer; resolves with what repairs it. */
export type Outage = () => Promise<() => Promise<void>>

/** What the kit is told about the caches under test. */
export interface Subject {
  readonly create: () => SessionCache
  readonly child: ChildCache | undefined
}

/** What a case works with: caches of its own, keys that nobody else uses, child processes. All end with the case. */
export interface Bench {
  /** The cache under test. */
  readonly cache: SessionCache
  /** A key of this case. Calls with one suffix give one key. */
  readonly key: (suffix?: string) => string
  /** Another cache object on the same store. */
  readonly another: () => SessionCache
  /** A process with a cache on the same store. */
  readonly startChild: () => Promise<Child>
}

/** Runs a case's steps on a bench, and clears it up whatever becomes of them. */
export async function withBench(subject: Subject, steps: (bench: Bench) => Promise<void>): Promise<void> {
  const caches: SessionCache[] = []
  const children: Child[] = []
  const create = (): SessionCache => {
    const cache = subject.create()
    caches.push(cache)
    return cache
  }
  // Random: the store may outlive the run, and cases may run at once.
  const prefix = `conformance:${randomUUID()}`
  try {
    await steps({
      cache: create(),
      key: (suffix = 'k') => `${prefix}:${suffix}`,
      another: create,
      startChild: async () => {
        if (subject.child === undefined) throw new TypeError('child: must be given for this case')
        const child = await startChild(subject.child)
        children.push(child)
        return child
      },
    })
  } finally {
    await Promise.all(children.map((child) => child.kill()))
    // What closing does is a case of its own; here it must not hide what the case found.
    await Promise.allSettled(caches.map(async (cache) => cache.close?.()))
  }
}
