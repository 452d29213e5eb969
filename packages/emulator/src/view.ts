import { Refusal } from './answer.ts'
import type { SessionCall } from './call.ts'
import { layoutNamed } from './hosted-database.ts'
import { dateOption, portalOptions, responseLayoutOption } from './parameters.ts'
import type { Options, Spelling } from './parameters.ts'
import type { View } from './record-reader.ts'
import type { Layout } from './solution.ts'

/** How a request wants its records shown. @throws Refusal 105 when `layout.response` is none of the same table. */
export function viewOf(call: SessionCall, layout: Layout, options: Options, spelling: Spelling): View {
  const { database, session, engine, origin } = call
  const responseName = responseLayoutOption(options)
  const shown = responseName === undefined ? layout : layoutNamed(database, responseName)
  if (shown.occurrence.table !== layout.occurrence.table) throw new Refusal(105)
  return {
    database,
    databaseName: session.database,
    layout: shown,
    portals: portalOptions(options, spelling),
    dateFormat: dateOption(options, database.solution),
    globals: session.globals,
    containerUrl: (key) => engine.containers.issue(origin, session, database, key),
  }
}
