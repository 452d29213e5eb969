import { parseJson } from './exact-numbers.ts'
import type { FileMakerMessage } from '../errors.ts'
import type { WireAnswer } from './request.ts'
import { isObject, type JsonObject } from './shapes.ts'

/** What an HTTP answer says, judged by its content and by FileMaker's code, never by its texts or the HTTP status alone. */
export type Envelope =
  | { readonly is: 'ok'; readonly response: JsonObject }
  | { readonly is: 'refused'; readonly code: number; readonly messages: readonly FileMakerMessage[] }
  /** A page of a web server or proxy, an empty or cut-off body, JSON of somebody else. `what` says it in words. */
  | { readonly is: 'foreign'; readonly what: string }

/** Opens FileMaker's envelope: `{ response, messages: [{ code, message }] }`, its keys in any order. */
export function readEnvelope(answer: WireAnswer): Envelope {
  if (answer.text.length === 0) return { is: 'foreign', what: 'an empty answer' }
  if (!answer.contentType.includes('json')) return { is: 'foreign', what: describePage(answer) }
  let body: unknown
  try {
    body = parseJson(answer.text)
  } catch {
    // The parser's own message quotes the text, and the text holds field values.
    return { is: 'foreign', what: 'JSON that is cut off or broken' }
  }
  if (!isObject(body) || !Array.isArray(body.messages)) return { is: 'foreign', what: "JSON that is not FileMaker's" }
  const messages = body.messages.map(readMessage)
  const [first] = messages
  if (first === undefined || Number.isNaN(first.code)) return { is: 'foreign', what: "JSON that is not FileMaker's" }
  if (first.code !== 0) return { is: 'refused', code: first.code, messages }
  if (answer.status >= 400) return { is: 'foreign', what: 'an answer that says OK and an error at once' }
  return { is: 'ok', response: isObject(body.response) ? body.response : {} }
}

/** `code` is a string on the wire. */
function readMessage(entry: unknown): FileMakerMessage {
  if (!isObject(entry)) return { code: Number.NaN, message: '' }
  const written = typeof entry.code === 'number' ? String(entry.code) : entry.code
  const code = typeof written === 'string' && /^-?\d{1,9}$/.test(written) ? Number(written) : Number.NaN
  return { code, message: typeof entry.message === 'string' ? entry.message : '' }
}

/** Its type in words, if it is one of those that servers and proxies send; what else they write there is not repeated. */
function describePage({ contentType }: WireAnswer): string {
  const [kind = ''] = contentType.split(';')
  if (kind === '') return 'an answer without a content type'
  return PAGES.has(kind.trim()) ? `an answer of type ${kind.trim()}` : 'an answer of another type'
}

const PAGES: ReadonlySet<string> = new Set([
  'text/html',
  'text/plain',
  'text/xml',
  'application/xml',
  'application/xhtml+xml',
  'application/octet-stream',
])
