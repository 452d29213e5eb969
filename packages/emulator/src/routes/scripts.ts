import { success } from '../answer.ts'
import type { SessionRoute } from '../call.ts'
import type { ScriptDefinition } from '../definition.ts'
import { jsonArray, jsonObject } from '../json.ts'
import type { JsonText } from '../json.ts'
import type { Folder } from '../solution.ts'

/** The scripts of a database (section 3.7). Unlike with layouts, every entry says whether it is a folder. */
export const listScripts: SessionRoute = {
  method: 'GET',
  path: '/databases/{database}/scripts',
  operation: 'GET /scripts',
  access: 'session',
  run: ({ database }) => success(jsonObject([['scripts', jsonArray(database.solution.scriptList.map(entryJson))]])),
}

function entryJson(entry: ScriptDefinition | Folder<ScriptDefinition>): JsonText {
  if ('folder' in entry) {
    return jsonObject([
      ['name', JSON.stringify(entry.folder)],
      ['isFolder', 'true'],
      ['folderScriptNames', jsonArray(entry.items.map(entryJson))],
    ])
  }
  return jsonObject([
    ['name', JSON.stringify(entry.name)],
    ['isFolder', 'false'],
  ])
}
