// From a request to its answer: whose turn it is, what goes wrong on purpose, and what an error comes to.

import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { htmlPage, Refusal, refused } from './answer.ts'
import type { Answer } from './answer.ts'
import { bearerToken } from './bearer.ts'
import type { Call, Engine, Route } from './call.ts'
import type { FaultAction, Faults } from './faults.ts'
import { databaseNamed } from './hosted-database.ts'
import { BodyTooLarge, checkContentType, parseBody, parseQuery, readBody, receiveUpload } from './http-body.ts'
import type { ReceivedUpload } from './http-body.ts'
import type { ContentSink } from './content.ts'
import type { OpenRequestEntry } from './request-log.ts'
import type { Proxy } from './proxy.ts'
import { ProxyRefusal } from './proxy.ts'
import { containerContent } from './routes/container-content.ts'
import { endedUnderCall, EngineGone } from './sessions.ts'
import type { Session } from './sessions.ts'
import { CloudRefusal } from './sign-in.ts'
import type { Target } from './target.ts'

export interface AnsweringSettings {
  readonly engine: Engine
  readonly faults: Faults
  /** Milliseconds that every call with a session takes, in its turn. */
  readonly responseDelayMs: number
  readonly maxBodyBytes: number
  readonly proxy: Proxy | undefined
  readonly maxUploadBytes: number
  /** Whether the engine is away, and the web server in front answers in its place. */
  readonly isDown: () => boolean
  /** Aborted when the server closes; whatever waits then ends. */
  readonly closing: AbortSignal
}

export interface Answering {
  /** @throws Dropped when the connection is to be destroyed. */
  answer(
    request: IncomingMessage,
    target: Target,
    entry: OpenRequestEntry,
    fault: FaultAction | undefined,
  ): Promise<Answer>
}

/** What came with a request, read to its end. */
type RequestBody =
  | { readonly kind: 'json'; readonly bytes: Buffer }
  | { readonly kind: 'upload'; readonly sink: ContentSink; readonly received: ReceivedUpload }

/** The connection is to be destroyed and not answered. */
export class Dropped extends Error {
  override readonly name = 'Dropped'
}

export function createAnswering(settings: AnsweringSettings): Answering {
  const { engine, isDown, maxBodyBytes, maxUploadBytes, responseDelayMs, closing, proxy } = settings

  async function wait(ms: number, session?: Session): Promise<void> {
    try {
      await pause(ms, undefined, { signal: closing })
    } catch {
      throw new Dropped()
    }
    if (session?.end !== undefined) throw endedUnderCall(session.end)
  }

  /** What a fault does before the request is worked on. Undefined: go on. */
  async function faultAnswer(fault: FaultAction | undefined, session?: Session): Promise<Answer | undefined> {
    if (fault === undefined) return undefined
    if (fault.delayMs !== undefined) await wait(fault.delayMs, session)
    if ('drop' in fault && fault.drop === 'before') throw new Dropped()
    if ('code' in fault) {
      const { code, httpStatus = code === 952 || code === 212 ? 401 : 500 } = fault
      return refused(new Refusal(code, { status: httpStatus }))
    }
    if (!('status' in fault)) return undefined
    const page = htmlPage(fault.status, 'Error')
    const { body = page.body, contentType = 'text/html; charset=iso-8859-1' } = fault
    return { ...page, body, headers: { 'Content-Type': contentType } }
  }

  type RouteTarget = Target & { readonly kind: 'route' }

  async function routeAnswer(
    request: IncomingMessage,
    target: RouteTarget,
    entry: OpenRequestEntry,
    fault: FaultAction | undefined,
  ): Promise<Answer> {
    const { route } = target
    if (route.takes === 'upload') {
      const sink = engine.contents.sink()
      try {
        const received = await receiveUpload(request, sink, maxUploadBytes)
        return await callAnswer(request, target, entry, fault, { kind: 'upload', sink, received })
      } catch (error) {
        await sink.discard()
        throw error
      }
    }
    const hasBody = route.method === 'POST' || route.method === 'PATCH'
    const body = hasBody ? ({ kind: 'json', bytes: await readBody(request, maxBodyBytes) } as const) : undefined
    return callAnswer(request, target, entry, fault, body)
  }

  async function callAnswer(
    request: IncomingMessage,
    target: RouteTarget,
    entry: OpenRequestEntry,
    fault: FaultAction | undefined,
    body: RequestBody | undefined,
  ): Promise<Answer> {
    const { route, path } = target
    const through = target.proxied ? proxy : undefined
    through?.check(request.headers)
    // The proxy holds the sessions: there are none to open or to ask about.
    if (through !== undefined && SESSION_OPERATIONS.has(route.operation)) return htmlPage(404, 'Not Found')
    const { session, refusal } = route.access === 'session' ? sessionFor(request, path.database, through) : {}
    if (session !== undefined) {
      entry.session = session.id
      entry.account = session.account
    }
    const work = async (): Promise<Answer> => {
      entry.startedAt = engine.clock.now()
      const instead = await faultAnswer(fault, session)
      if (instead !== undefined) {
        if (body?.kind === 'upload') await body.sink.discard()
        return instead
      }
      if (refusal !== undefined) throw refusal
      if (body?.kind === 'json') checkContentType(request.headers['content-type'])
      if (body?.kind === 'upload' && 'refusal' in body.received) throw body.received.refusal
      const call: Call = {
        engine,
        path,
        query: parseQuery(target.query),
        body: body?.kind === 'json' ? parseBody(body.bytes) : {},
        upload: body?.kind === 'upload' && 'upload' in body.received ? body.received.upload : undefined,
        headers: request.headers,
        origin: originOf(request),
        entry,
        wait: (ms) => wait(ms, session),
      }
      const answer = await runRoute(route, call, session)
      if (body?.kind === 'upload') body.sink.keep()
      const delayMs = (session === undefined ? 0 : responseDelayMs) + (fault?.delayAfterCommitMs ?? 0)
      if (delayMs > 0) await wait(delayMs, session)
      if (fault !== undefined && 'drop' in fault) throw new Dropped()
      return answer
    }
    if (session === undefined) return work()
    return engine.sessions.inTurn(session, async () => {
      try {
        return await work()
      } finally {
        // Before the turn ends, or the next call would seem to have begun within this one.
        entry.endedAt ??= engine.clock.now()
      }
    })
  }

  /** A fault may meet a request whatever its token is worth, so a refusal is kept until then. */
  function sessionFor(
    request: IncomingMessage,
    database = '',
    through: Proxy | undefined,
  ): { session?: Session; refusal?: Refusal } {
    try {
      if (through !== undefined) return { session: through.session(request.headers, database) }
      return { session: engine.sessions.find(bearerToken(request.headers), database) }
    } catch (error) {
      if (error instanceof Refusal) return { refusal: error }
      throw error
    }
  }

  function runRoute(route: Route, call: Call, session: Session | undefined): Answer | Promise<Answer> {
    if (route.access === 'open') return route.run(call)
    if (session === undefined) throw new Error(`${route.operation} runs with a session only`)
    return route.run({ ...call, session, database: databaseNamed(engine.databases, session.database) })
  }

  return {
    answer: async (request, target, entry, fault) => {
      try {
        if (isDown()) return htmlPage(503, 'Service Unavailable')
        if (target.kind === 'route') return await routeAnswer(request, target, entry, fault)
        return (await faultAnswer(fault)) ?? plainAnswer(engine, request, target)
      } catch (error) {
        return errorAnswer(error, entry)
      }
    },
  }
}

const SESSION_OPERATIONS: ReadonlySet<string> = new Set(['POST /sessions', 'DELETE /sessions', 'GET /validateSession'])

function plainAnswer(engine: Engine, request: IncomingMessage, target: Exclude<Target, { kind: 'route' }>): Answer {
  switch (target.kind) {
    case 'container':
      return containerContent(engine.containers, target.url, request.headers)
    case 'wrong-method':
      return refused(new Refusal(1704, { status: 405 }))
    case 'bad-encoding':
      return htmlPage(400, 'Bad Request')
    case 'no-such-path':
      return htmlPage(404, 'Not Found')
  }
}

function errorAnswer(error: unknown, entry: OpenRequestEntry): Answer {
  if (error instanceof Refusal) return refused(error)
  if (error instanceof CloudRefusal || error instanceof ProxyRefusal) return error.answer
  if (error instanceof EngineGone) return htmlPage(502, 'Proxy Error')
  if (error instanceof BodyTooLarge) return htmlPage(413, 'Request Entity Too Large')
  if (error instanceof Dropped || isBrokenConnection(error)) throw error
  entry.error = error
  return refused(new Refusal(951))
}

function isBrokenConnection(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNRESET'
}

/** The server's address as the client knows it; container URLs begin with it. */
function originOf({ headers, socket }: IncomingMessage): string {
  const host = /^[\w.[\]:-]+$/.test(headers.host ?? '') ? headers.host : `${socket.localAddress}:${socket.localPort}`
  return `http://${host}`
}
