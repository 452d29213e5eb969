import type { IncomingHttpHeaders } from 'node:http'
import type { Answer } from './answer.ts'
import type { Clock } from './clock.ts'
import type { ContainerUrls } from './container-urls.ts'
import type { ContentStore } from './content.ts'
import type { HostedDatabase } from './hosted-database.ts'
import type { IdentityProviders } from './identity-providers.ts'
import type { Upload } from './multipart.ts'
import type { Options } from './parameters.ts'
import type { OpenRequestEntry } from './request-log.ts'
import type { Session, SessionOptions, Sessions } from './sessions.ts'

/** What all calls work on. */
export interface Engine {
  readonly databases: ReadonlyMap<string, HostedDatabase>
  readonly sessions: Sessions
  readonly clock: Clock
  readonly containers: ContainerUrls
  readonly contents: ContentStore
  /** Whether an upload's answer has the new modId; Claris' guide shows none (section 3.17). */
  readonly uploadReturnsModId: boolean
  readonly loginDelayMs: number
  readonly identities: IdentityProviders
  /** Whether log-ins are those of FileMaker Cloud (section 4.3). */
  readonly cloud: boolean
  readonly tokenInBody: boolean
  readonly wrongDataSource: NonNullable<SessionOptions['wrongDataSource']>
}

/** A request that fits its route. */
export interface Call {
  readonly engine: Engine
  /** Decoded path segments by the names that the route gives them. */
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** Parsed; empty when the route takes none, or none was sent. */
  readonly body: Options
  /** The part named `upload`, on routes that take one; undefined when it was not there. */
  readonly upload: Upload | undefined
  readonly headers: IncomingHttpHeaders
  /** `http://host:port` as the client knows this server. */
  readonly origin: string
  readonly entry: OpenRequestEntry
  /** Lets time pass. Rejects when the session ends or the server closes meanwhile. */
  readonly wait: (ms: number) => Promise<void>
}

/** A call with a living session, in its turn. */
export interface SessionCall extends Call {
  readonly session: Session
  /** The session's database. Its name as the session spells it is `session.database`. */
  readonly database: HostedDatabase
}

interface RouteBase {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/fmi/data/{version}`, `{name}` standing for one segment. */
  readonly path: string
  /** As in the log: method and the path from the last fixed word on. */
  readonly operation: string
  /** Whether the path may end in a slash too. @defaultValue false */
  readonly trailingSlash?: boolean
  /** What kind of body it takes. @defaultValue 'json' */
  readonly takes?: 'json' | 'upload'
}

/** A route that wants no session, or looks after it by itself. */
export interface OpenRoute extends RouteBase {
  readonly access: 'open'
  readonly run: (call: Call) => Answer | Promise<Answer>
}

/** A route that wants a bearer token, and runs in the session's turn. */
export interface SessionRoute extends RouteBase {
  readonly access: 'session'
  readonly run: (call: SessionCall) => Answer | Promise<Answer>
}

export type Route = OpenRoute | SessionRoute
