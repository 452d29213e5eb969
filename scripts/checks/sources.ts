// What no linter rule covers: how our modules name what they give away, and what must not be committed.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { root } from '../workspace.ts'

interface Demand {
  readonly files: (path: string) => boolean
  /** What a line must not hold. */
  readonly pattern: RegExp
  readonly complaint: string
}

// Written in two parts, or this file would be the first to be reported.
const registryHost = ['registry', 'npmjs', 'org'].join(String.raw`\.`)

const demands: readonly Demand[] = [
  {
    files: isSource,
    pattern: /^\s*export\s+(?:type\s+)?\*/,
    complaint: '`export *`: a public name is listed by name',
  },
  {
    files: () => true,
    pattern: new RegExp(registryHost),
    complaint: "the registry's host: which one is used is the machine's affair",
  },
  {
    files: () => true,
    pattern: /(?:^|[\s'"`(=:])(?:\/(?:home|Users|root|work)\/[\w.-]|[A-Z]:\\\\?Users)/,
    complaint: 'a path of one machine',
  },
]

const complaints = trackedFiles().flatMap((path) => [...indexFile(path), ...lines(path)])
for (const complaint of complaints) console.error(complaint)
process.exitCode = complaints.length === 0 ? 0 : 1

/** Tracked files, and new ones that are about to be: a check that waits for the commit is a check too late. */
function trackedFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return list.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
}

function lines(path: string): string[] {
  const content = readFileSync(join(root, path))
  if (content.includes(0)) return [] // not text
  const text = content.toString('utf8').split('\n')
  return demands
    .filter((demand) => demand.files(path))
    .flatMap((demand) =>
      text.flatMap((line, index) => (demand.pattern.test(line) ? [`${path}:${index + 1}: ${demand.complaint}`] : [])),
    )
}

/** One explicit list of public names per package: any other index.ts hides which file a name comes from. */
function indexFile(path: string): string[] {
  if (basename(path) !== 'index.ts' || /^packages\/[^/]+\/src\/index\.ts$/.test(path)) return []
  return [`${path}: the only index.ts is a package's src/index.ts`]
}

function isSource(path: string): boolean {
  return path.endsWith('.ts') && !path.endsWith('.d.ts')
}
