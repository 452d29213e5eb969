import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

/** A request's body that is made while it is sent. */
export interface StreamedBody {
  readonly contentType: string
  /** In bytes, where it is known before; else the body travels in chunks. */
  readonly length: number | undefined
  /** Whether it can be made again once reading it has begun. */
  readonly isRepeatable: boolean
  /** Whether reading what it is made of has begun. */
  readonly isBegun: boolean
  /** Why it could not be made, once that has happened. */
  readonly failure: { readonly cause: unknown } | undefined
  /** The bytes, from the beginning. `moved` is told whenever some have been taken. */
  start(moved: () => void): AsyncIterable<Uint8Array>
  /** Nobody wants the rest: what waits for bytes ends at once. */
  close(): void
}

/** A file on its way to a container field. */
export interface UploadPart {
  readonly fileName: string
  readonly type: string
  readonly size: number | undefined
  readonly isRepeatable: boolean
  readonly open: () => Reading | Promise<Reading>
  readonly onProgress: ((progress: TransferProgress) => void) | undefined
}

/** Bytes one after the other. */
export interface Reading {
  /** Undefined at the end. */
  next(): Promise<Uint8Array | undefined>
  /** Frees what it reads from, also while a `next` is pending. */
  close(): void
}

/** How far an upload or a download has come. */
export interface TransferProgress {
  /** Bytes of the file that have travelled so far. */
  readonly bytes: number
  /** Bytes in all, where that is known. */
  readonly total: number | undefined
}

type Inside = <Result>(run: () => Result) => Result

/** Larger pieces of the caller's are sent in several, so that progress is seen and a stop takes effect. */
const PIECE_BYTES = 65_536

/**
 * The one form that the Data API takes a file in: a single part named `upload`, with a file name in raw UTF-8 and the
 * quotation mark in it as browsers and curl write it, `%22`.
 *
 * @see Claris FileMaker Data API Guide, "Upload container data"
 */
export function multipartBody(part: UploadPart): StreamedBody {
  const boundary = `----fm-${randomBytes(16).toString('hex')}`
  const fileName = part.fileName.replaceAll('"', '%22')
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="upload"; filename="${fileName}"\r\nContent-Type: ${part.type}\r\n\r\n`,
  )
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`)
  let isBegun = false
  let failure: StreamedBody['failure']
  let close = (): void => {}

  async function* generate(moved: () => void, inside: Inside): AsyncGenerator<Uint8Array, void> {
    yield head
    isBegun = true
    failure = undefined
    const run = startRun(part)
    close = () => run.close()
    try {
      const { size: total, onProgress } = part
      let bytes = 0
      const next = (): ReturnType<Reading['next']> => inside(() => run.next())
      for (let chunk = await next(); chunk !== undefined; chunk = await next()) {
        if (total !== undefined && bytes + chunk.byteLength > total) throw wrongSize(total, 'more')
        for (let at = 0; at < chunk.byteLength; at += PIECE_BYTES) {
          const piece = chunk.subarray(at, at + PIECE_BYTES)
          yield piece
          // Asked for the next one: this one has been taken.
          bytes += piece.byteLength
          moved()
          onProgress?.({ bytes, total })
        }
      }
      if (total !== undefined && bytes < total) throw wrongSize(total, 'less')
    } catch (error) {
      if (!run.isClosed()) failure = { cause: error }
      throw error
    } finally {
      run.close()
    }
    yield tail
    moved()
  }

  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: part.size === undefined ? undefined : head.byteLength + part.size + tail.byteLength,
    isRepeatable: part.isRepeatable,
    get isBegun() {
      return isBegun
    },
    get failure() {
      return failure
    },
    // The HTTP client asks for the bytes from wherever it is: the source is read as part of the call.
    start: (moved) => generate(moved, AsyncLocalStorage.snapshot()),
    close: () => close(),
  }
}

/** One reading of the part that can be ended while it waits: a source that never comes to an end holds up nobody. */
function startRun(part: UploadPart): Reading & { isClosed(): boolean } {
  let reading: Reading | undefined
  let closed = false
  let interrupt = (): void => {}

  async function read(): Promise<Uint8Array | undefined> {
    if (reading === undefined) {
      const opened = await part.open()
      reading = opened
      if (closed) opened.close()
    }
    return closed ? undefined : reading.next()
  }

  return {
    next: () =>
      new Promise((resolve, reject) => {
        interrupt = () => reject(new Error('closed'))
        if (closed) return interrupt()
        read().then(resolve, reject)
      }),
    close: () => {
      if (closed) return
      closed = true
      interrupt()
      reading?.close()
    },
    isClosed: () => closed,
  }
}

function wrongSize(size: number, what: 'more' | 'less'): Error {
  return new RangeError(`upload: the source has ${what} than the ${size} bytes that were announced`)
}
