import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readmePrograms, root } from './readme/programs.ts'
import { figure, FULL } from './size.ts'

/** What is promised of core and the memory cache, undici included: as a disk has it, where undici is 2.7 MB of it. */
const MAX_MB = 3.5

const folder = mkdtempSync(join(tmpdir(), 'fm-install-'))
// Three Nodes are many bytes.
afterAll(() => rmSync(folder, { recursive: true }), 120_000)

/** The tarballs of all published packages, by name, as the registry would get them. */
const tarballs = new Map<string, string>()
const small = join(folder, 'small')
const whole = join(folder, 'whole')

beforeAll(() => {
  pnpm('run', 'build', '--output-logs=errors-only')
  for (const { name, path } of publishedPackages()) {
    const tarball = join(folder, `${basename(path)}.tgz`)
    pnpm('--dir', path, 'pack', '--out', tarball)
    tarballs.set(name, tarball)
  }
  install(small, [tarballOf('@fm/core'), tarballOf('@fm/cache-memory')])
  // With what the packages want beside them: npm brings peers along.
  install(whole, [...tarballs.values()])
}, 300_000)

describe('core and the memory cache, installed into an empty project', () => {
  test('are two packages beside undici', () => {
    expect(packagesIn(small).toSorted()).toEqual(['@fm/cache-memory', '@fm/core', 'undici'])
  })

  test('take less than 3.5 MB', () => {
    const megabytes = megabytesOf(join(small, 'node_modules'))
    figure('core and the memory cache, installed: MB', megabytes.toFixed(2))
    figure('of these undici', megabytesOf(join(small, 'node_modules/undici')).toFixed(2))
    expect(megabytes).toBeGreaterThan(1)
    expect(megabytes).toBeLessThan(MAX_MB)
  })

  test('make a client that works, types and all', () => {
    const program = `import { memoryCache } from '@fm/cache-memory'
import { basic, createClient, isFileMakerError, type Client } from '@fm/core'
const fm: Client = createClient({ server: 'http://localhost:1', database: 'Demo', auth: basic('web', 'x'), cache: memoryCache() })
try {
  await fm.layout<{ name: string }>('People').list({ timeoutMs: 200 })
} catch (error) {
  if (isFileMakerError(error, 301)) console.log(error.fileMakerCode satisfies 301)
  else console.log('no answer')
}
await fm.close()
`
    expect(compile(small, program, 'nodenext')).toBe('')
    expect(run(small, process.execPath, 'program.js')).toBe('no answer\n')
  })
})

describe('every import path', () => {
  test('that a README shows is one that the packages export', () => {
    const shown = readmePrograms().flatMap(({ code }) =>
      [...code.matchAll(/from '(@fm\/[^']+)'/g)].map(([, path]) => path),
    )
    expect(shown.length).toBeGreaterThan(10)
    const exported = importPaths()
    expect(shown.filter((path) => path === undefined || !exported.includes(path))).toEqual([])
  })

  test.each(['nodenext', 'bundler'])('has types, for a compiler that resolves as %s', (resolution) => {
    const program = importPaths()
      .filter((path) => !path.endsWith('.json'))
      .map(
        (path, index) => `import * as module${index} from '${path}'\nconsole.log(Object.keys(module${index}).length)\n`,
      )
    expect(program.length).toBeGreaterThanOrEqual(tarballs.size)
    expect(compile(whole, program.join(''), resolution)).toBe('')
  })

  test('loads on the Node that runs the tests', () => expect(loadedBy(process.execPath)).toEqual(importPaths()))

  // Each a download of 50 MB: `pnpm test:full` shows it.
  test.runIf(FULL).each(['22.19.0', '24', '26'])('loads on Node %s', { timeout: 300_000 }, (version) => {
    const place = join(folder, `node-${version}`)
    install(place, [`node@${version}`])
    const node = join(place, 'node_modules/node/bin/node')
    const is = run(place, node, '--version')
    figure('loads on Node', is.trim())
    expect(is).toMatch(new RegExp(`^v${version.replaceAll('.', '\\.')}(?:\\.|\\n)`))
    expect(loadedBy(node)).toEqual(importPaths())
  })
})

/** Which import paths a Node of its own loads, with warnings as errors but for those of `node:sqlite`. */
function loadedBy(node: string): readonly string[] {
  const program = `const loaded = []
for (const path of ${JSON.stringify(importPaths())}) {
  const isJson = path.endsWith('.json')
  const module = await import(path, isJson ? { with: { type: 'json' } } : undefined)
  if (Object.keys(isJson ? module.default : module).length === 0) throw new Error(path + ' is empty')
  loaded.push(path)
}
console.log(JSON.stringify(loaded))
`
  writeFileSync(join(whole, 'load.js'), program)
  return JSON.parse(run(whole, node, 'load.js')) as readonly string[]
}

/** What the tarballs export to users: entries that lead to sources of ours are not in them. */
function importPaths(): readonly string[] {
  return [...tarballs.keys()].flatMap((name) => {
    const { exports } = manifestOf(join(whole, 'node_modules', name))
    const entries = Object.entries(exports).filter(([, target]) => typeof target === 'string' || 'default' in target)
    return entries.map(([entry]) => name + entry.slice(1))
  })
}

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}

function manifestOf(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest
}

function publishedPackages(): readonly { readonly name: string; readonly path: string }[] {
  return globSync('packages/*/package.json', { cwd: root })
    .map((path) => join(root, dirname(path)))
    .map((path) => ({ path, ...manifestOf(path) }))
    .filter((manifest) => manifest.private !== true)
}

function tarballOf(name: string): string {
  const tarball = tarballs.get(name)
  if (tarball === undefined) throw new Error(`${name} was not packed`)
  return tarball
}

/** The packages below `node_modules`, nested ones too. */
function packagesIn(project: string): readonly string[] {
  return globSync('node_modules/**/package.json', { cwd: project }).flatMap((path) => {
    const [, name] = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/@]+)\/package\.json$/.exec(path) ?? []
    return name === undefined ? [] : [name]
  })
}

/** As `du -h` has it on a disk of 4 KiB blocks: small files take more than their bytes. */
function megabytesOf(path: string): number {
  return (blocksOf(path) * 4) / 1_024
}

function blocksOf(path: string): number {
  const stats = statSync(path)
  if (!stats.isDirectory()) return Math.ceil(stats.size / 4_096)
  return readdirSync(path).reduce((sum, entry) => sum + blocksOf(join(path, entry)), 1)
}

/** What the compiler has to say about a program in an installed project. Its output lies there as `program.js`. */
function compile(project: string, program: string, moduleResolution: string): string {
  writeFileSync(join(project, 'program.ts'), program)
  const compilerOptions = {
    strict: true,
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: moduleResolution === 'bundler' ? 'esnext' : moduleResolution,
    moduleResolution,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
  }
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['program.ts'] }))
  const { stdout, stderr } = start(project, process.execPath, join(root, 'node_modules/typescript/bin/tsc'), '-p', '.')
  return stdout + stderr
}

function install(project: string, what: readonly string[]): void {
  mkdirSync(project)
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }))
  run(project, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error', ...what)
}

/** The one that runs the tests, or the one that the workspace wants. */
function pnpm(...options: readonly string[]): void {
  const isThere = spawnSync('pnpm', ['--version'], { cwd: root }).status === 0
  if (isThere) run(root, 'pnpm', ...options)
  else run(root, 'npx', '--yes', 'pnpm@12', ...options)
}

function run(cwd: string, command: string, ...options: readonly string[]): string {
  const { status, stdout, stderr, error } = start(cwd, command, ...options)
  if (error !== undefined) throw error
  if (status !== 0)
    throw new Error(`${basename(command)} ${options.join(' ')} ended with status ${status}:\n${stdout}${stderr}`)
  return stdout
}

/** Without the conditions of the tests: what is installed is what users get. */
function start(cwd: string, command: string, ...options: readonly string[]): SpawnSyncReturns<string> {
  const { NODE_OPTIONS: _, FM_TEST_JSON: __, ...env } = process.env
  return spawnSync(command, options, { cwd, encoding: 'utf8', env: { ...env, DO_NOT_TRACK: '1' } })
}
