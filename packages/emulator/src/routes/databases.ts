import { success } from '../answer.ts'
import type { OpenRoute } from '../call.ts'
import { jsonArray, jsonObject } from '../json.ts'

/** The databases that have an account with `fmrest` (section 3.5). Credentials make no difference here. */
export const listDatabases: OpenRoute = {
  method: 'GET',
  path: '/databases',
  operation: 'GET /databases',
  access: 'open',
  run: ({ engine }) => {
    const open = [...engine.databases.values()].filter(({ solution }) =>
      solution.accounts.some((account) => account.fmrest),
    )
    const names = open.map(({ solution }) => jsonObject([['name', JSON.stringify(solution.name)]]))
    return success(jsonObject([['databases', jsonArray(names)]]))
  },
}
