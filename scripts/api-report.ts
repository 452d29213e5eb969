// Public types in one reviewable file per published package: `packages/X/api.d.ts`. A change of what users compile
// against then shows in a review as a diff, and cannot slip in with a change of something else.
//
//   node scripts/api-report.ts [packages/X …]            writes the reports; build first, they are made from `dist`
//   node scripts/api-report.ts --check [packages/X …]    compares instead, and ends with status 1 when one differs
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { diff } from 'node:util'
import { reachedDeclarations, relativeSpecifiers } from './declarations.ts'
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

/** The declarations that a package's users can reach, in the order of their paths, each under its path. */
function apiReport(published: Package): string {
  const folder = join(root, published.folder)
  const reached = reachedDeclarations(published)
  return [...reached]
    .map(([path, text]) => ({ path: relative(folder, path).replaceAll('\\', '/'), text: seenFrom(folder, path, text) }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
    .map(({ path, text }) => `// ${path}\n${text.trimEnd()}\n`)
    .join('\n')
}

/** The text with its relative specifiers as the report's own place sees them: in it, `../x.ts` would leave the package. */
function seenFrom(folder: string, path: string, text: string): string {
  return relativeSpecifiers(text).reduce((rewritten, specifier) => {
    const target = relative(folder, resolve(dirname(path), specifier)).replaceAll('\\', '/')
    return rewritten.replaceAll(`'${specifier}'`, `'./${target}'`).replaceAll(`"${specifier}"`, `"./${target}"`)
  }, text)
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
