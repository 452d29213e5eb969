import { channel, tracingChannel } from 'node:diagnostics_channel'
import { basic, createClient, type Client, type ClientOptions } from '@fm/core'
import { startEmulator, type Emulator } from '@fm/emulator'
import { context, SpanKind, SpanStatusCode, trace, type ContextManager } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type DataPoint,
  type MetricData,
} from '@opentelemetry/sdk-metrics'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { observeFileMaker, type ObserveOptions } from '../src/index.ts'

const people = Array.from({ length: 10 }, (_, index) => ({ name: `Person ${index + 1}`, note: '' }))
const startServer = (): Promise<Emulator> => startEmulator({ databases: { Demo: { People: people } } })

const clientOf = (server: Emulator, options: Partial<ClientOptions> = {}): Client =>
  createClient({ server: server.url, database: 'Demo', auth: basic('web', 'secret'), ...options })

/** The real SDK, which keeps everything in memory. */
function startTelemetry(options: ObserveOptions = {}) {
  const spanExporter = new InMemorySpanExporter()
  const tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spanExporter })] })
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 3_600_000 })
  const meterProvider = new MeterProvider({ readers: [reader] })
  const observing = observeFileMaker({ tracerProvider, meterProvider, ...options })
  return {
    tracer: tracerProvider.getTracer('test'),
    spans: (): ReadableSpan[] => spanExporter.getFinishedSpans(),
    named: (name: string): ReadableSpan[] => spanExporter.getFinishedSpans().filter((span) => span.name === name),
    metrics: async (): Promise<MetricData[]> => {
      metricExporter.reset()
      await reader.forceFlush()
      return metricExporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    },
    stop: () => observing.stop(),
    [Symbol.asyncDispose]: async () => {
      observing.stop()
      await tracerProvider.shutdown()
      await meterProvider.shutdown()
    },
  }
}

const pointsOf = (all: readonly MetricData[], name: string): readonly DataPoint<unknown>[] =>
  all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []

const LIST = 'GET /fmi/data/vLatest/databases/{database}/layouts/{layout}/records'

describe.each([
  ['with a context manager', (): ContextManager => new AsyncLocalStorageContextManager()],
  ['with a context manager that can not attach', managerWithoutAttach],
])('%s', (_, createManager) => {
  beforeEach(() => {
    context.setGlobalContextManager(createManager())
  })
  afterEach(() => {
    context.disable()
  })

  test('a call is a span below the one that is active where it is made', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    const { tracer } = telemetry
    await tracer.startActiveSpan('page', async (page) => {
      await fm.layout('People').list({ limit: 1 })
      page.end()
    })
    const [page] = telemetry.named('page')
    const [call] = telemetry.named('list People')
    expect(call).toMatchObject({ kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } })
    expect(call?.parentSpanContext?.spanId).toBe(page?.spanContext().spanId)
    expect(call?.attributes).toEqual({
      'db.system.name': 'filemaker',
      'db.namespace': 'Demo',
      'db.collection.name': 'People',
      'db.operation.name': 'list',
      'server.address': new URL(server.url).hostname,
      'server.port': Number(new URL(server.url).port),
      'filemaker.sent': 1,
    })
  })

  test('calls at the same time stand below their own', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    const { tracer } = telemetry
    await Promise.all(
      Array.from({ length: 8 }, (__, index) =>
        tracer.startActiveSpan(`page ${index}`, async (page) => {
          await fm.layout('People').get(index + 1)
          await fm.layout('People').get(index + 1)
          page.end()
        }),
      ),
    )
    const parents = telemetry.named('get People').map((call) => call.parentSpanContext?.spanId)
    const pages = telemetry.spans().filter(({ name }) => name.startsWith('page'))
    expect(parents).toHaveLength(16)
    for (const page of pages) expect(parents.filter((id) => id === page.spanContext().spanId)).toHaveLength(2)
  })

  test('its login and its requests stand below the call', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    await fm.layout('People').list({ limit: 1 })
    const [call] = telemetry.named('list People')
    const [login] = telemetry.named('login Demo')
    const [request] = telemetry.named(LIST)
    const id = call?.spanContext().spanId
    expect([login, request].map((span) => span?.parentSpanContext?.spanId)).toEqual([id, id])
    expect(call?.parentSpanContext).toBeUndefined()
    expect(login?.attributes).toMatchObject({ 'db.operation.name': 'login', 'db.namespace': 'Demo' })
    expect(request).toMatchObject({
      kind: SpanKind.CLIENT,
      attributes: {
        'http.request.method': 'GET',
        'http.response.status_code': 200,
        'url.template': '/fmi/data/vLatest/databases/{database}/layouts/{layout}/records',
        'server.port': Number(new URL(server.url).port),
      },
    })
    expect(request?.attributes).not.toHaveProperty('http.request.resend_count')
  })

  test('the caller goes on in the context that he had', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    const { tracer } = telemetry
    await tracer.startActiveSpan('page', async (page) => {
      const going = fm.layout('People').list({ limit: 1 })
      expect(trace.getActiveSpan()).toBe(page)
      await going
      expect(trace.getActiveSpan()).toBe(page)
      await fm
        .layout('Nowhere')
        .list()
        .catch(() => {})
      expect(trace.getActiveSpan()).toBe(page)
    })
  })

  test('repeats are events of the call, and their requests are counted', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    using _down = server.fault({ on: 'GET /records', count: 1, do: { status: 503 } })
    using _cut = server.fault({ on: 'GET /records', count: 1, do: { drop: 'before' } })
    await fm.layout('People').list({ limit: 1 })
    const [call] = telemetry.named('list People')
    expect(call?.status.code).toBe(SpanStatusCode.UNSET)
    expect(call?.attributes['filemaker.sent']).toBe(3)
    expect(call?.events.map(({ name, attributes }) => [name, attributes?.['filemaker.retry.reason']])).toEqual([
      ['filemaker.retry', 'unavailable'],
      ['filemaker.retry', 'lost'],
    ])
    const requests = telemetry.named(LIST)
    expect(requests.map(({ attributes }) => attributes['http.request.resend_count'])).toEqual([undefined, 1, 2])
    expect(requests.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([503, undefined, 200])
    expect(requests.map(({ status }) => status.code)).toEqual([
      SpanStatusCode.ERROR,
      SpanStatusCode.ERROR,
      SpanStatusCode.UNSET,
    ])
    expect(requests[0]?.attributes['error.type']).toBe('503')
    expect(requests.every((span) => span.parentSpanContext?.spanId === call?.spanContext().spanId)).toBe(true)
  })
})

/** As those of OpenTelemetry 2 are: a context can only be entered by running something in it. */
function managerWithoutAttach(): ContextManager {
  const manager = new AsyncLocalStorageContextManager()
  const old: ContextManager = {
    active: () => manager.active(),
    with: (inside, run, thisArg, ...args) => manager.with(inside, run, thisArg, ...args),
    bind: (inside, target) => manager.bind(inside, target),
    enable: () => old,
    disable: () => old,
  }
  return old
}

describe('a span of a call', () => {
  test('that FileMaker refuses says its code and the outcome', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    await fm
      .layout('People')
      .get(4711)
      .catch(() => {})
    const [call] = telemetry.named('get People')
    expect(call?.status).toEqual({
      code: SpanStatusCode.ERROR,
      message: expect.stringContaining('FileMaker error 101'),
    })
    expect(call?.attributes).toMatchObject({
      'error.type': '101',
      'db.response.status_code': '101',
      'filemaker.outcome': 'not-executed',
    })
  })

  test('that gets no answer says why', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    using _fault = server.fault({ on: 'GET /records', do: { delayMs: 2_000 } })
    await fm
      .layout('People')
      .list({ timeoutMs: 150 })
      .catch(() => {})
    const [call] = telemetry.named('list People')
    expect(call?.attributes).toMatchObject({ 'error.type': 'timeout', 'filemaker.outcome': 'not-executed' })
  })

  test('of a find without a match is no error, nor is its request', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    await fm.layout('People').find([{ name: '==nobody' }])
    const [call] = telemetry.named('find People')
    expect(call).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'db.response.status_code': '401' },
    })
    expect(call?.attributes).not.toHaveProperty('error.type')
    const [request] = telemetry.named('POST /fmi/data/vLatest/databases/{database}/layouts/{layout}/_find')
    expect(request).toMatchObject({
      status: { code: SpanStatusCode.UNSET },
      attributes: { 'http.response.status_code': 500 },
    })
  })

  test('whose login is refused has it below it, both as errors', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    using _fault = server.fault({ on: 'POST /sessions', do: { code: 212 } })
    await fm
      .layout('People')
      .list()
      .catch(() => {})
    const [call] = telemetry.named('list People')
    const [login] = telemetry.named('login Demo')
    expect(login?.attributes).toMatchObject({ 'error.type': '212', 'db.response.status_code': '212' })
    expect(login?.status.code).toBe(SpanStatusCode.ERROR)
    expect(call?.attributes).toMatchObject({ 'error.type': 'credentials', 'filemaker.sent': 0 })
  })
})

describe('what others make inside a call', () => {
  beforeEach(() => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager())
  })
  afterEach(() => {
    context.disable()
  })

  test('stands below it: an instrumentation of undici finds the call active', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry({ requests: 'none' })
    const active: (string | undefined)[] = []
    const created = (message: unknown): void => {
      const { request } = message as { readonly request: { readonly method: string } }
      if (request.method === 'GET') active.push(trace.getActiveSpan()?.spanContext().spanId)
    }
    channel('undici:request:create').subscribe(created)
    await fm.layout('People').list({ limit: 1 })
    channel('undici:request:create').unsubscribe(created)
    const [call] = telemetry.named('list People')
    expect(active).toEqual([call?.spanContext().spanId])
    expect(telemetry.named(LIST)).toEqual([])
  })
})

describe('metrics', () => {
  test('have the duration of calls, by layout, operation and error', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    await fm.layout('People').list({ limit: 1 })
    await fm.layout('People').list({ limit: 1 })
    await fm
      .layout('People')
      .get(4711)
      .catch(() => {})
    const all = await telemetry.metrics()
    const duration = all.find(({ descriptor }) => descriptor.name === 'db.client.operation.duration')
    expect(duration?.descriptor.unit).toBe('s')
    const points = pointsOf(all, 'db.client.operation.duration')
    expect(points.map(({ attributes, value }) => [attributes, value])).toMatchObject([
      [{ 'db.system.name': 'filemaker', 'db.collection.name': 'People', 'db.operation.name': 'list' }, { count: 2 }],
      [{ 'db.operation.name': 'get', 'error.type': '101', 'db.response.status_code': '101' }, { count: 1 }],
    ])
    expect(points[0]?.value).toMatchObject({ buckets: { boundaries: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] } })
    // Seconds, not milliseconds.
    expect(points[0]?.value).toMatchObject({ sum: expect.toSatisfy((sum: number) => sum > 0 && sum < 0.5) })
  })

  test('have requests, logins, repeats, changes of sessions and failures of the cache', async () => {
    await using server = await startServer()
    const cache = { failing: false }
    await using fm = clientOf(server, { cache: failingCache(cache) })
    await using telemetry = startTelemetry()
    await fm.layout('People').list({ limit: 1 })
    server.killSessions()
    cache.failing = true
    await fm.layout('People').list({ limit: 1 })
    const all = await telemetry.metrics()
    expect(pointsOf(all, 'filemaker.client.login.duration')).toMatchObject([{ value: { count: 2 } }])
    expect(pointsOf(all, 'filemaker.client.retries')).toMatchObject([
      { value: 1, attributes: { 'filemaker.retry.reason': 'token refused', 'db.operation.name': 'list' } },
    ])
    const changes = pointsOf(all, 'filemaker.client.session.changes')
    expect(changes.map(({ attributes }) => attributes['filemaker.session.event'])).toContain('login')
    expect(pointsOf(all, 'filemaker.client.cache.failures')).toMatchObject([{ value: 1 }])
    const requests = pointsOf(all, 'http.client.request.duration')
    expect(requests.map(({ attributes }) => attributes['http.response.status_code'])).toEqual([200, 401])
  })

  test('count the sessions of the clients that are named', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: failingCache({ failing: false }) })
    await using telemetry = startTelemetry({ clients: { main: fm } })
    const sessions = async (): Promise<unknown> => pointsOf(await telemetry.metrics(), 'filemaker.client.sessions')
    expect(await sessions()).toMatchObject([{ value: 0, attributes: { 'filemaker.client.name': 'main' } }])
    await fm.layout('People').list({ limit: 1 })
    expect(await sessions()).toMatchObject([{ value: 1 }])
    expect(pointsOf(await telemetry.metrics(), 'filemaker.client.waiting')).toMatchObject([{ value: 0 }])
  })
})

describe('no span and no metric', () => {
  test('has a password, a token, a record id, a criterion or a value of a field in it', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    const { recordId } = await fm.layout('People').create({ name: 'Zaphod', note: 'Heart of Gold' })
    await fm.layout('People').find([{ name: '==Zaphod' }])
    await fm
      .layout('People')
      .edit(recordId, { note: 'Magrathea' }, { modId: '4242' })
      .catch(() => {})
    const spans = telemetry
      .spans()
      .map(({ name, attributes, status, events }) => ({ name, attributes, status, events }))
    const text = JSON.stringify([spans, await telemetry.metrics()])
    for (const secret of ['secret', 'Zaphod', 'Heart', 'Magrathea', '4242', 'Basic', 'Bearer'])
      expect(text).not.toContain(secret)
    expect(text).not.toMatch(/[0-9a-f]{40}/)
    expect(spans.length).toBeGreaterThan(5)
  })
})

describe('observeFileMaker', () => {
  test('ends with stop(), and leaves nobody listening', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using telemetry = startTelemetry()
    telemetry.stop()
    await fm.layout('People').list({ limit: 1 })
    expect(telemetry.spans()).toEqual([])
    expect(['fm:call', 'fm:login', 'fm:attempt'].map((name) => tracingChannel(name).hasSubscribers)).toEqual([
      false,
      false,
      false,
    ])
    expect(['fm:retry', 'fm:session', 'fm:cache'].map((name) => channel(name).hasSubscribers)).toEqual([
      false,
      false,
      false,
    ])
  })

  test('without a provider uses the registered ones, and does no harm where there are none', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    using observing = observeFileMaker()
    expect((await fm.layout('People').list({ limit: 1 })).data).toHaveLength(1)
    expect(observing).toBeDefined()
  })

  test.each([
    [{ requests: 'all' }, /^requests: must be/],
    [{ tracerProvider: {} }, /^tracerProvider:/],
    [{ meterProvider: {} }, /^meterProvider:/],
    [{ clients: { main: 1 } }, /^clients.main: must be a client/],
    [{ client: {} }, /^observeFileMaker: there is no option "client"; there are /],
  ])('refuses %o', (options, words) => {
    expect(() => observeFileMaker(options as unknown as ObserveOptions)).toThrow(words)
  })
})

/** A Map, which fails while it is told to. */
function failingCache(state: { failing: boolean }): NonNullable<ClientOptions['cache']> {
  const entries = new Map<string, string>()
  const work = (): void => {
    if (state.failing) throw new Error('the cache is down')
  }
  return {
    supports: { sharedBy: 'process', atomic: true },
    get: async (key) => {
      work()
      const value = entries.get(key)
      return value === undefined ? undefined : { value }
    },
    compareAndSet: async (key, expected, next) => {
      work()
      if (entries.get(key) !== expected) return false
      if (next === undefined) entries.delete(key)
      else entries.set(key, next)
      return true
    },
  }
}
