import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { codeOf, STOPPED, UNSENT } from './connection-errors.ts'
import type { Stop } from './stop.ts'

/** An answer whose body is still on its way. */
export interface OpenAnswer {
  readonly phase: 'answered'
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Destroying it frees the connection. The server is slowed down to the reader's pace. */
  readonly body: Readable
  /** Resolves when nothing more can come: it is all here, or has been given up. Whether it has been read is another matter. */
  readonly over: Promise<void>
}

export type OpenResult =
  | OpenAnswer
  | { readonly phase: 'unsent' | 'lost'; readonly reason: 'error' | 'stopped'; readonly errorCode: string }

/** Why a body ends in the middle. */
export type BodyEnd = { readonly is: 'stopped' } | { readonly is: 'lost'; readonly errorCode: string }

export interface OpenRequest {
  readonly path: string
  readonly headers: string[]
  /** Makes the error that whoever reads the body gets. */
  readonly bodyError: (end: BodyEnd) => Error
  /** Told of each piece of the body as it comes. What it throws ends the body. */
  readonly arrived: (bytes: number, answer: Pick<OpenAnswer, 'status' | 'headers'>) => void
}

/**
 * Sends a GET and resolves as soon as the answer begins; never rejects. `stop` ends it wherever it is, also in the body,
 * whose every piece begins the time limit anew.
 */
export function openAnswer(
  dispatcher: Dispatcher,
  origin: string,
  request: OpenRequest,
  stop: Stop,
): Promise<OpenResult> {
  return new Promise((resolve) => {
    const opening = new Opening(resolve, stop, request)
    if (stop.reason !== undefined) return opening.stopped()
    const { path, headers } = request
    try {
      dispatcher.dispatch({ origin, path, method: 'GET', headers, headersTimeout: 0, bodyTimeout: 0 }, opening)
    } catch (error) {
      opening.failed(error)
    }
  })
}

/** What waits in memory for the reader, in bytes; then the server waits. */
const AHEAD_BYTES = 65_536

/**
 * V8 counts what comes from the network outside of its heap, and collects it late: a little garbage inside, with each piece,
 * makes it look in time. A gigabyte then costs 25 MB of resident memory in place of 48, and a hundredth of a second.
 */
const NUDGE_ENTRIES = 2_000

class Opening implements Dispatcher.DispatchHandler {
  readonly #resolve: (result: OpenResult) => void
  readonly #stop: Stop
  readonly #request: OpenRequest
  readonly #ending = Promise.withResolvers<void>()
  #answer: OpenAnswer | undefined
  #controller: Dispatcher.DispatchController | undefined
  #over = false

  constructor(resolve: (result: OpenResult) => void, stop: Stop, request: OpenRequest) {
    this.#resolve = resolve
    this.#stop = stop
    this.#request = request
    stop.listen(() => this.stopped())
  }

  stopped(): void {
    this.#end('stopped', '', () => this.#request.bodyError({ is: 'stopped' }))
    this.#controller?.abort(STOPPED)
  }

  failed(error: unknown): void {
    const errorCode = codeOf(error)
    this.#end('error', errorCode, () => this.#request.bodyError({ is: 'lost', errorCode }))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#over) controller.abort(STOPPED)
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: OpenAnswer['headers']): void {
    // What comes before the answer proper (103) is none.
    if (status < 200 || this.#over) return
    const body = new Readable({
      highWaterMark: AHEAD_BYTES,
      read: () => controller.resume(),
      destroy: (error, done) => {
        if (this.#finish()) controller.abort(STOPPED)
        done(error)
      },
    })
    // Whoever reads hears of it; where nobody does, it is no reason to end the process.
    body.on('error', () => {})
    this.#answer = { phase: 'answered', status, headers, body, over: this.#ending.promise }
    this.#resolve(this.#answer)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over || this.#answer === undefined) return
    const { body } = this.#answer
    this.#stop.restart()
    void Array.from({ length: NUDGE_ENTRIES })
    try {
      this.#request.arrived(chunk.byteLength, this.#answer)
    } catch (error) {
      body.destroy(error instanceof Error ? error : new Error('onProgress failed', { cause: error }))
      return
    }
    if (!body.push(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#finish()) this.#answer?.body.push(null)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.failed(error)
  }

  #end(reason: 'error' | 'stopped', errorCode: string, bodyError: () => Error): void {
    if (!this.#finish()) return
    if (this.#answer !== undefined) return void this.#answer.body.destroy(bodyError())
    const phase = this.#controller === undefined || UNSENT.has(errorCode) ? 'unsent' : 'lost'
    this.#resolve({ phase, reason, errorCode })
  }

  #finish(): boolean {
    if (this.#over) return false
    this.#over = true
    this.#stop.listen(undefined)
    this.#ending.resolve()
    return true
  }
}
