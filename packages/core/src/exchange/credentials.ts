/** What proves who signs in. */
export interface Credentials {
  /** The headers of a login, names and values in turn. */
  readonly headers: readonly string[]
  /** The password. */
  readonly secret: string
}
