import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { SessionCache } from '@fm/core'
import { expect, test } from 'vitest'
import { cacheConformance, type ConformanceOptions, type TestRunner } from '../src/index.ts'
import { createStore, modelCache } from './model-cache.ts'

/** A runner that only writes down what is registered. */
function recorder(): { runner: TestRunner; run: string[]; skipped: string[] } {
  const run: string[] = []
  const skipped: string[] = []
  const it = Object.assign((name: string) => run.push(name), { skip: (name: string) => skipped.push(name) })
  return { runner: { describe: (_, register) => register(), it }, run, skipped }
}

function options(supports: SessionCache['supports'], others: Partial<ConformanceOptions> = {}): ConformanceOptions {
  return { create: () => modelCache(createStore(), supports), ...others }
}

const outages = { stopped: async () => async () => {} }
const child = { module: 'unused' }

test('a cache of one process skips what is about several, and the report shows it', () => {
  const { runner, run, skipped } = recorder()
  cacheConformance(runner, options({ sharedBy: 'process', atomic: true }))
  expect(skipped).toContain('another process sees what this one wrote')
  expect(skipped).toContain('get rejects, and does not say that there is nothing')
  expect(run).toContain('of many that replace one value, exactly one is told true')
  expect(run).toContain('close resolves, used or not, and again')
})

test('a weak cache is held to less under contention, and to all the rest', () => {
  const { runner, run, skipped } = recorder()
  cacheConformance(runner, options({ sharedBy: 'network', atomic: false }, { child, outages }))
  expect(run).toContain('of many at once, the one whose value stays was told true')
  expect(run).toContain('another process sees what this one wrote')
  expect(skipped).toEqual([
    'of many that write where nothing is, exactly one is told true',
    'of many that replace one value, exactly one is told true',
    'of many that delete one value, exactly one is told true',
    'of the swaps of many processes each has one winner, and none is lost',
    'a process killed in the middle of a swap has made it or has not, and holds up nobody',
  ])
})

test('a cache without close skips what is about closing', () => {
  const { runner, skipped } = recorder()
  const cache = modelCache(createStore(), { sharedBy: 'machine', atomic: true })
  cacheConformance(runner, { create: () => Object.assign(cache, { close: undefined }), child, outages })
  expect(skipped).toContain('close resolves, used or not, and again')
})

test('each way to break the store gets all cases of outages', () => {
  const { runner, run } = recorder()
  const two = { stopped: outages.stopped, slow: outages.stopped }
  cacheConformance(runner, options({ sharedBy: 'machine', atomic: true }, { child, outages: two }))
  expect(run.filter((name) => name === 'it answers again within 5 s after the end')).toHaveLength(2)
})

test('what a shared cache needs and is not given is asked for by name', () => {
  const { runner } = recorder()
  const shared = { sharedBy: 'machine', atomic: true } as const
  expect(() => cacheConformance(runner, options(shared, { outages }))).toThrow(/^child: /)
  expect(() => cacheConformance(runner, options(shared, { child }))).toThrow(/^outages: /)
  expect(() => cacheConformance(runner, options({ sharedBy: 'planet', atomic: true } as never))).toThrow(/^supports: /)
})

test('it runs under node:test too', { timeout: 60_000 }, () => {
  const file = fileURLToPath(new URL('./under-node-test.ts', import.meta.url))
  const report = execFileSync(process.execPath, [...process.execArgv, '--test', '--test-reporter=tap', file], {
    encoding: 'utf8',
    // Set inside vitest's processes or not, it must not make this one report to somebody else.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  })
  expect(report).toMatch(/# fail 0/)
  expect(report).toMatch(/ok \d+ - any well-formed Unicode text comes back as it was written\n/)
  expect(report).toMatch(/ok \d+ - another process sees what this one wrote # SKIP/)
})
