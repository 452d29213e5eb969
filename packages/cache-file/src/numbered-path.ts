import { basename, dirname, extname, join } from 'node:path'

/** `sessions.db` is number 1, `sessions-2.db` number 2, and so on. */
export function numberedPath(path: string, number: number): string {
  if (number === 1) return path
  const { stem, extension } = parts(path)
  return join(dirname(path), `${stem}-${number}${extension}`)
}

/** The highest number among the names in the path's folder, 0 where none is one of its files. */
export function highestNumber(path: string, names: readonly string[]): number {
  const { stem, extension } = parts(path)
  let highest = 0
  for (const name of names) {
    if (name === basename(path)) highest = Math.max(highest, 1)
    if (!name.startsWith(`${stem}-`) || !name.endsWith(extension)) continue
    const digits = name.slice(stem.length + 1, name.length - extension.length)
    if (/^[1-9]\d{0,3}$/.test(digits)) highest = Math.max(highest, Number(digits))
  }
  return highest
}

function parts(path: string): { stem: string; extension: string } {
  const extension = extname(path)
  return { stem: basename(path, extension), extension }
}
