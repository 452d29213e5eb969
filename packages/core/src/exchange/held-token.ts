import { NoSession, NoTurn, type Grant, type SessionSource } from './session-source.ts'
import { createSharedQuestion } from './shared-question.ts'
import { Stopped } from '../wire/stop.ts'
import type { Stop } from '../wire/stop.ts'

export interface HeldTokenSource extends SessionSource {
  /** Whether a token was given and is not known to be dead. */
  readonly isLive: boolean
}

/**
 * Calls on a token that somebody else opened and will end: it is used while it lives, never logged out, and no login takes
 * its place. Whoever gave it is asked again when it is dead.
 */
export function createHeldTokenSource(give: () => string | Promise<string>): HeldTokenSource {
  let token: string | undefined
  let dead: string | undefined
  const askOnce = createSharedQuestion<string>()

  function grantOf(granted: string): Grant {
    return {
      token: granted,
      isBehind: () => false,
      answered: () => {},
      refused: () => {
        if (granted !== token) return
        token = undefined
        dead = granted
      },
      // A script may have closed its own window: if the session is gone, the next answer says so.
      doubted: () => {},
      abandoned: () => {},
      release: () => {},
    }
  }

  async function ask(stop: Stop): Promise<Grant> {
    // In a promise of its own, so that a function that throws at once rejects as well.
    const asking = askOnce(() => Promise.resolve().then(give))
    const given = await stop.until(asking).catch((cause: unknown) => {
      throw cause instanceof Stopped ? cause : new NoSession({ is: 'without credentials', cause })
    })
    if (given === dead) throw new NoTurn('token dead')
    token = given
    return grantOf(given)
  }

  return {
    get isLive() {
      return token !== undefined
    },
    acquire: (stop) => (token === undefined ? ask(stop) : grantOf(token)),
  }
}
