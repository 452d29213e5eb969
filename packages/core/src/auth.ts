/** Who signs in, and how. Made by {@link basic}. */
export interface Auth {
  /** Part of what tells sessions apart. */
  readonly kind: 'basic'
  /** The account: whose sessions these are. */
  readonly principal: string
  /** What proves it. Called at each login; the values go nowhere but into the login request and, hashed, the cache key. */
  readonly credentials: () => Credentials
}

export interface Credentials {
  /** The headers of a login, names and values in turn. */
  readonly headers: readonly string[]
  /** The password. */
  readonly secret: string
}

/**
 * Signs in with a FileMaker account and its password. The account needs the extended privilege `fmrest`.
 *
 * @param account - Account name, without a colon.
 * @param password - May be empty. The type takes undefined so that `process.env.FM_PASSWORD` can be given as it is.
 * @throws TypeError when the account is empty or has a colon, or the password is missing.
 * @see Claris FileMaker Data API Guide, "Log in to a database session"
 */
export function basic(account: string, password: string | undefined): Auth {
  if (typeof account !== 'string' || account === '')
    throw new TypeError('basic: account must be a text that is not empty')
  // RFC 7617: the first colon ends the account.
  if (account.includes(':')) throw new TypeError('basic: account must not have a colon')
  if (typeof password !== 'string') throw new TypeError('basic: password is missing')
  const header = `Basic ${Buffer.from(`${account}:${password}`, 'utf8').toString('base64')}`
  return {
    kind: 'basic',
    principal: account,
    credentials: () => ({ headers: ['authorization', header], secret: password }),
  }
}
