// Who a log-in says it is, and whether that is so (sections 4.1 to 4.4, 4.6).

import type { IncomingHttpHeaders } from 'node:http'
import { htmlPage, Refusal } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Engine } from './call.ts'
import type { HostedDatabase } from './hosted-database.ts'
import { databaseNamed } from './hosted-database.ts'
import type { OAuthPair } from './identity-providers.ts'
import { isJsonObject } from './json.ts'
import { schemaMismatch } from './parameters.ts'
import type { DataSourceSummary } from './sessions.ts'

/** What a log-in brings along to prove who it is. */
export type Presented =
  | { readonly by: 'password'; readonly account: string; readonly password: string }
  | { readonly by: 'oauth'; readonly pair: OAuthPair }
  | { readonly by: 'clarisId'; readonly token: string }

/** FileMaker Cloud answers a page where it refuses an identity token. */
export class CloudRefusal extends Error {
  override readonly name = 'CloudRefusal'
  readonly answer: Answer = htmlPage(401, 'Unauthorized')
}

/** @throws Refusal 10 or 1702, both 401 (section 4.6). */
export function presentedBy(headers: IncomingHttpHeaders): Presented {
  const requestId = headers['x-fm-data-oauth-request-id']
  const identifier = headers['x-fm-data-oauth-identifier']
  if (typeof requestId === 'string' && typeof identifier === 'string') {
    return { by: 'oauth', pair: { requestId, identifier } }
  }
  const { authorization } = headers
  if (authorization === undefined || authorization === '') {
    throw new Refusal(10, {
      status: 401,
      message: 'HTTP Authorization header or OAuth headers are missing.',
      keyOrder: 'message-first',
    })
  }
  // The guide writes FMID, the OpenAPI description fmid (section 1.2).
  const token = /^fmid\s+(\S+)\s*$/i.exec(authorization)?.[1]
  if (token !== undefined) return { by: 'clarisId', token }
  const encoded = /^basic\s+([A-Za-z0-9+/=_-]*)\s*$/i.exec(authorization)?.[1]
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon === -1) throw new Refusal(1702, { status: 401 })
  return { by: 'password', account: text.slice(0, colon), password: text.slice(colon + 1) }
}

/**
 * The account that signs in.
 *
 * @throws Refusal 212 with HTTP 401; CloudRefusal where the emulator is FileMaker Cloud, which takes identity tokens only.
 */
export function signedInAs(engine: Engine, database: HostedDatabase, presented: Presented): string {
  if (engine.cloud && presented.by !== 'clarisId') throw new CloudRefusal()
  const account = accountOf(engine, database, presented)
  if (account !== undefined) return account
  throw engine.cloud ? new CloudRefusal() : new Refusal(212, { status: 401 })
}

function accountOf(engine: Engine, { solution }: HostedDatabase, presented: Presented): string | undefined {
  const name = nameOf(engine, presented)
  const account = solution.accounts.find((candidate) => candidate.name === name)
  if (account === undefined || !account.fmrest || account.signsInWith !== presented.by) return undefined
  if (presented.by === 'password' && account.password !== presented.password) return undefined
  return account.name
}

function nameOf({ identities }: Engine, presented: Presented): string | undefined {
  switch (presented.by) {
    case 'password':
      return presented.account
    case 'oauth':
      return identities.accountOfPair(presented.pair)
    case 'clarisId':
      return identities.accountOf(presented.token)
  }
}

/**
 * The other files that a log-in signs in to (section 4.4). One with wrong credentials is left out, or refuses the log-in:
 * which of them a server does is not documented.
 *
 * @throws Refusal 212 where the options say so, 10 for what is no list of data sources.
 */
export function dataSourcesOf(engine: Engine, given: unknown): DataSourceSummary[] {
  if (given === undefined) return []
  if (!Array.isArray(given)) throw schemaMismatch()
  const sources = given.map((entry: unknown) => dataSourceOf(engine, entry))
  if (engine.wrongDataSource === 'refused' && sources.includes(undefined)) throw new Refusal(212, { status: 401 })
  return sources.filter((source) => source !== undefined)
}

function dataSourceOf(engine: Engine, entry: unknown): DataSourceSummary | undefined {
  if (!isJsonObject(entry) || typeof entry.database !== 'string') throw schemaMismatch()
  const presented = presentedFor(entry)
  const database = hosted(engine, entry.database)
  const account = database === undefined ? undefined : accountOf(engine, database, presented)
  if (account === undefined) return undefined
  if (presented.by === 'oauth') engine.identities.useUp(presented.pair)
  return { database: entry.database, account, by: presented.by }
}

/** If a name and an OAuth pair are both there, the pair is used. */
function presentedFor(entry: Readonly<Record<string, unknown>>): Presented {
  const { oAuthRequestId, oAuthIdentifier, username, password } = entry
  if (typeof oAuthRequestId === 'string' && typeof oAuthIdentifier === 'string') {
    return { by: 'oauth', pair: { requestId: oAuthRequestId, identifier: oAuthIdentifier } }
  }
  if (typeof username !== 'string' || typeof password !== 'string') throw schemaMismatch()
  return { by: 'password', account: username, password }
}

function hosted({ databases }: Engine, name: string): HostedDatabase | undefined {
  try {
    return databaseNamed(databases, name)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}
