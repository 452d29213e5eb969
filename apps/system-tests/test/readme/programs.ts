import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** A ```ts block of a README: a whole program, as a reader would save it in a file and start it. */
export interface Program {
  /** Where it stands: `packages/core/README.md:12`, the line of its first line of code. */
  readonly place: string
  /** Its code, with empty lines before it, so that every message about a line names the README's line. */
  readonly code: string
  /** False for a block that begins with ```ts no-run: it is compiled, and not started. */
  readonly runs: boolean
}

/** The checkout's root. */
export const root: string = resolve(import.meta.dirname, '../../../..')

/** Every program in the READMEs of the checkout and its packages. */
export function readmePrograms(): Program[] {
  const paths = globSync(['README.md', 'packages/*/README.md'], { cwd: root }).toSorted()
  return paths.flatMap((path) => programsIn(readFileSync(join(root, path), 'utf8'), path.replaceAll('\\', '/')))
}

/**
 * The programs in one Markdown text.
 *
 * @throws When code would escape the tests: a block that never ends, one in JavaScript, or a word after `ts` other
 * than `no-run`.
 */
export function programsIn(markdown: string, path: string): Program[] {
  const programs: Program[] = []
  let open: { mark: string; indent: number; info: string; line: number; code: string[] } | undefined
  for (const [index, line] of markdown.split(/\r?\n/).entries()) {
    const fence = /^( *)(`{3,}|~{3,})(.*)$/.exec(line)
    const [, indent = '', mark = '', info = ''] = fence ?? []
    if (open === undefined) {
      if (fence !== null) open = { mark, indent: indent.length, info: info.trim(), line: index + 2, code: [] }
    } else if (mark.startsWith(open.mark) && info.trim() === '') {
      const place = `${path}:${open.line}`
      if (isProgram(open.info, place)) {
        const code = [...Array.from({ length: open.line - 1 }, () => ''), ...open.code, ''].join('\n')
        programs.push({ place, code, runs: open.info === 'ts' })
      }
      open = undefined
    } else {
      open.code.push(line.startsWith(' '.repeat(open.indent)) ? line.slice(open.indent) : line.trimStart())
    }
  }
  if (open !== undefined) throw new Error(`${path}:${open.line - 1}: this code block has no end`)
  return programs
}

function isProgram(info: string, place: string): boolean {
  if (info === 'ts' || info === 'ts no-run') return true
  if (/^(?:[cm]?[jt]sx?|javascript|typescript)\b/i.test(info)) {
    throw new Error(
      `${place}: a block begins with \`\`\`ts or \`\`\`ts no-run, not with \`\`\`${info}: it would not be tested`,
    )
  }
  return false
}
