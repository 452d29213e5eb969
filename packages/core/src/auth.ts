import type { Credentials } from './exchange/credentials.ts'

/** Who signs in, and how. Made by {@link basic}. */
export interface Auth {
  /** Part of what tells sessions apart. */
  readonly kind: 'basic'
  /** The account: whose sessions these are. */
  readonly principal: string
  /** What proves it. The values go nowhere but into login requests and, hashed, the cache key. */
  readonly credentials: () => Credentials | Promise<Credentials>
}

/** A password, or where to get it: asked before sessions are looked up, at most once a minute, and after a refused login. */
export type Password = string | (() => string | Promise<string>)

/**
 * Signs in with a FileMaker account and its password. The account needs the extended privilege `fmrest`.
 *
 * @param account - Account name, without a colon.
 * @param password - May be empty. A function can follow a password that changes: when it gives another one, calls use the
 *   sessions of that one. The type takes undefined so that `process.env.FM_PASSWORD` can be given as it is.
 * @throws TypeError when the account is empty or has a colon, or the password is missing.
 * @see Claris FileMaker Data API Guide, "Log in to a database session"
 */
export function basic(account: string, password: Password | undefined): Auth {
  if (typeof account !== 'string' || account === '')
    throw new TypeError('basic: account must be a text that is not empty')
  // RFC 7617: the first colon ends the account.
  if (account.includes(':')) throw new TypeError('basic: account must not have a colon')
  if (typeof password === 'function') {
    const credentials = async (): Promise<Credentials> => credentialsOf(account, await password())
    return { kind: 'basic', principal: account, credentials }
  }
  const credentials = credentialsOf(account, password)
  return { kind: 'basic', principal: account, credentials: () => credentials }
}

function credentialsOf(account: string, password: unknown): Credentials {
  if (typeof password !== 'string') throw new TypeError('basic: password is missing')
  const header = `Basic ${Buffer.from(`${account}:${password}`, 'utf8').toString('base64')}`
  return { headers: ['authorization', header], secret: password }
}
