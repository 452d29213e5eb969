import { closedError } from './closed-error.ts'
import { openAccount, type AccountSessions } from './account.ts'
import type { KeepSession } from './all-records.ts'
import type { Auth } from './auth.ts'
import { limitsOf } from './call-options.ts'
import { downloadUrl, type ContainersParts, type DownloadUrlOptions } from './container.ts'
import type { ContainerFile } from './container-file.ts'
import { openEndpoint, type Endpoint } from './endpoint.ts'
import { SessionError } from './errors.ts'
import { CONTENT_OPERATION } from './exchange/content.ts'
import type { Call, Exchange, ExchangeParts } from './exchange/call.ts'
import { createExchange, openSession } from './exchange/exchange.ts'
import { createProvenSessions } from './exchange/proven-sessions.ts'
import { createValidator } from './exchange/sign-in.ts'
import { createUnderWay } from './exchange/under-way.ts'
import { createExclusiveCalls } from './exclusive-calls.ts'
import { createLayout, type LayoutPlace } from './layout.ts'
import { layoutSource, type LayoutSource } from './layout-source.ts'
import { createMetadata, type Metadata } from './metadata.ts'
import { count, known } from './checks.ts'
import { authSettings, readOptions, type ClientOptions, type Settings } from './options.ts'
import { startScope, type Scope, type ScopeOptions, type ScopeParts } from './scope.ts'
import { createSessionCheck, type SessionCheck } from './session-check.ts'
import type { SessionsReport } from './session/coordinator.ts'
import { CacheFailure } from './session/register.ts'
import { operationOf } from './wire/parameters.ts'

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
   * A client of the same database for somebody else, over this one's connections and cache, and never with its sessions.
   * Nothing is sent. Limits and the budget for repeats are shared.
   *
   * Close it when that user is done (`await using`); closing this client closes it, too. Where each login costs somebody a
   * sign-in, keep it for as long as the user stays.
   *
   * @throws TypeError as `auth` of {@link createClient} does, {@link SessionError} when this client is closed.
   * @example
   * await using mine = fm.withAuth(basic(account, password))
   * await mine.layout('People').list()
   */
  withAuth(auth: Auth): Client
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
  return openClient(settings, openEndpoint(settings))
}

function openClient(settings: Settings, endpoint: Endpoint, tellClosed = (): unknown => undefined): Client {
  const { base, database, auth, timeouts } = settings
  const { transport, time } = endpoint
  const account = openAccount(settings, transport, time)
  const leaveEndpoint = endpoint.enter()
  const underWay = createUnderWay()
  const parts: ExchangeParts = {
    transport,
    underWay,
    validate: createValidator({ transport, base, loginMs: timeouts.loginMs, time }),
    sessions: account.sessions,
    failedLogins: account.failedLogins,
    server: settings.origin,
    turns: endpoint.turns,
    timeoutMs: timeouts.callMs,
    queueMs: timeouts.queueMs,
    retry: settings.retry,
    budget: endpoint.budget,
    proven: createProvenSessions(time, settings.sessions.idleTimeoutMs),
    time,
  }
  let open = true
  const send = createExchange(parts)
  const exchange: Exchange = (call) => (open ? send(call) : refuseClosed(call))
  const containers: ContainersParts = {
    open: (request, stop) => transport.open(request, stop),
    origin: settings.origin,
    base,
    budget: parts.budget,
    time,
    timeoutMs: timeouts.callMs,
    downloads: underWay,
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
  /** Made by `withAuth`, and not closed yet. */
  const others = new Set<Client>()
  let closing: Promise<void> | undefined
  const close = async (closeOptions: { readonly deadlineMs?: number } = {}): Promise<void> => {
    known('close', closeOptions, ['deadlineMs'])
    const { deadlineMs = 5_000 } = closeOptions
    count('close: deadlineMs', deadlineMs, 0, 2_147_483_647)
    open = false
    await (closing ??= leave(deadlineMs))
  }
  const leave = async (deadlineMs: number): Promise<void> => {
    const until = time.now() + deadlineMs
    const closings = [...others].map((other) => other.close({ deadlineMs }))
    await underWay.quiet(time, deadlineMs)
    await Promise.all([account.leave(Math.max(0, until - time.now())), ...closings])
    await leaveEndpoint()
    tellClosed()
  }
  const withAuth = (given: Auth): Client => {
    const theirs = { ...settings, ...authSettings(settings.version, given) }
    if (!open) throw closedError('withAuth')
    const other: Client = openClient(theirs, endpoint, () => others.delete(other))
    others.add(other)
    return other
  }

  /** What fails inside is told in words of ours: a cache's own error may name its host. */
  const operate = <Result>(operation: string, use: (sessions: AccountSessions) => Promise<Result>): Promise<Result> =>
    openSession(parts, {}, operation, (stop) => account.withSessions(stop, use)).catch((error: unknown) => {
      if (!(error instanceof CacheFailure)) throw error
      throw new SessionError("the session cache can't be reached", { operation, outcome: 'unknown', reason: 'cache' })
    })

  return {
    ...createMetadata(keyedFor(auth, exchange), base, database, credentialsToList(auth)),
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
    withAuth,
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

/** Behind a proxy every call goes with the key, those that need no session, too. */
function keyedFor(auth: Auth, exchange: Exchange): Exchange {
  if (auth.kind !== 'proxyKey') return exchange
  return ({ instead: _instead, ...call }) => exchange(call)
}

/** What the list of databases is asked for with. */
function credentialsToList(auth: Auth): NonNullable<Call['instead']> {
  if (auth.kind === 'basic') return auth.credentials
  if (auth.kind === 'clarisId') return () => auth.credentials(false)
  return 'nothing'
}

async function refuseClosed(call: Call): Promise<never> {
  throw closedError(operationOf(call.route))
}
