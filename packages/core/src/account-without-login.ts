import type { Account, AccountSessions } from './account.ts'
import type { HeldTokenAuth, ProxyKeyAuth } from './auth.ts'
import { createHeldTokenSource } from './exchange/held-token.ts'
import { createProxyKeySource } from './exchange/proxy-key-source.ts'
import type { SessionSource } from './exchange/session-source.ts'

/** Calls on a token of somebody else's: nothing is opened, and nothing is ended. */
export function openHeldTokenAccount(auth: HeldTokenAuth): Account {
  const source = createHeldTokenSource(auth.token)
  return accountOf(source, () => (source.isLive ? 1 : 0), "heldToken: the session is not this client's")
}

/** Calls with a proxy's key: the proxy holds the sessions. */
export function openProxyKeyAccount(auth: ProxyKeyAuth): Account {
  return accountOf(createProxyKeySource(auth.key()), () => 0, 'proxyKey: the proxy holds the sessions')
}

function accountOf(source: SessionSource, live: () => number, whyNot: string): Account {
  const sessions: AccountSessions = {
    // There is nothing to keep open: the token lives by its own rules.
    hold: async () => ({ slot: 0, release: async () => {} }),
    exclusive: async () => {
      throw new TypeError(`exclusive: a session of one's own can't be had; ${whyNot}`)
    },
    inspect: () => ({ logins: 0, live: live(), exclusive: 0, waiting: 0, slots: [] }),
    endAll: async () => {
      throw new TypeError(`sessions.endAll: ${whyNot} to end`)
    },
  }
  return {
    sessions: () => source,
    failedLogins: () => [],
    withSessions: (_stop, use) => use(sessions),
    leave: async () => {},
  }
}
