import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** What goes wrong on the way back. A reply here is what the server sends at once, which for a small answer is all of it. */
export interface Faults {
  /** Every reply comes so many milliseconds late, in order. @defaultValue 0 */
  readonly delayMs?: number
  /** Of 1, how many replies are replaced by a reset of the connection. @defaultValue 0 */
  readonly resetShare?: number
  /** Of 1, how many replies never come, nor anything after them, while the connection stays open. @defaultValue 0 */
  readonly stallShare?: number
  /** So many bytes of replies are left out, counted over all connections, and what follows them arrives. @defaultValue 0 */
  readonly swallowBytes?: number
  /** New connections are reset at once. @defaultValue false */
  readonly refuse?: boolean
}

/** Stands between a client and a server on 127.0.0.1. */
export interface FaultyProxy extends AsyncDisposable {
  readonly port: number
  /** What goes wrong from now on, on open connections too; `{}` ends all faults, but a connection that stalls stays so. */
  setFaults(faults: Faults): void
  /** Resets all open connections. */
  cut(): void
  /** How many connections were opened so far. */
  readonly connections: number
}

/**
 * Starts a proxy without faults.
 *
 * @param targetPort - Where on 127.0.0.1 the server listens.
 * @param random - From 0 to below 1, decides whom a share hits. Give a seeded one to repeat a run.
 */
export async function startFaultyProxy(targetPort: number, random: () => number = Math.random): Promise<FaultyProxy> {
  let faults: Faults = {}
  let swallow = 0
  let connections = 0
  const open = new Set<Socket>()

  const server = createServer((client) => {
    connections++
    if (faults.refuse === true) {
      client.resetAndDestroy()
      return
    }
    const target = connect(targetPort, '127.0.0.1')
    for (const socket of [client, target]) {
      open.add(socket)
      // What one side says of an error, the other shall see as the connection's end.
      socket.on('error', () => {})
      socket.on('close', () => {
        open.delete(socket)
        client.destroy()
        target.destroy()
      })
    }
    client.pipe(target)
    passReplies(target, client)
  })

  function passReplies(target: Socket, client: Socket): void {
    let stalled = false
    const late: Buffer[] = []
    target.on('data', (reply) => {
      stalled ||= random() < (faults.stallShare ?? 0)
      if (stalled) return
      if (random() < (faults.resetShare ?? 0)) {
        client.resetAndDestroy()
        return
      }
      const swallowed = Math.min(swallow, reply.length)
      swallow -= swallowed
      const rest = reply.subarray(swallowed)
      const { delayMs = 0 } = faults
      // In order also when the delay gets shorter: a reply that overtakes another would be a fault of its own.
      late.push(rest)
      if (delayMs === 0 && late.length === 1) client.write(late.shift() ?? rest)
      else setTimeout(() => client.write(late.shift() ?? rest), delayMs)
    })
  }

  await listen(server)
  return {
    port: (server.address() as AddressInfo).port,
    setFaults: (next) => {
      faults = next
      swallow = next.swallowBytes ?? 0
    },
    cut: () => {
      for (const socket of open) socket.resetAndDestroy()
    },
    get connections() {
      return connections
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
}
