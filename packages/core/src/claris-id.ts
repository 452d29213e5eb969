import { headerText, type Auth } from './auth.ts'
import type { Credentials } from './exchange/credentials.ts'
import { createSharedQuestion } from './exchange/shared-question.ts'
import { readIdentity, type IdentityOptions } from './oauth.ts'
import { known } from './checks.ts'

export interface ClarisIdOptions extends IdentityOptions {
  /**
   * Fetches an identity token of Claris ID: signs in to Claris' user pool at Amazon Cognito, or renews with the refresh token
   * it keeps. Asked before the first login, once the token's hour is nearly over, and with `renew: true` when the server has
   * refused the token, so that one from a store of its own won't do. Not asked twice
   * at a time, unless it stays without an answer for half a minute.
   */
  readonly token: (asked: { readonly renew: boolean }) => string | Promise<string>
}

/** So long before its end a token is replaced: the login itself takes its time. */
const EARLY_MS = 60_000

/**
 * Signs in to FileMaker Cloud with a Claris ID.
 *
 * How the identity token is had is yours to say, so that nothing of Amazon's comes with this package. It is kept until the
 * end that stands in it, and a refused one is renewed once for each login.
 *
 * @throws TypeError when `token` is no function.
 * @see Claris FileMaker Data API Guide, "Log in to a database session using a Claris ID account"
 * @example
 * const auth = clarisId({ identity: 'service@example.com', token: async ({ renew }) => cognitoIdToken({ refresh: renew }) })
 */
export function clarisId(options: ClarisIdOptions): Auth {
  known('clarisId', options, ['token', 'identity'])
  const { token: fetchToken, identity } = options
  if (typeof fetchToken !== 'function') throw new TypeError('clarisId: token must be a function that fetches one')
  let current: { readonly credentials: Credentials; readonly goodUntil: number } | undefined
  const fetchOnce = createSharedQuestion<Credentials>()

  async function fetchAnother(renew: boolean): Promise<Credentials> {
    const token = headerText('clarisId: the token', await fetchToken({ renew }))
    const credentials = { headers: ['authorization', `FMID ${token}`], secret: token }
    current = { credentials, goodUntil: endOf(token) - EARLY_MS }
    return credentials
  }

  return {
    kind: 'clarisId',
    ...readIdentity('clarisId', { identity }),
    once: false,
    credentials: (anew) => {
      if (!anew && current !== undefined && Date.now() < current.goodUntil) return current.credentials
      return fetchOnce(() => fetchAnother(anew))
    },
    sent: () => {},
  }
}

/**
 * Milliseconds since 1970 at which a JSON Web Token ends, or the beginning of time where it does not say. Only to know when
 * to ask for another: a wrong clock costs a refused login, or an early question.
 */
function endOf(token: string): number {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'))
    const end = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined
    return typeof end === 'number' && Number.isFinite(end) ? end * 1_000 : 0
  } catch {
    return 0
  }
}
