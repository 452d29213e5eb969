/** What proves who signs in. */
export interface Credentials {
  /** The headers of a login, names and values in turn. */
  readonly headers: readonly string[]
  /** The password, or what takes its place. */
  readonly secret: string
}

/** Why there are no credentials (any more), in words for the caller: somebody has to sign in again. */
export class CredentialsUsedUp extends Error {
  override readonly name = 'CredentialsUsedUp'
}
