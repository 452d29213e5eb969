import { Refusal, success } from '../answer.ts'
import type { Call, OpenRoute } from '../call.ts'
import { databaseNamed } from '../hosted-database.ts'
import { schemaMismatch } from '../parameters.ts'

/** Log in (section 3.1). */
export const logIn: OpenRoute = {
  method: 'POST',
  path: '/databases/{database}/sessions',
  operation: 'POST /sessions',
  trailingSlash: true,
  access: 'open',
  run: async (call) => {
    const { engine, path, body } = call
    const { account, password } = basicCredentials(call)
    call.entry.account = account
    if (body.fmDataSource !== undefined && !Array.isArray(body.fmDataSource)) throw schemaMismatch()
    const spelled = path.database ?? ''
    const database = databaseNamed(engine.databases, spelled)
    const known = database.solution.accounts.find((candidate) => candidate.name === account)
    if (known === undefined || known.password !== password || !known.fmrest) throw new Refusal(212, { status: 401 })
    if (engine.loginDelayMs > 0) await call.wait(engine.loginDelayMs)
    const session = engine.sessions.open(spelled, account)
    call.entry.session = session.id
    return success(`{"token":"${session.token}"}`, { 'X-FM-Data-Access-Token': session.token })
  },
}

/** Log out (section 3.2). It does not wait for the session's turn: a call that runs then answers 112. */
export const logOut: OpenRoute = {
  method: 'DELETE',
  path: '/databases/{database}/sessions/{token}',
  operation: 'DELETE /sessions',
  access: 'open',
  run: ({ engine, path, entry }) => {
    const session = engine.sessions.find(path.token ?? '', path.database)
    entry.session = session.id
    entry.account = session.account
    engine.sessions.end('log-out', ({ id }) => id === session.id)
    return success('{}')
  },
}

/** @throws Refusal 10 or 1702, both 401 (section 4.6). */
function basicCredentials({ headers }: Call): { account: string; password: string } {
  const { authorization } = headers
  if (authorization === undefined || authorization === '') {
    throw new Refusal(10, {
      status: 401,
      message: 'HTTP Authorization header or OAuth headers are missing.',
      keyOrder: 'message-first',
    })
  }
  const encoded = /^basic\s+([A-Za-z0-9+/=_-]*)\s*$/i.exec(authorization)?.[1]
  const text = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon === -1) throw new Refusal(1702, { status: 401 })
  return { account: text.slice(0, colon), password: text.slice(colon + 1) }
}
