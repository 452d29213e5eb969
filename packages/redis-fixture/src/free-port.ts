import { createServer } from 'node:net'

const FIRST = 20_000
const LAST = 32_767

/**
 * A port of 127.0.0.1 that nothing listens on.
 *
 * It lies below the range from which Linux takes the ports of outgoing connections (32768 and up): a server that is
 * stopped and started again on its port would now and then find it taken by one of those.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1))
    if (await isFree(port)) return port
  }
  throw new Error(`none of 100 ports between ${FIRST} and ${LAST} is free`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
