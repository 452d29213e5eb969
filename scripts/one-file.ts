// The second half of a build, run in a package's folder after `tsc`: one JavaScript file for each entry, and the
// declarations that users can reach. Modules of a few hundred lines are good to write and dear to install, since a disk
// keeps each in blocks of its own.
import { globSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { rolldown } from 'rolldown'
import { reachedDeclarations } from './declarations.ts'
import { publishedPackages, root } from './workspace.ts'

const here = relative(root, process.cwd()).replaceAll('\\', '/')
const published = publishedPackages().find(({ folder }) => folder === here)
if (published === undefined) throw new Error(`${process.cwd()} is no published package`)

const entries = Object.values(published.manifest.exports ?? {}).flatMap((target) =>
  typeof target === 'object' && target.default !== undefined ? [target.default] : [],
)
const dependencies = Object.keys({ ...published.manifest.dependencies, ...published.manifest.peerDependencies })
const modules = globSync('dist/**/*.js')
const bundle = await rolldown({
  input: Object.fromEntries(entries.map((entry) => [relative('dist', entry).replace(/\.js$/, ''), entry])),
  platform: 'node',
  external: (id) => id.startsWith('node:') || dependencies.some((name) => id === name || id.startsWith(`${name}/`)),
})
// Made whole before the first file goes.
const { output } = await bundle.generate({
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'shared-[name].js',
})
await bundle.close()
for (const path of modules) rmSync(path)
for (const file of output) {
  if (file.type !== 'chunk') throw new Error(`${file.fileName}: only modules were expected`)
  writeFileSync(join('dist', file.fileName), file.code)
}

const reached = reachedDeclarations(published)
for (const path of globSync('dist/**/*.d.ts')) if (!reached.has(join(process.cwd(), path))) rmSync(path)
