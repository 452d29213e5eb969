import { createClock } from './clock.ts'
import { createContainerUrls } from './container-urls.ts'
import type { ContainerMode } from './container-urls.ts'
import { createContentStore } from './content.ts'
import type { Engine } from './call.ts'
import type { DatabaseDefinition, ShorthandDefinition } from './definition.ts'
import { onlyKeys } from './definition-mistake.ts'
import { createFaults } from './faults.ts'
import type { FaultRule } from './faults.ts'
import { openDatabase } from './hosted-database.ts'
import type { HostedDatabase } from './hosted-database.ts'
import { createIdentityProviders } from './identity-providers.ts'
import type { OAuthPair } from './identity-providers.ts'
import { createProxy } from './proxy.ts'
import type { ProxyOptions } from './proxy.ts'
import { createRequestLog } from './request-log.ts'
import type { RequestEntry, RequestFilter } from './request-log.ts'
import { listen } from './server.ts'
import { createSessions } from './sessions.ts'
import type { SessionOptions, SessionSummary } from './sessions.ts'
import { storedRecords } from './stored-records.ts'
import type { StoredRecord } from './stored-records.ts'

export interface EmulatorOptions {
  /** What the server hosts, by file name without `.fmp12`. @defaultValue nothing */
  readonly databases?: Readonly<Record<string, DatabaseDefinition | ShorthandDefinition>>
  /** @defaultValue '127.0.0.1' */
  readonly host?: string
  /** 0 takes a free one. @defaultValue 0 */
  readonly port?: number
  readonly sessions?: SessionOptions
  /** Milliseconds that a log-in takes before there is a session. @defaultValue 0 */
  readonly loginDelayMs?: number
  /** Milliseconds that every call with a session still takes when its work is done, in its turn. @defaultValue 0 */
  readonly responseDelayMs?: number
  /** Larger bodies are refused with 413. @defaultValue 16 MiB */
  readonly maxBodyBytes?: number
  /** Larger uploads are refused with 413. @defaultValue no limit */
  readonly maxUploadBytes?: number
  /** Whether the answer to an upload has the new modId, as real servers' have and Claris' guide does not. @defaultValue true */
  readonly uploadReturnsModId?: boolean
  /**
   * What a container's URL wants: `cookie` a cookie that its first GET sets, `strict` also the token of the session that
   * read it, `open` nothing. @defaultValue 'cookie'
   */
  readonly containerMode?: ContainerMode
  /** Takes log-ins as FileMaker Cloud does: identity tokens only, and a page instead of an error. @defaultValue false */
  readonly cloud?: boolean
  /** An Otto-style proxy in front, which takes API keys and holds the sessions. @defaultValue none */
  readonly proxy?: ProxyOptions
}

/** A running server, and what tests want to do with it. */
export interface Emulator extends AsyncDisposable {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string
  /** The newest 10,000 requests, oldest first. A text takes an operation with those below it. */
  requests(filter?: RequestFilter): RequestEntry[]
  /** How many requests of an operation, with those below it, there were since the start; of all without one. */
  count(operation?: string): number
  /** The living sessions, oldest first. */
  sessions(): SessionSummary[]
  /**
   * Disconnects sessions like an administrator, all of them without a filter: a running call answers 112, later ones 952.
   *
   * @returns how many there were
   */
  killSessions(filter?: (session: SessionSummary) => boolean): number
  /** Turns the emulator's clock forward, and with it the idle time of sessions. */
  advance(ms: number): void
  /** What somebody's browser brings back from an OAuth identity provider: good for one log-in. */
  issueOAuth(account: string): OAuthPair
  /**
   * An identity token as Claris ID gives it.
   *
   * @param options - `lifetimeMs`: by the emulator's clock; an hour by default.
   */
  issueIdentityToken(account: string, options?: { readonly lifetimeMs?: number }): string
  /** Makes requests go wrong until the rule is used up or disposed of. */
  fault(rule: FaultRule): Disposable
  /**
   * Restarts the engine: all sessions are gone, running calls answer 502, and for `downMs` everything answers 503.
   *
   * @param options - `downMs`: 0 by default.
   * @returns when the engine is up again
   */
  restart(options?: { readonly downMs?: number }): Promise<void>
  /** A table's records as they are stored, in the order of creation. @throws TypeError without such a table */
  records(database: string, table: string): StoredRecord[]
  /** Stops listening and ends all connections. */
  close(): Promise<void>
}

/**
 * Starts a local FileMaker Data API server over HTTP.
 *
 * Databases live in memory and are gone when it closes.
 *
 * @throws TypeError that names the place in a definition that is wrong, and the system's error when host and port can't
 * be listened on.
 * @example
 * const server = await startEmulator({ databases: { Demo: { People: [{ name: 'Ada', age: 36 }] } } })
 * const answer = await fetch(`${server.url}/fmi/data/vLatest/productInfo`)
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const {
    databases: definitions = {},
    host = '127.0.0.1',
    port = 0,
    sessions: sessionOptions = {},
    loginDelayMs = 0,
    responseDelayMs = 0,
    maxBodyBytes = 16 * 1024 * 1024,
    maxUploadBytes = Number.POSITIVE_INFINITY,
    uploadReturnsModId = true,
    containerMode = 'cookie',
    cloud = false,
    proxy,
  } = options
  checkOptions(options)
  const databases = new Map<string, HostedDatabase>()
  const contents = createContentStore()
  for (const [name, definition] of Object.entries(definitions)) {
    databases.set(name, openDatabase(name, definition, contents))
  }
  const clock = createClock()
  const sessions = createSessions(clock, sessionOptions)
  const containers = createContainerUrls(containerMode)
  const identities = createIdentityProviders(clock)
  const { tokenInBody = true, wrongDataSource = 'ignored' } = sessionOptions
  const engine: Engine = {
    databases,
    sessions,
    clock,
    containers,
    contents,
    uploadReturnsModId,
    loginDelayMs,
    identities,
    cloud,
    tokenInBody,
    wrongDataSource,
  }
  const log = createRequestLog()
  const faults = createFaults()
  let restarts = 0

  const server = await listen(host, port, {
    engine,
    log,
    faults,
    responseDelayMs,
    maxBodyBytes,
    maxUploadBytes,
    proxy: proxy === undefined ? undefined : createProxy(proxy, sessions, databases),
    isDown: () => restarts > 0,
  })
  let closing: Promise<void> | undefined
  async function stop(): Promise<void> {
    await server.close()
    for (const { store } of databases.values()) store.close()
    await contents.close()
  }

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${server.address.port}`,
    requests: (filter) => log.entries(filter),
    count: (operation) => log.count(operation),
    sessions: () => sessions.list(),
    killSessions: (filter) => sessions.end('disconnected', filter),
    advance: (ms) => clock.advance(ms),
    issueOAuth: (account) => identities.issuePair(account),
    issueIdentityToken: (account, { lifetimeMs = 3_600_000 } = {}) => identities.issueToken(account, lifetimeMs),
    fault: (rule) => faults.add(rule),
    restart: async ({ downMs = 0 } = {}) => {
      restarts += 1
      sessions.end('engine-restart')
      await new Promise((resolve) => setTimeout(resolve, downMs).unref())
      restarts -= 1
    },
    records: (databaseName, table) => {
      const database = databases.get(databaseName)
      if (database === undefined) throw new TypeError(`records(): there is no database ${JSON.stringify(databaseName)}`)
      return storedRecords(database, table)
    },
    close: () => (closing ??= stop()),
    [Symbol.asyncDispose]: () => (closing ??= stop()),
  }
}

/** @throws TypeError that names the option */
function checkOptions(options: EmulatorOptions): void {
  const { port, sessions = {}, loginDelayMs, responseDelayMs, maxBodyBytes, maxUploadBytes } = options
  const { containerMode = 'cookie', uploadReturnsModId = true, cloud = false, proxy } = options
  const { tokenInBody = true, wrongDataSource = 'ignored', ...sessionNumbers } = sessions
  onlyKeys(options, [...NUMBER_OPTIONS, ...OTHER_OPTIONS], 'startEmulator()')
  onlyKeys(
    sessions,
    ['idleTimeoutMs', 'max', 'capCode', 'tokenInBody', 'wrongDataSource'],
    'startEmulator({ sessions })',
  )
  const numbers = { port, loginDelayMs, responseDelayMs, maxBodyBytes, maxUploadBytes, ...sessionNumbers }
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || (typeof value === 'number' && value >= 0)) continue
    throw new TypeError(`startEmulator({ ${name} }): must be a number of at least 0`)
  }
  for (const [name, value] of Object.entries({ cloud, tokenInBody, uploadReturnsModId })) {
    if (typeof value !== 'boolean') throw new TypeError(`startEmulator({ ${name} }): must be true or false`)
  }
  if (!['cookie', 'strict', 'open'].includes(containerMode)) {
    throw new TypeError("startEmulator({ containerMode }): must be 'cookie', 'strict' or 'open'")
  }
  if (wrongDataSource !== 'ignored' && wrongDataSource !== 'refused') {
    throw new TypeError("startEmulator({ sessions.wrongDataSource }): must be 'ignored' or 'refused'")
  }
  if (proxy !== undefined) checkProxy(proxy)
}

function checkProxy(proxy: ProxyOptions): void {
  onlyKeys(proxy, ['pathPrefix', 'keys'], 'startEmulator({ proxy })')
  const { pathPrefix = '/otto', keys } = proxy
  if (!/^(?:\/[\w-]+)*$/.test(pathPrefix)) {
    throw new TypeError("startEmulator({ proxy.pathPrefix }): must be a path like '/otto', or empty")
  }
  if (
    !Array.isArray(keys) ||
    keys.some((entry) => typeof entry.key !== 'string' || typeof entry.account !== 'string')
  ) {
    throw new TypeError('startEmulator({ proxy.keys }): must be a list like [{ key, account }]')
  }
}

const NUMBER_OPTIONS = ['port', 'loginDelayMs', 'responseDelayMs', 'maxBodyBytes', 'maxUploadBytes'] as const
const OTHER_OPTIONS = [
  'databases',
  'host',
  'sessions',
  'uploadReturnsModId',
  'containerMode',
  'cloud',
  'proxy',
] as const
