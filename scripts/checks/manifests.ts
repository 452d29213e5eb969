// Every published package says what users and the registry need to know, and core depends on undici alone. What knip
// finds (a dependency that is declared and not used, or used and not declared) is left to it.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { publishedPackages, root, type Package } from '../workspace.ts'

const allowedDependencies: Readonly<Record<string, readonly string[]>> = { 'packages/core': ['undici'] }

const complaints = publishedPackages().flatMap((published) =>
  [...fields(published), ...files(published), ...dependencies(published)].map((text) => `${published.folder}: ${text}`),
)
if (!existsSync(join(root, 'README.md'))) complaints.push('README.md is missing')
for (const complaint of complaints) console.error(complaint)
process.exitCode = complaints.length === 0 ? 0 : 1

function fields({ folder, manifest }: Package): string[] {
  const main = manifest.exports?.['.']
  const demands: readonly [boolean, string][] = [
    [manifest.name === `@fm/${folder.split('/')[1]}`, `name is ${manifest.name}, not @fm/ and the folder`],
    [(manifest.description ?? '').length > 20, 'description is missing or says too little'],
    [manifest.license === 'MIT', 'license is not MIT'],
    [manifest.type === 'module', 'type is not module'],
    [manifest.engines?.node === '>=22.19', 'engines.node is not >=22.19'],
    [manifest.sideEffects === false, 'sideEffects is not false'],
    [manifest.publishConfig?.access === 'public', 'publishConfig.access is not public'],
    [(manifest.files ?? []).join() === 'dist', 'files is not ["dist"]'],
    [manifest.exports?.['./package.json'] === './package.json', 'exports lacks "./package.json"'],
    [
      typeof main === 'object' && Object.keys(main).join() === '@fm/source,types,default',
      'exports["."] is not @fm/source, types, default, in this order',
    ],
    [
      manifest.scripts?.build === 'tsc -p tsconfig.build.json' ||
        manifest.scripts?.build === 'tsc -p tsconfig.build.json && node ../../scripts/one-file.ts',
      'scripts.build is not `tsc -p tsconfig.build.json`, at most with scripts/one-file.ts behind it',
    ],
  ]
  return demands.flatMap(([met, complaint]) => (met ? [] : [complaint]))
}

function files({ folder }: Package): string[] {
  const wanted = ['README.md', 'LICENSE', 'turbo.json', 'src/index.ts']
  return wanted.flatMap((file) => (existsSync(join(root, folder, file)) ? [] : [`${file} is missing`]))
}

function dependencies({ folder, manifest }: Package): string[] {
  const allowed = allowedDependencies[folder]
  const names = Object.keys({
    ...manifest.dependencies,
    ...manifest.optionalDependencies,
    ...manifest.peerDependencies,
  })
  if (allowed === undefined || names.toSorted().join() === allowed.join()) return []
  return [`users get ${names.join(', ') || 'nothing'} with it, and the promise is ${allowed.join(', ')} alone`]
}
