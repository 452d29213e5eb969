// The URLs under which the contents of container fields are to be had (section 3.18).

import { randomBytes } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { HostedDatabase } from './hosted-database.ts'
import { extensionOf } from './media-types.ts'
import type { Session } from './sessions.ts'
import type { StoredContainer } from './store.ts'
import type { StoredValue } from './values.ts'

export interface ContainerUrls {
  /** A URL that nobody was given before: each read of a record makes new ones. */
  issue(origin: string, session: Session, database: HostedDatabase, key: StoredValue): string
  /** What a GET of that path gives. */
  take(path: string, headers: IncomingHttpHeaders): ContainerAnswer
}

/**
 * What a URL wants: `cookie` the cookie that its first GET sets; `strict` at that first GET also the bearer token of the
 * session that read it, as servers since 19.3.2 can be told to; `open` nothing.
 */
export type ContainerMode = 'cookie' | 'strict' | 'open'

export type ContainerAnswer =
  | { readonly kind: 'content'; readonly container: StoredContainer }
  /** Come again with this cookie. */
  | { readonly kind: 'redirect'; readonly cookie: string }
  | { readonly kind: 'refused' }

interface Issued {
  readonly session: Session
  readonly database: HostedDatabase
  readonly key: StoredValue
  /** The cookie's value once it was handed out. */
  cookie: string | undefined
}

/** The oldest are forgotten beyond this; real servers let them die after a short time too. */
const MAX_URLS = 50_000
export const CONTAINER_PATH = '/Streaming_SSL/MainDB/'
export const CONTAINER_COOKIE = 'X-FMS-Session-Key'

export function createContainerUrls(mode: ContainerMode): ContainerUrls {
  const issued = new Map<string, Issued>()
  return {
    issue: (origin, session, database, key) => {
      const hash = randomBytes(32).toString('hex').toUpperCase()
      if (issued.size >= MAX_URLS) issued.delete(issued.keys().next().value ?? '')
      issued.set(hash, { session, database, key, cookie: undefined })
      const extension = extensionOf(database.store.container(key)?.name ?? '')
      const fileName = extension === '' ? hash : `${hash}.${extension}`
      return `${origin}${CONTAINER_PATH}${fileName}?RCType=EmbeddedRCFileProcessor`
    },
    take: (path, headers) => {
      const hash = path.slice(CONTAINER_PATH.length).replace(/\..*$/, '')
      const entry = issued.get(hash)
      if (entry === undefined) return { kind: 'refused' }
      if (entry.session.end !== undefined) {
        issued.delete(hash)
        return { kind: 'refused' }
      }
      const container = entry.database.store.container(entry.key)
      if (container === undefined) return { kind: 'refused' }
      if (mode === 'open') return { kind: 'content', container }
      if (entry.cookie === undefined) {
        if (mode === 'strict' && !hasToken(headers, entry.session)) return { kind: 'refused' }
        entry.cookie = randomBytes(16).toString('hex').toUpperCase()
        return { kind: 'redirect', cookie: entry.cookie }
      }
      return hasCookie(headers.cookie, entry.cookie) ? { kind: 'content', container } : { kind: 'refused' }
    },
  }
}

function hasToken({ authorization }: IncomingHttpHeaders, session: Session): boolean {
  return /^bearer\s+(\S+)\s*$/i.exec(authorization ?? '')?.[1] === session.token
}

function hasCookie(header: string | undefined, value: string): boolean {
  return (header ?? '').split(';').some((cookie) => cookie.trim() === `${CONTAINER_COOKIE}=${value}`)
}
