import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'

/** A service as the example needs one: objects in memory, with a time to live, changed by conditional requests. */
export async function startRegister(): Promise<Register> {
  const objects = new Map<string, Found>()
  let state: 'answers' | 'refuses' | 'hangs' = 'answers'

  const server = createServer((request, response) => {
    if (state === 'hangs') return
    if (state === 'refuses') {
      response.destroy()
      return
    }
    void respond(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [status, found] = answer(request, (await buffer(request)).toString())
    response.writeHead(status, found && { 'ttl-ms': Math.floor(found.expiresAt - performance.now()) })
    response.end(request.method === 'GET' ? found?.value : undefined)
  }

  function answer({ method, url = '', headers }: IncomingMessage, body: string): [number, Found?] {
    const there = objects.get(url)
    const found = there !== undefined && there.expiresAt > performance.now() ? there : undefined
    const etag = found && `"${createHash('sha256').update(found.value).digest('hex')}"`
    if (method === 'GET') return found ? [200, found] : [404]
    if (headers['if-none-match'] === '*' ? found !== undefined : headers['if-match'] !== etag) return [412]
    if (method === 'DELETE') objects.delete(url)
    else objects.set(url, { value: body, expiresAt: performance.now() + Number(headers['ttl-ms']) })
    return [204]
  }

  return {
    address: `http://127.0.0.1:${port}`,
    become: (next) => {
      state = next
      server.closeAllConnections()
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Found {
  value: string
  expiresAt: number
}

export interface Register {
  readonly address: string
  /** What it does with requests from now on; those under way are cut. */
  become(state: 'answers' | 'refuses' | 'hangs'): void
  stop(): Promise<void>
}
