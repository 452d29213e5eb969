import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root, type Program } from './programs.ts'

/** READMEs as a user's compiler takes them. */
export interface Compilation {
  /** What the compiler complained about, in lines of the READMEs; empty when nothing. */
  readonly complaints: string
  /** The emitted JavaScript of a program: what Node starts. */
  readonly emitted: (program: Program) => string
}

/**
 * Compiles the programs in one go, against sources or, with FM_TEST_DIST=1, against `dist`.
 *
 * They are emitted, and not started from TypeScript, because that is what a reader on Node 22 has to do with an
 * `await using`. The folder lies inside this app, whose node_modules has every package of ours.
 */
export function compilePrograms(programs: readonly Program[]): Compilation {
  const folder = join(import.meta.dirname, '../../.cache/readme')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const program of programs) writeFileSync(join(folder, `${fileName(program)}.ts`), program.code)
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: relative(folder, join(root, 'tsconfig.json')),
      compilerOptions: {
        // A program gives nothing away, and an example may name a thing that it does not use again.
        isolatedDeclarations: false,
        declaration: false,
        noUnusedLocals: false,
        noEmit: false,
        allowImportingTsExtensions: false,
        rewriteRelativeImportExtensions: true,
        inlineSourceMap: true,
        // An error rather than JavaScript beside our sources, should the compiler ever take them for programs too.
        rootDir: '.',
        ...(process.env.FM_TEST_DIST === '1' ? { customConditions: [] } : {}),
      },
      include: ['*.ts'],
    }),
  )
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout, stderr, error } = spawnSync(process.execPath, [compiler, '-p', '.'], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (error !== undefined) throw error
  const complaints = programs.reduce(
    (text, program) => text.replaceAll(`${fileName(program)}.ts(`, `${program.place.split(':')[0]}(`),
    stdout + stderr,
  )
  return { complaints, emitted: (program) => join(folder, `${fileName(program)}.js`) }
}

function fileName(program: Program): string {
  return program.place.replaceAll(/[^\w]+/g, '-')
}
