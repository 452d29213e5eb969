import type { Time } from '../time.ts'

/** Which sessions the server has lately answered on, as far as this client knows. */
export interface ProvenSessions {
  answered(token: string): void
  /** Whether the server can't have forgotten it by itself yet: it was used within the idle time less a minute. */
  isProven(token: string): boolean
}

/** What a request may take to get to the server, and clocks to differ. */
const MARGIN_MS = 60_000
/** A client uses a few sessions at a time. */
const MAX_SESSIONS = 64

export function createProvenSessions(time: Time, idleTimeoutMs: number): ProvenSessions {
  const answeredAt = new Map<string, number>()
  return {
    answered: (token) => {
      if (!answeredAt.has(token) && answeredAt.size >= MAX_SESSIONS) {
        const [oldest] = answeredAt.keys()
        if (oldest !== undefined) answeredAt.delete(oldest)
      }
      answeredAt.set(token, time.now())
    },
    isProven: (token) => {
      const at = answeredAt.get(token)
      return at !== undefined && time.now() - at < idleTimeoutMs - MARGIN_MS
    },
  }
}
