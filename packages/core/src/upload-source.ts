import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { ContainerError } from './errors.ts'
import { count } from './checks.ts'
import type { Reading, UploadPart } from './wire/multipart.ts'

/**
 * What can be uploaded: the path of a file (as a text or a `file:` URL), bytes, a `Blob` or `File`, a download, or a stream of
 * bytes. A stream can be read once; a function that makes one can be asked again, so that the call can be repeated.
 */
export type UploadSource = string | URL | Uint8Array | Blob | ByteStream | (() => ByteStream | Promise<ByteStream>)

/** A stream of Node or of the web, or anything that gives bytes or texts one after the other. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>

/** What the caller says about the source. */
export interface SourceDescription {
  /** @defaultValue the name of the path, `File` or download */
  readonly fileName?: string | undefined
  /** Media type. FileMaker itself goes by the name's extension. @defaultValue the `Blob`'s, else 'application/octet-stream' */
  readonly type?: string | undefined
  /** Bytes of a stream, where they are known. Without it the body travels in chunks, which some front servers refuse. */
  readonly size?: number | undefined
}

type SourcePart = Omit<UploadPart, 'onProgress'>

/**
 * Looks at the source without reading it.
 *
 * @throws TypeError where it is none, has no name, or contradicts its description; {@link ContainerError} `source` where a
 * file can't be found.
 */
export async function readSource(
  source: unknown,
  description: SourceDescription,
  operation: string,
): Promise<SourcePart> {
  const found = await examine(source, operation)
  const { fileName = found.fileName, type = found.type ?? 'application/octet-stream', size = found.size } = description
  if (size !== undefined) count('upload: size', size, 0, Number.MAX_SAFE_INTEGER)
  if (found.size !== undefined && size !== found.size) throw new TypeError('upload: size is not that of the source')
  return { ...found, fileName: checkFileName(fileName), type: checkType(type), size }
}

interface Examined extends Pick<SourcePart, 'isRepeatable' | 'open'> {
  readonly fileName?: string | undefined
  readonly type?: string | undefined
  readonly size?: number | undefined
}

async function examine(source: unknown, operation: string): Promise<Examined> {
  if (typeof source === 'string' || source instanceof URL) return examineFile(source, operation)
  if (source instanceof Uint8Array) {
    return { size: source.byteLength, isRepeatable: true, open: () => once(source) }
  }
  if (source instanceof Blob) {
    const fileName = source instanceof File ? source.name : undefined
    const type = source.type === '' ? undefined : source.type
    return { fileName, type, size: source.size, isRepeatable: true, open: () => readStream(source.stream()) }
  }
  if (typeof source === 'function') {
    return { isRepeatable: true, open: async () => readStream(checkStream(await source())) }
  }
  const stream = checkStream(source)
  const { name, type, size } = stream as { name?: unknown; type?: unknown; size?: unknown }
  return {
    // A download of ours says what it is.
    fileName: typeof name === 'string' ? name : undefined,
    type: typeof type === 'string' ? type : undefined,
    size: typeof size === 'number' ? size : undefined,
    isRepeatable: false,
    open: () => readStream(stream),
  }
}

async function examineFile(source: string | URL, operation: string): Promise<Examined> {
  if (source === '') throw new TypeError('upload: the path is empty')
  if (source instanceof URL && source.protocol !== 'file:') {
    throw new TypeError('upload: a URL must be that of a file; of what is elsewhere, give its stream')
  }
  const path = source instanceof URL ? fileURLToPath(source) : source
  const details = { operation, outcome: 'not-executed', reason: 'source' } as const
  const stats = await stat(path).catch((cause: unknown) => {
    throw new ContainerError(
      'the file to be uploaded is not there, or not for us (a text is taken as a path)',
      details,
      {
        cause,
      },
    )
  })
  if (!stats.isFile()) throw new ContainerError('what is to be uploaded is no file', details)
  return {
    fileName: basename(path),
    size: stats.size,
    isRepeatable: true,
    // Pieces of this size cost a tenth of the memory that the default of 64 KiB does: V8 collects them in time.
    open: () => readStream(createReadStream(path, { highWaterMark: 32_768 })),
  }
}

function checkStream(source: unknown): ByteStream {
  if (source instanceof ReadableStream) {
    if (source.locked) throw new TypeError('upload: the stream is locked: somebody else reads it')
    return source as ReadableStream<Uint8Array>
  }
  if (typeof source === 'object' && source !== null && Symbol.asyncIterator in source) {
    if (source instanceof Readable && (source.destroyed || source.readableEnded)) {
      throw new TypeError('upload: the stream has been read or destroyed')
    }
    // It may fail before it is read, while a session is looked for: told then, and no reason to end the process now.
    if (source instanceof Readable) source.on('error', () => {})
    return source as AsyncIterable<Uint8Array | string>
  }
  throw new TypeError('upload: the source must be a path, bytes, a Blob, a stream, or a function that makes a stream')
}

function checkFileName(fileName: unknown): string {
  if (fileName === undefined) {
    throw new TypeError('upload: fileName is required: the source has none, and FileMaker goes by its extension')
  }
  if (typeof fileName !== 'string' || fileName === '') throw new TypeError('upload: fileName must be a text')
  if (!fileName.isWellFormed()) throw new TypeError('upload: fileName holds half of a surrogate pair')
  // eslint-disable-next-line no-control-regex -- these are what it is about: they would end the header, or the name.
  if (/[\u0000-\u001f\u007f]/.test(fileName)) throw new TypeError('upload: fileName holds a control character')
  return fileName
}

function checkType(type: unknown): string {
  if (typeof type !== 'string' || !/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\x20-\x7e]*)?$/.test(type)) {
    throw new TypeError('upload: type must be a media type like image/png')
  }
  return type
}

function once(bytes: Uint8Array): Reading {
  let left: Uint8Array | undefined = bytes
  return {
    next: async () => {
      const all = left
      left = undefined
      return all
    },
    close: () => {},
  }
}

function readStream(stream: ByteStream): Reading {
  if (stream instanceof ReadableStream) {
    const reader = stream.getReader()
    return {
      next: async () => {
        const { value, done } = await reader.read()
        return done ? undefined : bytesOf(value)
      },
      close: () => void reader.cancel().catch(() => {}),
    }
  }
  const iterator = stream[Symbol.asyncIterator]()
  let isOver = false
  return {
    next: async () => {
      const { value, done } = (await iterator.next()) as IteratorResult<unknown, unknown>
      isOver = done === true
      return isOver ? undefined : bytesOf(value)
    },
    close: () => {
      if (stream instanceof Readable) stream.destroy()
      // A generator that waits hears of it only when it goes on; nobody waits for that.
      else if (!isOver) void Promise.resolve(iterator.return?.()).catch(() => {})
    },
  }
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk
  if (typeof chunk === 'string') return Buffer.from(chunk)
  throw new TypeError('upload: the stream must give bytes (Uint8Array) or texts')
}
