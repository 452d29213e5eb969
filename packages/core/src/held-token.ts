import { headerText, type Auth } from './auth.ts'

/**
 * Uses a session that somebody else has opened and will end: its token is never logged out, and never replaced by a login.
 * When it has died, calls fail with a {@link SessionError} whose `reason` is `'token'`.
 *
 * There are no exclusive scopes then, and `sessions.endAll()` is refused. `cache`, `cacheSecret` and `sessions` have no effect.
 *
 * @param token - The token, or where to get it: asked before the first call, and again when the server has refused the last
 *   one. The same token once more means that there is no other.
 * @throws TypeError when the token can't be sent.
 * @example
 * const fm = createClient({ server, database, auth: heldToken(request.session.fileMakerToken) })
 */
export function heldToken(token: string | (() => string | Promise<string>)): Auth {
  if (typeof token === 'function') {
    return { kind: 'heldToken', token: async () => headerText('heldToken: token', await token()) }
  }
  const given = headerText('heldToken: token', token)
  return { kind: 'heldToken', token: () => given }
}
