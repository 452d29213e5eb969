import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startEmulator, type DatabaseDefinition } from '@fm/emulator'
import { describe, expect, test } from 'vitest'
import { compilePrograms } from './readme/compile.ts'
import { programsIn, readmePrograms, root, type Program } from './readme/programs.ts'

const programs = readmePrograms()

/** What the READMEs use of the database of this name that `fm-emulator start` serves. */
const EXAMPLE: DatabaseDefinition = {
  tables: {
    Contacts: { fields: { id: { type: 'number', serial: {} }, name: 'text', born: 'date', photo: 'container' } },
    Phones: { fields: { contact: 'number', number: 'text' } },
  },
  relationships: [{ from: 'Contacts', to: 'Phones', match: { id: 'contact' }, allowCreate: true }],
  layouts: [{ name: 'Contacts', table: 'Contacts', portals: [{ table: 'Phones', name: 'phones' }] }],
  scripts: [{ name: 'Greet', run: ({ parameter }) => `Hello, ${parameter}!` }],
}

// `pnpm check` demands the README itself.
describe.runIf(existsSync(join(root, 'README.md')))('the code in the READMEs', () => {
  const compilation = compilePrograms(programs)

  test('shows in the first of them how to start', () => {
    expect(programs.filter((program) => program.place.startsWith('README.md:') && program.runs)).not.toEqual([])
  })

  test('compiles', () => {
    expect(compilation.complaints).toBe('')
  })

  test.for(programs.filter((program) => program.runs))('$place runs and ends by itself', async (program) => {
    expect(await run(program, compilation.emitted(program))).toEqual({ status: 0, errors: '' })
  })
})

describe('what counts as code of a README', () => {
  test('a ts block is a program, whose lines keep the numbers that they have in the README', () => {
    const markdown = 'Text.\n\n```ts\nconst one = 1\n\n  two()\n```\n'
    expect(programsIn(markdown, 'README.md')).toEqual([
      { place: 'README.md:4', code: '\n\n\nconst one = 1\n\n  two()\n', runs: true },
    ])
  })

  test('a ts no-run block is compiled only', () => {
    expect(programsIn('```ts no-run\none()\n```', 'README.md')).toMatchObject([{ runs: false }])
  })

  test('a block in a list loses the indentation of the list, and no more', () => {
    expect(programsIn('- item\n\n  ```ts\n  if (one) {\n    two()\n  }\n  ```', 'README.md')).toMatchObject([
      { code: '\n\n\nif (one) {\n  two()\n}\n' },
    ])
  })

  test('other languages are text, also where they show a ts block', () => {
    expect(programsIn('```sh\nnpm i\n```\n\n````md\n```ts\none()\n```\n````\n', 'README.md')).toEqual([])
  })

  test('code that would escape the tests is refused', () => {
    expect(() => programsIn('```js\none()\n```', 'README.md')).toThrow('README.md:2: a block begins with ```ts')
    expect(() => programsIn('```ts norun\none()\n```', 'README.md')).toThrow('would not be tested')
    expect(() => programsIn('```ts\none()\n', 'README.md')).toThrow('README.md:1: this code block has no end')
  })
})

/**
 * Starts a program as a reader would, with the environment that CONTRIBUTING.md promises: an emulator of its own behind
 * FM_SERVER, the password in FM_PASSWORD, a secret in FM_CACHE_SECRET. Nothing in the code is replaced.
 */
async function run(program: Program, file: string): Promise<{ status: number | string; errors: string }> {
  await using server = await startEmulator({ databases: { Demo: { People: [{ name: 'Ada' }] }, Example: EXAMPLE } })
  // Node 22 warns of node:sqlite, which is none of the program's business; whatever else it writes there is.
  const options = ['--enable-source-maps', '--disable-warning=ExperimentalWarning']
  const conditions = process.env.FM_TEST_DIST === '1' ? [] : ['--conditions=@fm/source']
  const child = spawn(process.execPath, [...options, ...conditions, file], {
    env: {
      PATH: process.env.PATH,
      FM_SERVER: server.url,
      FM_PASSWORD: 'secret',
      FM_CACHE_SECRET: 'only-for-the-programs-in-the-readmes',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 20_000,
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  const status = await new Promise<number | string>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve(code ?? `${program.place} was stopped by ${signal}`))
  })
  return { status, errors }
}
