/** Errors that happen before a byte of the request leaves. A reset of a reused connection is not among them. */
export const UNSENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Of an error only a short code is kept, or its class: the rest may name hosts. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name
  return /^[A-Za-z0-9_]{1,60}$/.test(code) ? code : 'unknown error'
}

/** What a request is ended with that nobody waits for any more. */
export const STOPPED: Error = new Error('stopped')
