import type { Readable } from 'node:stream'
import { ContainerError, type CallError, type ContainerErrorReason, type Outcome } from '../errors.ts'
import type { Time } from '../time.ts'
import type { TransferProgress } from '../wire/multipart.ts'
import type { BodyEnd, OpenAnswer, OpenRequest, OpenResult } from '../wire/open.ts'
import { operationOf, type Route } from '../wire/parameters.ts'
import type { Stop } from '../wire/stop.ts'
import { CallErrors } from './call-errors.ts'
import * as retry from './retry.ts'
import { judgeConnection, readRetryAfter, type Trouble } from './verdict.ts'

/** What opening a container's content takes. */
export interface ContentParts {
  readonly open: (request: OpenRequest, stop: Stop) => Promise<OpenResult>
  /** The server's own; nothing is ever asked of another. */
  readonly origin: string
  readonly budget: retry.BudgetHolder
  readonly time: Time
}

export interface ContentCall {
  readonly url: URL
  /** The token of the session that read the URL, or how one is had when the server wants one. */
  readonly token: string | (() => Promise<string>)
  readonly stop: Stop
  /** For a body whose pieces come: the longest time without one. */
  readonly timeoutMs: number
  readonly onProgress: ((progress: TransferProgress) => void) | undefined
}

/** The real URL opens the file to whoever has it. */
const CONTENT_ROUTE: Route = { method: 'GET', pattern: '{container URL}' }
/** How errors name it. */
export const CONTENT_OPERATION: string = operationOf(CONTENT_ROUTE)

/** Each sets a cookie or leads back; more than that is a circle. */
const MAX_REDIRECTS = 5

/**
 * Opens a container's content. The first GET is answered with a cookie and a redirect, the second with the bytes; the cookie
 * is this download's own. Redirects are followed on the server itself only, so that the session's token goes nowhere else. A
 * 401 is asked again once, because servers give it now and then without reason.
 *
 * @throws {@link ContainerError} `gone`, `elsewhere`; {@link TransportError}, {@link CallAbortedError}
 */
export async function openContent(parts: ContentParts, call: ContentCall): Promise<OpenAnswer> {
  const { time, budget } = parts
  const { stop } = call
  const errors = new CallErrors({ route: CONTENT_ROUTE, verb: 'read' }, { time, failedLogins: () => [] }, stop)
  const cookies = new Map<string, string>()
  let { url } = call
  let token = typeof call.token === 'string' ? call.token : undefined
  let redirects = 0
  let isRepeated = false
  budget.left = retry.earn(budget.left)

  for (;;) {
    if (url.origin !== parts.origin) throw unusable('elsewhere', 'the content is on another server')
    const headers = token === undefined ? [] : ['authorization', `Bearer ${token}`]
    if (cookies.size > 0) headers.push('cookie', [...cookies].map((pair) => pair.join('=')).join('; '))
    const path = url.pathname + url.search
    const result = await parts.open({ path, headers, bodyError, arrived: reportTo(call.onProgress) }, stop)
    if (result.phase !== 'answered') {
      if (result.reason === 'stopped') throw stopped()
      await repeat(judgeConnection(result.phase, result.errorCode, errors))
      continue
    }
    const { status } = result
    if (status === 200) return result
    errors.note(`HTTP ${status}`)
    await discard(result.body)
    keepCookies(cookies, result.headers['set-cookie'])
    const location = REDIRECTS.has(status) ? result.headers.location : undefined
    if (typeof location === 'string' && URL.canParse(location, url.href)) {
      if (++redirects > MAX_REDIRECTS) throw unusable('gone', 'its URL leads in a circle', status)
      url = new URL(location, url)
    } else if (status === 401 && !isRepeated) {
      isRepeated = true
      if (typeof call.token !== 'string') token = await call.token()
    } else if (status === 401 || status === 403 || status === 404 || status === 410) {
      const why =
        'the URL is not valid any more: it ends with the session that read it, or sooner; read the record again'
      throw unusable('gone', `${why} (HTTP ${status})`, status)
    } else {
      const happening = retry.happeningOfStatus(status)
      const error = (outcome?: Outcome): CallError =>
        errors.transport(`an answer without the content (HTTP ${status})`, 'not-filemaker', outcome, status)
      if (happening === 'answer') throw error()
      const retryAfterMs = happening === 'throttled' ? readRetryAfter(result) : undefined
      await repeat({ is: 'trouble', happening, error, retryAfterMs })
    }
  }

  /** Returns when it is to be asked again. */
  async function repeat(trouble: Trouble): Promise<void> {
    const decision = retry.decide(trouble.happening, 'read', errors.tally, { renewal: true, repeatWritesOn112: false })
    if (!retry.goesOn(decision, budget, time.now())) throw trouble.error(decision.outcome)
    const repeats = errors.again(trouble, decision.outcome)
    const pauseMs = trouble.retryAfterMs ?? retry.backoffMs(repeats, time.random())
    await stop.pause(time, pauseMs).catch(() => {
      throw stopped()
    })
  }

  function stopped(): CallError {
    return errors.stopped('not-executed', `nothing came for ${call.timeoutMs} ms, or nobody took it`)
  }

  function unusable(reason: ContainerErrorReason, message: string, httpStatus?: number): ContainerError {
    return new ContainerError(message, { ...errors.details(), reason, httpStatus }, errors.cause())
  }

  function bodyError(end: BodyEnd): CallError {
    if (end.is === 'stopped') return stopped()
    errors.note('lost')
    return errors.transport(`the connection ended in the middle of the content (${end.errorCode})`, 'lost')
  }
}

/** Bytes of the content, where the answer announces them and they travel as they are. */
export function sizeIn(headers: OpenAnswer['headers']): number | undefined {
  const length = headers['content-length']
  if (typeof length !== 'string' || !/^\d{1,15}$/.test(length)) return undefined
  return headers['content-encoding'] === undefined ? Number(length) : undefined
}

function reportTo(onProgress: ContentCall['onProgress']): OpenRequest['arrived'] {
  let bytes = 0
  return (arrived, { status, headers }) => {
    bytes += arrived
    if (status === 200) onProgress?.({ bytes, total: sizeIn(headers) })
  }
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])
/** Of a page that is no content. */
const MAX_DISCARDED_BYTES = 65_536

/** Reads a small body to its end, so that the connection can be used again; gives a large one up. */
function discard(body: Readable): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes > MAX_DISCARDED_BYTES) body.destroy()
    })
    body.on('close', resolve)
  })
}

function keepCookies(cookies: Map<string, string>, header: string | string[] | undefined): void {
  for (const line of [header ?? []].flat()) {
    // What a header can't carry would come back as an error of the HTTP client, with the cookie in it.
    const [, name, value] = /^\s*([!#$%&'*+.^_`|~\w-]+)=([\x21-\x3a\x3c-\x7e]*)/.exec(line) ?? []
    if (name !== undefined && value !== undefined) cookies.set(name, value)
  }
}
