import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileCache } from '../src/index.ts'

test('two caches on one file see the same values', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fm-cache-file-'))
  try {
    const path = join(folder, 'private', 'sessions.db')
    const one = fileCache(path)
    const other = fileCache({ path })
    expect(await one.compareAndSet('k', undefined, 'a', 10_000)).toBe(true)
    expect(await other.compareAndSet('k', undefined, 'b', 10_000)).toBe(false)
    expect((await other.get('k'))?.value).toBe('a')
    expect(await other.compareAndSet('k', 'a', 'b', 10_000)).toBe(true)
    expect(await one.compareAndSet('k', 'b', undefined, 10_000)).toBe(true)
    expect(await other.get('k')).toBeUndefined()
    await one.close()
    await other.close()
  } finally {
    await rm(folder, { recursive: true })
  }
})
