import type { KeepSession } from './all-records.ts'
import { checkCall, limitsOf, CALL_OPTIONS, readRecordId, type CallOptions } from './call-options.ts'
import { containerFile, type ContainerFile } from './container-file.ts'
import { ContainerError, FileMakerError } from './errors.ts'
import { CONTENT_OPERATION, openContent, type ContentParts } from './exchange/content.ts'
import type { Exchange } from './exchange/call.ts'
import type { UnderWay } from './exchange/under-way.ts'
import { withModIds } from './mod-id-conflict.ts'
import { count, name } from './checks.ts'
import { readSource, type SourceDescription, type UploadSource } from './upload-source.ts'
import { encodeQuery } from './wire/encoding.ts'
import { FIELD_MISSING, RECORD_MISSING } from './wire/error-codes.ts'
import { multipartBody, type TransferProgress } from './wire/multipart.ts'
import { operationOf, pathBelow, pathOf, ROUTES, type Route } from './wire/parameters.ts'
import { spell } from './wire/spelling.ts'
import { isObject, type JsonObject } from './wire/shapes.ts'
import { Stop } from './wire/stop.ts'

/** The limits of a transfer: `timeoutMs` is how long nothing may move, not how long all of it takes. */
interface TransferOptions extends CallOptions {
  /** Told whenever bytes have moved. What it throws ends the transfer. */
  readonly onProgress?: ((progress: TransferProgress) => void) | undefined
  /**
   * In milliseconds: until a session is found and the first bytes move, and from then on the longest time without one, be it
   * the server's fault or that of whoever gives or takes the bytes. @defaultValue `timeouts.callMs` of the client
   */
  readonly timeoutMs?: number | undefined
}

export interface UploadOptions extends TransferOptions, SourceDescription {
  /** Which repetition of the field, counted from 1. @defaultValue 1 */
  readonly repetition?: number | undefined
  /** Uploads only if this is still the record's modId, else error 306. */
  readonly modId?: string | undefined
}

export type DownloadUrlOptions = TransferOptions

export interface DownloadOptions extends TransferOptions {
  /** Which repetition of the field, counted from 1. @defaultValue 1 */
  readonly repetition?: number | undefined
}

/** The container fields of one layout. */
export interface LayoutContainers<Fields> {
  /**
   * Puts a file into a container field.
   *
   * What can be made again (a file, bytes, a Blob, a function) is sent again as a whole where the call has to be repeated. A
   * stream is begun only on a session that is known to be good; should it be needed twice all the same, the error is a
   * `ContainerError` whose reason is `spent`. A stream that has been begun is read or destroyed, whatever becomes of the call.
   *
   * @param field - Of the layout's own table, not a related one.
   * @param source - The path of a file, bytes, a `Blob`, a stream, or a function that makes a stream.
   * @returns The record's new modId; undefined where the server does not tell it.
   * @throws {@link FileMakerError} 101 no such record, 102 no such field, 306 `modId` is not the record's;
   * {@link ContainerError} where the source can't be read. A stream that breaks off leaves `outcome: 'unknown'`.
   * @see Claris FileMaker Data API Guide, "Upload container data"
   * @example
   * await people.upload(recordId, 'photo', './ada.jpg')
   * await people.upload(recordId, 'photo', bytes, { fileName: 'ada.jpg' })
   */
  upload(
    recordId: string | number,
    field: Extract<keyof Fields, string>,
    source: UploadSource,
    options?: UploadOptions,
  ): Promise<{ readonly modId: string | undefined }>
  /**
   * Opens the file in a container field: reads the record and follows its URL, anew where the URL has died meanwhile.
   *
   * An empty field is an answer, not a failure: it resolves with undefined.
   *
   * @throws {@link FileMakerError} 101 no such record, 102 no such field on the layout; {@link ContainerError} where it can't
   * be had. Once it is open, its stream and methods fail with `TransportError` or `CallAbortedError`.
   * @example
   * const photo = await people.download(recordId, 'photo')
   * await photo?.saveTo('./ada.jpg')
   */
  download(
    recordId: string | number,
    field: Extract<keyof Fields, string>,
    options?: DownloadOptions,
  ): Promise<ContainerFile | undefined>
}

/** What containers need of their client, or of their scope. */
export interface ContainersParts extends ContentParts {
  /** `/fmi/data/vLatest` */
  readonly base: string
  readonly timeoutMs: number
  /** Keeps the session open between reading a URL and the end of its download, where it would end by itself. */
  readonly keepSession?: KeepSession | undefined
  readonly downloads: UnderWay
}

/** Makes the container methods of one layout. `above` is the encoded path of the layout. */
export function createLayoutContainers<Fields>(
  exchange: Exchange,
  parts: ContainersParts,
  above: string,
): LayoutContainers<Fields> {
  return {
    upload: async (recordId, field, source, options = {}) => {
      checkCall('upload', options, UPLOAD_OPTIONS)
      const { repetition, modId, onProgress, fileName, type, size } = options
      checkTransfer('upload', field, repetition, onProgress)
      if (modId !== undefined) name('upload: modId', modId)
      if (field.includes('::'))
        throw new TypeError("upload: field must be of the layout's own table, not a related one")
      const route = repetition === undefined ? ROUTES.upload : ROUTES.uploadRepetition
      const names = { recordId: readRecordId(recordId), field, repetition: String(repetition) }
      const query = encodeQuery(modId === undefined ? [] : [['modId', modId]])
      const path = above + pathBelow(ROUTES.layoutMetadata, route, names) + query
      const part = await readSource(source, { fileName, type, size }, operationOf(route))
      const upload = multipartBody({ ...part, onProgress })
      const uploading = exchange({ route, path, upload, verb: 'write', ...limitsOf(options) })
      const response = await withModIds(uploading, modId)
      return { modId: typeof response.modId === 'string' ? response.modId : undefined }
    },
    download: async (recordId, field, options = {}) => {
      checkCall('download', options, ['repetition', ...TRANSFER_OPTIONS])
      const { repetition } = options
      checkTransfer('download', field, repetition, options.onProgress)
      const { query } = spell(ROUTES.get, { portal: [] })
      const path = above + pathBelow(ROUTES.layoutMetadata, ROUTES.get, { recordId: readRecordId(recordId) }) + query
      return transfer(exchange, parts, options, async (download) => {
        const openFresh = async (): Promise<ContainerFile | undefined> => {
          const { response, token } = await download.call(ROUTES.get, path)
          const value = valueOf(response, field, repetition)
          return value === '' ? undefined : download.open(urlOf(value), token)
        }
        return openFresh().catch((error: unknown) => {
          if (!(error instanceof ContainerError) || error.reason !== 'gone') throw error
          // The session may have died since, or the answer with the cookie was lost: each read of the record has a new URL.
          return openFresh()
        })
      })
    },
  }
}

/** Opens what a container's URL leads to. */
export async function downloadUrl(
  exchange: Exchange,
  parts: ContainersParts,
  url: string,
  options: DownloadUrlOptions,
): Promise<ContainerFile> {
  checkCall('download', options, TRANSFER_OPTIONS)
  checkProgress('download', options.onProgress)
  if (typeof url !== 'string' || url === '') {
    throw new TypeError('download: url must be the value of a container field; where that is empty, there is no file')
  }
  const address = urlOf(url)
  return transfer(exchange, parts, options, (download) => {
    // Most servers want no token here. Where one does, the session at hand is likely the one that read the URL.
    const path = parts.base + pathOf(ROUTES.validateSession, {})
    return download.open(address, async () => (await download.call(ROUTES.validateSession, path)).token)
  })
}

/** One download while it is being opened. */
interface Download {
  /** A read within what is left of the time, and which session it was answered on. */
  call(route: Route, path: string): Promise<{ readonly response: JsonObject; readonly token: string }>
  open(url: URL, token: string | (() => Promise<string>)): Promise<ContainerFile>
}

/** Keeps the session from a download's beginning to its end, and lets a closing client wait for it. */
async function transfer<File extends ContainerFile | undefined>(
  exchange: Exchange,
  parts: ContainersParts,
  { signal, timeoutMs = parts.timeoutMs, onProgress }: TransferOptions,
  run: (download: Download) => Promise<File>,
): Promise<File> {
  const { time } = parts
  const until = time.now() + timeoutMs
  const limits = (): { signal: AbortSignal | undefined; timeoutMs: number } => ({
    signal,
    timeoutMs: Math.max(1, Math.ceil(until - time.now())),
  })
  const ended = parts.downloads.enter()
  let kept: { release(): Promise<void> } | undefined
  const release = (): void => {
    void kept?.release()
    ended()
  }
  try {
    kept = await parts.keepSession?.(limits(), 'download')
    const file = await run({
      call: async (route, path) => {
        let token = ''
        const answeredOn = (on: string): void => {
          token = on
        }
        return { response: await exchange({ route, path, verb: 'read', answeredOn, ...limits() }), token }
      },
      open: async (url, token) => {
        const stop = new Stop(time, limits().timeoutMs, signal)
        try {
          const answer = await openContent(parts, { url, token, stop, timeoutMs, onProgress })
          stop.restart(timeoutMs)
          void answer.over.then(() => stop.end()).then(release)
          return containerFile(answer)
        } catch (error) {
          stop.end()
          throw error
        }
      },
    })
    if (file === undefined) release()
    return file
  } catch (error) {
    release()
    throw error
  }
}

const TRANSFER_OPTIONS: readonly string[] = ['onProgress', ...CALL_OPTIONS]
const UPLOAD_OPTIONS: readonly string[] = ['repetition', 'modId', 'fileName', 'type', 'size', ...TRANSFER_OPTIONS]

function checkTransfer(method: string, field: unknown, repetition: unknown, onProgress: unknown): void {
  name(`${method}: field`, field)
  if (repetition !== undefined) count(`${method}: repetition`, repetition, 1, 32_000)
  checkProgress(method, onProgress)
}

function checkProgress(method: string, onProgress: unknown): void {
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw new TypeError(`${method}: onProgress must be a function`)
  }
}

/** What the field holds: a URL, or '' where it is empty. */
function valueOf(response: JsonObject, field: string, repetition = 1): string {
  const [record] = Array.isArray(response.data) ? response.data : []
  if (!isObject(record) || !isObject(record.fieldData)) throw missing(RECORD_MISSING, 'Record is missing')
  const { fieldData } = record
  const keys = repetition === 1 ? [field, `${field}(1)`] : [`${field}(${repetition})`]
  const key = keys.find((candidate) => Object.hasOwn(fieldData, candidate))
  if (key === undefined) throw missing(FIELD_MISSING, 'Field is missing')
  const value = fieldData[key]
  return typeof value === 'string' ? value : 'no text'
}

/** The server leaves out fields that are not on the layout, without a word. */
function missing(code: number, message: string): FileMakerError {
  const operation = operationOf(ROUTES.get)
  return new FileMakerError({ operation, outcome: 'not-executed', httpStatus: 200, messages: [{ code, message }] })
}

function urlOf(value: string): URL {
  if (/^https?:\/\//i.test(value) && URL.canParse(value)) return new URL(value)
  const details = { operation: CONTENT_OPERATION, outcome: 'not-executed', reason: 'reference' } as const
  throw new ContainerError('the field holds no URL: a reference to a file, or it is no container field', details)
}
