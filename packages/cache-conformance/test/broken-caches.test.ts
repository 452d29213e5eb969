import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionCache } from '@fm/core'
import { afterAll, describe, expect, test } from 'vitest'
import { allCases } from '../src/all-cases.ts'
import { withBench, type Bench, type Outage, type Subject } from '../src/bench.ts'
import type { Trait } from '../src/case.ts'
import { outages } from '../src/cases/outages.ts'
import { processes } from '../src/cases/processes.ts'
import { brokenCaches, type Breakage } from './broken-caches.ts'
import { createCache } from './broken-in-child.ts'
import { createStore, modelCache, outageOf } from './model-cache.ts'

interface Subjected {
  readonly subject: Subject
  readonly outage: Outage
}

const folder = mkdtempSync(join(tmpdir(), 'fm-cache-conformance-'))
afterAll(() => rmSync(folder, { recursive: true }))
const names = [...allCases.flatMap(([, cases]) => cases), ...outages].map(({ name }) => name)
const processCases = processes.map(({ name }) => name)

test('no two cases make the same promise', () => {
  expect(new Set(names).size).toBe(names.length)
})

test('every case has a broken cache', () => {
  expect([...Object.keys(brokenCaches), ...processCases].toSorted()).toEqual(names.toSorted())
})

describe.concurrent('a cache that keeps every promise passes all cases', () => {
  test.for([true, false])('atomic: %s', async (atomic) => {
    expect(await failingCases(() => modelSubject(() => ({}), atomic))).toEqual([])
  })

  test('between processes', async () => {
    expect(await failingCases(() => processSubject('none'), processCases)).toEqual([])
  })
})

describe.concurrent('a cache that breaks one promise fails its case, and no other:', () => {
  test.for(Object.entries(brokenCaches))('%s', async ([name, breakage]) => {
    const atomic = !name.startsWith('of many at once, the one whose value stays')
    expect(await failingCases(() => modelSubject(breakage, atomic))).toEqual([name])
  })
})

// One after the other: a dozen processes each.
describe('a cache that breaks one promise between processes fails its case, and no other:', () => {
  test.for(processCases)('%s', async (name) => {
    expect(await failingCases(() => processSubject(name), processCases)).toEqual([name])
  })
})

/** The names of the cases that fail. Each case gets a store of its own, so that all can run at once. */
async function failingCases(create: () => Subjected, only?: readonly string[]): Promise<string[]> {
  const traits = traitsOf(create().subject.create())
  const all = allCases
    .flatMap(([, cases]) => cases)
    .filter(({ only: wanted = [] }) => wanted.every((trait) => traits.has(trait)))
  const chosen = all.filter(({ name }) => only?.includes(name) ?? !processCases.includes(name))
  const failing: string[] = []
  async function run(name: string, steps: (bench: Bench, outage: Outage) => Promise<void>): Promise<void> {
    const { subject, outage } = create()
    try {
      await withBench(subject, (bench) => steps(bench, outage))
    } catch {
      failing.push(name)
    }
  }
  // Those with processes one after the other, or they take the processor from each other.
  if (only !== undefined) for (const { name, run: steps } of chosen) await run(name, steps)
  else await Promise.all([...chosen, ...outages].map(({ name, run: steps }) => run(name, steps)))
  return failing
}

function traitsOf(cache: SessionCache): Set<Trait> {
  return new Set([cache.supports.atomic ? 'atomic' : 'weak', 'shared', 'closable'] as const)
}

function modelSubject(breakage: Breakage, atomic: boolean): Subjected {
  const store = createStore()
  const create = (): SessionCache => {
    const sound = modelCache(store, { sharedBy: 'machine', atomic })
    return { ...sound, ...breakage(sound, store) }
  }
  return { subject: { create, child: undefined }, outage: outageOf(store) }
}

/** Caches on a file. Only those in child processes are broken. */
function processSubject(broken: string): Subjected {
  const path = join(folder, randomUUID())
  const module = new URL('./broken-in-child.ts', import.meta.url)
  return {
    subject: {
      create: () => createCache(JSON.stringify({ path, broken: 'none' })),
      child: { module, argument: JSON.stringify({ path, broken }) },
    },
    outage: async () => async () => {},
  }
}
