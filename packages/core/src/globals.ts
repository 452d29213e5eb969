import type { Exchange } from './exchange/call.ts'
import { checkCall, limitsOf, readFieldData, type CallOptions } from './call-options.ts'
import type { WritableValue } from './layout-definition.ts'
import { pathOf, ROUTES } from './wire/parameters.ts'
import { spell } from './wire/spelling.ts'

/** Global fields by full name: `Table::field`, `Table::field(2)` for a repetition. */
export type GlobalFields = Readonly<Record<string, WritableValue>>

/** Sets global fields on whatever session the exchange uses. */
export async function setGlobalFields(
  exchange: Exchange,
  base: string,
  database: string,
  globalFields: GlobalFields,
  options: CallOptions,
): Promise<void> {
  checkCall('setGlobals', options)
  const { body } = spell(ROUTES.globals, { globalFields: readFieldData('setGlobals', globalFields) })
  const path = base + pathOf(ROUTES.globals, { database })
  await exchange({ route: ROUTES.globals, path, body, verb: 'write', ...limitsOf(options) })
}
