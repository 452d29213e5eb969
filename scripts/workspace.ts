import { globSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** The checkout's root, wherever a script was started from. */
export const root: string = resolve(import.meta.dirname, '..')

/** What the scripts read of a package.json; everything is optional because a check must cope with what is there. */
interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly license?: string
  readonly type?: string
  readonly description?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly files?: readonly string[]
  readonly sideEffects?: unknown
  readonly publishConfig?: { readonly access?: string }
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly bin?: Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/** A package of this workspace. */
export interface Package {
  /** Relative to the root, with forward slashes: `packages/core`. */
  readonly folder: string
  readonly manifest: Manifest
}

/** The packages under `packages/` that are published, in the order of their folders. */
export function publishedPackages(): Package[] {
  return globSync('packages/*/package.json', { cwd: root })
    .toSorted()
    .map((path) => ({ folder: dirname(path).replaceAll('\\', '/'), manifest: readManifest(join(root, path)) }))
    .filter((candidate) => candidate.manifest.private !== true)
}

/** Reads a package.json. Scripts report what is missing in it, so nothing is demanded here but JSON. */
function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(path, 'utf8'))
}
