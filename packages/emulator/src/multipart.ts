// An upload's body, taken apart as it comes, so that a gigabyte needs no gigabyte (section 3.17).

import type { Content, ContentSink } from './content.ts'

/** The part named `upload`. */
export interface Upload {
  readonly fileName: string
  readonly content: Content
}

/** The body is no multipart body: no boundary, heads without end, or it stops in the middle of a part. */
export class BrokenMultipart extends Error {
  override readonly name = 'BrokenMultipart'
}

/** The boundary that a Content-Type names; undefined when it is not that of a form. */
export function boundaryIn(contentType: string): string | undefined {
  if (!/^multipart\/form-data\s*;/i.test(contentType)) return undefined
  const match = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType)
  return match?.[1] ?? match?.[2]
}

/**
 * The first part named `upload` that has a file name; undefined when there is none. Other parts are read and forgotten.
 *
 * @throws BrokenMultipart
 */
export async function readUpload(
  body: AsyncIterable<Buffer>,
  boundary: string,
  sink: ContentSink,
): Promise<Upload | undefined> {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  // As if a line had ended before the body: then the first delimiter looks like all others.
  let rest: Buffer = Buffer.from('\r\n')
  let state: 'part' | 'delimiter' | 'head' | 'over' = 'part'
  let fileName: string | undefined
  let isTaken = false

  const take = async (chunk: Buffer): Promise<void> => {
    if (isTaken && chunk.length > 0) await sink.write(chunk)
  }
  /** Works on what is there; false when more is needed. */
  const step = async (): Promise<boolean> => {
    switch (state) {
      case 'part': {
        const at = rest.indexOf(delimiter)
        if (at === -1) {
          const safe = Math.max(0, rest.length - delimiter.length + 1)
          await take(rest.subarray(0, safe))
          rest = rest.subarray(safe)
          return false
        }
        await take(rest.subarray(0, at))
        isTaken = false
        rest = rest.subarray(at + delimiter.length)
        state = 'delimiter'
        return true
      }
      case 'delimiter': {
        if (rest.length < 2) return false
        if (rest.subarray(0, 2).equals(DASHES)) state = 'over'
        else {
          const end = rest.indexOf('\r\n')
          if (end === -1 && rest.length < 1024) return false
          if (end === -1 || rest.toString('latin1', 0, end).trim() !== '') throw new BrokenMultipart()
          // The line's end stays: a head without a single line ends with the same four bytes as one with some.
          rest = rest.subarray(end)
          state = 'head'
        }
        return true
      }
      case 'head': {
        const end = rest.indexOf('\r\n\r\n')
        if (end === -1 && rest.length < MAX_HEAD_BYTES) return false
        if (end === -1) throw new BrokenMultipart()
        const part = partNamed(rest.toString('utf8', 0, end))
        if (fileName === undefined && part.name === 'upload' && part.fileName !== undefined) {
          fileName = part.fileName
          isTaken = true
        }
        rest = rest.subarray(end + 4)
        state = 'part'
        return true
      }
      case 'over':
        rest = Buffer.alloc(0)
        return false
    }
  }

  for await (const chunk of body) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (await step());
  }
  if (!isOver(state)) throw new BrokenMultipart()
  return fileName === undefined ? undefined : { fileName, content: await sink.end() }
}

const DASHES = Buffer.from('--')
const MAX_HEAD_BYTES = 16 * 1024

function isOver(state: string): boolean {
  return state === 'over'
}

/** What `Content-Disposition: form-data; name="…"; filename="…"` says. */
function partNamed(head: string): { readonly name: string | undefined; readonly fileName: string | undefined } {
  const line = head.split('\r\n').find((candidate) => /^content-disposition\s*:/i.test(candidate)) ?? ''
  return { name: parameterIn(line, 'name'), fileName: parameterIn(line, 'filename') }
}

/**
 * Names are raw UTF-8 (section 3.17). How a quotation mark in one is written, the reference does not say: taken are `\"`
 * of RFC 2183 and the `%22`, `%0D` and `%0A` of the HTML standard. `filename*` is not taken.
 */
function parameterIn(line: string, name: string): string | undefined {
  const match = new RegExp(`;\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s;"]+))`, 'i').exec(line)
  if (match === null) return undefined
  const [, quoted, bare] = match
  if (quoted === undefined) return bare
  return quoted
    .replace(/\\(["\\])/g, '$1')
    .replace(/%22|%0D|%0A/gi, (encoded) => String.fromCharCode(Number.parseInt(encoded.slice(1), 16)))
}
