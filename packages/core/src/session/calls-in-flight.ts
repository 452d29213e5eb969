import type { SessionServer } from '../exchange/sign-in.ts'
import type { Time } from '../time.ts'

/** A call that is in flight. */
export interface Entry {
  /** Whether an older call of this process is in flight on the same token. */
  readonly isBehind: () => boolean
  readonly leave: () => void
}

/** This process's calls on a slot's tokens, and what holds a token up: the server works one session's calls off in turn. */
export interface CallsInFlight {
  count(token: string): number
  enter(token: string): Entry
  /** A call that ended here may still run at the server, or one has been in flight for a while. */
  isBlocked(token: string): boolean
  /** The server answered a call that was `sentAt`. */
  answered(token: string, sentAt: number): void
  /** A call ended here and may still run at the server. */
  abandoned(token: string, because: Abandonment): void
}

/** `timeout`: it got no answer. `outrun`: another session was quicker, which proves little. */
export type Abandonment = 'timeout' | 'outrun'

export interface CallsEnvironment {
  readonly server: SessionServer
  readonly time: Time
  /** Whether the slot still stands on the token. */
  readonly isHeld: (token: string) => boolean
  readonly onDead: (token: string) => void
  /** A call without an answer has blocked the token for a minute. */
  readonly onHung: (token: string) => void
}

/** A call in flight for longer holds up those behind it. */
export const BLOCKED_MS = 250
/** How long a hung call may block a token before the token is replaced. */
const HUNG_MS = 60_000

export function createCallsInFlight({ server, time, isHeld, onDead, onHung }: CallsEnvironment): CallsInFlight {
  /** By token, oldest first. */
  const calls = new Map<string, Set<{ readonly enteredAt: number }>>()
  let hung: { readonly token: string; readonly since: number; readonly because: Abandonment } | undefined

  return {
    count: (token) => calls.get(token)?.size ?? 0,
    enter: (token) => {
      const call = { enteredAt: time.now() }
      const inFlight = calls.get(token) ?? new Set()
      calls.set(token, inFlight.add(call))
      return {
        isBehind: () => {
          const [oldest] = inFlight
          return oldest !== call
        },
        leave: () => {
          inFlight.delete(call)
          if (inFlight.size === 0 && calls.get(token) === inFlight) calls.delete(token)
        },
      }
    },
    isBlocked: (token) => {
      if (hung?.token === token) return true
      const [oldest] = calls.get(token) ?? []
      return oldest !== undefined && time.now() - oldest.enteredAt > BLOCKED_MS
    },
    answered: (token, sentAt) => {
      // Calls are worked off in turn: what was sent later and is answered has passed the one that seemed to hang.
      if (hung?.token === token && sentAt > hung.since) hung = undefined
    },
    abandoned: (token, because) => {
      if (!isHeld(token)) return
      if (hung?.token === token) {
        // A call that got no answer is proof of more than one that was only outrun.
        if (because === 'timeout') hung = { ...hung, because }
        return
      }
      hung = { token, since: time.now(), because }
      void watch(token)
    },
  }

  /** The token is avoided until the server says that nothing runs on it; after a minute it is replaced. */
  async function watch(token: string): Promise<void> {
    const until = time.now() + HUNG_MS
    for (let pauseMs = 250; time.now() < until; pauseMs = Math.min(5_000, pauseMs * 2)) {
      await new Promise<void>((resolve) => void time.afterUnawaited(pauseMs, resolve))
      if (hung?.token !== token || !isHeld(token)) break
      const state = await server.validate(token)
      if (state === 'dead') onDead(token)
      if (state === 'dead' || state === 'idle') break
    }
    if (hung?.token !== token) return
    const { because } = hung
    hung = undefined
    // A session under load is always in use, and has done nothing to be replaced for: only a call that got no answer at all
    // is reason to.
    if (time.now() >= until && because === 'timeout') onHung(token)
  }
}
