import type { BatchObservableCallback, Counter, Histogram, Meter } from '@opentelemetry/api'
import type { SessionsReport } from '@fm/core'

export interface Instruments {
  /** Stable in the conventions for databases: a call with all its repeats, in seconds. */
  readonly operationDuration: Histogram
  /** Stable in the conventions for HTTP: one request, in seconds. */
  readonly requestDuration: Histogram
  readonly loginDuration: Histogram
  readonly retries: Counter
  readonly sessionChanges: Counter
  readonly cacheFailures: Counter
}

/** What the conventions advise. */
const OPERATION_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10]

export function createInstruments(meter: Meter): Instruments {
  const seconds = (name: string, description: string, explicitBucketBoundaries: number[]): Histogram =>
    meter.createHistogram(name, { unit: 's', description, advice: { explicitBucketBoundaries } })
  const counter = (name: string, unit: string, description: string): Counter =>
    meter.createCounter(name, { unit, description })
  return {
    operationDuration: seconds(
      'db.client.operation.duration',
      'Duration of database client operations.',
      OPERATION_SECONDS,
    ),
    requestDuration: seconds('http.client.request.duration', 'Duration of HTTP client requests.', REQUEST_SECONDS),
    loginDuration: seconds('filemaker.client.login.duration', 'Duration of logins, refused ones too.', REQUEST_SECONDS),
    retries: counter('filemaker.client.retries', '{retry}', 'Calls that were sent again.'),
    sessionChanges: counter('filemaker.client.session.changes', '{change}', 'What happened to sessions.'),
    cacheFailures: counter(
      'filemaker.client.cache.failures',
      '{failure}',
      'Times that the session cache began to fail.',
    ),
  }
}

/** A client, as far as its sessions can be counted. */
export interface ObservableClient {
  readonly sessions: { inspect(): Promise<SessionsReport> }
}

/** Counts the sessions of each client when metrics are collected. Returns what ends that. */
export function observeSessions(meter: Meter, clients: Readonly<Record<string, ObservableClient>>): () => void {
  const live = meter.createObservableUpDownCounter('filemaker.client.sessions', {
    unit: '{session}',
    description: 'Sessions that this process holds.',
  })
  const waiting = meter.createObservableUpDownCounter('filemaker.client.waiting', {
    unit: '{call}',
    description: 'Calls that wait for a session.',
  })
  const observe: BatchObservableCallback = async (result) => {
    await Promise.all(
      Object.entries(clients).map(async ([name, client]) => {
        // A client that is closed, or whose password function fails, has nothing to tell.
        const report = await client.sessions.inspect().catch(() => undefined)
        if (report === undefined) return
        const attributes = { 'filemaker.client.name': name }
        result.observe(live, report.live, attributes)
        result.observe(waiting, report.waiting, attributes)
      }),
    )
  }
  meter.addBatchObservableCallback(observe, [live, waiting])
  return () => meter.removeBatchObservableCallback(observe, [live, waiting])
}
