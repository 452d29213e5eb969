// A client of twenty lines on node:http: it hides neither headers nor bytes, and shares nothing with the emulator.

import { request } from 'node:http'
import type { Agent, IncomingHttpHeaders } from 'node:http'
import type { TestContext } from 'vitest'
import { startEmulator } from '@fm/emulator'
import type { Emulator, EmulatorOptions } from '@fm/emulator'

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
  /** What `code` says in the first message; undefined without an envelope. */
  readonly code: string | undefined
  /** Parsed `response`, empty without one. */
  readonly response: Response
}

export interface Response {
  readonly token?: string
  readonly recordId?: string
  readonly modId?: string
  readonly dataInfo?: { readonly foundCount: number; readonly returnedCount: number; readonly layout: string }
  readonly data?: readonly DataRecord[]
  readonly newPortalRecordInfo?: readonly { tableName: string; recordId: string; modId: string }[]
  readonly [key: string]: unknown
}

export interface DataRecord {
  readonly fieldData: Readonly<Record<string, string | number>>
  readonly portalData: Readonly<Record<string, readonly Readonly<Record<string, string | number>>[]>>
  readonly recordId: string
  readonly modId: string
  readonly portalDataInfo: readonly Readonly<Record<string, unknown>>[]
}

export interface SentRequest {
  readonly headers?: Readonly<Record<string, string>>
  /** Objects are sent as JSON with its content type. */
  readonly body?: unknown
  readonly agent?: Agent
}

export async function send(url: string, method: string, path: string, sent: SentRequest = {}): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>()
  const isJson = typeof sent.body === 'object'
  const body = isJson ? JSON.stringify(sent.body) : (sent.body as string | undefined)
  const headers = { ...(isJson ? { 'content-type': 'application/json' } : {}), ...sent.headers }
  const { hostname, port } = new URL(url)
  const outgoing = request(
    { hostname, port, path, method, headers, ...(sent.agent ? { agent: sent.agent } : {}) },
    (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => resolve(reply(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks))))
    },
  )
  outgoing.on('error', reject)
  outgoing.end(body)
  return promise
}

function reply(status: number, headers: IncomingHttpHeaders, bytes: Buffer): Reply {
  const text = bytes.toString('utf8')
  const isJson = headers['content-type']?.startsWith('application/json') === true && !headers['content-encoding']
  const parsed = (isJson && text !== '' ? JSON.parse(text) : {}) as {
    response?: Response
    messages?: { code: string }[]
  }
  return { status, headers, bytes, text, code: parsed.messages?.[0]?.code, response: parsed.response ?? {} }
}

export interface Client {
  readonly token: string
  /** A call on the database: the path below `/databases/{database}`. */
  call(method: string, path: string, body?: unknown): Promise<Reply>
  find(layout: string, query: unknown, more?: Readonly<Record<string, unknown>>): Promise<Reply>
  bearer: Readonly<Record<string, string>>
}

export function basic(account: string, password: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${account}:${password}`).toString('base64')}` }
}

export function logIn(server: Emulator, database: string, account = 'web', password = 'secret'): Promise<Reply> {
  const path = `/fmi/data/vLatest/databases/${encodeURIComponent(database)}/sessions`
  return send(server.url, 'POST', path, { headers: basic(account, password), body: {} })
}

export async function signIn(server: Emulator, database: string): Promise<Client> {
  const { response } = await logIn(server, database)
  const token = response.token ?? ''
  const bearer = { authorization: `Bearer ${token}` }
  const call = (method: string, path: string, body?: unknown): Promise<Reply> =>
    send(server.url, method, `/fmi/data/vLatest/databases/${encodeURIComponent(database)}${path}`, {
      headers: bearer,
      ...(body === undefined ? {} : { body }),
    })
  return {
    token,
    bearer,
    call,
    find: (layout, query, more = {}) =>
      call('POST', `/layouts/${encodeURIComponent(layout)}/_find`, { query, ...more }),
  }
}

/** An emulator that is closed when the test ends. */
export async function emulatorFor(context: TestContext, options: EmulatorOptions): Promise<Emulator> {
  const server = await startEmulator(options)
  context.onTestFinished(() => server.close())
  return server
}

/** A value of a field, record by record. */
export function column(found: Reply, field: string): (string | number | undefined)[] {
  return (found.response.data ?? []).map((record) => record.fieldData[field])
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
