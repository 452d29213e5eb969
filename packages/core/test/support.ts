import { startEmulator, type Emulator, type EmulatorOptions } from '@fm/emulator'
import { basic, CallError, createClient, type Client, type ClientOptions, type SessionCache } from '../src/index.ts'

/** A server with one small database; the account is web, the password secret. */
export function startServer(options: Omit<EmulatorOptions, 'databases'> = {}): Promise<Emulator> {
  const people = Array.from({ length: 250 }, (_, index) => ({ name: `Person ${index + 1}`, age: index % 90, note: '' }))
  return startEmulator({ databases: { Demo: { People: people } }, ...options })
}

export function clientOf(server: Pick<Emulator, 'url'>, options: Partial<ClientOptions> = {}): Client {
  return createClient({ server: server.url, database: 'Demo', auth: basic('web', 'secret'), ...options })
}

export interface Person {
  readonly name: string
  readonly age: number
  readonly note: string
}

/** A cache for these tests, which counts what it is asked, and can be made to fail. */
export function mapCache(supports: Partial<SessionCache['supports']> = {}): SessionCache & {
  readonly entries: Map<string, string>
  operations: number
  failing: boolean
} {
  const entries = new Map<string, string>()
  const cache = {
    entries,
    operations: 0,
    failing: false,
    supports: { sharedBy: 'process', atomic: true, ...supports } as const,
    get: async (key: string) => {
      cache.operations++
      if (cache.failing) throw new Error('the cache is down')
      const value = entries.get(key)
      return value === undefined ? undefined : { value }
    },
    compareAndSet: async (key: string, expected: string | undefined, next: string | undefined) => {
      cache.operations++
      if (cache.failing) throw new Error('the cache is down')
      if (entries.get(key) !== expected) return false
      if (next === undefined) entries.delete(key)
      else entries.set(key, next)
      return true
    },
  }
  return cache
}

export const times = <Value>(count: number, make: (index: number) => Promise<Value>): Promise<Value[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)))

export const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

/** The error of a call that must fail. */
export async function errorOf(call: Promise<unknown>): Promise<CallError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof CallError)) throw error
  return error
}

/** Waits until something holds, and fails with its description when it never does. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 5_000,
): Promise<void> {
  const until = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > until) throw new Error(`did not come true within ${withinMs} ms: ${what}`)
    await pause(10)
  }
}
