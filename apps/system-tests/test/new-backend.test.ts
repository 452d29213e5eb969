import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../../..')
const folder = mkdtempSync(join(tmpdir(), 'fm-new-backend-'))
afterAll(() => rmSync(folder, { recursive: true }))

// What an installation would do for the new package: the workspace's own packages and tools are in reach.
mkdirSync(join(folder, 'node_modules/@fm'), { recursive: true })
for (const name of ['core', 'cache-conformance']) {
  symlinkSync(join(root, 'packages', name), join(folder, 'node_modules/@fm', name))
}
for (const name of ['vitest', '@types'])
  symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name))

test('the empty backend compiles, and fails its conformance test until it is written', { timeout: 120_000 }, () => {
  expect(node(join(root, 'scripts/new-backend.ts'), 'durable-object', folder)).toMatchObject({ status: 0 })
  const packaged = join(folder, 'packages/cache-durable-object')
  expect(JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8'))).toMatchObject({
    name: '@fm/cache-durable-object',
  })
  expect(readFileSync(join(folder, '.changeset/first-cache-durable-object.md'), 'utf8')).toContain(
    'durableObjectCache()',
  )
  for (const file of ['README.md', 'LICENSE', 'turbo.json', 'tsconfig.build.json', 'src/index.ts']) {
    expect(readFileSync(join(packaged, file), 'utf8')).not.toBe('')
  }
  expect(compile(packaged)).toEqual({ output: '', status: 0 })

  const empty = runConformance(packaged)
  expect(empty.status).toBe(1)
  expect(empty.output).toContain('durableObjectCache: is not written yet')
  expect(empty.output).toContain('does not say yet how to break the store')
})

test('a name that makes no package, and one that is taken, are refused', () => {
  for (const name of ['', 'Redis', '../x', 'a_b']) {
    expect(node(join(root, 'scripts/new-backend.ts'), name, folder)).toMatchObject({ status: 1 })
  }
  node(join(root, 'scripts/new-backend.ts'), 'taken', folder)
  const again = node(join(root, 'scripts/new-backend.ts'), 'taken', folder)
  expect(again).toMatchObject({ status: 1, output: expect.stringContaining('is there already') })
})

function compile(packaged: string): Result {
  const config = join(packaged, 'tsconfig.test.json')
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), include: ['src', 'test'] }))
  return node(join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--project', config)
}

function runConformance(packaged: string): Result {
  const config = join(packaged, 'vitest.config.ts')
  writeFileSync(config, `export { default } from ${JSON.stringify(join(root, 'vitest.config.ts'))}\n`)
  return node(join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder, '--config', config)
}

interface Result {
  readonly status: number | null
  readonly output: string
}

function node(...command: string[]): Result {
  // A run of tests inside a run of tests must not write its report over the outer one's.
  const { FM_TEST_JSON: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8', env })
  return { status, output: stdout + stderr }
}
