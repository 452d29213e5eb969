import { randomUUID } from 'node:crypto'
import { headerText, type Auth } from './auth.ts'
import { CredentialsUsedUp, type Credentials } from './exchange/credentials.ts'
import { known, name } from './checks.ts'

/** What signing in with an OAuth identity provider leaves in an application's hands. Good for one login. */
export interface OAuthPair {
  /** `X-FMS-Request-ID` of the answer to `/oauth/getoauthurl`. */
  readonly requestId: string
  /** `identifier` in the URL to which the provider sends the browser back. */
  readonly identifier: string
}

export interface IdentityOptions {
  /**
   * Who this is, in words that no other user has: lets processes share the session through the cache, together with
   * `cacheSecret`. Whoever gives this name gets that session without signing in, so give what your application has verified
   * (the user id of its own session), never what a visitor says. Left out, the session stays in this process.
   */
  readonly identity?: string | undefined
}

/**
 * Signs in by way of an OAuth identity provider (Amazon, Google, Microsoft, or one of your own).
 *
 * The pair is good for one login. So the session is kept until the client is closed, there is one shared session, and when it
 * dies calls fail with a {@link SessionError} whose `reason` is `'credentials'`: somebody has to sign in again. A function is
 * asked for another pair before each login instead.
 *
 * @param pair - The pair, or where to get one. Where each costs a person a sign-in, set `sessions.shared` to 1.
 * @throws TypeError when a part of the pair is missing or can't be sent.
 * @see Claris FileMaker Data API Guide, "Log in to a database session using an OAuth identity provider"
 * @example
 * const fm = createClient({ server, database, auth: oauth({ requestId, identifier }) })
 */
export function oauth(pair: OAuthPair | (() => OAuthPair | Promise<OAuthPair>), options: IdentityOptions = {}): Auth {
  const named = readIdentity('oauth', options)
  if (typeof pair === 'function') {
    const credentials = async (): Promise<Credentials> => credentialsOf(await pair())
    return { kind: 'oauth', ...named, once: false, credentials, sent: () => {} }
  }
  const credentials = credentialsOf(pair)
  let isUsed = false
  const unused = (): Credentials => {
    if (isUsed) throw new CredentialsUsedUp('the OAuth pair has been used, and is good for one login; sign in again')
    return credentials
  }
  return { kind: 'oauth', ...named, once: true, credentials: unused, sent: () => (isUsed = true) }
}

function credentialsOf(pair: Partial<OAuthPair> | undefined): Credentials {
  const requestId = headerText('oauth: requestId', pair?.requestId)
  const identifier = headerText('oauth: identifier', pair?.identifier)
  const headers = ['X-FM-Data-OAuth-Request-Id', requestId, 'X-FM-Data-OAuth-Identifier', identifier]
  return { headers, secret: identifier }
}

export function readIdentity(
  where: string,
  options: IdentityOptions,
): { readonly principal: string; readonly isNamed: boolean } {
  known(where, options, ['identity'])
  const { identity } = options
  if (identity !== undefined) name(`${where}: identity`, identity)
  return { principal: identity ?? randomUUID(), isNamed: identity !== undefined }
}
