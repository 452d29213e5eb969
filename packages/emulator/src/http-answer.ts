// An answer as bytes and headers (section 1.3).

import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import type { Answer } from './answer.ts'
import { readContent } from './content.ts'
import type { FileContent } from './content.ts'

/** From this size on bodies are compressed for clients that take it. */
const GZIP_FROM_BYTES = 1024
/** Idle seconds, and requests, until the server closes a connection. */
export const KEEP_ALIVE_SECONDS = 5
const KEEP_ALIVE_REQUESTS = 100

const compress = promisify(gzip)

/** Only so many bytes of the body are sent; then the connection is destroyed, or nothing more comes. */
export interface Cut {
  readonly bytes: number
  readonly ending: 'destroyed' | 'stalled'
}

/** Sends an answer, all of it unless it is cut. */
export type AnswerSender = (
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  cut: Cut | undefined,
) => Promise<void>

export function createAnswerSender(): AnswerSender {
  const answered = new WeakMap<Socket, number>()
  return (request, response, answer, cut) => {
    const count = (answered.get(request.socket) ?? 0) + 1
    answered.set(request.socket, count)
    return send(request, response, answer, cut, KEEP_ALIVE_REQUESTS - count + 1)
  }
}

async function send(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
  cut: Cut | undefined,
  requestsLeft: number,
): Promise<void> {
  if (typeof answer.body !== 'string' && 'file' in answer.body) {
    return sendFile(response, answer, answer.body, cut, requestsLeft)
  }
  let body: Buffer = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : Buffer.from(answer.body)
  const headers: [name: string, value: string][] = [['Server', 'Apache']]
  let { status } = answer
  if (answer.from !== 'front') headers.push(...engineHeaders(request))
  if (answer.from === 'engine') {
    const tag = entityTag(body)
    headers.push(['Cache-Control', 'no-cache'], ['ETag', tag], ['Vary', 'Accept-Encoding'])
    if (status === 200 && isFresh(request, tag)) {
      status = 304
      body = Buffer.alloc(0)
    }
  }
  headers.push(...Object.entries(answer.headers ?? {}))
  const whole = body.length
  if (answer.from !== 'front' && body.length >= GZIP_FROM_BYTES && acceptsGzip(request)) {
    // The fastest level: what counts here is that it is gzip.
    body = await compress(body, { level: constants.Z_BEST_SPEED })
    headers.push(['Content-Encoding', 'gzip'])
    // Without a length node sends chunks, as the recorded server did.
  } else if (status !== 304) headers.push(['Content-Length', String(whole)])
  if (response.destroyed) return
  headers.push(...connectionHeaders(response, requestsLeft))
  response.writeHead(status, headers.flat())
  if (cut === undefined) {
    response.end(body)
    return
  }
  response.write(body.subarray(0, cut.bytes), () => stop(response, cut))
}

/** A large container's content, from disk to socket in pieces. */
async function sendFile(
  response: ServerResponse,
  { status, headers = {} }: Answer,
  content: FileContent,
  cut: Cut | undefined,
  requestsLeft: number,
): Promise<void> {
  const length: [string, string] = ['Content-Length', String(content.size)]
  const all = [['Server', 'Apache'], ...Object.entries(headers), length, ...connectionHeaders(response, requestsLeft)]
  if (response.destroyed) return
  response.writeHead(status, all.flat())
  if (content.size === 0) {
    response.end()
    return
  }
  await pipeline(readContent(content, cut?.bytes), response, { end: cut === undefined })
  if (cut !== undefined) stop(response, cut)
}

function stop(response: ServerResponse, cut: Cut): void {
  if (cut.ending === 'destroyed') response.destroy()
}

/** Express' weak ETag over the uncompressed body; the reference recomputed it for nine recorded answers (section 0). */
function entityTag(body: Buffer): string {
  const hash = createHash('sha1').update(body).digest('base64').slice(0, 27)
  return `W/"${body.length.toString(16)}-${hash}"`
}

function engineHeaders(request: IncomingMessage): [string, string][] {
  const host = /^[\w.-]+/.exec(request.headers.host ?? '')?.[0] ?? 'localhost'
  return [
    ['Content-Type', 'application/json; charset=utf-8'],
    ['X-Frame-Options', 'SAMEORIGIN'],
    ['X-XSS-Protection', '1; mode=block'],
    ['X-Content-Type-Options', 'nosniff'],
    ['Access-Control-Allow-Origin', host],
    ['Access-Control-Allow-Headers', 'Content-Type, Authorization'],
    ['Access-Control-Allow-Credentials', 'true'],
  ]
}

/** Counts down like the web server in front; with the last request it closes. */
function connectionHeaders(response: ServerResponse, requestsLeft: number): [string, string][] {
  if (!response.shouldKeepAlive || requestsLeft <= 0) return [['Connection', 'close']]
  return [
    ['Keep-Alive', `timeout=${KEEP_ALIVE_SECONDS}, max=${requestsLeft}`],
    ['Connection', 'Keep-Alive'],
  ]
}

function acceptsGzip(request: IncomingMessage): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(request.headers['accept-encoding'] ?? '')
}

function isFresh({ method, headers }: IncomingMessage, tag: string): boolean {
  const wanted = headers['if-none-match']
  if (method !== 'GET' || wanted === undefined || /no-cache/i.test(headers['cache-control'] ?? '')) return false
  const opaque = tag.slice(2)
  return wanted.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === opaque)
}
