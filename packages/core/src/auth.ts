import type { Credentials } from './exchange/credentials.ts'

/**
 * Who calls, and how that is proven. Made by {@link basic}, {@link oauth}, {@link clarisId}, {@link heldToken} or
 * {@link proxyKey}.
 */
export type Auth = PasswordAuth | IdentityAuth | HeldTokenAuth | ProxyKeyAuth

/** Signs in with an account and its password. Made by {@link basic}. */
export interface PasswordAuth {
  readonly kind: 'basic'
  /** The account: whose sessions these are. */
  readonly principal: string
  /** What proves it. The values go nowhere but into login requests and, hashed, the cache key. */
  readonly credentials: () => Credentials | Promise<Credentials>
}

/** Signs in with credentials that are others at each login. Made by {@link oauth} and {@link clarisId}. */
export interface IdentityAuth {
  readonly kind: 'oauth' | 'clarisId'
  /** Whose sessions these are: the `identity` that was given, or a name that no other object has. */
  readonly principal: string
  /** Whether `identity` was given, so that processes may share the session. */
  readonly isNamed: boolean
  /** Whether the credentials are good for a single login. */
  readonly once: boolean
  /** What proves it, asked for before each login. `anew`: what was given before has just been refused. */
  readonly credentials: (anew: boolean) => Credentials | Promise<Credentials>
  /** Told when credentials have left in a login. */
  readonly sent: (credentials: Credentials) => void
}

/** Uses a session that somebody else opened. Made by {@link heldToken}. */
export interface HeldTokenAuth {
  readonly kind: 'heldToken'
  readonly token: () => string | Promise<string>
}

/** Calls through a proxy that holds the sessions. Made by {@link proxyKey}. */
export interface ProxyKeyAuth {
  readonly kind: 'proxyKey'
  readonly key: () => string
  /** What stands before `/fmi/data` in each path. */
  readonly pathPrefix: string
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

/** Checks what users in JavaScript, or of another copy of this package, may give. */
export function readAuth(auth: unknown): Auth {
  const { kind, credentials, token, key } = (typeof auth === 'object' && auth !== null ? auth : {}) as Record<
    string,
    unknown
  >
  const made = { basic: credentials, oauth: credentials, clarisId: credentials, heldToken: token, proxyKey: key }
  if (typeof kind === 'string' && Object.hasOwn(made, kind) && typeof made[kind as keyof typeof made] === 'function') {
    return auth as Auth
  }
  throw new TypeError('auth: must be made by basic(account, password), oauth, clarisId, heldToken or proxyKey')
}

/** A secret that has to fit into a header as it is. Its value is in no message. */
export function headerText(what: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${what} must be a text`)
  if (!/^[\x21-\x7e]{1,16384}$/.test(value)) {
    throw new TypeError(`${what} must be 1 to 16384 printable characters of ASCII, without blanks`)
  }
  return value
}
