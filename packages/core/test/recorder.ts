import { Pool, type Dispatcher } from 'undici'

/** A request as it left, before HTTP. */
export interface SentRequest {
  readonly method: string
  /** Encoded, with its query. */
  readonly path: string
  readonly body: string
  /** Names only: what is in them is secret. */
  readonly headers: readonly string[]
}

/** A dispatcher that remembers what is sent. */
export function recorder(): {
  readonly dispatcher: Dispatcher
  readonly sent: SentRequest[]
  readonly open: (server: string) => void
  readonly close: () => Promise<void>
} {
  const sent: SentRequest[] = []
  let pool: Pool | undefined
  const dispatch: Dispatcher['dispatch'] = (options, handler) => {
    if (pool === undefined) throw new Error('the recorder is not open')
    const { method, path, body, headers } = options
    const names = Array.isArray(headers) ? headers.filter((_, index) => index % 2 === 0) : []
    sent.push({ method, path, body: typeof body === 'string' ? body : '', headers: names })
    return pool.dispatch(options, handler)
  }
  return {
    dispatcher: { dispatch } as unknown as Dispatcher,
    sent,
    open: (server) => void (pool = new Pool(server)),
    close: async () => pool?.close(),
  }
}
