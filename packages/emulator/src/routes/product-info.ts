import type { OpenRoute } from '../call.ts'
import { success } from '../answer.ts'

/** What the server is (section 3.4). Newer servers do not tell their version. */
export const productInfo: OpenRoute = {
  method: 'GET',
  path: '/productInfo',
  operation: 'GET /productInfo',
  access: 'open',
  // Cache-Control and ETag are absent in the one capture there is (section 1.3).
  run: () => ({ ...success(`{"productInfo":${PRODUCT}}`), from: 'engine-uncached' }),
}

const PRODUCT =
  '{"name":"FileMaker Data API Engine","dateFormat":"MM/dd/yyyy","timeFormat":"HH:mm:ss","timeStampFormat":"MM/dd/yyyy HH:mm:ss"}'
