// A proxy in the manner of Otto (section 9): an API key comes in place of a session token, and the proxy holds the sessions.

import type { IncomingHttpHeaders } from 'node:http'
import { htmlPage } from './answer.ts'
import type { Answer } from './answer.ts'
import { databaseNamed } from './hosted-database.ts'
import type { HostedDatabase } from './hosted-database.ts'
import type { Session, Sessions } from './sessions.ts'

export interface ProxyOptions {
  /** What stands before `/fmi/data`. @defaultValue '/otto' */
  readonly pathPrefix?: string
  /** Each key with the account that the proxy uses for it. */
  readonly keys: readonly { readonly key: string; readonly account: string }[]
}

export interface Proxy {
  /** The path and query behind the proxy; undefined for a request that does not go through it. */
  behind(url: string): string | undefined
  /**
   * The session that the proxy holds for the request's key, opened where there is none.
   *
   * @throws ProxyRefusal without a key that it knows.
   */
  session(headers: IncomingHttpHeaders, database: string): Session
  /** @throws ProxyRefusal without a key that it knows. */
  check(headers: IncomingHttpHeaders): void
}

/** The proxy's own no: none of FileMaker's answers. What Otto's looks like is not published. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal'
  readonly answer: Answer = {
    ...htmlPage(401, 'Unauthorized'),
    body: '{"error":"Unauthorized"}',
    headers: { 'Content-Type': 'application/json' },
  }
}

export function createProxy(
  { pathPrefix = '/otto', keys }: ProxyOptions,
  sessions: Sessions,
  databases: ReadonlyMap<string, HostedDatabase>,
): Proxy {
  const accounts = new Map(keys.map(({ key, account }) => [key, account]))
  const held = new Map<string, Session>()

  function accountFor({ authorization = '' }: IncomingHttpHeaders): { key: string; account: string } {
    const key = /^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1] ?? ''
    const account = accounts.get(key)
    if (account === undefined) throw new ProxyRefusal()
    return { key, account }
  }

  return {
    behind: (url) => (url.startsWith(`${pathPrefix}/fmi/`) ? url.slice(pathPrefix.length) : undefined),
    session: (headers, database) => {
      const { key, account } = accountFor(headers)
      const { solution } = databaseNamed(databases, database)
      if (!solution.accounts.some(({ name, fmrest }) => name === account && fmrest)) throw new ProxyRefusal()
      const place = JSON.stringify([key, database])
      const session = held.get(place)
      if (session !== undefined && sessions.list().some(({ id }) => id === session.id)) return session
      const opened = sessions.open(database, account)
      held.set(place, opened)
      return opened
    },
    check: (headers) => void accountFor(headers),
  }
}
