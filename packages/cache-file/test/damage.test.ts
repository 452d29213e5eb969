import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as timeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { fileCache } from '../src/index.ts'
import { startWorkers, temporaryFolder } from './workers.ts'

describe('processes that are busy when it happens go on together, on one file:', () => {
  // Each does its damage to a file in use, as another program would: without regard to locks.
  const damages: readonly [string, (path: string) => void][] = [
    ['the file is deleted', (path) => rmSync(path)],
    [
      'the file and its journal are deleted',
      (path) => [path, `${path}-journal`].forEach((file) => rmSync(file, { force: true })),
    ],
    ['the folder is moved away', (path) => renameSync(join(path, '..'), join(path, '../../away'))],
    ['the file is emptied', (path) => truncateSync(path, 0)],
    ['the file is cut in the middle', (path) => truncateSync(path, 5000)],
    ['the file is cut in its first page', (path) => truncateSync(path, 100)],
    ['the file is filled with noise', (path) => writeFileSync(path, randomBytes(20_000))],
    [
      'noise is appended and written over the second page',
      (path) => writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 4096), randomBytes(9000)])),
    ],
    [
      'a directory takes its place',
      (path) => {
        rmSync(path)
        mkdirSync(path)
      },
    ],
    [
      "another application's database takes its place",
      (path) => {
        rmSync(path)
        foreignDatabase(path)
      },
    ],
  ]

  test.for(damages)('%s', async ([, damage]) => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'sub', 'sessions.db')
    await using workers = await startWorkers(3, path)
    const during = workers.map((worker) => worker.follow({ kind: 'count', key: 'k', forMs: 300, pauseMs: 2 }))
    await timeout(150)
    damage(path)
    const errors = (await Promise.all(during)).flatMap((report) => report.errors)
    expect(errors).toEqual([])
    const after = workers.map((worker) => worker.follow({ kind: 'count', key: 'after', forMs: 250, pauseMs: 2 }))
    const reports = await Promise.all(after)
    expect(reports.flatMap((report) => report.errors)).toEqual([])
    const won = reports.flatMap((report) => report.won)
    expect(won.length).toBeGreaterThan(10)
    expect(new Set(won).size).toBe(won.length)
    const newcomer = fileCache(path)
    expect(Number((await newcomer.get('after'))?.value.split(' ')[0])).toBe(won.length)
    await newcomer.close()
  })
})

test('what is not ours is left as it is', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'sessions.db')
  foreignDatabase(path)
  const before = readFileSync(path)
  const cache = fileCache(path)
  expect(await cache.compareAndSet('k', undefined, 'a', 10_000)).toBe(true)
  await cache.close()
  expect(readFileSync(path)).toEqual(before)
  expect(readdirSync(folder.path).filter((name) => name.endsWith('.db'))).toEqual(['sessions-2.db', 'sessions.db'])
})

test('a file that is sound again does not split those who left it from those who come', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'sessions.db')
  const cache = fileCache(path)
  await cache.compareAndSet('k', undefined, 'first', 10_000)
  const sound = readFileSync(path)
  writeFileSync(path, randomBytes(9000))
  expect(await cache.compareAndSet('k', undefined, 'second', 10_000)).toBe(true)
  writeFileSync(path, sound)
  const newcomer = fileCache(path)
  expect((await newcomer.get('k'))?.value).toBe('second')
  expect((await cache.get('k'))?.value).toBe('second')
  await Promise.all([cache.close(), newcomer.close()])
})

test('a torn row is noticed and everybody goes on without it', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'sessions.db')
  const cache = fileCache(path)
  await cache.compareAndSet('k', undefined, 'value', 10_000)
  const other = new DatabaseSync(path)
  other.exec('UPDATE session_1 SET ttl_ms = 99999999')
  other.close()
  expect(await cache.get('k')).toBeUndefined()
  expect(await cache.compareAndSet('k', undefined, 'again', 10_000)).toBe(true)
  await cache.close()
})

test('many bytes turned over at random never crash a process and never show a value that nobody wrote', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'sessions.db')
  const wrong: string[] = []
  for (let round = 0; round < 60; round += 1) {
    const cache = fileCache(path)
    for (const key of ['a', 'b', 'c']) {
      const found = await cache.get(key)
      if (found !== undefined && found.value !== key.repeat(2000)) wrong.push(found.value)
      await cache.compareAndSet(key, found?.value, key.repeat(2000), 10_000)
    }
    await cache.close()
    const file = join(
      folder.path,
      readdirSync(folder.path)
        .filter((name) => name.endsWith('.db'))
        .toSorted(byNumber)
        .at(-1) ?? '',
    )
    const bytes = readFileSync(file)
    for (let flip = 0; flip < 5; flip += 1) {
      const at = Math.floor(Math.random() * bytes.length)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(Math.random() * 8))
    }
    const end = Math.random() < 0.3 ? Math.floor(Math.random() * bytes.length) : bytes.length
    writeFileSync(file, bytes.subarray(0, end))
  }
  expect(wrong).toEqual([])
})

test('a file that may only be read makes writes reject, and is written again when it may be', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'sub', 'sessions.db')
  chmodSync(folder.path, 0o711)
  await using workers = await startWorkers(1, path)
  const [worker] = workers
  if (worker === undefined) throw new Error('no worker')
  const count = { kind: 'count', key: 'k', forMs: 60, pauseMs: 5 } as const
  expect((await worker.follow(count)).won[0]).toBe(1)
  // From here on as a user whom modes bind; root they do not.
  await worker.follow({ kind: 'restrict' })
  chmodSync(path, 0o444)
  chmodSync(join(path, '..'), 0o755)
  const readOnly = await worker.follow(count)
  expect(readOnly.won).toEqual([])
  expect(readOnly.errors[0]).toMatch(/readonly|unable to open/)
  chmodSync(join(path, '..'), 0o000)
  expect((await worker.follow(count)).errors[0]).toMatch(/EACCES/)
  chmodSync(join(path, '..'), 0o777)
  chmodSync(path, 0o666)
  rmSync(`${path}-journal`, { force: true })
  expect(await worker.follow(count)).toMatchObject({ errors: [] })
})

// A disk that is really full: a small one in memory. Only root can mount it.
describe.skipIf(!canMount())('on a full disk (mounting one needs root)', () => {
  test('writes reject, nothing that was there is lost, and writes succeed again when there is room', async () => {
    using folder = temporaryFolder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder.path])
    try {
      const cache = fileCache(join(folder.path, 'sessions.db'))
      await cache.compareAndSet('k', undefined, 'before', 60_000)
      expect(() => writeFileSync(join(folder.path, 'filler'), Buffer.alloc(300_000))).toThrow('ENOSPC')
      await expect(cache.compareAndSet('k', 'before', 'after'.repeat(1000), 60_000)).rejects.toThrow(/full|I\/O/)
      await expect(cache.compareAndSet('other', undefined, 'value', 60_000)).rejects.toThrow(/full|I\/O/)
      expect((await cache.get('k'))?.value).toBe('before')
      rmSync(join(folder.path, 'filler'))
      expect(await cache.compareAndSet('k', 'before', 'after', 60_000)).toBe(true)
      expect(existsSync(join(folder.path, 'sessions-2.db'))).toBe(false)
      await cache.close()
    } finally {
      execFileSync('umount', [folder.path])
    }
  })
})

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  using folder = temporaryFolder()
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder.path], { stdio: 'ignore' })
  } catch {
    return false
  }
  execFileSync('umount', [folder.path])
  return true
}

/** Made beside and moved there: while it is being made nobody else may have it open. */
function foreignDatabase(path: string): void {
  const made = `${path}.foreign`
  const database = new DatabaseSync(made)
  database.exec("CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT); INSERT INTO orders VALUES (1, 'keep me')")
  database.close()
  renameSync(made, path)
}

function byNumber(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : 1)
}
