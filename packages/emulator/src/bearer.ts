import type { IncomingHttpHeaders } from 'node:http'
import { malformed, Refusal } from './answer.ts'

/** @throws Refusal 10 (HTTP 400) without an Authorization header, 1702 (HTTP 401) with another kind of it (section 4.6). */
export function bearerToken({ authorization }: IncomingHttpHeaders): string {
  if (authorization === undefined || authorization === '') throw malformed('Parameter (Authorization) is required')
  const token = /^bearer\s+(\S+)\s*$/i.exec(authorization)?.[1]
  if (token === undefined) throw new Refusal(1702, { status: 401 })
  return token
}
