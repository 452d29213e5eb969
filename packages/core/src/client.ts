import { openAccount } from './account.ts'
import type { KeepSession } from './all-records.ts'
import { limitsOf } from './call-options.ts'
import { createDownloadsInProgress, downloadUrl, type ContainersParts, type DownloadUrlOptions } from './container.ts'
import type { ContainerFile } from './container-file.ts'
import { SessionError } from './errors.ts'
import { CONTENT_OPERATION } from './exchange/content.ts'
import { createExchange, openSession, type Call, type Exchange, type ExchangeParts } from './exchange/exchange.ts'
import { createProvenSessions } from './exchange/proven-sessions.ts'
import { FULL_BUDGET } from './exchange/retry.ts'
import { createValidator } from './exchange/sign-in.ts'
import { createExclusiveCalls } from './exclusive-calls.ts'
import { createLayout, type LayoutPlace } from './layout.ts'
import { layoutSource, type LayoutSource } from './layout-source.ts'
import { createMetadata, type Metadata } from './metadata.ts'
import { count, known, readOptions, type ClientOptions } from './options.ts'
import { startScope, type Scope, type ScopeOptions, type ScopeParts } from './scope.ts'
import { createSessionCheck, type SessionCheck } from './session-check.ts'
import type { Coordinator, SessionsReport } from './session/coordinator.ts'
import { CacheFailure } from './session/register.ts'
import { systemTime } from './time.ts'
import { operationOf } from './wire/parameters.ts'
import { createTransport } from './wire/request.ts'

/** One database on one server, as one account. Made by {@link createClient}. */
export interface Client extends LayoutSource, Metadata, SessionCheck, AsyncDisposable {
  /**
   * Keeps several calls on one session, as FMDataAPI's method of this name does. Without a cache it also keeps the session
   * open between them. With `exclusive: true` the session is the scope's own, for state that lives in a session: global
   * fields, `$$variables`, found sets.
   *
   * @throws {@link SessionError} when no session is to be had, {@link SessionLostError} from the scope's calls when an
   * exclusive session is gone and there is no `setup` to restore its state.
   * @example
   * await using scope = await fm.startCommunication()
   * await scope.layout('People').create({ name: 'Ada' })
   */
  startCommunication(options?: ScopeOptions): Promise<Scope>
  /**
   * Opens the file behind the value of a container field, a URL that is good for one download while the session lives that read
   * it: with a cache for minutes, without one inside a scope only. `layout().download()` reads the record and its file in one.
   *
   * @throws {@link ContainerError} `gone` when the URL has died, `elsewhere` when it is another server's.
   */
  download(url: string, options?: DownloadUrlOptions): Promise<ContainerFile>
  readonly sessions: Sessions
  /**
   * Refuses new calls, waits for those in flight, then ends the sessions as `sessions.end` says. Closing twice is harmless.
   *
   * @param options - `deadlineMs`: how long calls in flight are waited for. @defaultValue 5000
   */
  close(options?: { readonly deadlineMs?: number }): Promise<void>
}

/** An operator's view of the sessions. */
export interface Sessions {
  /** What this process holds: counts and states, never tokens. */
  inspect(): Promise<SessionsReport>
  /** Ends every session of this account that the cache knows, other processes' too. They renew theirs at the next call. */
  endAll(): Promise<void>
}

/**
 * Makes a client. Nothing is connected and nobody signs in before the first call.
 *
 * @throws TypeError that names the option that is missing or malformed.
 * @example
 * await using fm = createClient({
 *   server: 'https://fms.example.com',
 *   database: 'Contacts',
 *   auth: basic('web', process.env.FM_PASSWORD),
 * })
 * const { data } = await fm.layout('People').find([{ city: '==Oslo' }])
 */
export function createClient(options: ClientOptions): Client {
  const settings = readOptions(options)
  const { origin, base, database, auth, timeouts, maxResponseBytes, connections, dispatcher } = settings
  const { connectMs, loginMs, callMs } = timeouts
  const time = systemTime
  const transport = createTransport({ origin, connectMs, maxResponseBytes, connections, dispatcher })
  const account = openAccount(settings, transport, time)
  const parts: ExchangeParts = {
    transport,
    validate: createValidator({ transport, base, loginMs, time }),
    sessions: account.sessions,
    failedLogins: account.failedLogins,
    server: origin,
    timeoutMs: callMs,
    retry: settings.retry,
    budget: { left: { tokens: FULL_BUDGET, atMs: time.now() } },
    proven: createProvenSessions(time, settings.sessions.idleTimeoutMs),
    time,
  }
  let open = true
  const send = createExchange(parts)
  const exchange: Exchange = (call) => (open ? send(call) : refuseClosed(call))
  const downloads = createDownloadsInProgress(time)
  const containers: ContainersParts = {
    open: (request, stop) => transport.open(request, stop),
    origin,
    base,
    budget: parts.budget,
    time,
    timeoutMs: callMs,
    downloads,
  }
  const keepSession = settings.cache === undefined ? createKeepSession(parts, account.withSessions) : undefined
  const scopeParts: ScopeParts = {
    parts,
    base,
    database,
    exclusive: settings.sessions.exclusive,
    scripts: settings.scripts,
    withSessions: account.withSessions,
    containers,
    isOpen: () => open,
  }
  const sendExclusively = createExclusiveCalls(scopeParts)
  const place: LayoutPlace = {
    shared: exchange,
    exclusive: (call) => (open ? sendExclusively(call) : refuseClosed(call)),
    scripts: settings.scripts,
    base,
    database,
    keepSession,
    containers: { ...containers, keepSession },
  }
  const leave = async (deadlineMs: number): Promise<void> => {
    const until = time.now() + deadlineMs
    await downloads.over(deadlineMs)
    await account.leave(Math.max(0, until - time.now()))
  }
  let closing: Promise<void> | undefined
  const close = async (closeOptions: { readonly deadlineMs?: number } = {}): Promise<void> => {
    known('close', closeOptions, ['deadlineMs'])
    const { deadlineMs = 5_000 } = closeOptions
    count('close: deadlineMs', deadlineMs, 0, 2_147_483_647)
    open = false
    await (closing ??= leave(deadlineMs))
  }

  /** What fails inside is told in words of ours: a cache's own error may name its host. */
  const operate = <Result>(operation: string, use: (coordinator: Coordinator) => Promise<Result>): Promise<Result> =>
    openSession(parts, {}, operation, (stop) => account.withSessions(stop, use)).catch((error: unknown) => {
      if (!(error instanceof CacheFailure)) throw error
      throw new SessionError("the session cache can't be reached", { operation, outcome: 'unknown', reason: 'cache' })
    })

  return {
    ...createMetadata(exchange, base, database, () => auth.credentials()),
    ...createSessionCheck(exchange, base),
    layout: layoutSource((name, layoutOptions) => createLayout(place, name, layoutOptions)),
    download: async (url, downloadOptions = {}) => {
      if (!open) throw closedError(CONTENT_OPERATION)
      return downloadUrl(exchange, place.containers, url, downloadOptions)
    },
    startCommunication: (scopeOptions = {}) => startScope(scopeOptions, scopeParts),
    sessions: {
      inspect: () => operate('sessions.inspect', async (coordinator) => coordinator.inspect()),
      endAll: () => operate('sessions.endAll', (coordinator) => coordinator.endAll()),
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

/** Without a cache a session ends with the last call on it: what takes several calls holds it open. */
function createKeepSession(parts: ExchangeParts, withSessions: ScopeParts['withSessions']): KeepSession {
  return (limits, operation) =>
    openSession(parts, limitsOf(limits), operation, (stop) =>
      withSessions(stop, (coordinator) => coordinator.hold(stop)),
    )
}

async function refuseClosed(call: Call): Promise<never> {
  throw closedError(operationOf(call.route))
}

function closedError(operation: string): SessionError {
  return new SessionError('the client is closed', { operation, outcome: 'not-executed', reason: 'closed' })
}
