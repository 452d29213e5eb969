import type { Route } from './call.ts'
import { listDatabases } from './routes/databases.ts'
import { findRecords } from './routes/find.ts'
import { setGlobals } from './routes/globals.ts'
import { layoutMetadata, oldLayoutMetadata } from './routes/layout-metadata.ts'
import { listLayouts } from './routes/layouts.ts'
import { productInfo } from './routes/product-info.ts'
import { getRecord, listRecords } from './routes/records.ts'
import { runScriptByName } from './routes/run-script.ts'
import { listScripts } from './routes/scripts.ts'
import { logIn, logOut } from './routes/sessions.ts'
import { uploadContainer, uploadRepetition } from './routes/upload-container.ts'
import { validateSession } from './routes/validate-session.ts'
import { createOne, deleteOne, duplicateOne, editOne } from './routes/write-records.ts'

/** Every route below `/fmi/data/{version}`, the busiest first. */
export const ROUTES: readonly Route[] = [
  getRecord,
  listRecords,
  findRecords,
  createOne,
  editOne,
  deleteOne,
  duplicateOne,
  uploadContainer,
  uploadRepetition,
  runScriptByName,
  logIn,
  logOut,
  setGlobals,
  validateSession,
  layoutMetadata,
  oldLayoutMetadata,
  listLayouts,
  listScripts,
  listDatabases,
  productInfo,
]
