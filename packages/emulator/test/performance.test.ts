import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmulator } from '@fm/emulator'
import type { Emulator, RecordDefinition } from '@fm/emulator'
import { signIn } from './support.ts'
import type { Client } from './support.ts'

// What issue 2 promises on two cores: loading under 10 s, an unindexed find under 300 ms. The bounds are those; the
// figures of a quiet machine are in the README and lie far below.

const ROWS = 171_075
const NAMES = ['Oslo', 'Bergen', 'São Paulo', 'New York', 'Berlin', 'Ålesund', 'Villa Nueva', 'Münster', 'Port Louis']

let server: Emulator
let client: Client
let loadMs = 0

function* cities(): Generator<RecordDefinition> {
  for (let index = 0; index < ROWS; index += 1) {
    const name = `${NAMES[index % NAMES.length]} ${(index * 7919) % ROWS}`
    yield {
      id: index,
      name,
      country: `C${index % 250}`,
      lat: (index % 180) - 89.5,
      lng: index % 360,
      population: index * 3,
    }
  }
}

/** Milliseconds of the fastest of three: other test files run beside this one, and their time is not ours. */
async function fastest(work: () => Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let round = 0; round < 3; round += 1) {
    const before = performance.now()
    await work()
    best = Math.min(best, performance.now() - before)
  }
  return best
}

beforeAll(async () => {
  const before = performance.now()
  server = await startEmulator({
    databases: {
      World: {
        tables: {
          Cities: {
            fields: { id: 'number', name: 'text', country: 'text', lat: 'number', lng: 'number', population: 'number' },
            records: cities(),
          },
          Countries: {
            fields: { code: 'text' },
            records: Array.from({ length: 250 }, (_, index) => ({ code: `C${index}` })),
          },
        },
        relationships: [{ from: 'Countries', to: 'Cities', match: { code: 'country' } }],
        layouts: [
          { name: 'Cities', table: 'Cities' },
          { name: 'Countries', table: 'Countries', portals: [{ table: 'Cities', name: 'cities' }] },
        ],
      },
    },
  })
  loadMs = performance.now() - before
  client = await signIn(server, 'World')
}, 60_000)
afterAll(() => server.close())

test('171,075 records load in less than ten seconds', () => {
  expect(loadMs).toBeLessThan(10_000)
})

test.each([
  ['some word begins so', { name: 'nueva' }],
  ['contained anywhere', { name: '*ulo 1*' }],
  ['beyond ASCII', { name: '=Münster' }],
  ['two fields', { name: 'o', lat: '>80' }],
  ['nothing found', { name: 'nowhere' }],
])('a find without an index over them answers in less than 300 ms: %s', async (_kind, request) => {
  const elapsed = await fastest(async () => {
    const { code } = await client.find('Cities', [request], { limit: 50 })
    expect(['0', '401']).toContain(code)
  })
  expect(elapsed).toBeLessThan(300)
})

test.each([
  ['a page far back', 'Cities/records?_offset=170000'],
  [
    'a page far back of a sorted range',
    `Cities/records?_offset=170000&_sort=${encodeURIComponent('[{"fieldName":"name"}]')}`,
  ],
  ['portals of a hundred records', 'Countries/records'],
])('%s comes in less than 300 ms once the index is there', async (_kind, path) => {
  await client.call('GET', `/layouts/${path}`)
  const elapsed = await fastest(async () => {
    expect((await client.call('GET', `/layouts/${path}`)).code).toBe('0')
  })
  expect(elapsed).toBeLessThan(300)
})

test('an empty solution is up in less than 300 ms', async () => {
  expect(await fastest(async () => (await startEmulator()).close())).toBeLessThan(300)
})
