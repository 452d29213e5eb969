import { createHash } from 'node:crypto'
import type { SessionCache } from '@fm/core'

export interface ExampleCacheOptions {
  /** Where the service is: `http://register.example.com/sessions`. */
  readonly address: string
  /** Milliseconds that an operation without a signal may take. @defaultValue 250 */
  readonly timeoutMs?: number
}

/**
 * Keeps sessions behind an HTTP service that knows conditional requests, as object stores do (S3, R2, Azure blobs): PUT
 * and DELETE with `If-Match` are done only if the object's ETag is that one.
 *
 * Here the ETag is the SHA-256 of the value, so that the one of an expected value can be told without asking.
 */
export function exampleCache({ address, timeoutMs = 250 }: ExampleCacheOptions): SessionCache {
  async function request(method: string, key: string, { signal, ...init }: RequestInit): Promise<Response> {
    const url = `${address}/${encodeURIComponent(key)}`
    const response = await fetch(url, { method, ...init, signal: signal ?? AbortSignal.timeout(timeoutMs) })
    // 404 and 412 are answers. Anything else is doubt, and doubt is thrown: a redirect to a login page, say, is no value.
    if (response.ok || response.status === 404 || response.status === 412) return response
    throw new Error(`exampleCache: the service answered ${response.status}`)
  }

  async function get(key: string, { signal = null }: { signal?: AbortSignal | null } = {}): Promise<Found | undefined> {
    const response = await request('GET', key, { signal })
    if (response.status !== 200) return undefined
    // Not `text()`: that drops a byte order mark. The conformance test found it.
    const value = Buffer.from(await response.arrayBuffer()).toString()
    return { value, ttlMs: Number(response.headers.get('ttl-ms')) }
  }

  return {
    supports: { sharedBy: 'network', atomic: true },
    get,
    compareAndSet: async (key, expected, next, ttlMs, { signal = null } = {}) => {
      const condition = expected === undefined ? { 'if-none-match': '*' } : { 'if-match': etagOf(expected) }
      if (next !== undefined) {
        const headers = { ...condition, 'ttl-ms': String(ttlMs) }
        return (await request('PUT', key, { headers, body: next, signal })).ok
      }
      // A DELETE of what must not be there has no meaning in HTTP. Nothing is to be changed, so looking is enough.
      if (expected === undefined) return (await get(key, { signal })) === undefined
      return (await request('DELETE', key, { headers: condition, signal })).ok
    },
  }
}

interface Found {
  readonly value: string
  readonly ttlMs: number
}

function etagOf(value: string): string {
  return `"${createHash('sha256').update(value).digest('hex')}"`
}
