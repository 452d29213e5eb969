import { headerText, type Auth } from './auth.ts'
import { known } from './checks.ts'

export interface ProxyKeyOptions {
  /** What stands before `/fmi/data`: `'/otto'` for OttoFMS, `''` for a proxy with a port of its own. @defaultValue '/otto' */
  readonly pathPrefix?: string | undefined
}

/**
 * Calls through a proxy like OttoFMS, which takes an API key where a session's token would stand, and holds the sessions
 * itself. Nobody signs in, and nothing is to be ended.
 *
 * There are no exclusive scopes then; a shared one promises nothing, since the proxy chooses the session of each call. `cache`,
 * `cacheSecret` and `sessions` have no effect. A key that the proxy does not take is a {@link ProxyAuthError}.
 *
 * @param key - `dk_…` of OttoFMS, `KEY_…` of Otto 3 (there with `pathPrefix: ''`, and its port 3030 in `server`).
 * @throws TypeError when the key can't be sent, or the prefix is no path.
 * @example
 * const fm = createClient({ server, database, auth: proxyKey(process.env.OTTO_API_KEY) })
 */
export function proxyKey(key: string | undefined, options: ProxyKeyOptions = {}): Auth {
  known('proxyKey', options, ['pathPrefix'])
  const { pathPrefix = '/otto' } = options
  if (typeof pathPrefix !== 'string' || !/^(?:\/[\w.~-]+)*$/.test(pathPrefix) || /\/\.{1,2}(?:\/|$)/.test(pathPrefix)) {
    throw new TypeError("proxyKey: pathPrefix must be a path like '/otto', or empty")
  }
  const given = headerText('proxyKey: key', key)
  return { kind: 'proxyKey', key: () => given, pathPrefix }
}
