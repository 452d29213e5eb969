// What a package's tarball must hold and what not, beyond what publint and attw look at:
// `node scripts/checks/tarball.ts package.tgz`.
import { execFileSync } from 'node:child_process'

const tarball = process.argv[2] ?? ''
const names = tar('-tzf').split('\n').filter(Boolean)
const complaints = ['README.md', 'LICENSE', 'package.json', 'dist/index.js', 'dist/index.d.ts'].flatMap((file) =>
  names.includes(`package/${file}`) ? [] : [`${file} is not in it`],
)
for (const name of names) {
  if (!/^package\/(?:dist\/.+|README\.md|LICENSE|package\.json)$/.test(name)) complaints.push(`${name} is in it`)
  // It would double what is installed; the JavaScript is the source, nearly line by line.
  if (name.endsWith('.map')) complaints.push(`${name} is in it`)
}
const protocol = /"(?:workspace|catalog|link|file):[^"]*"/.exec(tar('-xzOf', 'package/package.json'))
if (protocol !== null) complaints.push(`package.json holds ${protocol[0]}, which means nothing outside the workspace`)

for (const complaint of complaints) console.error(complaint)
process.exitCode = complaints.length === 0 ? 0 : 1

function tar(mode: string, ...members: string[]): string {
  return execFileSync('tar', [mode, tarball, ...members], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}
