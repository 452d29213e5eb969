import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import type { EmulatorOptions } from '@fm/emulator'
import { emulatorFor, send, signIn, sleep } from './support.ts'
import type { Reply } from './support.ts'

// Sections 3.17 and 3.18.

async function files(context: TestContext, options: EmulatorOptions = {}) {
  const server = await emulatorFor(context, {
    databases: {
      Demo: {
        tables: {
          Files: {
            fields: { code: 'text', file: 'container', pages: { type: 'container', maxRepeat: 3 } },
            records: [{ code: 'a' }, { code: 'b' }],
          },
          Others: { fields: { code: 'text', file: 'container' }, records: [{ code: 'a' }] },
        },
        relationships: [{ from: 'Files', to: 'Others', match: { code: 'code' } }],
        layouts: [{ name: 'Files', table: 'Files', fields: ['code', 'file', 'pages', 'Others::file'] }],
      },
    },
    ...options,
  })
  const client = await signIn(server, 'Demo')
  const upload = (path: string, body: Buffer | string, type = `multipart/form-data; boundary=${BOUNDARY}`) =>
    sendBytes(server.url, `/fmi/data/vLatest/databases/Demo/layouts/Files/records/${path}`, body, {
      ...client.bearer,
      'content-type': type,
    })
  const read = async (field: string, recordId = 1) => {
    const { response } = await client.call('GET', `/layouts/Files/records/${recordId}`)
    return String(response.data?.[0]?.fieldData[field])
  }
  const download = async (address: string, headers: Record<string, string> = {}) => {
    const { pathname, search } = new URL(address)
    const first = await send(server.url, 'GET', pathname + search, { headers })
    const cookie = first.headers['set-cookie']?.[0]?.replace(/;.*/, '')
    return cookie === undefined ? first : send(server.url, 'GET', pathname + search, { headers: { cookie } })
  }
  return { server, client, upload, read, download }
}

const BOUNDARY = '----edge7d1'

function form(content: Buffer | string, name = 'upload', fileName = 'a.txt'): Buffer {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="${fileName}"\r\nContent-Type: text/plain\r\n\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from(`\r\n--${BOUNDARY}--\r\n`)])
}

async function sendBytes(url: string, path: string, body: Buffer | string, headers: Record<string, string>) {
  const { promise, resolve, reject } = Promise.withResolvers<Pick<Reply, 'status' | 'text'>>()
  const { hostname, port } = new URL(url)
  const outgoing = request({ hostname, port, path, method: 'POST', headers }, (incoming) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
  })
  outgoing.on('error', reject)
  // In odd pieces, so that delimiters fall between two of them.
  const bytes = Buffer.from(body)
  const piece = Math.max(1, Math.floor(bytes.length / 7))
  for (let at = 0; at < bytes.length; at += piece) outgoing.write(bytes.subarray(at, at + piece))
  outgoing.end()
  return promise
}

test('an upload answers with the new modId, and its bytes and type are those that a download gives', async (context) => {
  const { server, upload, read, download } = await files(context)
  expect(await upload('1/containers/file', form('hello\r\n--not the end', 'upload', 'Übung €.txt'))).toEqual({
    status: 200,
    text: '{"response":{"modId":"1"},"messages":[{"code":"0","message":"OK"}]}',
  })
  const content = await download(await read('file'))
  expect(content.text).toBe('hello\r\n--not the end')
  expect(content.headers['content-type']).toBe('text/plain')
  expect(server.records('Demo', 'Files')[0]?.fieldData.file).toBe('Übung €.txt')
})

test("a file name's quotation mark is taken as backslash and as percent, other percents as they are", async (context) => {
  const { server, upload } = await files(context)
  await upload('1/containers/file', form('x', 'upload', String.raw`a\"b.txt`))
  await upload('2/containers/file', form('x', 'upload', 'a%22b 100%25.txt'))
  const names = server.records('Demo', 'Files').map((record) => record.fieldData.file)
  expect(names).toEqual(['a"b.txt', 'a"b 100%25.txt'])
})

test('an empty file is a file', async (context) => {
  const { upload, read, download } = await files(context)
  expect((await upload('1/containers/file', form(''))).status).toBe(200)
  expect((await download(await read('file'))).bytes.length).toBe(0)
})

test("a part by another name is 960, the message's key first", async (context) => {
  const { upload } = await files(context)
  const expected = `{"messages":[{"message":"Upload payload must contain a part named 'upload'.","code":"960"}],"response":{}}`
  expect(await upload('1/containers/file', form('x', 'file'))).toEqual({ status: 500, text: expected })
  const nameless = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="upload"\r\n\r\nx\r\n--${BOUNDARY}--\r\n`
  expect((await upload('1/containers/file', nameless)).text).toBe(expected)
})

test('the part named upload counts, wherever it stands', async (context) => {
  const { upload, read, download } = await files(context)
  const other = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="note"\r\n\r\nsomething\r\n`
  expect((await upload('1/containers/file', Buffer.concat([Buffer.from(other), form('real')]))).status).toBe(200)
  expect((await download(await read('file'))).text).toBe('real')
})

test('repetitions are counted from 1 in the path; beyond the last is 111', async (context) => {
  const { upload, server } = await files(context)
  expect((await upload('1/containers/pages/3', form('x', 'upload', 'three.txt'))).status).toBe(200)
  expect((await upload('1/containers/pages/4', form('x'))).text).toContain('"code":"111"')
  expect((await upload('1/containers/pages/0', form('x'))).text).toContain('"code":"960"')
  expect(server.records('Demo', 'Files')[0]?.fieldData['pages(3)']).toBe('three.txt')
})

test('a modId in the query must be the current one, else 306 and nothing written', async (context) => {
  const { upload, server } = await files(context)
  expect((await upload('1/containers/file?modId=7', form('x'))).text).toContain('"code":"306"')
  expect(server.records('Demo', 'Files')[0]?.fieldData.file).toBe('')
  expect((await upload('1/containers/file?modId=0', form('x'))).status).toBe(200)
  expect((await upload('1/containers/file?modID=1', form('x'))).text).toContain('"code":"960"')
})

test('missing records and fields, related fields and fields of other types are refused', async (context) => {
  const { upload } = await files(context)
  const codes = await Promise.all(
    ['9/containers/file', '1/containers/nothing', '1/containers/code', '1/containers/Others%3A%3Afile'].map(
      async (path) => /"code":"(\d+)"/.exec((await upload(path, form('x'))).text)?.[1],
    ),
  )
  expect(codes).toEqual(['101', '102', '408', '102'])
})

test('a body that is not multipart is 415, one that breaks off 400, a dead token 952 before either', async (context) => {
  const { upload, server } = await files(context)
  expect((await upload('1/containers/file', '{}', 'application/json')).status).toBe(415)
  expect((await upload('1/containers/file', form('x').subarray(0, 90))).status).toBe(400)
  server.killSessions()
  const dead = await upload('1/containers/file', '{}', 'application/json')
  expect([dead.status, dead.text.includes('"code":"952"')]).toEqual([401, true])
})

test('an upload takes its turn among the calls of its session', async (context) => {
  const { upload, client, server } = await files(context, { responseDelayMs: 50 })
  await Promise.all([upload('1/containers/file', form('x')), client.call('GET', '/layouts')])
  const calls = server.requests((entry) => entry.session !== undefined)
  const [first, second] = calls.toSorted((one, other) => one.startedAt - other.startedAt)
  expect(second?.startedAt).toBeGreaterThanOrEqual(first?.endedAt ?? Number.POSITIVE_INFINITY)
})

test('uploads have a limit of their own, and the switch takes the modId out of the answer', async (context) => {
  const { upload } = await files(context, { maxBodyBytes: 10, maxUploadBytes: 2_000, uploadReturnsModId: false })
  expect((await upload('1/containers/file', form('x'))).text).toContain('{"response":{},')
  expect((await upload('1/containers/file', form(randomBytes(3_000)))).status).toBe(413)
})

test('large contents are on disk, once, until nobody has them', async (context) => {
  const { upload, client, read, download, server } = await files(context)
  const mine = () => readdirSync(tmpdir()).filter((name) => name.startsWith('fm-emulator-'))
  const before = new Set(mine())
  const content = randomBytes(5_000_000)
  expect((await upload('1/containers/file', form(content))).status).toBe(200)
  const directory = mine().find((name) => !before.has(name)) ?? ''
  const onDisk = () => readdirSync(join(tmpdir(), directory)).length
  expect(onDisk()).toBe(1)
  await client.call('POST', '/layouts/Files/records/1', {})
  await client.call('DELETE', '/layouts/Files/records/1')
  expect(onDisk()).toBe(1)
  const got = await download(await read('file', 3))
  expect(createHash('sha1').update(got.bytes).digest('hex')).toBe(createHash('sha1').update(content).digest('hex'))
  expect((await upload('3/containers/file', form('small'))).status).toBe(200)
  await sleep(50)
  expect(onDisk()).toBe(0)
  expect((await upload('9/containers/file', form(content))).text).toContain('"code":"101"')
  expect(onDisk()).toBe(0)
  await server.close()
  expect(mine()).not.toContain(directory)
})

test('an upload that breaks off leaves nothing behind and no record changed', async (context) => {
  const { server, client } = await files(context)
  const { hostname, port } = new URL(server.url)
  const outgoing = request({
    hostname,
    port,
    path: '/fmi/data/vLatest/databases/Demo/layouts/Files/records/1/containers/file',
    method: 'POST',
    headers: { ...client.bearer, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
  })
  outgoing.on('error', () => {})
  outgoing.write(form(randomBytes(3_000_000)).subarray(0, 2_500_000))
  await sleep(100)
  outgoing.destroy()
  await sleep(100)
  expect(server.records('Demo', 'Files')[0]).toMatchObject({ modId: '0', fieldData: { file: '' } })
})

test('a definition can name a file on disk as the content', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'fm-definition-'))
  context.onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'big.bin')
  writeFileSync(file, 'start')
  truncateSync(file, 3_000_000)
  const server = await emulatorFor(context, {
    databases: { Demo: { Files: [{ file: { name: 'big.bin', content: { file } } }] } },
  })
  const client = await signIn(server, 'Demo')
  const { response } = await client.call('GET', '/layouts/Files/records/1')
  const { pathname, search } = new URL(String(response.data?.[0]?.fieldData.file))
  const redirect = await send(server.url, 'GET', pathname + search)
  const cookie = redirect.headers['set-cookie']?.[0]?.replace(/;.*/, '') ?? ''
  const content = await send(server.url, 'GET', pathname + search, { headers: { cookie } })
  expect(content.headers['content-length']).toBe('3000000')
  expect([content.bytes.length, content.bytes.toString('latin1', 0, 5)]).toEqual([3_000_000, 'start'])
})

test('in strict mode the first GET wants the token of the session that read the URL', async (context) => {
  const { upload, read, download, client, server } = await files(context, { containerMode: 'strict' })
  await upload('1/containers/file', form('hidden'))
  const address = await read('file')
  expect((await download(address)).status).toBe(401)
  const other = await signIn(server, 'Demo')
  expect((await download(address, other.bearer)).status).toBe(401)
  expect((await download(address, client.bearer)).text).toBe('hidden')
})

test('in open mode a URL gives its content at once', async (context) => {
  const { upload, read, server } = await files(context, { containerMode: 'open' })
  await upload('1/containers/file', form('open'))
  const { pathname, search } = new URL(await read('file'))
  expect((await send(server.url, 'GET', pathname + search)).text).toBe('open')
})

test('a fault can let an answer stop in the middle without closing the connection', async (context) => {
  const { server, client } = await files(context)
  server.fault({ on: 'GET /records', do: { stallAfter: 10 }, count: 1 })
  const path = '/fmi/data/vLatest/databases/Demo/layouts/Files/records/1'
  const { hostname, port } = new URL(server.url)
  let bytes = 0
  let isClosed = false
  const outgoing = request({ hostname, port, path, headers: client.bearer }, (incoming) => {
    incoming.on('data', (chunk: Buffer) => (bytes += chunk.length))
    incoming.on('error', () => {})
    incoming.on('close', () => (isClosed = true))
  })
  outgoing.on('error', () => {})
  outgoing.end()
  await sleep(200)
  expect([bytes, isClosed]).toEqual([10, false])
  outgoing.destroy()
})
