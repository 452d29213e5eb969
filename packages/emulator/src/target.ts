// What a request line asks for.

import type { Route } from './call.ts'
import { CONTAINER_PATH } from './container-urls.ts'
import type { Proxy } from './proxy.ts'
import { ROUTES } from './routes.ts'

export type Target =
  | {
      readonly kind: 'route'
      readonly route: Route
      /** Decoded segments by the names that the route gives them. */
      readonly path: Readonly<Record<string, string>>
      /** Without its question mark. */
      readonly query: string
      /** Whether it came through the proxy, with an API key in place of a token. */
      readonly proxied: boolean
    }
  /** Path and query as sent. */
  | { readonly kind: 'container'; readonly url: string }
  | { readonly kind: 'wrong-method' }
  | { readonly kind: 'bad-encoding' }
  | { readonly kind: 'no-such-path' }

export function targetOf(method: string, sent: string, proxy?: Proxy): Target {
  const behind = proxy?.behind(sent)
  const url = behind ?? sent
  const questionMark = url.indexOf('?')
  const pathname = questionMark === -1 ? url : url.slice(0, questionMark)
  const query = questionMark === -1 ? '' : url.slice(questionMark + 1)
  if (pathname.startsWith(CONTAINER_PATH)) {
    return method === 'GET' ? { kind: 'container', url } : { kind: 'wrong-method' }
  }
  // Split first and decode after: an encoded slash is part of a name (section 1.1).
  const [, fmi, data, version, ...segments] = pathname.split('/')
  if (fmi !== 'fmi' || data !== 'data' || !VERSIONS.has(version ?? '')) return { kind: 'no-such-path' }
  const endsInSlash = segments.length > 1 && segments.at(-1) === ''
  if (endsInSlash) segments.pop()
  let anyFits = false
  for (const { route, pattern } of PATTERNS) {
    if (!fits(pattern, segments) || (endsInSlash && route.trailingSlash !== true)) continue
    anyFits = true
    if (route.method !== method) continue
    const path = decoded(pattern, segments)
    return path === undefined
      ? { kind: 'bad-encoding' }
      : { kind: 'route', route, path, query, proxied: behind !== undefined }
  }
  return { kind: anyFits ? 'wrong-method' : 'no-such-path' }
}

/** As it stands in the log. A path that is none is not written down: there may be a token in it. */
export function operationOf(method: string, target: Target): string {
  if (target.kind === 'route') return target.route.operation
  return `${method} ${target.kind === 'container' ? '/Streaming_SSL' : '(unknown)'}`
}

const VERSIONS: ReadonlySet<string> = new Set(['v1', 'v2', 'vLatest'])
const PATTERNS = ROUTES.map((route) => ({ route, pattern: route.path.split('/').slice(1) }))

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  if (pattern.length !== segments.length) return false
  return pattern.every((wanted, index) =>
    wanted.startsWith('{') ? segments[index] !== '' : wanted === segments[index],
  )
}

/** Undefined when the percent-encoding is broken. */
function decoded(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const path: Record<string, string> = {}
  try {
    for (const [index, wanted] of pattern.entries()) {
      if (wanted.startsWith('{')) path[wanted.slice(1, -1)] = decodeURIComponent(segments[index] ?? '')
    }
    return path
  } catch {
    return undefined
  }
}
