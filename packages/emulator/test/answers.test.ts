import { createHash } from 'node:crypto'
import { Agent } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { basic, emulatorFor, send, signIn } from './support.ts'

const databases = { Demo: { People: Array.from({ length: 30 }, (_, index) => ({ name: `Ådne ${index}/` })) } }
const RECORDS = '/fmi/data/vLatest/databases/Demo/layouts/People/records'

describe('headers (section 1.3)', () => {
  test('the ETag is the one that the recorded answers carry: length and SHA-1 of the compact body', async (context) => {
    const server = await emulatorFor(context, { databases })
    const { bearer } = await signIn(server, 'Demo')
    const { headers, bytes, text } = await send(server.url, 'GET', `${RECORDS}/1`, { headers: bearer })
    const hash = createHash('sha1').update(bytes).digest('base64').slice(0, 27)
    expect(headers.etag).toBe(`W/"${bytes.length.toString(16)}-${hash}"`)
    expect(headers['content-length']).toBe(String(bytes.length))
    // UTF-8 and slashes unescaped (section 0).
    expect(text).toContain('"Ådne 0/"')
  })

  test('every recorded header is there', async (context) => {
    const server = await emulatorFor(context, { databases })
    const { bearer } = await signIn(server, 'Demo')
    const { headers } = await send(server.url, 'GET', `${RECORDS}/1`, { headers: bearer })
    expect(headers).toMatchObject({
      server: 'Apache',
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-cache',
      vary: 'Accept-Encoding',
      'x-frame-options': 'SAMEORIGIN',
      'x-xss-protection': '1; mode=block',
      'x-content-type-options': 'nosniff',
      'access-control-allow-origin': '127.0.0.1',
      'access-control-allow-headers': 'Content-Type, Authorization',
      'access-control-allow-credentials': 'true',
    })
  })

  test('productInfo has neither Cache-Control nor ETag, and tells no version (section 3.4)', async (context) => {
    const server = await emulatorFor(context, {})
    const { headers, text } = await send(server.url, 'GET', '/fmi/data/v1/productInfo')
    expect(headers['cache-control']).toBeUndefined()
    expect(headers.etag).toBeUndefined()
    expect(text).toBe(
      '{"response":{"productInfo":{"name":"FileMaker Data API Engine","dateFormat":"MM/dd/yyyy","timeFormat":"HH:mm:ss","timeStampFormat":"MM/dd/yyyy HH:mm:ss"}},"messages":[{"code":"0","message":"OK"}]}',
    )
  })

  test('bodies from 1 KiB on are gzipped and chunked for those who take gzip, with the ETag of the plain body', async (context) => {
    const server = await emulatorFor(context, { databases })
    const { bearer } = await signIn(server, 'Demo')
    const plain = await send(server.url, 'GET', RECORDS, { headers: bearer })
    const packed = await send(server.url, 'GET', RECORDS, { headers: { ...bearer, 'accept-encoding': 'gzip, br' } })
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.headers['content-length']).toBeUndefined()
    expect(packed.headers['transfer-encoding']).toBe('chunked')
    expect(gunzipSync(packed.bytes).equals(plain.bytes)).toBe(true)
    expect(packed.headers.etag).toBe(plain.headers.etag)
    const small = await send(server.url, 'GET', `${RECORDS}/1`, { headers: { ...bearer, 'accept-encoding': 'gzip' } })
    expect(small.headers['content-encoding']).toBeUndefined()
  })

  test('connections are kept for five seconds and a hundred requests', async (context) => {
    const server = await emulatorFor(context, { databases })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    context.onTestFinished(() => agent.destroy())
    const first = await send(server.url, 'GET', '/fmi/data/v1/productInfo', { agent })
    expect(first.headers['keep-alive']).toBe('timeout=5, max=100')
    expect(first.headers.connection).toBe('Keep-Alive')
    let last = first
    for (let count = 2; count <= 101; count += 1) {
      last = await send(server.url, 'GET', '/fmi/data/v1/productInfo', { agent })
    }
    expect(last.headers.connection).toBe('close')
  })

  test('a matching If-None-Match gets 304 without a body', async (context) => {
    const server = await emulatorFor(context, { databases })
    const { bearer } = await signIn(server, 'Demo')
    const { headers } = await send(server.url, 'GET', `${RECORDS}/1`, { headers: bearer })
    const again = await send(server.url, 'GET', `${RECORDS}/1`, {
      headers: { ...bearer, 'if-none-match': headers.etag ?? '' },
    })
    expect([again.status, again.bytes.length]).toEqual([304, 0])
  })
})

describe('requests that do not fit (section 7)', () => {
  test('a path that is none gets 404 without an envelope, OData among them', async (context) => {
    const server = await emulatorFor(context, { databases })
    const { bearer } = await signIn(server, 'Demo')
    for (const path of ['/', '/fmi/odata/v4/Demo', '/fmi/data/v1/databases/Demo/webhooks', `${RECORDS}/1/`]) {
      const reply = await send(server.url, 'GET', path, { headers: bearer })
      expect([reply.status, reply.headers['content-type']]).toEqual([404, 'text/html; charset=iso-8859-1'])
    }
  })

  test('the wrong method gets 405 and 1704', async (context) => {
    const server = await emulatorFor(context, { databases })
    for (const [method, path] of [
      ['PUT', RECORDS],
      ['PATCH', RECORDS],
      ['POST', '/fmi/data/v1/productInfo'],
      ['OPTIONS', RECORDS],
    ] as const) {
      const reply = await send(server.url, method, path)
      expect([reply.status, reply.code]).toEqual([405, '1704'])
    }
  })

  test('POST and PATCH want application/json, with a body or without; a charset is let pass', async (context) => {
    const server = await emulatorFor(context, { databases })
    const { bearer } = await signIn(server, 'Demo')
    const post = (headers: Record<string, string>, body?: string) =>
      send(server.url, 'POST', `${RECORDS}/1`, { headers: { ...bearer, ...headers }, body })
    expect((await post({})).status).toBe(415)
    expect((await post({ 'content-type': 'text/plain' }, '{}')).status).toBe(415)
    expect((await post({ 'content-type': 'application/json' })).code).toBe('0')
    expect((await post({ 'content-type': 'application/json; charset=utf-8' }, '{}')).code).toBe('0')
  })

  test('a body that is no JSON, or not the right one, gets 400 and code 10', async (context) => {
    const server = await emulatorFor(context, { databases })
    const { bearer } = await signIn(server, 'Demo')
    const headers = { ...bearer, 'content-type': 'application/json' }
    for (const body of ['{', '[]', '"text"', 'null', '{}', '{"fieldData":[]}', '{"fieldData":null}']) {
      const reply = await send(server.url, 'POST', RECORDS, { headers, body })
      expect([body, reply.status, reply.code]).toEqual([body, 400, '10'])
      expect(reply.text).toContain('Request validation failed: ')
    }
  })

  test('a query parameter that the route does not know gets 400 and 960: offset has an underscore here', async (context) => {
    const server = await emulatorFor(context, { databases })
    const { bearer } = await signIn(server, 'Demo')
    for (const query of ['offset=1', 'limit=1', 'sort=[]', 'foo=1', '_limit=0', '_offset=-1', '_limit=x', '_sort={']) {
      const reply = await send(server.url, 'GET', `${RECORDS}?${query}`, { headers: bearer })
      expect([query, reply.status, reply.code]).toEqual([query, 400, '960'])
    }
  })

  test('a body beyond the limit gets 413 from the web server', async (context) => {
    const server = await emulatorFor(context, { databases, maxBodyBytes: 1000 })
    const { bearer } = await signIn(server, 'Demo')
    const body = { fieldData: { name: 'x'.repeat(2000) } }
    const reply = await send(server.url, 'POST', RECORDS, { headers: bearer, body })
    expect(reply.status).toBe(413)
    const headers = { ...bearer, 'content-type': 'application/json', 'transfer-encoding': 'chunked' }
    const chunked = await send(server.url, 'POST', RECORDS, { headers, body: JSON.stringify(body) })
    expect(chunked.status).toBe(413)
    expect((await send(server.url, 'GET', `${RECORDS}/1`, { headers: bearer })).code).toBe('0')
  })

  test('names come one segment each, with blanks, slashes and plus signs encoded or as they are', async (context) => {
    const server = await emulatorFor(context, { databases: { 'My Data': { 'a/b + c': [{ name: 'x' }] } } })
    const headers = { ...basic('web', 'secret') }
    const session = await send(server.url, 'POST', '/fmi/data/v1/databases/My%20Data/sessions', { headers, body: {} })
    const bearer = { authorization: `Bearer ${session.response.token}` }
    const path = '/fmi/data/v1/databases/My%20Data/layouts/a%2Fb%20+%20c/records'
    expect((await send(server.url, 'GET', path, { headers: bearer })).code).toBe('0')
    expect((await send(server.url, 'GET', '/fmi/data/v1/databases/%E0%A4%A/layouts', { headers: bearer })).status).toBe(
      400,
    )
  })
})
