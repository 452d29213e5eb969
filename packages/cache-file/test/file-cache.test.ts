import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { expect, test, vi } from 'vitest'
import { fileCache } from '../src/index.ts'
import { temporaryFolder } from './workers.ts'

test('two caches on one file see the same values', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'sessions.db')
  const one = fileCache(path)
  const other = fileCache({ path })
  expect(await one.compareAndSet('k', undefined, 'a', 10_000)).toBe(true)
  expect(await other.compareAndSet('k', undefined, 'b', 10_000)).toBe(false)
  expect((await other.get('k'))?.value).toBe('a')
  expect(await other.compareAndSet('k', 'a', 'b', 10_000)).toBe(true)
  expect(await one.compareAndSet('k', 'b', undefined, 10_000)).toBe(true)
  expect(await other.get('k')).toBeUndefined()
  await Promise.all([one.close(), other.close()])
})

test('only the owner can read the folder, the file and its journal', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'made', 'for it', 'sessions.db')
  const cache = fileCache(path)
  await cache.compareAndSet('k', undefined, 'a', 10_000)
  await cache.compareAndSet('k', 'a', 'b', 10_000)
  const mode = (name: string): number => statSync(name).mode & 0o777
  expect([mode(join(path, '..')), mode(path), mode(`${path}-journal`)]).toEqual([0o700, 0o600, 0o600])
  await cache.close()
})

test('nothing is made or opened before the first operation', () => {
  using folder = temporaryFolder()
  fileCache(join(folder.path, 'sessions.db'))
  expect(readdirSync(folder.path)).toEqual([])
})

test('setting the clock expires nothing and revives nothing', async () => {
  using folder = temporaryFolder()
  const cache = fileCache(join(folder.path, 'sessions.db'))
  await cache.compareAndSet('k', undefined, 'a', 1000)
  try {
    let left = 1000
    for (const hours of [1, -1, 0]) {
      vi.setSystemTime(Date.now() + hours * 3_600_000)
      const found = await cache.get('k')
      expect(found?.ttlMs).toBeLessThanOrEqual(left)
      left = found?.ttlMs ?? 0
      vi.useRealTimers()
    }
    expect(left).toBeGreaterThan(500)
  } finally {
    vi.useRealTimers()
  }
  await cache.close()
})

test('what the future wrote, before the machine was restarted, has expired', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'sessions.db')
  const cache = fileCache(path)
  const clock = vi.spyOn(process.hrtime, 'bigint')
  const now = process.hrtime.bigint()
  clock.mockImplementation(() => now + 3_600_000_000_000n)
  await cache.compareAndSet('k', undefined, 'a', 7_200_000)
  clock.mockRestore()
  expect(await cache.get('k')).toBeUndefined()
  expect(await cache.compareAndSet('k', 'a', 'b', 1000)).toBe(false)
  expect(await cache.compareAndSet('k', undefined, 'b', 1000)).toBe(true)
  await cache.close()
})

test('a process held up between its look at the clock and its swap takes nothing for expired', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'sessions.db')
  const other = fileCache(path)
  await other.compareAndSet('k', undefined, 'a', 10_000)
  const cache = fileCache(path)
  const clock = vi.spyOn(process.hrtime, 'bigint')
  // What it read before it was held up. The first swap of a cache also sweeps, which must not take "k" along.
  const before = process.hrtime.bigint() - 5_000_000_000n
  clock.mockImplementationOnce(() => before)
  expect(await cache.compareAndSet('k', undefined, 'b', 10_000)).toBe(false)
  clock.mockImplementationOnce(() => before)
  expect(await cache.compareAndSet('k', undefined, 'b', 10_000)).toBe(false)
  clock.mockRestore()
  expect((await other.get('k'))?.value).toBe('a')
  await Promise.all([cache.close(), other.close()])
})

test('expired entries are deleted now and then', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'sessions.db')
  const before = fileCache(path)
  for (let index = 0; index < 50; index += 1) await before.compareAndSet(`k${index}`, undefined, 'a', 1)
  await before.close()
  await new Promise((resolve) => setTimeout(resolve, 5))
  const cache = fileCache(path)
  await cache.compareAndSet('k', undefined, 'a', 10_000)
  await cache.close()
  const database = new DatabaseSync(path)
  expect(database.prepare('SELECT key FROM session_1').all()).toEqual([{ key: 'k' }])
  database.close()
})

test('a lock that is never released is waited for, without stopping the event loop, as long as the options or the signal say', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'sessions.db')
  const cache = fileCache({ path, timeoutMs: 100 })
  await cache.compareAndSet('k', undefined, 'a', 10_000)
  const holder = new DatabaseSync(path)
  holder.exec('BEGIN EXCLUSIVE')
  let beats = 0
  const heart = setInterval(() => (beats += 1), 5)
  await expect(cache.get('k')).rejects.toThrow('no turn within 100 ms')
  expect(beats).toBeGreaterThan(5)
  const reason = new Error('the caller has had enough')
  const patience = new AbortController()
  setTimeout(() => patience.abort(reason), 150)
  await expect(cache.compareAndSet('k', 'a', 'b', 10_000, { signal: patience.signal })).rejects.toBe(reason)
  clearInterval(heart)
  const waiting = cache.get('k')
  setTimeout(() => holder.close(), 20)
  expect((await waiting)?.value).toBe('a')
  await cache.close()
})

test('a process that used the cache ends by itself', () => {
  using folder = temporaryFolder()
  const program = `
    import { fileCache } from '${pathToFileURL(join(import.meta.dirname, '../src/index.ts')).href}'
    const cache = fileCache(process.argv[1])
    process.stdout.write(String(await cache.compareAndSet('k', undefined, 'a', 60_000)))`
  const path = join(folder.path, 'sessions.db')
  const output = execFileSync('node', ['--input-type=module', '--eval', program, path], {
    encoding: 'utf8',
    timeout: 10_000,
  })
  expect(output).toBe('true')
  expect(existsSync(path)).toBe(true)
})

test('after close every operation rejects, and closing again is harmless', async () => {
  using folder = temporaryFolder()
  const cache = fileCache(join(folder.path, 'sessions.db'))
  const underWay = cache.get('k').catch((error: unknown) => String(error))
  await cache.close()
  await cache.close()
  expect(await underWay).toContain('closed')
  await expect(cache.get('k')).rejects.toThrow('closed')
  await expect(cache.compareAndSet('k', undefined, 'a', 1000)).rejects.toThrow('closed')
})

test('a folder that the system does not make is an error in time, and stops nothing', async () => {
  // Linux answers ENOENT there, which Node's own way of making folders takes for a reason to ask again.
  const cache = fileCache({ path: '/proc/nowhere/below/sessions.db', timeoutMs: 100 })
  await expect(cache.get('k')).rejects.toThrow('fileCache: no turn within 100 ms')
})

test('a path that is empty, a time that is none and an option that is none are refused by name', () => {
  expect(() => fileCache({ path: 'x', timeout: 3 } as { path: string })).toThrow('there is no option "timeout"')
  expect(() => fileCache('')).toThrow(/path/)
  for (const timeoutMs of [0, -1, Number.NaN]) expect(() => fileCache({ path: 'x', timeoutMs })).toThrow(/timeoutMs/)
})
