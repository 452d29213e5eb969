import { expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import { emulatorFor, send, signIn } from './support.ts'

// Section 3.18.

const FLAG = Buffer.from('<svg>Ø</svg>')

async function flags(context: TestContext) {
  const server = await emulatorFor(context, {
    databases: {
      Demo: {
        tables: {
          Flags: {
            fields: { code: 'text', flag: 'container' },
            records: [{ code: 'no', flag: { name: 'nö.svg', content: FLAG } }, { code: 'xx' }],
          },
        },
      },
    },
  })
  const client = await signIn(server, 'Demo')
  const url = async () => {
    const { response } = await client.call('GET', '/layouts/Flags/records/1')
    return String(response.data?.[0]?.fieldData.flag)
  }
  const download = async (address: string, headers: Record<string, string> = {}) => {
    const { pathname, search } = new URL(address)
    return send(server.url, 'GET', pathname + search, { headers })
  }
  return { server, client, url, download }
}

test('a container field has an absolute URL that is another at each read, or nothing', async (context) => {
  const { server, client, url } = await flags(context)
  const first = await url()
  expect(first.startsWith(`${server.url}/Streaming_SSL/MainDB/`)).toBe(true)
  expect(first).toMatch(/\/[0-9A-F]{64}\.svg\?RCType=EmbeddedRCFileProcessor$/)
  expect(await url()).not.toBe(first)
  const { response } = await client.call('GET', '/layouts/Flags/records/2')
  expect(response.data?.[0]?.fieldData.flag).toBe('')
})

test('the first GET sets a cookie and leads back, the second with it has the bytes, without it 401', async (context) => {
  const { url, download } = await flags(context)
  const address = await url()
  const redirect = await download(address)
  expect(redirect.status).toBe(302)
  expect(new URL(redirect.headers.location ?? '', address).href).toBe(address)
  const cookie = redirect.headers['set-cookie']?.[0]?.replace(/;.*/, '') ?? ''
  expect(cookie).toMatch(/^X-FMS-Session-Key=.+/)
  const content = await download(address, { cookie: `other=1; ${cookie}` })
  expect([content.status, content.headers['content-type']]).toEqual([200, 'image/svg+xml'])
  expect(content.headers['content-disposition']).toContain("filename*=UTF-8''n%C3%B6.svg")
  expect(content.bytes.equals(FLAG)).toBe(true)
  expect((await download(address)).status).toBe(401)
  expect((await download(address, { cookie: 'X-FMS-Session-Key=wrong' })).status).toBe(401)
})

test('a URL dies with its session, and unknown ones never lived', async (context) => {
  const { client, url, download } = await flags(context)
  const address = await url()
  await client.call('DELETE', `/sessions/${client.token}`)
  const dead = await download(address)
  expect([dead.status, dead.headers['set-cookie']]).toEqual([401, undefined])
  expect((await download(address.replace(/[0-9A-F]{64}/, 'A'.repeat(64)))).status).toBe(401)
})

test('a container field is not written by an edit; a duplicate has a copy of its own', async (context) => {
  const { server, client } = await flags(context)
  expect((await client.call('PATCH', '/layouts/Flags/records/1', { fieldData: { flag: 'x' } })).code).toBe('201')
  await client.call('POST', '/layouts/Flags/records/1', {})
  await client.call('DELETE', '/layouts/Flags/records/1')
  expect(server.records('Demo', 'Flags').at(-1)?.fieldData).toEqual({ code: 'no', flag: 'nö.svg' })
})
