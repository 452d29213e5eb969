import { readFileSync } from 'node:fs'
import { compileFunction } from 'node:vm'
import { startEmulator, type Emulator } from '@fm/emulator'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, clarisId, createClient, oauth, type Client, type Layout, type Scope } from '../src/index.ts'
import { ROUTES } from '../src/wire/parameters.ts'
import { recorder, type SentRequest } from './recorder.ts'
import { mapCache } from './support.ts'

/** One row of ENDPOINTS.md. */
interface Row {
  readonly endpoint: string
  readonly parameter: string
  readonly place: string
  readonly call: string
}

const page = readFileSync(new URL('../ENDPOINTS.md', import.meta.url), 'utf8')
const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => {
    const [endpoint = '', parameter = '', place = '', call = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', ''))
    return { endpoint, parameter, place, call }
  })

const SCRIPTS = ['script', 'script.prerequest', 'script.presort'].flatMap((key) => [key, `${key}.param`])
const SHOWN = ['layout.response', 'dateformats', ...SCRIPTS]
const WRITTEN = ['fieldData', 'portalData', 'options.entrymode', 'options.prohibitmode', 'dateformats', ...SCRIPTS]
const RECORDS = '/databases/{database}/layouts/{layout}/records'

/** What the Data API has, from Claris' guide and not from the client: endpoints, and the parameters of each. */
const DATA_API: Readonly<Record<string, readonly string[]>> = {
  'POST /databases/{database}/sessions': ['Authorization', 'fmDataSource'],
  'DELETE /databases/{database}/sessions/{token}': [],
  'GET /validateSession': ['Authorization'],
  'GET /productInfo': [],
  'GET /databases': ['Authorization'],
  'GET /databases/{database}/layouts': [],
  'GET /databases/{database}/scripts': [],
  'GET /databases/{database}/layouts/{layout}': ['recordId'],
  'GET /databases/{database}/layouts/{layout}/metadata': [],
  [`GET ${RECORDS}`]: ['_offset', '_limit', '_sort', 'portal', '_offset.{portal}', '_limit.{portal}', ...SHOWN],
  [`GET ${RECORDS}/{recordId}`]: ['portal', '_offset.{portal}', '_limit.{portal}', ...SHOWN],
  'POST /databases/{database}/layouts/{layout}/_find': [
    'query',
    'offset',
    'limit',
    'sort',
    'portal',
    'offset.{portal}',
    'limit.{portal}',
    ...SHOWN,
  ],
  [`POST ${RECORDS}`]: WRITTEN,
  [`PATCH ${RECORDS}/{recordId}`]: [...WRITTEN, 'modId', 'fieldData.deleteRelated'],
  [`POST ${RECORDS}/{recordId}`]: SCRIPTS,
  [`DELETE ${RECORDS}/{recordId}`]: SCRIPTS,
  [`POST ${RECORDS}/{recordId}/containers/{field}`]: ['modId'],
  [`POST ${RECORDS}/{recordId}/containers/{field}/{repetition}`]: ['modId'],
  'PATCH /databases/{database}/globals': ['globalFields'],
  'GET /databases/{database}/layouts/{layout}/script/{script}': ['script.param'],
}

test.each(Object.entries(DATA_API))('ENDPOINTS.md has %s with every parameter', (endpoint, parameters) => {
  const told = rows.filter((row) => row.endpoint === endpoint)
  expect(told).not.toEqual([])
  expect(told.map((row) => row.parameter)).toEqual(expect.arrayContaining([...parameters]))
})

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
/** What the README's table abbreviates. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  scripts: SCRIPTS,
  shown: SHOWN,
  written: WRITTEN.filter((key) => !key.endsWith('Data')),
}

test('the table in the README has the same endpoints, parameters and methods', () => {
  const table = README.slice(README.indexOf('## Every endpoint'), README.indexOf('## How a session'))
  const told = table
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(1, -1).split('|'))
    .map(([endpoint = '', parameters = '', methods = '']) => ({
      endpoint: endpoint.trim().replaceAll('`', '').replace('…', '/databases/{database}/layouts/{layout}'),
      parameters: [...parameters.matchAll(/`([^`]+)`|\*(\w+)\*/g)]
        .flatMap(([, key = '', group]) => (group === undefined ? [key] : (GROUPS[group] ?? [group])))
        .toSorted(),
      methods: [...methods.matchAll(/`(\w+)`/g)].map(([, method = '']) => method).toSorted(),
    }))
  const called = (call: string): string =>
    call.startsWith('createClient') ? 'createClient' : (/^\w+(?:\.sessions)?\.(\w+)/.exec(call)?.[1] ?? call)
  const endpoints = [...new Set(rows.map((row) => row.endpoint))]
  const expected = endpoints.map((endpoint) => {
    const own = rows.filter((row) => row.endpoint === endpoint)
    return {
      endpoint,
      parameters: [...new Set(own.map((row) => row.parameter).filter((key) => key !== ''))].toSorted(),
      methods: [...new Set(own.map((row) => called(row.call)))].toSorted(),
    }
  })
  expect(told).toEqual(expected)
})

test('every route that the client knows is in ENDPOINTS.md, with every parameter that it can spell', () => {
  const told = new Set(rows.flatMap(({ endpoint, parameter }) => [endpoint, `${endpoint} ${parameter}`]))
  for (const { method, pattern, takes = {} } of Object.values(ROUTES)) {
    const endpoint = `${method} ${pattern}`
    expect(told).toContain(endpoint)
    for (const key of Object.values(takes)) {
      const keys = key === 'options' ? ['options.entrymode', 'options.prohibitmode'] : [key]
      for (const each of keys) expect(told).toContain(`${endpoint} ${each}`)
    }
  }
})

describe('each call of ENDPOINTS.md reaches its endpoint with its parameter', () => {
  let server: Emulator
  let fm: Client
  let scope: Scope
  const record = recorder()

  beforeAll(async () => {
    server = await startShop()
    record.open(server.url)
    fm = createClient({ ...connection(), cache: mapCache() })
    // One of the calls ends all sessions.
    scope = await fm.startCommunication({ exclusive: true, setup: () => {} })
    await fm.layouts()
  })
  afterAll(async () => {
    await scope.endCommunication()
    await fm.close()
    await record.close()
    await server.close()
  })

  const connection = () => ({
    server: server.url,
    database: 'Shop',
    auth: basic('web', 'secret'),
    dispatcher: record.dispatcher,
  })

  const auths = () => ({
    basic,
    oauth,
    clarisId,
    ...server.issueOAuth('ada'),
    token: () => server.issueIdentityToken('eve'),
  })

  test.each(rows.map((row) => [row.call, row] as const))('%s', async (_call, { endpoint, parameter, place, call }) => {
    record.sent.length = 0
    const before = refusals()
    const result = await evaluate(call, { fm, orders: fm.layout('Orders'), scope, ...connection(), ...auths() })
    if (isClient(result)) {
      await result.layouts()
      await result.close()
    }
    expect(refusals()).toEqual(before)
    const request = record.sent.find((each) => fits(each, endpoint))
    if (request === undefined) throw new Error(`no request to ${endpoint}`)
    expect(['', ...spoken(request, place)]).toContain(parameter)
  })

  /** An empty page is a refusal, too. That a session is gone is no matter of the page. */
  const refusals = (): unknown[] => server.requests(({ code = 0 }) => code !== 0 && code !== 952)

  /** Runs a call as it stands on the page. */
  function evaluate(call: string, names: Readonly<Record<string, unknown>>): Promise<unknown> {
    const given = { ...names, createClient: (options: object) => createClient({ ...connection(), ...options }) }
    const run = compileFunction(`return ${call}`, Object.keys(given)) as (...values: unknown[]) => unknown
    return Promise.resolve(run(...Object.values(given)))
  }
})

function isClient(result: unknown): result is Client {
  return typeof result === 'object' && result !== null && 'startCommunication' in result
}

/** Whether a request is one of the endpoint's, whatever names are in its path. */
function fits({ method, path }: SentRequest, endpoint: string): boolean {
  const [verb, pattern = ''] = endpoint.split(' ')
  const [pathname = ''] = path.split('?')
  const segments = pathname.split('/')
  const wanted = `/fmi/data/vLatest${pattern}`.split('/')
  if (method !== verb || segments.length !== wanted.length) return false
  return wanted.every((segment, index) => segment.startsWith('{') || segment === segments[index])
}

/** The parameters that a request has in a place; those in braces, whatever portal is meant. */
function spoken({ path, body, headers }: SentRequest, place: string): readonly string[] {
  const anyPortal = (key: string): string => key.replace(/^(_?(?:offset|limit))\..*$/, '$1.{portal}')
  switch (place) {
    case 'header':
      return headers.map((name) => name.replace(/^authorization$/i, 'Authorization'))
    case 'query':
      return [...new URL(path, 'http://localhost').searchParams.keys()].map(anyPortal)
    case 'body':
      return Object.entries(JSON.parse(body) as Record<string, unknown>).flatMap(([key, value]) =>
        typeof value === 'object' && value !== null
          ? [anyPortal(key), ...Object.keys(value).map((inner) => `${key}.${inner}`)]
          : [anyPortal(key)],
      )
    case '':
      return []
    default:
      throw new Error(`no such place: ${place}`)
  }
}

function startShop(): Promise<Emulator> {
  return startEmulator({
    databases: {
      Stock: { Items: [{ code: 'nut' }] },
      Shop: {
        accounts: [
          { name: 'web', password: 'secret' },
          { name: 'ada', signsInWith: 'oauth' },
          { name: 'eve', signsInWith: 'clarisId' },
        ],
        tables: {
          Orders: {
            fields: {
              id: { type: 'number', serial: { next: 21 } },
              note: 'text',
              ordered: 'date',
              phone: { type: 'text', maxRepeat: 2 },
              photo: { type: 'container', maxRepeat: 2 },
              gUser: { type: 'text', global: true },
            },
            records: Array.from({ length: 20 }, (_, index) => ({
              id: index + 1,
              note: index % 2 === 0 ? 'a' : 'b',
              ordered: '2026-01-01',
            })),
          },
          Lines: {
            fields: { order: 'number', item: 'text' },
            records: Array.from({ length: 5 }, (_, index) => ({ order: 1, item: `item ${index}` })),
          },
        },
        relationships: [{ from: 'Orders', to: 'Lines', match: { id: 'order' }, allowCreate: true }],
        layouts: [
          {
            name: 'Orders',
            table: 'Orders',
            fields: ['id', 'note', 'ordered', 'phone', 'photo', 'Lines::item'],
            portals: [{ table: 'Lines', name: 'lines' }],
          },
          { folder: 'Lists', layouts: [{ name: 'Order notes', table: 'Orders', fields: ['note'] }] },
        ],
        scripts: [{ name: 'Echo', run: ({ parameter }) => parameter }],
      },
    },
  })
}

test('the page names no method that layouts and clients do not have', () => {
  const methods = new Set(rows.flatMap(({ call }) => call.match(/^orders\.(\w+)/)?.[1] ?? []))
  const known: ReadonlySet<keyof Layout> = new Set([
    'list',
    'listAll',
    'get',
    'find',
    'findAll',
    'create',
    'edit',
    'duplicate',
    'delete',
    'upload',
    'download',
    'runScript',
    'metadata',
    'oldMetadata',
  ])
  expect([...methods].toSorted()).toEqual([...known].toSorted())
})
