// Public types in one reviewable file per published package: `packages/X/api.d.ts`. A change of what users compile
// against then shows in a review as a diff, and cannot slip in with a change of something else.
//
//   node scripts/api-report.ts [packages/X …]            writes the reports; build first, they are made from `dist`
//   node scripts/api-report.ts --check [packages/X …]    compares instead, and ends with status 1 when one differs
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { diff } from 'node:util'
import { publishedPackages, root, type Package } from './workspace.ts'

const onlyCompare = process.argv.includes('--check')
const folders = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))

for (const published of publishedPackages()) {
  if (folders.length > 0 && !folders.includes(published.folder)) continue
  const path = join(root, published.folder, 'api.d.ts')
  const known = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const report = apiReport(published)
  if (known === report) continue
  if (onlyCompare) {
    console.error(`${published.folder}/api.d.ts is not what the build says:\n${difference(known, report)}`)
    console.error('If this change of the public types is meant: `pnpm build && pnpm api`, and commit the report.')
    process.exitCode = 1
  } else {
    writeFileSync(path, report)
    console.log(`${published.folder}/api.d.ts written`)
  }
}

/**
 * The declarations that a package's users can reach: every `.d.ts` file of `dist` that its entries lead to through
 * relative imports, in the order of their paths, each under its path.
 */
function apiReport(published: Package): string {
  const folder = join(root, published.folder)
  const reached = new Map<string, string>()
  const open = typesEntries(published).map((entry) => resolve(folder, entry))
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (reached.has(path)) continue
    if (!existsSync(path)) throw new Error(`${relative(root, path)} is not there: build first (\`pnpm build\`)`)
    const text = readFileSync(path, 'utf8')
    reached.set(path, text)
    for (const specifier of relativeSpecifiers(text)) open.push(declarationFile(resolve(dirname(path), specifier)))
  }
  return [...reached]
    .map(([path, text]) => ({ path: relative(folder, path).replaceAll('\\', '/'), text: seenFrom(folder, path, text) }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, text }) => `// ${path}\n${text.trimEnd()}\n`)
    .join('\n')
}

function typesEntries({ folder, manifest }: Package): string[] {
  const entries = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'object' && target.types !== undefined ? [target.types] : [],
  )
  if (entries.length === 0) throw new Error(`${folder}/package.json: no "types" in "exports"`)
  return entries
}

/** The text with its relative specifiers as the report's own place sees them: in it, `../x.ts` would leave the package. */
function seenFrom(folder: string, path: string, text: string): string {
  return relativeSpecifiers(text).reduce((rewritten, specifier) => {
    const target = relative(folder, resolve(dirname(path), specifier)).replaceAll('\\', '/')
    return rewritten.replaceAll(`'${specifier}'`, `'./${target}'`).replaceAll(`"${specifier}"`, `"./${target}"`)
  }, text)
}

/**
 * The relative specifiers of a declaration file: `from './x.ts'`, `import './x.ts'`, `import('./x.ts')`.
 *
 * Read as text, because TypeScript 7 has no programming interface yet. Comments and other strings are matched too, and
 * thereby stepped over: an example in a comment is no import, and `'image/*'` opens no comment.
 */
function relativeSpecifiers(text: string): string[] {
  const token =
    /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1|\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g
  return [...text.matchAll(token)].flatMap((match) => match[2] ?? [])
}

/** What TypeScript reads for a specifier: emitted declarations keep `./x.ts`, other tools write `./x.js`. */
function declarationFile(path: string): string {
  return path.endsWith('.d.ts') ? path : path.replace(/\.[jt]s$/, '.d.ts')
}

/** The changed lines with a line around each, at most forty: enough to see what it is about. */
function difference(before: string, after: string): string {
  // Node compares an actual text with an expected one, and calls inserted what only the first of the two has.
  const sign = { '-1': '+', '0': ' ', '1': '-' } as const
  const lines = diff(before.split('\n'), after.split('\n'))
  const shown = lines.filter((_, index) =>
    lines.slice(Math.max(0, index - 1), index + 2).some(([change]) => change !== 0),
  )
  const text = shown.slice(0, 40).map(([change, line]) => `${sign[`${change}`]} ${line}`)
  return [...text, ...(shown.length > 40 ? [`… and ${shown.length - 40} lines more`] : [])].join('\n')
}
