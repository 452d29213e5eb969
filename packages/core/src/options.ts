import type { Dispatcher } from 'undici'
import { readAuth, type Auth } from './auth.ts'
import { boolean, count, known, name, oneOf, text } from './checks.ts'
import { readDataSources, type DataSources } from './data-sources.ts'
import type { DataSource } from './exchange/data-source.ts'
import type { ScriptSessions } from './script-options.ts'
import type { SessionCache } from './session/cache.ts'

/** What a client needs to know: one server, one database, one account. */
export interface ClientOptions {
  /** Origin of the server: `https://fms.example.com`. Plain http is taken for loopback hosts only. */
  readonly server: string
  /** Takes plain http to other hosts. Passwords and data then travel readable. @defaultValue false */
  readonly allowInsecure?: boolean | undefined
  /** File name without `.fmp12`, in the case it has at the server. */
  readonly database: string
  /** Who calls: `basic(account, password)`, `oauth(pair)`, `clarisId({ token })`, `heldToken(token)` or `proxyKey(key)`. */
  readonly auth: Auth
  /** Where processes find each other's sessions. Left out: calls that overlap share a session, which ends with the last. */
  readonly cache?: SessionCache | undefined
  /**
   * At least 32 bytes that all processes share and nobody else knows: names and seals the records in the cache. A list while
   * it is being changed: all open, the first seals, the last names. Required where the cache is on the network, unless
   * `'derive'` says that scrypt over the password has to do, as it does for caches of one machine.
   */
  readonly cacheSecret?: string | readonly string[] | undefined
  readonly sessions?: SessionsOptions | undefined
  readonly timeouts?: TimeoutOptions | undefined
  /**
   * On which session calls with scripts are made: `shared` with other calls, which then meet what a script leaves behind
   * (`$$variables`, global fields, found sets), or one of their own, `exclusive`. @defaultValue 'shared'
   */
  readonly scripts?: ScriptSessions | undefined
  readonly retry?: RetryChoices | undefined
  /**
   * Other files on the same server that the database reads from, each with an account of its own, or an OAuth pair. A function
   * is asked before each login; with it, or with OAuth pairs, the session stays in this process unless `auth` has an `identity`.
   * @defaultValue none
   */
  readonly dataSources?:
    | readonly DataSource[]
    | (() => readonly DataSource[] | Promise<readonly DataSource[]>)
    | undefined
  /** Version of the Data API in the path. @defaultValue 'vLatest' */
  readonly version?: 'v1' | 'v2' | 'vLatest' | undefined
  /** Connections to the server at the most. @defaultValue 64 */
  readonly connections?: number | undefined
  /** An answer larger than this many bytes is an error. @defaultValue 268435456 (256 MiB) */
  readonly maxResponseBytes?: number | undefined
  /**
   * Calls that go on at once; more wait for their turn, first come, first served. Clients made by `withAuth` count with the
   * one they were made from. @defaultValue no limit
   */
  readonly maxConcurrentCalls?: number | undefined
  /** Calls that may wait for their turn; one more is refused with a `SessionError` of reason `queue`. @defaultValue 100000 */
  readonly maxQueuedCalls?: number | undefined
  /** An undici dispatcher of your own (proxy, certificate authority). Whoever made it closes it. */
  readonly dispatcher?: Dispatcher | undefined
}

/** How sessions are shared. Clients of one account over one cache must agree. */
export interface SessionsOptions {
  /** Sessions that all processes share, at the most. The server works one session's calls off in turn. @defaultValue 4 */
  readonly shared?: number | undefined
  /** Sessions that belong to one exclusive scope each, in all processes, at the most. @defaultValue 2 */
  readonly exclusive?: number | undefined
  /**
   * `never`: sessions stay for other processes and idle out at the server. `own`: ended when the last client here is closed.
   * @defaultValue 'never' where the cache is shared by processes, else 'own'
   */
  readonly end?: 'never' | 'own' | undefined
  /** Keeps sessions of one account apart: a tenant, an end user. @defaultValue '' */
  readonly partition?: string | undefined
  /** Milliseconds after which the server forgets an idle session. @defaultValue 900000 (15 minutes, FileMaker's own) */
  readonly idleTimeoutMs?: number | undefined
  /** Calls of this process in flight on one session; more wait for their turn. @defaultValue no limit */
  readonly callsPerSession?: number | undefined
  /** Calls of this process that may wait for a session; one more is refused. @defaultValue 100000 */
  readonly maxWaiting?: number | undefined
  /** `localSessions`: sessions this process may open for itself while the cache is away and it has none. @defaultValue 1 */
  readonly degraded?: { readonly localSessions?: number | undefined } | undefined
}

/** Time limits in milliseconds. */
export interface TimeoutOptions {
  /** Opening a connection, TLS included; kept to within a second. A `dispatcher` of yours has its own. @defaultValue 10000 */
  readonly connectMs?: number | undefined
  /** A login, a logout, or a question about a session. @defaultValue 10000 */
  readonly loginMs?: number | undefined
  /** A whole call: waiting for a session, all attempts and pauses. Longer than your longest script. @defaultValue 60000 */
  readonly callMs?: number | undefined
  /** Waiting for a turn where `maxConcurrentCalls` bounds the calls. @defaultValue as long as the call has */
  readonly queueMs?: number | undefined
}

/** Moves the table of what is sent again. */
export interface RetryChoices {
  /** Sends writes again when the session's window vanished (112). A create may then be done twice. @defaultValue false */
  readonly repeatWritesOn112?: boolean | undefined
  /** False: a dead token is an error. Only without a cache. @defaultValue true */
  readonly renewal?: boolean | undefined
}

/** The options with their defaults, checked. */
export interface Settings {
  readonly origin: string
  readonly database: string
  readonly auth: Auth
  readonly cache: SessionCache | undefined
  readonly cacheSecrets: readonly [string, ...string[]] | 'derive' | undefined
  readonly sessions: {
    readonly shared: number
    readonly exclusive: number
    readonly end: 'never' | 'own'
    readonly partition: string
    readonly idleTimeoutMs: number
    readonly callsPerSession: number
    readonly maxWaiting: number
    readonly localSessions: number
  }
  readonly timeouts: {
    readonly connectMs: number
    readonly loginMs: number
    readonly callMs: number
    readonly queueMs: number | undefined
  }
  readonly retry: { readonly repeatWritesOn112: boolean; readonly renewal: boolean }
  readonly scripts: ScriptSessions
  readonly dataSources: DataSources
  readonly version: string
  readonly base: string
  readonly connections: number
  readonly maxResponseBytes: number
  readonly maxConcurrentCalls: number
  readonly maxQueuedCalls: number
  readonly dispatcher: Dispatcher | undefined
}

/** Checks what the caller gave. @throws TypeError that names the option, never its value where that may be a secret. */
export function readOptions(options: ClientOptions): Settings {
  known('createClient', options, CLIENT_OPTIONS)
  const { version = 'vLatest', connections = 64, maxResponseBytes = 268_435_456 } = options
  const { maxConcurrentCalls = Infinity, maxQueuedCalls = 100_000 } = options
  const { sessions = {}, timeouts = {}, retry = {}, scripts = 'shared', cache } = options
  known('sessions', sessions, SESSIONS_OPTIONS)
  known('timeouts', timeouts, ['connectMs', 'loginMs', 'callMs', 'queueMs'])
  known('retry', retry, ['repeatWritesOn112', 'renewal'])
  known('sessions.degraded', sessions.degraded ?? {}, ['localSessions'])
  const { connectMs = 10_000, loginMs = 10_000, callMs = 60_000, queueMs } = timeouts
  const { repeatWritesOn112 = false, renewal = true } = retry
  const {
    shared = 4,
    exclusive = 2,
    partition = '',
    idleTimeoutMs = 900_000,
    callsPerSession = Infinity,
    maxWaiting = 100_000,
  } = sessions
  const { localSessions = 1 } = sessions.degraded ?? {}
  checkCache(cache)
  if (options.dispatcher !== undefined && typeof options.dispatcher?.dispatch !== 'function') {
    throw new TypeError('dispatcher: must be an undici Dispatcher')
  }
  const { end = cache !== undefined && cache.supports.sharedBy !== 'process' ? 'never' : 'own' } = sessions
  oneOf('sessions.end', end, ['never', 'own'])
  oneOf('version', version, ['v1', 'v2', 'vLatest'])
  oneOf('scripts', scripts, ['shared', 'exclusive'])
  count('sessions.shared', shared, 1, 64)
  count('sessions.exclusive', exclusive, 0, 64)
  count('sessions.idleTimeoutMs', idleTimeoutMs, 1_000, 86_400_000)
  if (callsPerSession !== Infinity) count('sessions.callsPerSession', callsPerSession, 1, 1_000_000)
  count('sessions.maxWaiting', maxWaiting, 1, 10_000_000)
  count('sessions.degraded.localSessions', localSessions, 0, 64)
  count('timeouts.connectMs', connectMs, 1, MAX_TIMER_MS)
  count('timeouts.loginMs', loginMs, 1, MAX_TIMER_MS)
  count('timeouts.callMs', callMs, 1, MAX_TIMER_MS)
  if (queueMs !== undefined) count('timeouts.queueMs', queueMs, 1, MAX_TIMER_MS)
  if (maxConcurrentCalls !== Infinity) count('maxConcurrentCalls', maxConcurrentCalls, 1, 1_000_000)
  count('maxQueuedCalls', maxQueuedCalls, 0, 10_000_000)
  count('connections', connections, 1, 10_000)
  count('maxResponseBytes', maxResponseBytes, 1, Number.MAX_SAFE_INTEGER)
  boolean('retry.repeatWritesOn112', repeatWritesOn112)
  boolean('retry.renewal', renewal)
  text('sessions.partition', partition)
  if (scripts === 'exclusive' && exclusive === 0) {
    throw new TypeError("scripts: 'exclusive' needs exclusive sessions, and sessions.exclusive is 0")
  }
  if (!renewal && cache !== undefined) throw new TypeError('retry.renewal: false is for clients without a cache')
  return {
    origin: readServer(options.server, options.allowInsecure ?? false),
    database: name('database', options.database),
    ...authSettings(version, options.auth),
    cache,
    cacheSecrets: readSecrets(options.cacheSecret, cache),
    sessions: { shared, exclusive, end, partition, idleTimeoutMs, callsPerSession, maxWaiting, localSessions },
    timeouts: { connectMs, loginMs, callMs, queueMs },
    retry: { repeatWritesOn112, renewal },
    scripts,
    dataSources: readDataSources(options.dataSources),
    connections,
    maxResponseBytes,
    maxConcurrentCalls,
    maxQueuedCalls,
    dispatcher: options.dispatcher,
  }
}

/** What follows from who calls: also for a client made from another. @throws TypeError that names `auth`. */
export function authSettings(version: string, given: unknown): Pick<Settings, 'auth' | 'version' | 'base'> {
  const auth = readAuth(given)
  const prefix = auth.kind === 'proxyKey' ? auth.pathPrefix : ''
  return { auth, version, base: `${prefix}/fmi/data/${version}` }
}

/** Timers of Node end at once above this. */
const MAX_TIMER_MS = 2_147_483_647

const CLIENT_OPTIONS = [
  'server',
  'allowInsecure',
  'database',
  'auth',
  'cache',
  'cacheSecret',
  'sessions',
  'timeouts',
  'retry',
  'scripts',
  'dataSources',
  'version',
  'connections',
  'maxResponseBytes',
  'maxConcurrentCalls',
  'maxQueuedCalls',
  'dispatcher',
]
const SESSIONS_OPTIONS = [
  'shared',
  'exclusive',
  'end',
  'partition',
  'idleTimeoutMs',
  'callsPerSession',
  'maxWaiting',
  'degraded',
]

function readServer(server: unknown, allowInsecure: unknown): string {
  boolean('allowInsecure', allowInsecure)
  if (typeof server !== 'string' || server === '')
    throw new TypeError('server: must be an origin like https://fms.example.com')
  let url: URL
  try {
    url = new URL(server)
  } catch {
    throw new TypeError('server: is not a URL; it must be an origin like https://fms.example.com')
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new TypeError('server: must be an origin like https://fms.example.com or http://localhost:3000')
  if (url.username !== '' || url.password !== '')
    throw new TypeError('server: must not hold credentials; they go into auth')
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new TypeError('server: must be an origin, without a path, query or fragment')
  }
  if (url.protocol === 'http:' && allowInsecure !== true && !isLoopback(url.hostname)) {
    throw new TypeError('server: http would send the password readable; use https, or say allowInsecure: true')
  }
  return url.origin
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  )
}

function checkCache(cache: unknown): void {
  if (cache === undefined) return
  const { get, compareAndSet, supports } = (cache ?? {}) as Partial<SessionCache>
  if (typeof get !== 'function' || typeof compareAndSet !== 'function') {
    throw new TypeError(
      'cache: must have the methods get and compareAndSet, as memoryCache() has; are the parentheses missing?',
    )
  }
  oneOf('cache.supports.sharedBy', supports?.sharedBy, ['process', 'machine', 'network'])
  boolean('cache.supports.atomic', supports?.atomic)
}

function readSecrets(secret: ClientOptions['cacheSecret'], cache: SessionCache | undefined): Settings['cacheSecrets'] {
  if (secret === 'derive') return 'derive'
  if (secret === undefined) {
    if (cache?.supports.sharedBy !== 'network') return undefined
    throw new TypeError(
      "cacheSecret: is required for a cache on the network; 'derive' makes do with the password, which whoever reads the cache could then guess at",
    )
  }
  const list: readonly unknown[] = Array.isArray(secret) ? secret : [secret]
  const secrets = list.map((entry) => {
    if (typeof entry !== 'string' || Buffer.byteLength(entry) < 32) {
      throw new TypeError('cacheSecret: each must be a text of at least 32 bytes')
    }
    return entry
  })
  const [first, ...others] = secrets
  if (first === undefined) throw new TypeError('cacheSecret: the list is empty')
  return [first, ...others]
}
