import type { Grant, SessionSource } from './session-source.ts'
import type { UnderWay } from './under-way.ts'

/** Calls with a proxy's key: it goes where a session's token would go, and the proxy finds the session. */
export function createProxyKeySource(key: string, underWay: UnderWay): SessionSource {
  return {
    acquire: (): Grant => ({
      token: key,
      isProxyKey: true,
      isBehind: () => false,
      answered: () => {},
      refused: () => {},
      doubted: () => {},
      abandoned: () => {},
      release: underWay.enter(),
    }),
  }
}
