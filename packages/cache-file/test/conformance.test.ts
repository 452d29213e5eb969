import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { cacheConformance } from '@fm/cache-conformance'
import { afterAll, describe, it } from 'vitest'
import { fileCache } from '../src/index.ts'
import { temporaryFolder } from './workers.ts'

const folder = temporaryFolder()
afterAll(() => folder[Symbol.dispose]())
const place = join(folder.path, 'place')
const path = join(place, 'sessions.db')

cacheConformance(
  { describe, it },
  {
    create: () => fileCache(path),
    child: { module: new URL('./create-cache.ts', import.meta.url), argument: path },
    outages: {
      'a lock that is held': async () => {
        const holder = new DatabaseSync(path)
        holder.exec('BEGIN EXCLUSIVE')
        return async () => holder.close()
      },
      'a file in place of the folder': async () => {
        renameSync(place, `${place}-away`)
        writeFileSync(place, '')
        return async () => {
          rmSync(place)
          renameSync(`${place}-away`, place)
        }
      },
    },
  },
)
