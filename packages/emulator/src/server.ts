// The HTTP server: takes requests, writes them down, sends what comes of them.

import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAnswering, Dropped } from './answering.ts'
import type { AnsweringSettings } from './answering.ts'
import type { FaultAction } from './faults.ts'
import { createAnswerSender, KEEP_ALIVE_SECONDS } from './http-answer.ts'
import type { Cut } from './http-answer.ts'
import type { OpenRequestEntry, RequestLog } from './request-log.ts'
import { operationOf, targetOf } from './target.ts'
import type { Target } from './target.ts'

export interface ServerSettings extends Omit<AnsweringSettings, 'closing'> {
  readonly log: RequestLog
}

export interface RunningServer {
  readonly address: AddressInfo
  /** Ends every connection; what waits is not waited for. */
  close(): Promise<void>
}

/** @throws the system's error when host and port can't be listened on. */
export async function listen(host: string, port: number, settings: ServerSettings): Promise<RunningServer> {
  const closing = new AbortController()
  const handle = requestHandler({ ...settings, closing: closing.signal })
  const server = createServer(
    // Without the second option newer Nodes add a second to the time that they announce; older ones don't know it.
    { keepAliveTimeout: KEEP_ALIVE_SECONDS * 1000, keepAliveTimeoutBuffer: 0 },
    (request, response) => void handle(request, response),
  )
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // What is no HTTP at all has no request to answer; the web server in front says so.
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '414 Request-URI Too Long' : '400 Bad Request'
    if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
    else socket.destroy()
  })
  await listening(server, host, port)
  return {
    address: server.address() as AddressInfo,
    close: () => {
      closing.abort()
      return closed(server)
    },
  }
}

function requestHandler(settings: ServerSettings & AnsweringSettings) {
  const { engine, log, faults } = settings
  const answering = createAnswering(settings)
  const sendAnswer = createAnswerSender()
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = request
    const target = targetOf(method, url, settings.proxy)
    const entry = newEntry(log.nextNumber(), method, target, engine.clock.now())
    log.open(entry)
    const fault = faults.take(entry.operation)
    try {
      const answer = await answering.answer(request, target, entry, fault)
      entry.status = answer.status
      entry.code = answer.code
      entry.endedAt ??= engine.clock.now()
      await sendAnswer(request, response, answer, cutOf(fault))
    } catch (error) {
      // Dropped on purpose, the server closes, or the client went away: nobody is there to be answered.
      entry.endedAt ??= engine.clock.now()
      if (!(error instanceof Dropped) && !settings.closing.aborted) entry.error = error
      response.destroy()
    }
  }
}

function cutOf(fault: FaultAction | undefined): Cut | undefined {
  if (fault === undefined) return undefined
  if ('truncateTo' in fault) return { bytes: fault.truncateTo, ending: 'destroyed' }
  return 'stallAfter' in fault ? { bytes: fault.stallAfter, ending: 'stalled' } : undefined
}

function newEntry(number: number, method: string, target: Target, now: number): OpenRequestEntry {
  const path = target.kind === 'route' ? target.path : {}
  return {
    number,
    method,
    operation: operationOf(method, target),
    database: path.database,
    layout: path.layout,
    arrivedAt: now,
    startedAt: now,
    endedAt: undefined,
    status: undefined,
    code: undefined,
    session: undefined,
    account: undefined,
    error: undefined,
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
