import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { root, type Package } from './workspace.ts'

/**
 * The declarations that a package's users can reach: every `.d.ts` file of `dist` that its entries lead to through
 * relative imports, by its path.
 */
export function reachedDeclarations(published: Package): ReadonlyMap<string, string> {
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
  return reached
}

function typesEntries({ folder, manifest }: Package): string[] {
  const entries = Object.values(manifest.exports ?? {}).flatMap((target) =>
    typeof target === 'object' && target.types !== undefined ? [target.types] : [],
  )
  if (entries.length === 0) throw new Error(`${folder}/package.json: no "types" in "exports"`)
  return entries
}

/**
 * The relative specifiers of a declaration file: `from './x.ts'`, `import './x.ts'`, `import('./x.ts')`.
 *
 * Read as text, because TypeScript 7 has no programming interface yet. Comments and other strings are matched too, and
 * thereby stepped over: an example in a comment is no import, and `'image/*'` opens no comment.
 */
export function relativeSpecifiers(text: string): string[] {
  const token =
    /\b(?:from|import)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]+)\1|\/\*[\s\S]*?\*\/|\/\/.*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g
  return [...text.matchAll(token)].flatMap((match) => match[2] ?? [])
}

/** What TypeScript reads for a specifier: emitted declarations keep `./x.ts`, other tools write `./x.js`. */
function declarationFile(path: string): string {
  return path.endsWith('.d.ts') ? path : path.replace(/\.[jt]s$/, '.d.ts')
}
