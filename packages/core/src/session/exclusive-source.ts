import { NoSession, NoTurn, type ExclusiveSession, type Grant, type SessionSource } from '../exchange/session-source.ts'
import type { Stop } from '../wire/stop.ts'

/** How a scope gets over the loss of its session. */
export interface Restoring {
  /** Whether there is anything to bring a new session into the old one's state with. */
  readonly canRestore: () => boolean
  /** Takes another slot, when the old one has been taken away. */
  readonly take: () => Promise<ExclusiveSession>
  /** Brings a session into the state that the scope relies on. */
  readonly bring: (session: ExclusiveSession) => Promise<void>
}

/** The session of an exclusive scope as its calls see it: lost, it is restored once for all calls that wait, or given up. */
export function createExclusiveSource(
  first: ExclusiveSession,
  { canRestore, take, bring }: Restoring,
): SessionSource & { end(): Promise<void> } {
  let session = first
  let restoring: Promise<void> | undefined
  /** Whether the session is in the state that the scope relies on. While it is not, no call gets it. */
  let prepared = true

  async function restore(): Promise<void> {
    prepared = false
    if (!canRestore()) {
      // Its slot is of no more use to this scope: others need not wait until it notices.
      await session.end()
      throw new NoTurn('session lost')
    }
    // A refused login is looked into by `take`: the password may have changed.
    const renewed = await session.renew().catch((error: unknown) => {
      if (error instanceof NoSession && error.failure.is === 'refused') return false
      throw error
    })
    if (!renewed) {
      await session.end()
      session = await take()
    }
    await bring(session)
    prepared = true
  }

  async function acquire(stop: Stop): Promise<Grant> {
    if (restoring === undefined && prepared && session.token !== undefined) return grantOf(session, session.token)
    restoring ??= restore().finally(() => (restoring = undefined))
    await stop.until(restoring)
    if (session.token === undefined) throw new NoTurn('session lost')
    return grantOf(session, session.token)
  }

  return {
    acquire,
    end: async () => {
      await restoring?.catch(() => {})
      await session.end()
    },
  }
}

/** A session as a source that does not get over its loss. */
export function sourceOf(session: ExclusiveSession): SessionSource {
  return {
    acquire: async () => {
      if (session.token === undefined) throw new NoTurn('session lost')
      return grantOf(session, session.token)
    },
  }
}

function grantOf(session: ExclusiveSession, token: string): Grant {
  const leave = session.enter()
  return {
    token,
    isBehind: () => false,
    answered: () => {},
    refused: () => session.refused(token),
    // Its window is gone, and the state with it, whether the token lives on or not.
    doubted: () => session.doubted(token),
    abandoned: () => {},
    release: leave,
  }
}
