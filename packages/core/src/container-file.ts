import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { sizeIn } from './exchange/content.ts'
import { name } from './checks.ts'
import type { OpenAnswer } from './wire/open.ts'

/**
 * A container's content on its way. It is read once, in one of these manners; one that is not wanted has to be given up with
 * `cancel()` or `await using`, or it holds its connection until its time limit.
 */
export interface ContainerFile extends AsyncIterable<Uint8Array>, AsyncDisposable {
  /** The file's name, where the server tells it, without any directories. */
  readonly name: string | undefined
  /** Media type. */
  readonly type: string
  /** Bytes, where the server tells. */
  readonly size: number | undefined
  /** The bytes as they come. The server is slowed down to the reader's pace; destroying it frees the connection. */
  readonly stream: Readable
  /** All of it, in memory. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>
  /** All of it, in memory, with its type. */
  blob(): Promise<Blob>
  /**
   * Writes it to a file beside the path, which takes the path's name once it is whole: what was there before is replaced then,
   * and stays when this fails.
   *
   * @returns How many bytes it has.
   */
  saveTo(path: string): Promise<number>
  /** Gives it up and frees the connection. Harmless once it has been read. */
  cancel(): Promise<void>
}

/** An open answer with what its headers tell. */
export function containerFile({ headers, body }: OpenAnswer): ContainerFile {
  const type = typeof headers['content-type'] === 'string' ? headers['content-type'] : 'application/octet-stream'
  const bytes = async (): Promise<Uint8Array<ArrayBuffer>> => {
    const chunks: Buffer[] = []
    for await (const chunk of body) chunks.push(chunk as Buffer)
    return new Uint8Array(Buffer.concat(chunks))
  }
  const cancel = async (): Promise<void> => {
    body.destroy()
  }
  return {
    name: fileNameIn(headers['content-disposition']),
    type,
    size: sizeIn(headers),
    stream: body,
    bytes,
    blob: async () => new Blob([await bytes()], { type }),
    saveTo: (path) => save(body, path),
    cancel,
    [Symbol.asyncIterator]: () => body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
    [Symbol.asyncDispose]: cancel,
  }
}

async function save(body: Readable, path: string): Promise<number> {
  try {
    name('saveTo: path', path)
  } catch (error) {
    body.destroy()
    throw error
  }
  const partial = `${path}.${randomBytes(6).toString('hex')}.part`
  let isCreated = false
  try {
    const file = await open(partial, 'wx')
    isCreated = true
    let bytes = 0
    try {
      for await (const chunk of body) {
        const piece = chunk as Buffer
        for (let at = 0; at < piece.byteLength;) at += (await file.write(piece, at)).bytesWritten
        bytes += piece.byteLength
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, path)
    return bytes
  } catch (error) {
    body.destroy()
    if (isCreated) await rm(partial, { force: true })
    throw error
  }
}

/** `filename*` before `filename`. Of a name with directories only its last part counts: it may come from anybody. */
function fileNameIn(header: string | string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined
  const [, encoded] = /;\s*filename\*=utf-8'[^']*'([^;\s]+)/i.exec(header) ?? []
  const [, quoted, bare] = /;\s*filename=(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header) ?? []
  const given = decoded(encoded) ?? asUtf8(quoted?.replace(/\\(.)/g, '$1') ?? bare)
  // eslint-disable-next-line no-control-regex -- they have no place in a name.
  const base = given?.replace(/^.*[/\\]/s, '').replace(/[\u0000-\u001f\u007f]/g, '')
  return base === undefined || /^\.{0,2}$/.test(base) ? undefined : base
}

function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** Headers come as Latin-1; servers write names in UTF-8. */
function asUtf8(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const bytes = Buffer.from(text, 'latin1')
  const utf8 = bytes.toString('utf8')
  return utf8.includes('\uFFFD') ? text : utf8
}
