import type { IncomingMessage } from 'node:http'
import { malformed, Refusal } from './answer.ts'
import type { ContentSink } from './content.ts'
import { isJsonObject, parseJson } from './json.ts'
import { boundaryIn, BrokenMultipart, readUpload } from './multipart.ts'
import type { Upload } from './multipart.ts'
import type { Options } from './parameters.ts'
import { schemaMismatch } from './parameters.ts'

/** The body is larger than the web server in front lets through (section 7.3: 413, not JSON). */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/** @throws BodyTooLarge, and whatever the connection breaks with. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of bounded(request, maxBytes)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function* bounded(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw new BodyTooLarge()
  let bytes = 0
  // Not destroyed when the loop ends early, or there would be no connection left to answer on.
  const incoming = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
  for await (const chunk of incoming) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new BodyTooLarge()
    yield chunk
  }
}

/** What an upload's body comes to. A refusal is kept, since a dead token comes first. */
export type ReceivedUpload = { readonly upload: Upload | undefined } | { readonly refusal: Refusal }

/** Reads an upload to its end, into the sink. @throws BodyTooLarge, and whatever the connection breaks with. */
export async function receiveUpload(
  request: IncomingMessage,
  sink: ContentSink,
  maxBytes: number,
): Promise<ReceivedUpload> {
  const contentType = request.headers['content-type']
  const boundary = boundaryIn(contentType ?? '')
  const body = bounded(request, maxBytes)
  if (boundary === undefined) {
    for await (const _ of body);
    return { refusal: new Refusal(contentType === undefined ? 1705 : 1708, { status: 415 }) }
  }
  try {
    return { upload: await readUpload(body, boundary, sink) }
  } catch (error) {
    if (error instanceof BrokenMultipart) return { refusal: malformed('the multipart body is broken') }
    throw error
  }
}

/**
 * Content-Type has to be there on every POST and PATCH, the ones without a body included (section 1.2). A charset is
 * let pass, as servers since 19 do.
 *
 * @throws Refusal 1705 or 1708, both 415
 */
export function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined) throw new Refusal(1705, { status: 415 })
  if (!/^application\/json\s*(?:;\s*charset=[\w"-]+\s*)?$/i.test(contentType)) throw new Refusal(1708, { status: 415 })
}

/** A JSON object; nothing at all counts as an empty one. @throws Refusal 10 */
export function parseBody(bytes: Buffer): Options {
  if (bytes.length === 0) return {}
  let parsed: unknown
  try {
    parsed = parseJson(bytes.toString('utf8'))
  } catch {
    throw malformed("JSON input isn't syntactically valid")
  }
  if (!isJsonObject(parsed)) throw schemaMismatch()
  return parsed
}

/** Query parameters by name; of one that comes twice, the last. A `+` is a blank here, unlike in the path. */
export function parseQuery(query: string): Readonly<Record<string, string>> {
  return query === '' ? {} : Object.fromEntries(new URLSearchParams(query))
}
