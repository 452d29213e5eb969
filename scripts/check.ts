// `pnpm check`: everything but the tests. Each check runs whatever became of those before it, one after the other (the
// tools use several cores themselves), and its output is shown only when it failed. `pnpm check lint types` runs only
// the checks whose names begin so.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { publishedPackages, root, type Package } from './workspace.ts'

interface Check {
  readonly name: string
  /** A command and its arguments, or several that must all end with status 0. */
  readonly commands: readonly (readonly string[])[]
}

const packed = mkdtempSync(join(tmpdir(), 'fm-check-'))
const wanted = process.argv.slice(2)
const chosen = checks().filter(({ name }) => wanted.length === 0 || wanted.some((start) => name.startsWith(start)))
let failed = 0
for (const check of chosen) {
  const start = performance.now()
  const output = run(check)
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5)
  console.log(`${output === undefined ? 'passed' : 'FAILED'} ${seconds} s  ${check.name}`)
  if (output === undefined) continue
  failed += 1
  console.log(`\n${output.trimEnd().replaceAll(/^/gm, '    ')}\n`)
}
rmSync(packed, { recursive: true, force: true })
console.log(`${chosen.length - failed} passed, ${failed} failed`)
// No check at all is a failure: a mistyped name must not look like success.
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0

function checks(): Check[] {
  return [
    { name: 'types', commands: [['tsc', '--noEmit']] },
    { name: 'lint', commands: [['oxlint', '--type-aware', '--deny-warnings']] },
    { name: 'format', commands: [['oxfmt', '--check']] },
    { name: 'boundaries', commands: [['turbo', 'boundaries']] },
    { name: 'unused exports and dependencies', commands: [['knip']] },
    { name: 'package.json fields and files', commands: [['node', 'scripts/checks/manifests.ts']] },
    { name: 'sources', commands: [['node', 'scripts/checks/sources.ts']] },
    { name: 'changesets', commands: [['node', 'scripts/checks/changesets.ts']] },
    { name: 'build', commands: [['turbo', 'run', 'build', '--output-logs=errors-only']] },
    ...publishedPackages().flatMap((published) => packageChecks(published)),
  ]
}

/** What users get: the tarball, packed once as it would be published, and the types in it. */
function packageChecks({ folder, manifest }: Package): Check[] {
  const destination = join(packed, folder)
  const tarball = join(destination, 'package.tgz')
  return [
    {
      name: `pack ${manifest.name}`,
      commands: [
        ['pnpm', '--dir', folder, 'pack', '--out', tarball],
        ['node', 'scripts/checks/tarball.ts', tarball],
      ],
    },
    { name: `publint ${manifest.name}`, commands: [['publint', 'run', tarball, '--strict']] },
    {
      name: `attw ${manifest.name}`,
      // `simulation` leads to sources under our own condition only; there is nothing for users behind it.
      commands: [['attw', tarball, '--profile', 'esm-only', '--no-color', '--exclude-entrypoints', 'simulation']],
    },
    { name: `public types of ${manifest.name}`, commands: [['node', 'scripts/api-report.ts', '--check', folder]] },
  ]
}

/** The output when the check failed, undefined when it passed. */
function run(check: Check): string | undefined {
  for (const [command = '', ...options] of check.commands) {
    const result = spawnSync(command, options, {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
        // A check tells nobody that it runs, and needs no network.
        TURBO_TELEMETRY_DISABLED: '1',
        DO_NOT_TRACK: '1',
      },
    })
    if (result.error !== undefined) return `${command} could not be started: ${result.error.message}`
    if (result.status !== 0) {
      return `${result.stdout}${result.stderr}${command} ended with ${result.signal ?? `status ${result.status}`}`
    }
  }
  return undefined
}
