import { success } from '../answer.ts'
import type { OpenRoute } from '../call.ts'
import { databaseNamed } from '../hosted-database.ts'
import { dataSourcesOf, presentedBy, signedInAs } from '../sign-in.ts'

/** Log in (section 3.1): by password, OAuth headers or identity token. */
export const logIn: OpenRoute = {
  method: 'POST',
  path: '/databases/{database}/sessions',
  operation: 'POST /sessions',
  trailingSlash: true,
  access: 'open',
  run: async (call) => {
    const { engine, path, body } = call
    const presented = presentedBy(call.headers)
    if (presented.by === 'password') call.entry.account = presented.account
    const spelled = path.database ?? ''
    const database = databaseNamed(engine.databases, spelled)
    const account = signedInAs(engine, database, presented)
    call.entry.account = account
    const dataSources = dataSourcesOf(engine, body.fmDataSource)
    if (engine.loginDelayMs > 0) await call.wait(engine.loginDelayMs)
    const session = engine.sessions.open(spelled, account, dataSources)
    if (presented.by === 'oauth') engine.identities.useUp(presented.pair)
    call.entry.session = session.id
    const response = engine.tokenInBody ? `{"token":"${session.token}"}` : '{}'
    return success(response, { 'X-FM-Data-Access-Token': session.token })
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
