/** A FileMaker file on the same server that the database reads from, and who signs in to it. */
export type DataSource = PasswordDataSource | OAuthDataSource

/** Signs in to another file with an account of that file. */
export interface PasswordDataSource {
  readonly database: string
  readonly username: string
  readonly password: string
}

/** Signs in to another file by an OAuth identity provider. A pair is good for one login. */
export interface OAuthDataSource {
  readonly database: string
  /** `X-FMS-Request-ID` of the answer to `/oauth/getoauthurl`. */
  readonly oAuthRequestId: string
  /** `identifier` in the URL to which the provider sends the browser back. */
  readonly oAuthIdentifier: string
}

/** What must not get into an error. */
export function secretsOfSource(source: DataSource): readonly string[] {
  return 'oAuthIdentifier' in source ? [source.oAuthRequestId, source.oAuthIdentifier] : [source.password]
}
