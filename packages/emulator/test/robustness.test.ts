import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { emulatorFor, send, signIn } from './support.ts'

const databases = { Demo: { People: [{ name: 'Ada', age: 36 }] } }

/** The same numbers at every run, so that a failure can be looked at. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

test('malformed requests are answered, and the server stays well', async (context) => {
  const server = await emulatorFor(context, { databases })
  const client = await signIn(server, 'Demo')
  const random = randomNumbers(42)
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item
  const junk = [
    '',
    '%',
    '%00',
    '%2F',
    '..',
    '"',
    "'",
    '\\',
    '*',
    '()',
    'a(9)',
    '🙂',
    '::',
    '-1',
    '1e9',
    '{}',
    '[',
    'null',
    '__proto__',
    'constructor',
  ]
  const values: unknown[] = [
    null,
    true,
    -1,
    1e300,
    '',
    '...',
    '..',
    '=',
    '==',
    '"',
    '\\',
    '*',
    '@#',
    '<',
    '>=',
    '//',
    '?',
    '~',
    [],
    {},
    [[]],
    'a'.repeat(5000),
    '\u0000',
    '\ud800',
    '{1..5}',
  ]
  const keys = ['name', 'age', 'name(2)', 'age(x)', 'x::y', 'x::y.3', 'deleteRelated', '__proto__', 'omit', '']
  const object = () =>
    JSON.parse(
      JSON.stringify(
        Object.fromEntries([
          [pick(keys), pick(values)],
          [pick(keys), pick(values)],
        ]),
      ),
    ) as unknown
  const statuses = new Map<number, number>()
  for (let round = 0; round < 1500; round += 1) {
    const layout = random(4) === 0 ? encodeURIComponent(pick(junk)) : 'People'
    const tail = pick([
      'records',
      'records/1',
      `records/${encodeURIComponent(pick(junk))}`,
      '_find',
      '_find',
      'script/x',
      '',
      'metadata',
      'records/',
    ])
    const query =
      random(3) === 0
        ? `?${pick(['_limit', '_offset', '_sort', 'portal', 'dateformats', 'layout.response', 'script', pick(junk)])}=${pick(junk.map(encodeURIComponent))}`
        : ''
    const method = pick(['GET', 'POST', 'PATCH', 'DELETE', 'PUT'])
    const isDeletion = method === 'DELETE' && tail === 'records/1'
    const body = pick<unknown>([
      undefined,
      '{',
      pick(junk),
      { query: [object(), object()] },
      {
        query: [object()],
        sort: [object(), { fieldName: pick(keys), sortOrder: pick(values) }],
        offset: pick(values),
        limit: pick(values),
        portal: pick(values),
      },
      {
        fieldData: object(),
        portalData: object(),
        modId: pick(values),
        dateformats: pick(values),
        script: pick(values),
        options: pick(values),
      },
    ])
    const path = `/fmi/data/v1/databases/Demo/layouts/${layout}/${isDeletion ? 'records/9' : tail}${query}`
    const reply = await send(server.url, method, path, { headers: client.bearer, body })
    statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
  }
  expect(server.requests((entry) => entry.code === 951).map((entry) => String(entry.error))).toEqual([])
  expect([...statuses.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 405, 415, 500]))
  expect(server.sessions()).toHaveLength(1)
  expect((await client.call('GET', '/layouts/People/records/1')).code).toBe('0')
})

test('what is no HTTP gets 400, a request line that is too long 414, and a client that goes away does no harm', async (context) => {
  const server = await emulatorFor(context, { databases })
  const { port } = new URL(server.url)
  const raw = (text: string): Promise<string> => {
    const { promise, resolve } = Promise.withResolvers<string>()
    let answer = ''
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text))
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    socket.on('close', () => resolve(answer))
    return promise
  }
  expect(await raw('nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await raw(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`)).toMatch(/^HTTP\/1\.1 414 /)
  const half = connect(Number(port), '127.0.0.1', () => {
    half.write('POST /fmi/data/v1/databases/Demo/sessions HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{', () =>
      half.destroy(),
    )
  })
  await new Promise((resolve) => half.on('close', resolve))
  expect((await send(server.url, 'GET', '/fmi/data/v1/productInfo')).status).toBe(200)
})
