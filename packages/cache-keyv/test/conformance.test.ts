import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { cacheConformance, type TestRunner } from '@fm/cache-conformance'
import { Keyv } from 'keyv'
import { Keyv as Keyv5 } from 'keyv5'
import { afterAll, describe, it } from 'vitest'
import { keyvCache } from '../src/index.ts'
import { createCache } from './create-cache.ts'

const folder = mkdtempSync(join(tmpdir(), 'fm-keyv-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

// Most cases wait for something to expire, which they can do together. A broken store is broken for all.
const runner: TestRunner = {
  describe: (chapter, register) => {
    const alone = chapter.startsWith('outage') || chapter === 'several processes'
    ;(alone ? describe : describe.concurrent)(chapter, () => register())
  },
  it,
}

describe('Keyv 6 over a Map', () => {
  const keyv = new Keyv()
  cacheConformance(runner, { create: () => keyvCache(keyv) })
})

describe('Keyv 5 over a Map', () => {
  const keyv = new Keyv5()
  cacheConformance(runner, { create: () => keyvCache(keyv) })
})

describe.each(['6 weak', '5 weak', '6 atomic', '5 atomic'])('Keyv %s over SQLite', (kind) => {
  const path = join(folder, `${kind.replace(' ', '-')}.db`)
  const argument = `${kind} ${path}`
  cacheConformance(runner, {
    create: () => createCache(argument),
    child: { module: new URL('create-cache.ts', import.meta.url), argument },
    outages: {
      'a table that is gone': async () => {
        rename(path, 'entry', 'away')
        return async () => rename(path, 'away', 'entry')
      },
    },
  })
})

function rename(path: string, from: string, to: string): void {
  const database = new DatabaseSync(path, { timeout: 5_000 })
  database.exec(`ALTER TABLE ${from} RENAME TO ${to}`)
  database.close()
}
