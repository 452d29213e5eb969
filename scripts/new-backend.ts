// Writes an empty cache backend with its conformance test, which fails until the backend is written.
//
//   pnpm new-backend NAME [FOLDER]     writes FOLDER/packages/cache-NAME and FOLDER/.changeset/first-cache-NAME.md
//
// NAME is what sessions are kept in, in small letters: `postgres`, `durable-object`. FOLDER is this workspace unless given.
// The road from there is in CONTRIBUTING.md, "A cache backend".
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './workspace.ts'

const [name = '', into = root] = process.argv.slice(2)
const folder = join(into, 'packages', `cache-${name}`)

if (!/^[a-z][a-z\d]*(?:-[a-z\d]+)*$/.test(name)) {
  fail('usage: pnpm new-backend NAME [FOLDER]   (NAME in small letters, like `postgres` or `durable-object`)')
} else if (existsSync(folder)) {
  fail(`${folder} is there already`)
} else {
  for (const [path, text] of Object.entries(files(name))) write(join(into, path), text)
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'))
  console.log(`${folder} is written. Next:
  1. npx --yes pnpm@12 install
  2. write src/${name}-cache.ts, and say in test/conformance.test.ts how its store is started and broken
  3. npx --yes pnpm@12 test packages/cache-${name}
The whole road is in CONTRIBUTING.md, "A cache backend".`)
}

function fail(message: string): void {
  console.error(message)
  process.exitCode = 1
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** What is written, by path. `durable-object` exports `durableObjectCache` and `DurableObjectCacheOptions`. */
function files(backend: string): Record<string, string> {
  const type = backend.replaceAll(/(?:^|-)([a-z\d])/g, (_, letter: string) => letter.toUpperCase())
  const create = `${type[0]?.toLowerCase()}${type.slice(1)}Cache`
  const packaged = `packages/cache-${backend}`
  return {
    [`${packaged}/package.json`]: packageJson(backend),
    [`${packaged}/turbo.json`]: '{ "extends": ["//"], "tags": ["backend"] }\n',
    [`${packaged}/tsconfig.build.json`]: buildConfig(),
    [`${packaged}/README.md`]: readme(backend, create),
    [`${packaged}/src/index.ts`]: `export { ${create}, type ${type}CacheOptions } from './${backend}-cache.ts'\n`,
    [`${packaged}/src/${backend}-cache.ts`]: source(backend, create, type),
    [`${packaged}/test/create-cache.ts`]: createInChild(create),
    [`${packaged}/test/conformance.test.ts`]: test(create),
    [`.changeset/first-cache-${backend}.md`]: `---
"@fm/cache-${backend}": minor
---

First release: \`${create}()\` keeps sessions in ${backend}.
`,
  }
}

function packageJson(backend: string): string {
  const manifest = {
    name: `@fm/cache-${backend}`,
    version: '0.0.0',
    description: `Keeps @fm/core sessions in ${backend}`,
    keywords: ['filemaker', 'data-api', 'session', 'cache', backend],
    license: 'MIT',
    type: 'module',
    engines: { node: '>=22.19' },
    sideEffects: false,
    files: ['dist'],
    exports: {
      '.': { '@fm/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    publishConfig: { access: 'public' },
    scripts: { build: 'tsc -p tsconfig.build.json' },
    dependencies: { '@fm/core': 'workspace:^' },
    devDependencies: { '@fm/cache-conformance': 'workspace:*' },
  }
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}

function buildConfig(): string {
  return `{
  "extends": "../../tsconfig.build.json",
  "compilerOptions": { "rootDir": "src", "outDir": "dist" },
  "include": ["src"]
}
`
}

function source(backend: string, create: string, type: string): string {
  return `import type { SessionCache } from '@fm/core'

export interface ${type}CacheOptions {
  /** TODO until it is written: where the store is, and what else it needs. Each option with its unit and default. */
  readonly address: string
}

/**
 * Keeps sessions in ${backend}, for clients on any number of machines.
 *
 * TODO until it is written: what would surprise, what is promised and what not.
 */
export function ${create}({ address }: ${type}CacheOptions): SessionCache {
  const unwritten = new Error(\`${create}: is not written yet (\${address})\`)
  return {
    // Who sees the same values, and whether compareAndSet is one step for all of them. Promise no more than is true.
    supports: { sharedBy: 'network', atomic: true },
    // Rejects when the store can't tell. An expired value is none. Gives up when options.signal says so.
    get: async (_key, _options) => {
      throw unwritten
    },
    // One conditional statement of the store: a read and a write after it are not one step. Rejects on any doubt.
    compareAndSet: async (_key, _expected, _next, _ttlMs, _options) => {
      throw unwritten
    },
  }
}
`
}

function createInChild(create: string): string {
  return `import type { SessionCache } from '@fm/core'
import { ${create} } from '../src/index.ts'

/** How the conformance kit's child processes make the cache. */
export function createCache(address: string): SessionCache {
  return ${create}({ address })
}
`
}

function test(create: string): string {
  return `import { cacheConformance } from '@fm/cache-conformance'
import { describe, it } from 'vitest'
import { ${create} } from '../src/index.ts'

// TODO until it is written: start the store here, on an address of this test's own, and stop it in \`afterAll\`.
const address = 'nowhere'

cacheConformance(
  { describe, it },
  {
    create: () => ${create}({ address }),
    child: { module: new URL('./create-cache.ts', import.meta.url), argument: address },
    outages: {
      // TODO until it is written: stop the store, and resolve with a function that starts it again.
      stopped: async () => {
        throw new Error('test/conformance.test.ts does not say yet how to break the store')
      },
    },
  },
)
`
}

function readme(backend: string, create: string): string {
  return `# @fm/cache-${backend}

Keeps the sessions of [@fm/core](../core) in ${backend}, for clients on any number of machines.

\`\`\`sh
npm install @fm/core @fm/cache-${backend}
\`\`\`

\`\`\`ts
import { ${create} } from '@fm/cache-${backend}'
import { basic, createClient } from '@fm/core'

await using fm = createClient({
  server: process.env.FM_SERVER ?? 'https://fms.example.com',
  database: 'Demo',
  auth: basic('web', process.env.FM_PASSWORD),
  cache: ${create}({ address: 'nowhere' }),
  cacheSecret: process.env.FM_CACHE_SECRET,
})

const { data } = await fm.layout('People').list({ limit: 10 })
console.log(data.length)
\`\`\`

| Option | Default | |
|---|---|---|
| \`address\` | | |

**Promised**: TODO until it is written. **Not promised**: TODO until it is written.

**Errors**: TODO until it is written.
`
}
