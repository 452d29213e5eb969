// Every changeset names packages that are published, says how much changes, and tells users what. `changeset status`
// would also do, but compares with the branch `main`, which a checkout of one commit does not have.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publishedPackages, root } from '../workspace.ts'

const known = publishedPackages().map(({ manifest }) => manifest.name)
const complaints = globSync('.changeset/*.md', { cwd: root })
  .filter((path) => !path.endsWith('README.md'))
  .toSorted()
  .flatMap((path) => complaintsAbout(readFileSync(join(root, path), 'utf8')).map((text) => `${path}: ${text}`))
for (const complaint of complaints) console.error(complaint)
process.exitCode = complaints.length === 0 ? 0 : 1

function complaintsAbout(changeset: string): string[] {
  const parts = /^---\n([\s\S]*?)\n?---\n([\s\S]*)$/.exec(changeset)
  if (parts === null) return ['does not begin with a head between two lines of ---']
  const [, head = '', text = ''] = parts
  const entries = head.split('\n').filter(Boolean)
  return [
    ...entries.flatMap((entry) => {
      const [, name = entry, size = ''] = /^['"]?([^'"]+)['"]?:\s*(\w+)$/.exec(entry) ?? []
      if (!known.includes(name)) return [`${name} is no published package`]
      return ['major', 'minor', 'patch'].includes(size) ? [] : [`${name}: ${size} is not major, minor or patch`]
    }),
    ...(entries.length > 0 && text.trim() === '' ? ['does not say what users will notice'] : []),
  ]
}
