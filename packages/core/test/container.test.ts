import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSocketServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { startEmulator, type Emulator, type EmulatorOptions } from '@fm/emulator'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  CallAbortedError,
  ContainerError,
  FileMakerError,
  TransportError,
  type Client,
  type UploadSource,
} from '../src/index.ts'
import { clientOf, eventually, mapCache, pause, times } from './support.ts'

interface Files {
  readonly code: string
  readonly file: string
  readonly pages: string
}

const UPLOADS = 'POST /records/{recordId}/containers'
/** 50 ms are promised on an idle machine; this one may be busy. */
const STOP_MS = process.env.FM_TEST_FULL === '1' ? 50 : 250
const CONTENTS = 'GET /Streaming_SSL'

async function startFiles(options: EmulatorOptions = {}): Promise<Emulator> {
  return startEmulator({
    databases: {
      Demo: {
        tables: {
          Files: {
            fields: { code: 'text', file: 'container', pages: { type: 'container', maxRepeat: 3 } },
            records: Array.from({ length: 20 }, (_, index) => ({
              code: `code ${index + 1}`,
              ...(index === 1 ? { file: { name: 'zwei €.txt', content: 'two' } } : {}),
            })),
          },
        },
      },
    },
    ...options,
  })
}

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fm-container-'))
})
afterEach(() => rm(directory, { recursive: true }))

function shared(server: Pick<Emulator, 'url'>, options: Parameters<typeof clientOf>[1] = {}): Client {
  return clientOf(server, { cache: mapCache(), ...options })
}

/** What means something in headers, paths and file systems, and something of every plane. No digit: no `%22` comes about. */
const ANY_LETTER = Array.from(
  'a.b "%;:,=/\'()<>[]{}*?|#&+~^`$@!é\u0301ß漢字ไทย\u{1F4F7}\u{10FFFF}\uFFFD\u00A0\u200F\uFEFF',
)

const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const reason = (error: unknown): unknown => (error as { reason?: unknown }).reason
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

/** A server of our own, for what the emulator never does. */
async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  }
}

describe('uploading', () => {
  const content = randomBytes(300_000)
  const sources: Record<string, () => UploadSource | Promise<UploadSource>> = {
    bytes: () => new Uint8Array(content),
    'a Buffer': () => content,
    'a Blob': () => new Blob([content]),
    'a File': () => new File([content], 'photo.bin'),
    'a path': async () => {
      await writeFile(join(directory, 'photo.bin'), content)
      return join(directory, 'photo.bin')
    },
    'a file URL': async () => {
      await writeFile(join(directory, 'photo.bin'), content)
      return pathToFileURL(join(directory, 'photo.bin'))
    },
    'a stream of Node': async () => {
      await writeFile(join(directory, 'photo.bin'), content)
      return createReadStream(join(directory, 'photo.bin'))
    },
    'a stream of the web': () => new Blob([content]).stream(),
    'a generator': () =>
      (async function* () {
        for (let at = 0; at < content.length; at += 7_777) yield content.subarray(at, at + 7_777)
      })(),
    'a function that makes a stream': () => () => Readable.from([content.subarray(0, 5), content.subarray(5)]),
  }
  for (const [kind, make] of Object.entries(sources)) {
    test(`${kind} arrives as it is`, async () => {
      await using server = await startFiles()
      await using fm = shared(server)
      const files = fm.layout<Files>('Files')
      expect(await files.upload(1, 'file', await make(), { fileName: 'photo.bin' })).toEqual({ modId: '1' })
      const file = await files.download(1, 'file')
      expect([file?.name, file?.size]).toEqual(['photo.bin', content.length])
      expect(hash((await file?.bytes()) ?? Buffer.alloc(0))).toBe(hash(content))
    })
  }

  test('a download can be uploaded elsewhere, with its name, type and size', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    const file = await files.download(2, 'file')
    if (file === undefined) throw new Error('there is a file')
    await files.upload(3, 'file', file)
    expect(server.records('Demo', 'Files')[2]?.fieldData.file).toBe('zwei €.txt')
    expect(await (await files.download(3, 'file'))?.blob().then((blob) => blob.text())).toBe('two')
  })

  test('file names of every kind come through', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const names = [
      'a "quoted" b.txt',
      'Übung.pdf',
      '写真 📷.jpg',
      '100% + & ; = ?.txt',
      "it's.txt",
      '..',
      'a\\b',
      'é'.normalize('NFD'),
    ]
    for (const [index, fileName] of names.entries()) {
      await fm.layout<Files>('Files').upload(index + 1, 'file', Buffer.from('x'), { fileName })
    }
    const stored = server.records('Demo', 'Files').slice(0, names.length)
    expect(stored.map((record) => record.fieldData.file)).toEqual(names)
  })

  test('any name without control characters comes through', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    for (let trial = 0; trial < 100; trial++) {
      const letters = Array.from(randomBytes(12), (byte) => ANY_LETTER[byte % ANY_LETTER.length])
      const fileName = letters.join('')
      await files.upload(1, 'file', Buffer.from('x'), { fileName })
      expect(server.records('Demo', 'Files')[0]?.fieldData.file).toBe(fileName)
      expect((await files.download(1, 'file'))?.size).toBe(1)
    }
    // @ts-expect-error -- only fields of the layout are taken.
    await expect(files.upload(1, 'nothing', Buffer.from('x'), { fileName: 'a' })).rejects.toThrow(/102/)
  })

  test('the body is one part named upload, in bytes as documented, with its length where it is known', async () => {
    const seen: { headers: IncomingMessage['headers']; url: string; body: Buffer }[] = []
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = await buffer(request)
      const { url = '', headers } = request
      const isLogin = url.endsWith('/sessions')
      if (!isLogin && !url.includes('validate')) seen.push({ headers, url, body })
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ response: isLogin ? { token: 'abc' } : {}, messages: [{ code: '0' }] }))
    }
    await using server = await serve((request, response) => void answer(request, response))
    await using fm = shared(server, { database: 'De/mo' })
    const files = fm.layout('Fi les')
    const options = { fileName: 'ä "q".png', type: 'image/png', repetition: 2, modId: '7' }
    expect(await files.upload('12', 'pho/to', Buffer.from('BYTES'), options)).toEqual({ modId: undefined })
    await files.upload(12, 'photo', Readable.from(['BY', 'TES']), { fileName: 'a.png' })
    await files.upload(12, 'photo', Readable.from(['BY', 'TES']), { fileName: 'a.png', size: 5 })
    const [known, chunked, announced] = seen
    const boundary = /^multipart\/form-data; boundary=(\S+)$/.exec(known?.headers['content-type'] ?? '')?.[1]
    expect(known?.url).toBe(
      '/fmi/data/vLatest/databases/De%2Fmo/layouts/Fi%20les/records/12/containers/pho%2Fto/2?modId=7',
    )
    expect(known?.body.toString()).toBe(
      `--${boundary}\r\nContent-Disposition: form-data; name="upload"; filename="ä %22q%22.png"\r\nContent-Type: image/png\r\n\r\nBYTES\r\n--${boundary}--\r\n`,
    )
    expect(known?.headers['content-length']).toBe(String(known?.body.length))
    expect(known?.headers.authorization).toBe('Bearer abc')
    expect([chunked?.headers['transfer-encoding'], chunked?.headers['content-length']]).toEqual(['chunked', undefined])
    expect(announced?.headers['content-length']).toBe(String(announced?.body.length))
  })

  test('repetition and modId reach the server; a wrong modId is 306 and writes nothing', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    await files.upload(1, 'pages', Buffer.from('x'), { fileName: 'three.txt', repetition: 3, modId: '0' })
    const refused = files.upload(1, 'pages', Buffer.from('x'), { fileName: 'again.txt', repetition: 3, modId: '0' })
    await expect(refused).rejects.toMatchObject({ fileMakerCode: 306, outcome: 'not-executed' })
    expect(server.records('Demo', 'Files')[0]?.fieldData['pages(3)']).toBe('three.txt')
    await expect(files.upload(1, 'code', Buffer.from('x'), { fileName: 'a' })).rejects.toBeInstanceOf(FileMakerError)
    expect(await (await files.download(1, 'pages', { repetition: 3 }))?.bytes()).toEqual(new Uint8Array([120]))
    expect(await files.download(1, 'pages', { repetition: 1 })).toBeUndefined()
  })

  test('progress counts the bytes of the file, up to all of them', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const up: number[] = []
    const totals = new Set<number | undefined>()
    await fm.layout<Files>('Files').upload(1, 'file', content, {
      fileName: 'a.bin',
      onProgress: ({ bytes, total }) => {
        up.push(bytes)
        totals.add(total)
      },
    })
    expect(up.at(-1)).toBe(content.length)
    expect(up).toEqual(up.toSorted((one, other) => one - other))
    expect([up.length > 3, [...totals]]).toEqual([true, [content.length]])
    const down: number[] = []
    const file = await fm.layout<Files>('Files').download(1, 'file', { onProgress: ({ bytes }) => down.push(bytes) })
    await file?.bytes()
    expect(down.at(-1)).toBe(content.length)
  })

  test('what makes no sense is refused before anything is sent', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    const consumed = Readable.from(['x'])
    await buffer(consumed)
    const named = { fileName: 'a.txt' }
    const mistakes: [unknown, object, RegExp][] = [
      [Buffer.from('x'), {}, /fileName is required/],
      [Buffer.from('x'), { fileName: 'a\r\nb' }, /control character/],
      [Buffer.from('x'), { fileName: 'a\uD800' }, /surrogate/],
      [Buffer.from('x'), { ...named, type: 'x' }, /type must be/],
      [Buffer.from('x'), { ...named, size: 2 }, /size is not that of the source/],
      [Buffer.from('x'), { ...named, repetition: 0 }, /repetition: must be/],
      [Buffer.from('x'), { ...named, modId: '' }, /modId/],
      [Buffer.from('x'), { ...named, onProgress: 1 }, /onProgress must be a function/],
      [Buffer.from('x'), { ...named, filename: 'b' }, /no option "filename"/],
      [consumed, named, /has been read or destroyed/],
      [new URL('https://example.com/a.txt'), named, /must be that of a file/],
      [42, named, /the source must be/],
      ['', named, /path is empty/],
    ]
    for (const [source, options, message] of mistakes) {
      const error = await failure(files.upload(1, 'file', source as UploadSource, options))
      expect(error).toBeInstanceOf(TypeError)
      expect(String(error)).toMatch(message)
    }
    await expect(fm.layout('Files').upload(1, 'Other::file', Buffer.from('x'), named)).rejects.toThrow(/own table/)
    const absent = await failure(files.upload(1, 'file', join(directory, 'absent.txt')))
    expect(absent).toMatchObject({
      code: 'FM_CONTAINER',
      reason: 'source',
      outcome: 'not-executed',
      cause: { code: 'ENOENT' },
    })
    expect(String(absent)).not.toContain(directory)
    expect(await failure(files.upload(1, 'file', directory))).toMatchObject({ reason: 'source' })
    expect(server.count()).toBe(0)
  })

  test('a source that breaks off is told with its cause, and leaves no file behind', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.alloc(100_000)
      throw new Error('the disk is gone')
    }
    const error = await failure(files.upload(1, 'file', broken(), { fileName: 'a.bin' }))
    expect(error).toMatchObject({ reason: 'source', outcome: 'unknown', cause: { message: 'the disk is gone' } })
    const short = await failure(files.upload(1, 'file', Readable.from(['abc']), { fileName: 'a.bin', size: 4 }))
    expect(short).toMatchObject({
      reason: 'source',
      cause: { message: expect.stringContaining('less than the 4 bytes') },
    })
    const long = await failure(files.upload(1, 'file', Readable.from(['abcde']), { fileName: 'a.bin', size: 4 }))
    expect(long).toMatchObject({
      reason: 'source',
      cause: { message: expect.stringContaining('more than the 4 bytes') },
    })
    const odd = await failure(files.upload(1, 'file', Readable.from([{ not: 'bytes' }]), { fileName: 'a.bin' }))
    expect(odd).toMatchObject({ reason: 'source', cause: { message: expect.stringContaining('must give bytes') } })
    expect(server.records('Demo', 'Files')[0]).toMatchObject({ modId: '0', fieldData: { file: '' } })
    await files.list()
  })

  test('a stream that fails while a session is looked for is told, and ends nothing else', async () => {
    await using server = await startFiles({ loginDelayMs: 100 })
    await using fm = shared(server)
    const absent = createReadStream(join(directory, 'absent.bin'))
    const error = await failure(fm.layout('Files').upload(1, 'file', absent, { fileName: 'a.bin' }))
    expect(error).toMatchObject({ reason: 'source', cause: { code: 'ENOENT' } })
    expect(server.records('Demo', 'Files')[0]?.modId).toBe('0')
  })

  test('an upload larger than the web server takes is an error that says nothing was executed', async () => {
    await using server = await startFiles({ maxUploadBytes: 1_000 })
    await using fm = shared(server)
    const error = await failure(fm.layout('Files').upload(1, 'file', Buffer.alloc(2_000), { fileName: 'a.bin' }))
    expect(error).toMatchObject({ httpStatus: 413, outcome: 'not-executed' })
  })
})

describe('an upload met by a dead token', () => {
  const content = randomBytes(200_000)
  const again: Record<string, () => UploadSource | Promise<UploadSource>> = {
    bytes: () => content,
    'a Blob': () => new Blob([content]),
    'a path': async () => {
      await writeFile(join(directory, 'a.bin'), content)
      return join(directory, 'a.bin')
    },
    'a function': () => () => Readable.from([content]),
  }
  for (const [kind, make] of Object.entries(again)) {
    test(`${kind}: repeated once, with all of it and the same parameters`, async () => {
      await using server = await startFiles()
      await using fm = shared(server)
      const files = fm.layout<Files>('Files')
      await files.list()
      server.killSessions()
      const options = { fileName: 'a.bin', repetition: 2, modId: '0' }
      expect(await files.upload(1, 'pages', await make(), options)).toEqual({ modId: '1' })
      expect(server.requests(UPLOADS).map(({ operation, code }) => [operation, code])).toEqual([
        [`${UPLOADS}/{field}/{repetition}`, 952],
        [`${UPLOADS}/{field}/{repetition}`, 0],
      ])
      expect(server.count('POST /sessions')).toBe(2)
      const stored = await (await files.download(1, 'pages', { repetition: 2 }))?.bytes()
      expect(hash(stored ?? Buffer.alloc(0))).toBe(hash(content))
    })
  }

  test('a stream is not begun before the session has been validated, so a dead one costs a login and no more', async () => {
    await using server = await startFiles()
    const cache = mapCache()
    await using first = clientOf(server, { cache })
    await first.layout('Files').list()
    server.killSessions()
    // Another client finds the session in the cache and has never been answered on it.
    await using fm = clientOf(server, { cache })
    let begun = 0
    const stream = (async function* () {
      begun = server.count('POST /sessions')
      yield content
    })()
    await fm.layout('Files').upload(1, 'file', stream, { fileName: 'a.bin' })
    expect(begun).toBe(2)
    expect(server.requests(UPLOADS).map(({ code }) => code)).toEqual([0])
    expect(server.requests('GET /validateSession').map(({ code }) => code)).toEqual([952, 0])
  })

  test('a session that answered lately needs no validation for a stream, an older one does', async () => {
    await using server = await startFiles()
    await using fm = shared(server, { sessions: { idleTimeoutMs: 60_200 } })
    const files = fm.layout<Files>('Files')
    await files.list()
    await files.upload(1, 'file', Readable.from([content]), { fileName: 'a.bin' })
    expect(server.count('GET /validateSession')).toBe(0)
    await pause(300)
    await files.upload(1, 'file', Readable.from([content]), { fileName: 'a.bin' })
    expect(server.count('GET /validateSession')).toBe(1)
    await pause(300)
    await files.upload(1, 'file', content, { fileName: 'a.bin' })
    expect(server.count('GET /validateSession')).toBe(1)
  })

  test('a stream that was begun all the same is an error that says so, and what was done', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    await files.list()
    server.killSessions()
    const stream = Readable.from([content])
    const error = await failure(files.upload(1, 'file', stream, { fileName: 'a.bin' }))
    expect(error).toMatchObject({ code: 'FM_CONTAINER', reason: 'spent', outcome: 'not-executed' })
    expect((error as Error).cause).toMatchObject({ fileMakerCode: 952 })
    expect(server.requests(UPLOADS).map(({ code }) => code)).toEqual([952])
    // The session was given up all the same: the next stream goes through.
    await files.upload(1, 'file', Readable.from([content]), { fileName: 'a.bin' })
  })

  test('a stream that could not be sent at all is untouched and sent later', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    await files.list()
    server.fault({ on: UPLOADS, do: { code: 802 }, count: 1 })
    const bytes = await files.upload(1, 'file', content, { fileName: 'a.bin' })
    expect(bytes.modId).toBe('1')
    const down = createSocketServer()
    await new Promise<void>((resolve) => void down.listen(0, '127.0.0.1', resolve))
    const { port } = down.address() as AddressInfo
    await new Promise((resolve) => void down.close(resolve))
    await using away = shared({ url: `http://127.0.0.1:${port}` })
    const stream = Readable.from([content])
    const error = await failure(away.layout('Files').upload(1, 'file', stream, { fileName: 'a.bin', timeoutMs: 2_000 }))
    expect(error).toBeInstanceOf(TransportError)
    expect(stream.destroyed).toBe(false)
    await files.upload(1, 'file', stream, { fileName: 'a.bin' })
  })

  test('a lost answer is not repeated, and the outcome is unknown', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    server.fault({ on: UPLOADS, do: { drop: 'after-commit' }, count: 1 })
    const error = await failure(fm.layout('Files').upload(1, 'file', content, { fileName: 'a.bin' }))
    expect(error).toMatchObject({ reason: 'lost', outcome: 'unknown' })
    expect(server.count(UPLOADS)).toBe(1)
    expect(server.records('Demo', 'Files')[0]?.fieldData.file).toBe('a.bin')
  })
})

describe('downloading', () => {
  test('name, type and size come with it, and it can be read in every manner', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const open = async () => {
      const file = await fm.layout<Files>('Files').download('2', 'file')
      if (file === undefined) throw new Error('there is a file')
      return file
    }
    const file = await open()
    expect([file.name, file.type, file.size]).toEqual(['zwei €.txt', 'text/plain', 3])
    expect(Buffer.from(await file.bytes()).toString()).toBe('two')
    expect(await (await open()).blob()).toMatchObject({ size: 3, type: 'text/plain' })
    expect((await buffer((await open()).stream)).toString()).toBe('two')
    expect((await buffer(await open())).toString()).toBe('two')
    const path = join(directory, 'two.txt')
    await writeFile(path, 'what was there before')
    expect(await (await open()).saveTo(path)).toBe(3)
    expect(await readFile(path, 'utf8')).toBe('two')
    expect(await readdir(directory)).toEqual(['two.txt'])
  })

  test('an empty field has no file; a text field has no URL; a missing one is 102, a missing record 101', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout('Files')
    expect(await files.download(1, 'file')).toBeUndefined()
    expect(await failure(files.download(1, 'code'))).toMatchObject({ code: 'FM_CONTAINER', reason: 'reference' })
    expect(await failure(files.download(1, 'nothing'))).toMatchObject({ fileMakerCode: 102 })
    expect(await failure(files.download(999, 'file'))).toMatchObject({ fileMakerCode: 101 })
    await expect(fm.download('')).rejects.toThrow(TypeError)
    await expect(files.download(1, 'file', { repetition: 0 })).rejects.toThrow(/repetition/)
  })

  test('each download has a cookie of its own: many at once do not mix', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    await times(20, (index) => files.upload(index + 1, 'file', Buffer.from(`number ${index}`), { fileName: 'a.txt' }))
    const texts = await times(20, async (index) => {
      const file = await files.download(index + 1, 'file')
      return Buffer.from((await file?.bytes()) ?? []).toString()
    })
    expect(texts).toEqual(Array.from({ length: 20 }, (_, index) => `number ${index}`))
    const statuses = server.requests(CONTENTS).map(({ status }) => status)
    expect([302, 200].map((wanted) => statuses.filter((status) => status === wanted).length)).toEqual([20, 20])
  })

  for (const containerMode of ['cookie', 'strict', 'open'] as const) {
    test(`by record and by URL where the server is ${containerMode}`, async () => {
      await using server = await startFiles({ containerMode })
      await using fm = shared(server)
      const files = fm.layout<Files>('Files')
      expect((await (await files.download(2, 'file'))?.bytes())?.length).toBe(3)
      const { fieldData } = await files.get(2)
      expect((await (await fm.download(fieldData.file)).bytes()).length).toBe(3)
    })
  }

  test('a 401 without reason is asked again once, a second one means that the URL has died', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    server.fault({ on: CONTENTS, do: { status: 401 }, count: 1 })
    const { fieldData } = await files.get(2)
    expect((await (await fm.download(fieldData.file)).bytes()).length).toBe(3)
    server.fault({ on: CONTENTS, do: { status: 401 }, count: 2 })
    const anew = (await files.get(2)).fieldData.file
    expect(await failure(fm.download(anew))).toMatchObject({ reason: 'gone', httpStatus: 401, outcome: 'not-executed' })
    server.fault({ on: CONTENTS, do: { status: 401 }, count: 1, after: 1 })
    expect((await (await files.download(2, 'file'))?.bytes())?.length).toBe(3)
  })

  test('where the URL has died, the record is read again, and a dead session renewed', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    server.fault({ on: CONTENTS, do: { status: 401 }, count: 2 })
    expect((await (await files.download(2, 'file'))?.bytes())?.length).toBe(3)
    expect(server.count('GET /records/{recordId}')).toBe(2)
    server.fault({ on: CONTENTS, do: { delayMs: 300 }, count: 1 })
    const download = files.download(2, 'file')
    await eventually('the URL is asked', () => server.requests(CONTENTS).some(({ status }) => status === undefined))
    server.killSessions()
    expect((await (await download)?.bytes())?.length).toBe(3)
  })

  test('lost answers and a restarting engine are got over', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    for (const action of [{ drop: 'before' }, { status: 503 }, { status: 502 }] as const) {
      server.fault({ on: CONTENTS, do: action, count: 1 })
      expect((await (await files.download(2, 'file'))?.bytes())?.length).toBe(3)
    }
    server.fault({ on: CONTENTS, do: { status: 418 }, count: 1 })
    expect(await failure(files.download(2, 'file'))).toMatchObject({ reason: 'not-filemaker', httpStatus: 418 })
  })

  test("another server's URL is refused unasked, and so is a redirect to one", async () => {
    const asked: string[] = []
    await using elsewhere = await serve((request, response) => {
      asked.push(JSON.stringify(request.headers))
      response.end('stolen')
    })
    let redirects = 0
    await using server = await serve((_request, response) => {
      redirects++
      response.writeHead(302, { location: `${elsewhere.url}/Streaming_SSL/a`, 'set-cookie': 'X-FMS-Session-Key=1' })
      response.end()
    })
    await using fm = shared(server)
    expect(await failure(fm.download(`${elsewhere.url}/Streaming_SSL/a.txt`))).toMatchObject({ reason: 'elsewhere' })
    expect(await failure(fm.download(`${server.url}/Streaming_SSL/a.txt`))).toMatchObject({ reason: 'elsewhere' })
    expect(await failure(fm.download('file:a.txt\rfilewin:/C:/a.txt'))).toMatchObject({ reason: 'reference' })
    expect([redirects, asked]).toEqual([1, []])
  })

  test('a redirect may be relative and append to the query; a circle of them ends', async () => {
    const seen: [string | undefined, string | undefined][] = []
    await using server = await serve(({ url = '', headers }, response) => {
      seen.push([url, headers.cookie])
      if (url.endsWith('&Redirect')) {
        response.writeHead(200, { 'content-type': 'image/png', 'content-disposition': 'inline; filename="../Ã¼.png"' })
        return void response.end('png')
      }
      response.writeHead(302, {
        location: url.startsWith('/circle') ? url : `${url}&Redirect`,
        'set-cookie': ['other=2; Path=/; Secure', 'X-FMS-Session-Key=ABC; HttpOnly'],
      })
      response.end()
    })
    await using fm = shared(server)
    const file = await fm.download(`${server.url}/Streaming_SSL/MainDB/A.png?RCType=x`)
    expect([file.name, file.type, file.size]).toEqual(['ü.png', 'image/png', undefined])
    expect((await file.bytes()).length).toBe(3)
    expect(seen).toEqual([
      ['/Streaming_SSL/MainDB/A.png?RCType=x', undefined],
      ['/Streaming_SSL/MainDB/A.png?RCType=x&Redirect', 'other=2; X-FMS-Session-Key=ABC'],
    ])
    expect(await failure(fm.download(`${server.url}/circle`))).toMatchObject({ reason: 'gone', httpStatus: 302 })
  })

  test('a file that breaks off is an error, and nothing of it stays behind', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    await files.upload(1, 'file', randomBytes(2_000_000), { fileName: 'a.bin' })
    const path = join(directory, 'a.bin')
    await writeFile(path, 'the old one')
    server.fault({ on: CONTENTS, do: { truncateTo: 1_000_000 }, count: 1, after: 1 })
    const file = await files.download(1, 'file')
    const error = await failure(file?.saveTo(path) ?? Promise.resolve())
    expect(error).toBeInstanceOf(TransportError)
    expect(error).toMatchObject({ reason: 'lost', outcome: 'not-executed' })
    expect([await readdir(directory), await readFile(path, 'utf8')]).toEqual([['a.bin'], 'the old one'])
    const nowhere = await files.download(1, 'file')
    expect(await failure(nowhere?.saveTo(join(directory, 'absent', 'a.bin')) ?? Promise.resolve())).toMatchObject({
      code: 'ENOENT',
    })
    expect(nowhere?.stream.destroyed).toBe(true)
  })

  test('the server is slowed down to the reader: what is not read stays there', async () => {
    let sent = 0
    await using server = await serve((_request, response) => {
      response.writeHead(200)
      const chunk = Buffer.alloc(65_536)
      const more = (): void => {
        while (sent < 200_000_000 && response.write(chunk)) sent += chunk.length
        if (!response.destroyed) response.once('drain', more)
      }
      more()
    })
    await using fm = shared(server)
    const file = await fm.download(`${server.url}/Streaming_SSL/a`)
    let before = -1
    await eventually('the server stops sending', async () => {
      const stands = sent === before
      before = sent
      await pause(200)
      return stands && sent === before
    })
    expect(sent).toBeLessThan(20_000_000)
    expect(file.stream.readableLength).toBeLessThan(300_000)
    await file.cancel()
  })

  test('a URL opened without a cache belongs into a scope; a layout keeps the session until the file is there', async () => {
    await using server = await startFiles()
    // What is not held in memory has no limit there.
    await using fm = clientOf(server, { maxResponseBytes: 100_000 })
    await fm.layout<Files>('Files').upload(1, 'file', randomBytes(3_000_000), { fileName: 'a.bin' })
    const file = await fm.layout<Files>('Files').download(1, 'file')
    expect(server.sessions()).toHaveLength(1)
    expect((await file?.bytes())?.length).toBe(3_000_000)
    await eventually('the session is ended', () => server.sessions().length === 0)
    expect(await failure(fm.layout('Files').download(1, 'code'))).toMatchObject({ reason: 'reference' })
    expect(await fm.layout('Files').download(3, 'file')).toBeUndefined()
    const outside = (await fm.layout<Files>('Files').get(2)).fieldData.file
    await eventually('these sessions are ended, too', () => server.sessions().length === 0)
    expect(await failure(fm.download(outside))).toMatchObject({ reason: 'gone' })

    await using scope = await fm.startCommunication()
    const { fieldData } = await scope.layout<Files>('Files').get(2)
    expect((await (await scope.download(fieldData.file)).bytes()).length).toBe(3)
  })

  test('both work in exclusive scopes', async () => {
    await using server = await startFiles({ containerMode: 'strict' })
    await using fm = shared(server)
    await using scope = await fm.startCommunication({ exclusive: true })
    const files = scope.layout<Files>('Files')
    await files.upload(1, 'file', Readable.from(['in', 'side']), { fileName: 'a.txt' })
    expect(Buffer.from((await (await files.download(1, 'file'))?.bytes()) ?? []).toString()).toBe('inside')
    const { fieldData } = await files.get(1)
    expect((await (await scope.download(fieldData.file)).bytes()).length).toBe(6)
    await scope.endCommunication()
    expect(await failure(scope.download(fieldData.file))).toMatchObject({ reason: 'closed' })
    expect(server.count('POST /sessions')).toBe(1)
  })
})

describe('stopping', () => {
  const large = randomBytes(3_000_000)

  /** Milliseconds from the abort to the end of the promise, which has to be an abort's. */
  async function stopIn(promise: Promise<unknown>, abort: AbortController): Promise<number> {
    const ended = failure(promise)
    const at = performance.now()
    abort.abort(new Error('no longer wanted'))
    const error = await ended
    const ms = performance.now() - at
    expect(error).toBeInstanceOf(CallAbortedError)
    expect(error).toMatchObject({ name: 'AbortError', cause: { message: 'no longer wanted' } })
    return ms
  }

  test('an upload whose source never comes to an end stops within 50 ms, and its stream is destroyed', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    await files.list()
    const abort = new AbortController()
    const endless = new Readable({ read() {} })
    endless.push(large)
    const upload = files.upload(1, 'file', endless, { fileName: 'a.bin', signal: abort.signal })
    const ended = failure(upload)
    await eventually('the server has it', () => server.requests(UPLOADS).length === 1)
    await pause(100)
    const others = times(20, () => files.list({ limit: 1 }))
    expect(await stopIn(upload, abort)).toBeLessThan(STOP_MS)
    expect(await ended).toMatchObject({ outcome: 'unknown' })
    expect(endless.destroyed).toBe(true)
    expect(await others).toHaveLength(20)
    expect(server.records('Demo', 'Files')[0]?.modId).toBe('0')
  })

  test('an upload that a server does not take makes its source wait, and stops within 50 ms', async () => {
    const sockets = new Set<{ destroy(): void }>()
    await using server = await serve((request, response) => {
      if (request.url?.endsWith('/sessions') === true) {
        response.setHeader('content-type', 'application/json')
        return void response.end('{"response":{"token":"abc"},"messages":[{"code":"0"}]}')
      }
      sockets.add(request.socket)
      request.pause()
    })
    await using fm = shared(server)
    const abort = new AbortController()
    let taken = 0
    const source = async function* (): AsyncGenerator<Buffer> {
      for (; taken < 500_000_000; taken += 65_536) yield Buffer.alloc(65_536)
    }
    const upload = fm.layout('Files').upload(1, 'file', source, { fileName: 'a.bin', signal: abort.signal })
    failure(upload).catch(() => {})
    await eventually('it is under way', () => sockets.size === 1)
    let before = -1
    await eventually('no more is taken', async () => {
      const stands = taken === before
      before = taken
      await pause(200)
      return stands && taken === before
    })
    // What the sockets hold, and no more: the source waits for the server.
    expect(taken).toBeLessThan(20_000_000)
    expect(await stopIn(upload, abort)).toBeLessThan(STOP_MS)
  })

  test('a download stops in its body within 50 ms, frees its connection, and harms nobody', async () => {
    await using server = await startFiles()
    await using fm = shared(server, { connections: 1 })
    const files = fm.layout<Files>('Files')
    await files.upload(1, 'file', large, { fileName: 'a.bin' })
    server.fault({ on: CONTENTS, do: { stallAfter: 1_000_000 }, count: 1, after: 1 })
    const abort = new AbortController()
    const file = await files.download(1, 'file', { signal: abort.signal })
    const other = files.list({ limit: 1 })
    const path = join(directory, 'a.bin')
    const saving = file?.saveTo(path) ?? Promise.resolve(0)
    const ended = failure(saving)
    await pause(200)
    expect(await stopIn(saving, abort)).toBeLessThan(STOP_MS)
    expect(await ended).toMatchObject({ outcome: 'not-executed' })
    // The only connection there is: it would wait for ever behind the stalled one.
    expect((await other).data).toHaveLength(1)
    expect(await readdir(directory)).toEqual([])
  })

  test('an abort before the answer stops a download within 50 ms, too', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    for (const on of [CONTENTS, 'GET /records']) {
      using _ = server.fault({ on, do: { delayMs: 1_000 } })
      const abort = new AbortController()
      const download = fm.layout<Files>('Files').download(2, 'file', { signal: abort.signal })
      failure(download).catch(() => {})
      await eventually('it is asked', () => server.requests(on).some(({ status }) => status === undefined))
      expect(await stopIn(download, abort)).toBeLessThan(STOP_MS)
    }
    const aborted = AbortSignal.abort()
    expect(await failure(fm.layout('Files').download(2, 'file', { signal: aborted }))).toBeInstanceOf(CallAbortedError)
    expect(await failure(fm.download(`${server.url}/Streaming_SSL/a`, { signal: aborted }))).toBeInstanceOf(
      CallAbortedError,
    )
  })

  test('a file that is given up or broken out of frees its connection', async () => {
    await using server = await startFiles()
    await using fm = shared(server, { connections: 1 })
    const files = fm.layout<Files>('Files')
    await files.upload(1, 'file', large, { fileName: 'a.bin' })
    {
      await using _ = await files.download(1, 'file')
    }
    await files.list({ limit: 1, timeoutMs: 2_000 })
    for await (const chunk of (await files.download(1, 'file')) ?? []) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    await files.list({ limit: 1, timeoutMs: 2_000 })
  })

  test('time limits are for standstill: what keeps moving may take longer, what stands is ended', async () => {
    await using server = await serve((request, response) => {
      response.writeHead(200, { 'content-length': '10' })
      let left = request.url === '/slow' ? 10 : 3
      const drip = setInterval(() => {
        if (left-- > 0) response.write('x')
        else clearInterval(drip)
      }, 100)
      response.on('close', () => clearInterval(drip))
    })
    await using fm = shared(server)
    const startedAt = performance.now()
    expect((await (await fm.download(`${server.url}/slow`, { timeoutMs: 400 })).bytes()).length).toBe(10)
    expect(performance.now() - startedAt).toBeGreaterThan(800)
    const stalled = await failure((await fm.download(`${server.url}/stall`, { timeoutMs: 400 })).bytes())
    expect(stalled).toMatchObject({ code: 'FM_NO_ANSWER', reason: 'timeout', outcome: 'not-executed' })
    expect(String(stalled)).toContain('400 ms')
  })

  test('an upload that keeps moving may take longer than its limit, one that stands is ended', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    const slowly = async function* (pieces: number, thenMs: number): AsyncGenerator<string> {
      for (let piece = 0; piece < pieces; piece++) {
        await pause(100)
        yield 'x'
      }
      await pause(thenMs)
    }
    await files.upload(1, 'file', slowly(10, 0), { fileName: 'a.txt', timeoutMs: 400 })
    const stalled = await failure(files.upload(1, 'file', slowly(3, 5_000), { fileName: 'a.txt', timeoutMs: 400 }))
    expect(stalled).toMatchObject({ reason: 'timeout', outcome: 'unknown' })
  })

  test('close() waits for a download under way, and not for one that nobody reads', async () => {
    await using server = await startFiles()
    const fm = shared(server)
    await fm.layout<Files>('Files').upload(1, 'file', large, { fileName: 'a.bin' })
    const file = await fm.layout<Files>('Files').download(1, 'file')
    const closing = fm.close()
    // Longer than connections are left open that nobody uses any more.
    await pause(900)
    expect((await file?.bytes())?.length).toBe(large.length)
    await closing
    expect(await failure(fm.layout('Files').download(1, 'file'))).toMatchObject({ reason: 'closed' })
    expect(await failure(fm.download(`${server.url}/Streaming_SSL/a`))).toMatchObject({ reason: 'closed' })

    const other = shared(server)
    const unread = await other.layout<Files>('Files').download(1, 'file')
    const at = performance.now()
    await other.close({ deadlineMs: 200 })
    expect(performance.now() - at).toBeLessThan(3_000)
    expect(await failure(unread?.bytes() ?? Promise.resolve())).toBeInstanceOf(TransportError)
  })

  test('a callback that throws ends its transfer and no other', async () => {
    await using server = await startFiles()
    await using fm = shared(server)
    const files = fm.layout<Files>('Files')
    const onProgress = (): never => {
      throw new Error('the bar broke')
    }
    const error = await failure(files.upload(1, 'file', large, { fileName: 'a.bin', onProgress }))
    expect(error).toBeInstanceOf(ContainerError)
    expect(error).toMatchObject({ cause: { message: 'the bar broke' } })
    await files.upload(1, 'file', large, { fileName: 'a.bin' })
    const file = await files.download(1, 'file', { onProgress })
    expect(String(await failure(file?.bytes() ?? Promise.resolve()))).toContain('the bar broke')
    expect(reason(error)).toBe('source')
  })
})
