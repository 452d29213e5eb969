import type { Readable } from 'node:stream'
import { Pool, type Dispatcher } from 'undici'
import { codeOf, STOPPED, UNSENT } from './connection-errors.ts'
import type { StreamedBody } from './multipart.ts'
import { openAnswer, type OpenRequest, type OpenResult } from './open.ts'
import type { Stop, Stoppable } from './stop.ts'

/** One HTTP request, ready to be sent. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Path and query, encoded. */
  readonly path: string
  /** Names and values in turn, as undici takes them fastest. */
  readonly headers: string[]
  readonly body?: string | StreamedBody | undefined
  /** Told whenever bytes of a streamed body have been taken. */
  readonly moved?: () => void
  /** How long it may wait for a connection, in milliseconds. @defaultValue as long as the dispatcher lets it */
  readonly connectMs?: number | undefined
}

/**
 * What came of one request. `unsent`: no byte of it left; `lost`: it left, and no whole answer came. Of an error only its
 * code is kept (`ECONNREFUSED`): the messages of Node and undici name hosts.
 */
export type WireResult =
  | { readonly phase: 'answered'; readonly answer: WireAnswer }
  | {
      readonly phase: 'unsent' | 'lost'
      readonly reason: 'error' | 'stopped' | 'too-large'
      /** Where an answer had begun: its HTTP status. */
      readonly status?: number
      readonly errorCode: string
    }

export interface WireAnswer {
  readonly status: number
  readonly contentType: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

export interface TransportOptions {
  /** Origin of the server, for example `https://fms.example.com`. */
  readonly origin: string
  readonly connectMs: number
  readonly maxResponseBytes: number
  readonly connections: number
  /** Used instead of a pool of our own; whoever made it closes it. */
  readonly dispatcher?: Dispatcher | undefined
}

/** Sends requests to one server, and opens answers that are too large to be held. */
export interface StreamingTransport extends Transport {
  /** A GET whose body is read as it comes. Never rejects. */
  open(request: OpenRequest, stop: Stop): Promise<OpenResult>
}

/** Sends requests to one server. */
export interface Transport {
  /** Never rejects. `stop` ends the request wherever it is. */
  send(request: WireRequest, stop: Stoppable): Promise<WireResult>
  /** Whether nothing can be sent any more: somebody has closed or destroyed the dispatcher. */
  isOver?(): boolean
  close(): Promise<void>
}

/** Opens a pool of HTTP/1.1 connections to one server. Nothing is connected before the first request. */
export function createTransport(options: TransportOptions): StreamingTransport {
  const dispatcher = options.dispatcher ?? createPool(options)
  return {
    send: (request, stop) =>
      new Promise((resolve) => {
        const { body, moved = () => {} } = request
        const streamed = typeof body === 'object' ? body : undefined
        const exchange = new HttpExchange(resolve, stop, options.maxResponseBytes, streamed, request.connectMs)
        if (stop.reason !== undefined) return exchange.stopped()
        const dispatched = {
          origin: options.origin,
          path: request.path,
          method: request.method,
          headers: request.headers,
          // undici takes any async iterable, and says so in its documentation only.
          body: typeof body === 'object' ? (body.start(moved) as unknown as Readable) : (body ?? null),
          // The call's own deadline rules; two clocks for one wait would disagree.
          headersTimeout: 0,
          bodyTimeout: 0,
        }
        try {
          dispatcher.dispatch(dispatched, exchange)
        } catch (error) {
          // A dispatcher of the caller's may throw, and quote the request.
          exchange.failed(error)
        }
      }),
    isOver: () => isOver(dispatcher),
    open: (request, stop) => openAnswer(dispatcher, options.origin, request, stop),
    close: async () => {
      if (options.dispatcher !== undefined) return
      // What is still in flight has had its time; a hung call must not hold up the closing.
      const overdue = setTimeout(() => void dispatcher.destroy(), 500)
      await dispatcher.close().finally(() => clearTimeout(overdue))
    },
  }
}

/** undici's dispatchers tell; of others nothing is known. */
function isOver(dispatcher: Dispatcher & { readonly closed?: unknown; readonly destroyed?: unknown }): boolean {
  return dispatcher.closed === true || dispatcher.destroyed === true
}

function createPool(options: TransportOptions): Pool {
  return new Pool(options.origin, {
    connections: options.connections,
    // HTTP/2 through some front servers broke clients ("stream not closed cleanly"); the Data API is HTTP/1.1.
    allowH2: false,
    pipelining: 1,
    // FileMaker's web server closes an idle socket after 5 s: ours goes first, so that no request meets the closing.
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 4_000,
    connect: { timeout: options.connectMs },
  })
}

/**
 * One request's course, as undici's dispatcher reports it. (This lower interface and not `request()`, because only here
 * undici says when a request leaves: what failed before that is safe to repeat.)
 */
class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #resolve: (result: WireResult) => void
  readonly #stop: Stoppable
  readonly #maxBytes: number
  readonly #streamed: StreamedBody | undefined
  #controller: Dispatcher.DispatchController | undefined
  #settled = false
  #status = 0
  #headers: WireAnswer['headers'] = {}
  #chunks: Buffer[] = []
  #bytes = 0
  #connectTimer: NodeJS.Timeout | undefined

  constructor(
    resolve: (result: WireResult) => void,
    stop: Stoppable,
    maxBytes: number,
    streamed: StreamedBody | undefined,
    connectMs: number | undefined,
  ) {
    this.#resolve = resolve
    this.#stop = stop
    this.#maxBytes = maxBytes
    this.#streamed = streamed
    stop.listen(() => this.stopped())
    // A turn later, so that a process that stood still hears first of a connection that came meanwhile.
    if (connectMs !== undefined)
      this.#connectTimer = setTimeout(() => setImmediate(() => this.#unconnected()), connectMs)
  }

  #unconnected(): void {
    if (this.#controller !== undefined) return
    this.#settle({ phase: 'unsent', reason: 'error', errorCode: 'CONNECT_TIMEOUT' })
  }

  stopped(): void {
    this.#settle({
      phase: this.#controller === undefined ? 'unsent' : 'lost',
      reason: 'stopped',
      status: this.#status,
      errorCode: '',
    })
    this.#controller?.abort(STOPPED)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) return controller.abort(STOPPED)
    this.#controller = controller
    clearTimeout(this.#connectTimer)
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: WireAnswer['headers']): void {
    this.#status = status
    this.#headers = headers
    // What says beforehand that it is too large need not be read up to there.
    if (Number(headers['content-length'] ?? 0) > this.#maxBytes) this.#tooLarge(controller)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.byteLength
    if (this.#bytes <= this.#maxBytes) return void this.#chunks.push(chunk)
    this.#tooLarge(controller)
  }

  #tooLarge(controller: Dispatcher.DispatchController): void {
    this.#settle({ phase: 'lost', reason: 'too-large', status: this.#status, errorCode: '' })
    controller.abort(STOPPED)
  }

  onResponseEnd(): void {
    const [only = EMPTY] = this.#chunks
    const body = this.#chunks.length < 2 ? only : Buffer.concat(this.#chunks, this.#bytes)
    const contentType = this.#headers['content-type']
    this.#settle({
      phase: 'answered',
      answer: {
        status: this.#status,
        contentType: typeof contentType === 'string' ? contentType.toLowerCase() : '',
        headers: this.#headers,
        text: body.toString('utf8'),
      },
    })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.failed(error)
  }

  failed(error: unknown): void {
    const errorCode = codeOf(error)
    const phase = this.#controller === undefined || UNSENT.has(errorCode) ? 'unsent' : 'lost'
    this.#settle({ phase, reason: 'error', status: this.#status, errorCode })
  }

  #settle(result: WireResult): void {
    if (this.#settled) return
    this.#settled = true
    clearTimeout(this.#connectTimer)
    this.#stop.listen(undefined)
    this.#chunks = []
    this.#streamed?.close()
    this.#resolve(result)
  }
}

const EMPTY = Buffer.alloc(0)
