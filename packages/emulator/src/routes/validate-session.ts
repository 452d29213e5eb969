import { success } from '../answer.ts'
import type { OpenRoute } from '../call.ts'
import { bearerToken } from '../bearer.ts'

/** Whether a token is alive (section 3.3). It tells whether the session is in use, so it takes no turn in it. */
export const validateSession: OpenRoute = {
  method: 'GET',
  path: '/validateSession',
  operation: 'GET /validateSession',
  access: 'open',
  run: ({ engine, headers, entry }) => {
    const session = engine.sessions.find(bearerToken(headers))
    entry.session = session.id
    entry.account = session.account
    engine.sessions.touch(session)
    return success(`{"isSessionInUse":${session.calls > 0}}`)
  },
}
