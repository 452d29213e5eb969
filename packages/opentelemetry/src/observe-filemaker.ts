import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import {
  metrics,
  SpanKind,
  SpanStatusCode,
  trace,
  type MeterProvider,
  type Span,
  type TracerProvider,
} from '@opentelemetry/api'
import type { AttemptMessage, CacheMessage, CallMessage, LoginMessage, RetryMessage, SessionMessage } from '@fm/core'
import {
  answerAttributes,
  callAttributes,
  callName,
  databaseAttributes,
  failureAttributes,
  operationAttributes,
  requestAttributes,
} from './attributes.ts'
import { createInstruments, observeSessions, type ObservableClient } from './instruments.ts'
import { createSurroundings } from './traced-spans.ts'

export type { ObservableClient } from './instruments.ts'

export interface ObserveOptions {
  /** @defaultValue the one registered with OpenTelemetry */
  readonly tracerProvider?: TracerProvider | undefined
  /** @defaultValue the one registered with OpenTelemetry: register it first */
  readonly meterProvider?: MeterProvider | undefined
  /**
   * Whether each HTTP request of a call is a span of its own, and counted in `http.client.request.duration`. `none` where an
   * instrumentation of undici makes the same spans. @defaultValue 'spans'
   */
  readonly requests?: 'spans' | 'none' | undefined
  /** Clients whose sessions are counted when metrics are collected, each by a name for it. @defaultValue none */
  readonly clients?: Readonly<Record<string, ObservableClient>> | undefined
}

/**
 * Makes spans and metrics of what the clients of this process do, by OpenTelemetry's conventions for databases and HTTP:
 * a span for each call, below the span that is active where the call is made, and below it its logins and requests.
 * Tokens, accounts, record ids and values of fields are in none of them; names of layouts and scripts are.
 *
 * @returns What ends it, by `stop()` or `using`. Begun twice, everything is told twice.
 * @throws TypeError that names the option that is malformed.
 * @see OpenTelemetry, "Semantic conventions for database client spans" and "Semantic conventions for HTTP spans"
 * @example
 * using _telemetry = observeFileMaker()
 */
export function observeFileMaker(options: ObserveOptions = {}): Disposable & { stop(): void } {
  const { tracerProvider = trace, meterProvider = metrics, requests = 'spans', clients = {} } = options
  const unknown = Object.keys(options).find((option) => !OPTIONS.includes(option))
  if (unknown !== undefined) {
    throw new TypeError(`observeFileMaker: there is no option "${unknown}"; there are ${OPTIONS.join(', ')}`)
  }
  if (typeof tracerProvider.getTracer !== 'function') throw new TypeError('tracerProvider: has no getTracer()')
  if (typeof meterProvider.getMeter !== 'function') throw new TypeError('meterProvider: has no getMeter()')
  if (requests !== 'spans' && requests !== 'none') throw new TypeError("requests: must be 'spans' or 'none'")
  for (const [name, client] of Object.entries(clients)) {
    if (typeof client?.sessions?.inspect !== 'function') throw new TypeError(`clients.${name}: must be a client`)
  }
  const tracer = tracerProvider.getTracer('@fm/opentelemetry')
  const meter = meterProvider.getMeter('@fm/opentelemetry')
  const instruments = createInstruments(meter)
  const surroundings = createSurroundings()

  const endings = [
    surroundings.trace<CallMessage>({
      channel: 'fm:call',
      start: (call, parent) =>
        tracer.startSpan(callName(call), { kind: SpanKind.CLIENT, attributes: callAttributes(call) }, parent),
      finish: (span, call) => {
        const failure = failureAttributes(call)
        if (call.sent !== undefined) span.setAttribute('filemaker.sent', call.sent)
        if (call.error === undefined && call.fileMakerCode !== undefined) {
          span.setAttribute('db.response.status_code', String(call.fileMakerCode))
        }
        fail(span, call.error, failure)
        instruments.operationDuration.record(secondsOf(call), { ...callAttributes(call), ...failure })
      },
    }),
    surroundings.trace<LoginMessage>({
      channel: 'fm:login',
      start: (login, parent) => {
        const attributes = operationAttributes(login, 'login')
        return tracer.startSpan(`login ${login.database}`, { kind: SpanKind.CLIENT, attributes }, parent)
      },
      finish: (span, login) => {
        const failure = failureAttributes(login)
        fail(span, login.error, failure)
        instruments.loginDuration.record(secondsOf(login), { ...operationAttributes(login, 'login'), ...failure })
      },
    }),
    // What is published there is of the type that core says.
    listen('fm:retry', (message) => {
      const retry = message as RetryMessage
      const reason = { 'filemaker.retry.reason': retry.because }
      instruments.retries.add(1, { ...operationAttributes(retry, retry.name), ...reason })
      const pause = { 'filemaker.retry.pause': retry.pauseMs / 1_000 }
      trace.getSpan(surroundings.current())?.addEvent('filemaker.retry', { ...reason, ...pause })
    }),
    listen('fm:session', (message) => {
      const { event, slot, database } = message as SessionMessage
      const change = { 'filemaker.session.event': event, 'filemaker.session.slot': slot }
      instruments.sessionChanges.add(1, { ...databaseAttributes({ database }), ...change })
    }),
    listen('fm:cache', (message) => {
      const { state, database } = message as CacheMessage
      if (state === 'failing') instruments.cacheFailures.add(1, databaseAttributes({ database }))
    }),
    observeSessions(meter, clients),
  ]
  if (requests === 'spans') {
    endings.push(
      surroundings.trace<AttemptMessage>({
        channel: 'fm:attempt',
        start: (attempt, parent) => {
          const resend = attempt.resend === 0 ? {} : { 'http.request.resend_count': attempt.resend }
          const attributes = { ...requestAttributes(attempt), ...resend }
          const name = `${attempt.method} ${attempt.template}`
          return tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, parent)
        },
        finish: (span, attempt) => {
          const answer = answerAttributes(attempt)
          span.setAttributes(answer)
          // What is wrong can be seen from the attributes.
          if (answer['error.type'] !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
          instruments.requestDuration.record(secondsOf(attempt), { ...requestAttributes(attempt), ...answer })
        },
      }),
    )
  }
  const stop = (): void => {
    for (const end of endings) end()
  }
  return { stop, [Symbol.dispose]: stop }
}

const OPTIONS: readonly string[] = ['tracerProvider', 'meterProvider', 'requests', 'clients']

/** An error of the client's has words that can be shown; of any other nobody knows what it quotes. */
function fail(span: Span, error: unknown, attributes: ReturnType<typeof failureAttributes>): void {
  if (error === undefined) return
  span.setAttributes(attributes)
  if (error instanceof Error && 'outcome' in error && typeof error.outcome === 'string') {
    span.setAttribute('filemaker.outcome', error.outcome)
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message })
  } else span.setStatus({ code: SpanStatusCode.ERROR })
}

function secondsOf({ durationMs = 0 }: { readonly durationMs?: number }): number {
  return durationMs / 1_000
}

function listen(channel: string, listener: (message: unknown) => void): () => void {
  subscribe(channel, listener)
  return () => void unsubscribe(channel, listener)
}
