// What identity providers give to people who have signed in with them: OAuth pairs (section 4.2) and Claris ID's identity
// tokens (section 4.3).

import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'

/** Request id and identifier of one sign-in. Good for one log-in. */
export interface OAuthPair {
  readonly requestId: string
  readonly identifier: string
}

export interface IdentityProviders {
  issuePair(account: string): OAuthPair
  /** Whose pair it is. Undefined for one that is not, or no more, good. */
  accountOfPair(pair: OAuthPair): string | undefined
  /** It has opened a session, and is good for no other. */
  useUp(pair: OAuthPair): void
  issueToken(account: string, lifetimeMs: number): string
  /** Whose token it is. Undefined for one that is unknown or has expired. */
  accountOf(token: string): string | undefined
}

export function createIdentityProviders(clock: Clock): IdentityProviders {
  const pairs = new Map<string, { readonly identifier: string; readonly account: string }>()
  const tokens = new Map<string, { readonly account: string; readonly expiresAt: number }>()
  return {
    issuePair: (account) => {
      const requestId = randomBytes(16).toString('hex').toUpperCase()
      const identifier = randomBytes(16).toString('hex').toUpperCase()
      pairs.set(requestId, { identifier, account })
      return { requestId, identifier }
    },
    accountOfPair: ({ requestId, identifier }) => {
      const pair = pairs.get(requestId)
      return pair?.identifier === identifier ? pair.account : undefined
    },
    useUp: ({ requestId }) => void pairs.delete(requestId),
    issueToken: (account, lifetimeMs) => {
      const expiresAt = clock.now() + lifetimeMs
      // A JSON Web Token in shape: clients may look for its end in it.
      const payload = { sub: account, exp: Math.floor(expiresAt / 1000), jti: randomBytes(8).toString('hex') }
      const token = [{ alg: 'RS256', typ: 'JWT' }, payload].map(base64OfJson).join('.')
      const signed = `${token}.${randomBytes(32).toString('base64url')}`
      tokens.set(signed, { account, expiresAt })
      return signed
    },
    accountOf: (token) => {
      const known = tokens.get(token)
      return known === undefined || clock.now() >= known.expiresAt ? undefined : known.account
    },
  }
}

function base64OfJson(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
