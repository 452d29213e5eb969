import { success } from '../answer.ts'
import type { SessionRoute } from '../call.ts'
import { layoutNamed } from '../hosted-database.ts'
import { jsonObject } from '../json.ts'
import { refuseUnknown } from '../parameters.ts'
import { resultEntries, runScript } from '../script-runs.ts'

/** Runs a script (section 3.20). Its own error is in the answer; the call succeeds all the same. */
export const runScriptByName: SessionRoute = {
  method: 'GET',
  path: '/databases/{database}/layouts/{layout}/script/{script}',
  operation: 'GET /script',
  access: 'session',
  run: async (call) => {
    refuseUnknown(call.query, (name) => name === 'script.param')
    const layout = layoutNamed(call.database, call.path.layout ?? '')
    const script = { name: call.path.script ?? '', parameter: call.query['script.param'] ?? '' }
    return success(jsonObject(resultEntries(await runScript(call, script, layout.name), '')))
  },
}
