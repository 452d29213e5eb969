import type { SessionCache } from '@fm/core'
import { allCases } from './all-cases.ts'
import { withBench, type Outage } from './bench.ts'
import type { Trait } from './case.ts'
import { outages as outageCases } from './cases/outages.ts'
import type { ChildCache } from './children.ts'

/** What the kit uses of a test runner. vitest, jest, mocha and `node:test` have it. */
export interface TestRunner {
  readonly describe: (name: string, register: () => void) => unknown
  readonly it: {
    (name: string, run: () => Promise<void>): unknown
    readonly skip: (name: string, run: () => Promise<void>) => unknown
  }
}

export interface ConformanceOptions {
  /**
   * Makes a cache. Called once for its `supports`, and for every case again. If these are shared beyond one process, all
   * of them must be on one store. A server that they need is to be started before.
   */
  readonly create: () => SessionCache
  /** How a child process makes one. Required when `supports.sharedBy` is not 'process'. */
  readonly child?: ChildCache
  /**
   * Ways to make the store unable to answer, by a name for the report: refused connections, a lock that is held … Each is
   * a function that does it and resolves with another that undoes it. Required when `supports.sharedBy` is not 'process'.
   *
   * @defaultValue `{}`
   */
  readonly outages?: Readonly<Record<string, Outage>>
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
export function cacheConformance(
  { describe, it }: TestRunner,
  { create, child, outages = {} }: ConformanceOptions,
): void {
  const traits = traitsOf(create())
  if (traits.has('shared') && child === undefined) throw missing('child')
  if (traits.has('shared') && Object.keys(outages).length === 0) throw missing('outages')
  const subject = { create, child }

  for (const [chapter, cases] of allCases) {
    describe(chapter, () => {
      for (const { name, only = [], run } of cases) {
        const register = only.every((trait) => traits.has(trait)) ? it : it.skip
        register(name, () => withBench(subject, run))
      }
    })
  }
  for (const [way, breakStore] of Object.entries(outages)) {
    describe(`outage: ${way}`, () => {
      for (const { name, run } of outageCases) it(name, () => withBench(subject, (bench) => run(bench, breakStore)))
    })
  }
  if (Object.keys(outages).length > 0) return
  describe('outage', () => {
    for (const { name } of outageCases) it.skip(name, () => Promise.resolve())
  })
}

function traitsOf(cache: SessionCache): Set<Trait> {
  const { sharedBy, atomic } = cache.supports
  if (!['process', 'machine', 'network'].includes(sharedBy) || typeof atomic !== 'boolean') {
    throw new TypeError(`supports: must say sharedBy 'process', 'machine' or 'network', and whether it is atomic`)
  }
  const traits = new Set<Trait>([atomic ? 'atomic' : 'weak'])
  if (sharedBy !== 'process') traits.add('shared')
  if (cache.close !== undefined) traits.add('closable')
  // Made only to be asked.
  cache.close?.().catch(() => {})
  return traits
}

function missing(option: string): TypeError {
  return new TypeError(`${option}: is required, because the cache says that other processes share it`)
}
