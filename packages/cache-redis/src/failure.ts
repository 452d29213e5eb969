/** What is told of a failure: nothing but its message, which never holds a value, a password or an address. */
export class RedisFailure extends Error {
  override readonly name = 'RedisFailure'
  /** Whether another connection may do better, so that this one is given up. */
  readonly renew: boolean

  constructor(message: string, renew = false) {
    super(`Redis: ${message}`)
    this.renew = renew
  }
}

/** By the first word of what Redis answers; a word that is not here is shown as it is. */
const ANSWERS: Readonly<Record<string, string>> = {
  READONLY: 'this server is a read-only replica; give redisCache the primary, or the sentinels',
  MASTERDOWN: 'this server is a replica that lost its primary',
  LOADING: 'the server still loads its data',
  CLUSTERDOWN: 'no node of the cluster serves this key',
  OOM: 'the server is full and may not evict',
  NOAUTH: 'the server wants a password',
  WRONGPASS: 'the server refused the user name or the password',
  NOPERM: 'this user may not run EVAL with GET, PTTL, SET, PEXPIRE and DEL on the keys',
  WRONGTYPE: 'something else than text lies under this key',
}
/** After a fail-over the old primary answers so, and the next connection finds the new one. */
const RENEWING = ['READONLY', 'MASTERDOWN']

/** ioredis' own messages, by how they begin. */
const CLIENT_MESSAGES: readonly (readonly [string, string])[] = [
  ['Connection is closed', 'the connection was lost before the answer came'],
  ['All sentinels are unreachable', 'no sentinel answers'],
  ['Failed to refresh slots cache', 'no node of the cluster answers'],
  ['None of startup nodes is available', 'no node of the cluster answers'],
]

/**
 * A new error in place of ioredis': its errors carry the command with its values, Redis repeats arguments in some of its
 * answers, and an address that can't be used stands in the error with its password.
 */
export function failureOf(cause: unknown): RedisFailure {
  if (cause instanceof RedisFailure) return cause
  if (!(cause instanceof Error)) return new RedisFailure('the connection failed')
  const word = /^[A-Z]{2,}\b/.exec(cause.message)?.[0]
  if (cause.name === 'ReplyError' && word !== undefined) {
    return new RedisFailure(
      `${ANSWERS[word] ?? 'the server answered with an error'} (${word})`,
      RENEWING.includes(word),
    )
  }
  const known = CLIENT_MESSAGES.find(([start]) => cause.message.startsWith(start))?.[1]
  const { code } = cause as NodeJS.ErrnoException
  const reason = typeof code === 'string' && /^[A-Z_\d]+$/.test(code) ? ` (${code})` : ''
  return new RedisFailure(`${known ?? 'the connection failed'}${reason}`)
}
