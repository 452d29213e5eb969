import type { Content } from './content.ts'
import { messageOf } from './error-codes.ts'
import { jsonObject } from './json.ts'
import type { JsonText } from './json.ts'

/** What goes back to the client. */
export interface Answer {
  readonly status: number
  /** FileMaker's code in the envelope, undefined when the body is no envelope. */
  readonly code: number | undefined
  readonly body: string | Content
  /** Beside those that every answer of its kind has. */
  readonly headers?: Readonly<Record<string, string>>
  /**
   * `engine`: JSON with the headers of section 1.3; `engine-uncached` without those about caching. `front`: what the web
   * server in front says by itself.
   */
  readonly from: 'engine' | 'engine-uncached' | 'front'
}

/** Why a request is refused. Thrown anywhere below the server, which makes an answer of it. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: number
  readonly status: number
  readonly keyOrder: 'code-first' | 'message-first'

  constructor(code: number, options: RefusalOptions = {}) {
    super(options.message ?? messageOf(code))
    this.code = code
    this.status = options.status ?? 500
    this.keyOrder = options.keyOrder ?? 'code-first'
  }
}

export interface RefusalOptions {
  /** 500 unless given: every code of FileMaker itself comes with that status (section 7.1). */
  readonly status?: number
  /** FileMaker's own text for the code unless given. */
  readonly message?: string
  /** Some errors of the HTTP layer have their two keys swapped (section 1.4). */
  readonly keyOrder?: 'code-first' | 'message-first'
}

/** A request that does not fit the description of its route (section 7.2). */
export function malformed(problem: string): Refusal {
  return new Refusal(10, { status: 400, message: `Request validation failed: ${problem}` })
}

/** A parameter with a value it can't have (section 7.2). */
export function invalidParameter(): Refusal {
  return new Refusal(960, { status: 400 })
}

export function success(response: JsonText, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = `{"response":${response},"messages":[{"code":"0","message":"OK"}]}`
  return { status: 200, code: 0, body, headers, from: 'engine' }
}

export function refused(refusal: Refusal): Answer {
  const code = ['code', JSON.stringify(String(refusal.code))] as const
  const message = ['message', JSON.stringify(refusal.message)] as const
  const entry = jsonObject(refusal.keyOrder === 'code-first' ? [code, message] : [message, code])
  return {
    status: refusal.status,
    code: refusal.code,
    body: `{"messages":[${entry}],"response":{}}`,
    from: 'engine',
  }
}

/** A page of the web server in front of the engine: no JSON (section 7.3). */
export function htmlPage(status: number, title: string): Answer {
  const body = `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n</body></html>\n`
  return {
    status,
    code: undefined,
    body,
    headers: { 'Content-Type': 'text/html; charset=iso-8859-1' },
    from: 'front',
  }
}
