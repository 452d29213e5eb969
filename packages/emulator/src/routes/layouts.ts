import { success } from '../answer.ts'
import type { SessionRoute } from '../call.ts'
import { jsonArray, jsonObject } from '../json.ts'
import type { JsonText } from '../json.ts'
import type { Folder, Layout } from '../solution.ts'

/** The layouts of a database (section 3.6). `table` is there and empty, as recorded. */
export const listLayouts: SessionRoute = {
  method: 'GET',
  path: '/databases/{database}/layouts',
  operation: 'GET /layouts',
  access: 'session',
  run: ({ database }) => success(jsonObject([['layouts', jsonArray(database.solution.layoutList.map(entryJson))]])),
}

function entryJson(entry: Layout | Folder<Layout>): JsonText {
  if ('folder' in entry) {
    return jsonObject([
      ['name', JSON.stringify(entry.folder)],
      ['isFolder', 'true'],
      ['folderLayoutNames', jsonArray(entry.items.map(entryJson))],
    ])
  }
  return jsonObject([
    ['name', JSON.stringify(entry.name)],
    ['table', '""'],
  ])
}
