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
  return { is: 'ok', response: isObject(body.response) ? body.response : {} }
}

/** `code` is a string on the wire. */
function readMessage(entry: unknown): FileMakerMessage {
  if (!isObject(entry)) return { code: Number.NaN, message: '' }
  const code = typeof entry.code === 'string' || typeof entry.code === 'number' ? Number(entry.code) : Number.NaN
  return { code, message: typeof entry.message === 'string' ? entry.message.slice(0, 300) : '' }
}

function describePage(answer: WireAnswer): string {
  const kind = answer.contentType.split(';')[0] ?? ''
  return kind === '' ? 'an answer without a content type' : `an answer of type ${kind.slice(0, 60)}`
}
