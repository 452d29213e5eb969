import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const packageFolder = join(import.meta.dirname, '../..')
const root = join(packageFolder, '../..')

/** What the compiler said of a program, and how long it took from its start to its end. */
export interface Checked {
  readonly complaints: string
  readonly ms: number
}

/**
 * Checks programs with tsc as a user of the package has it: against sources or, with FM_TEST_DIST=1, against `dist`. They lie
 * inside the package, which resolves its own name.
 */
export function checkTypes(programs: Readonly<Record<string, string>>): Checked {
  const parent = join(packageFolder, '.cache')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'types-'))
  try {
    for (const [name, code] of Object.entries(programs)) writeFileSync(join(folder, name), code)
    const compilerOptions = {
      isolatedDeclarations: false,
      noUnusedLocals: false,
      ...(process.env.FM_TEST_DIST === '1' ? { customConditions: [] } : {}),
    }
    const settings = { extends: relative(folder, join(root, 'tsconfig.json')), compilerOptions, include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
    const compiler = join(root, 'node_modules/typescript/bin/tsc')
    const start = performance.now()
    const { stdout, stderr, error } = spawnSync(process.execPath, [compiler, '-p', '.'], {
      cwd: folder,
      encoding: 'utf8',
    })
    if (error !== undefined) throw error
    return { complaints: stdout + stderr, ms: performance.now() - start }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
