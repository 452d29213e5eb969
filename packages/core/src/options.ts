import type { Dispatcher } from 'undici'
import type { Auth } from './auth.ts'
import type { DataSource } from './exchange/sign-in.ts'
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
  /** Who signs in: `basic(account, password)`. */
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
  /** Other files on the same server that the database reads from, each with its own account. @defaultValue none */
  readonly dataSources?: readonly DataSource[] | undefined
  /** Version of the Data API in the path. @defaultValue 'vLatest' */
  readonly version?: 'v1' | 'v2' | 'vLatest' | undefined
  /** Connections to the server at the most. @defaultValue 64 */
  readonly connections?: number | undefined
  /** An answer larger than this many bytes is an error. @defaultValue 268435456 (256 MiB) */
  readonly maxResponseBytes?: number | undefined
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
  /** Opening a connection. @defaultValue 10000 */
  readonly connectMs?: number | undefined
  /** A login, a logout, or a question about a session. @defaultValue 10000 */
  readonly loginMs?: number | undefined
  /** A whole call: waiting for a session, all attempts and pauses. Longer than your longest script. @defaultValue 60000 */
  readonly callMs?: number | undefined
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
  readonly timeouts: { readonly connectMs: number; readonly loginMs: number; readonly callMs: number }
  readonly retry: { readonly repeatWritesOn112: boolean; readonly renewal: boolean }
  readonly scripts: ScriptSessions
  readonly dataSources: readonly DataSource[]
  readonly base: string
  readonly connections: number
  readonly maxResponseBytes: number
  readonly dispatcher: Dispatcher | undefined
}

/** Checks what the caller gave. @throws TypeError that names the option, never its value where that may be a secret. */
export function readOptions(options: ClientOptions): Settings {
  known('createClient', options, CLIENT_OPTIONS)
  const { version = 'vLatest', connections = 64, maxResponseBytes = 268_435_456, dataSources = [] } = options
  const { sessions = {}, timeouts = {}, retry = {}, scripts = 'shared', cache } = options
  known('sessions', sessions, SESSIONS_OPTIONS)
  known('timeouts', timeouts, ['connectMs', 'loginMs', 'callMs'])
  known('retry', retry, ['repeatWritesOn112', 'renewal'])
  known('sessions.degraded', sessions.degraded ?? {}, ['localSessions'])
  const { connectMs = 10_000, loginMs = 10_000, callMs = 60_000 } = timeouts
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
    auth: readAuth(options.auth),
    cache,
    cacheSecrets: readSecrets(options.cacheSecret, cache),
    sessions: { shared, exclusive, end, partition, idleTimeoutMs, callsPerSession, maxWaiting, localSessions },
    timeouts: { connectMs, loginMs, callMs },
    retry: { repeatWritesOn112, renewal },
    scripts,
    dataSources: readDataSources(dataSources),
    base: `/fmi/data/${version}`,
    connections,
    maxResponseBytes,
    dispatcher: options.dispatcher,
  }
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

function readAuth(auth: unknown): Auth {
  const sound =
    typeof auth === 'object' && auth !== null && 'credentials' in auth && typeof auth.credentials === 'function'
  if (!sound) throw new TypeError('auth: must be made by basic(account, password)')
  return auth as Auth
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

function readDataSources(dataSources: unknown): readonly DataSource[] {
  if (!Array.isArray(dataSources)) throw new TypeError('dataSources: must be a list')
  return dataSources.map((entry: Partial<DataSource> | undefined, index) => {
    const place = `dataSources[${index}]`
    text(`${place}.password`, entry?.password)
    return {
      database: name(`${place}.database`, entry?.database),
      username: name(`${place}.username`, entry?.username),
      password: entry?.password ?? '',
    }
  })
}

/** A name in FileMaker: any text that is not empty and can be sent. */
export function name(option: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new TypeError(`${option}: must be a text that is not empty`)
  if (!value.isWellFormed()) throw new TypeError(`${option}: holds half of a surrogate pair, which can't be sent`)
  return value
}

/** Refuses options that nobody reads, so that a slip of the pen is not taken for a choice. */
export function known(where: string, options: unknown, names: readonly string[]): void {
  if (typeof options !== 'object' || options === null) throw new TypeError(`${where}: options must be an object`)
  for (const option of Object.keys(options)) {
    if (!names.includes(option))
      throw new TypeError(`${where}: there is no option "${option}"; there are ${names.join(', ')}`)
  }
}

/** A whole number within bounds. */
export function count(option: string, value: unknown, least: number, most: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw new TypeError(`${option}: must be a whole number from ${least} to ${most}`)
  }
}

export function boolean(option: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`${option}: must be true or false`)
}

export function text(option: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${option}: must be a text`)
  if (!value.isWellFormed()) throw new TypeError(`${option}: holds half of a surrogate pair, which can't be sent`)
  return value
}

export function oneOf(option: string, value: unknown, choices: readonly string[]): void {
  if (typeof value !== 'string' || !choices.includes(value)) {
    throw new TypeError(`${option}: must be one of ${choices.map((choice) => `'${choice}'`).join(', ')}`)
  }
}
