import { fork, type ChildProcess } from 'node:child_process'
import { extname, join } from 'node:path'
import type { Order, Report, ToParent } from './child.ts'

/** How a child process makes a cache on the same store as `create` does in this one. */
export interface ChildCache {
  /** A module that exports `createCache`, a function that takes `argument` and returns the cache. Path or file URL. */
  readonly module: string | URL
  /** What `createCache` is called with, such as a path or an address. @defaultValue '' */
  readonly argument?: string
}

/** A process with a cache of its own, which does what it is told, one thing after the other. */
export interface Child {
  /** The counts that it swapped in so far. Also known when it was killed. */
  readonly won: readonly number[]
  follow(order: Order): Promise<Report>
  /** SIGKILL: nothing in it can clear up. */
  kill(): Promise<void>
}

/** @throws when the process ends before its cache is made. */
export async function startChild({ module, argument = '' }: ChildCache): Promise<Child> {
  // The program beside this file: `.ts` in our sources, `.js` where users have it. fork hands on `--conditions`.
  const program = join(import.meta.dirname, `child${extname(import.meta.filename)}`)
  const child = fork(program, [String(module), argument], { serialization: 'advanced' })
  const won: number[] = []
  const gone = Promise.withResolvers<never>()
  gone.promise.catch(() => {})
  child.once('exit', (code, signal) =>
    gone.reject(new Error(`the child process ended with ${signal ?? `status ${code}`}`)),
  )
  child.on('message', (message: ToParent) => {
    if (message.kind === 'won') won.push(message.count)
  })
  await Promise.race([answerOf(child, 'ready'), gone.promise])
  return {
    won,
    follow: async (order) => {
      const answer = answerOf(child, 'report')
      child.send(order)
      return Promise.race([answer, gone.promise])
    },
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await gone.promise.catch(() => {})
    },
  }
}

function answerOf<Kind extends ToParent['kind']>(
  child: ChildProcess,
  kind: Kind,
): Promise<Extract<ToParent, { kind: Kind }>> {
  return new Promise((resolve) => {
    child.on('message', function listen(message: ToParent) {
      if (!isKind(message, kind)) return
      child.off('message', listen)
      resolve(message)
    })
  })
}

function isKind<Kind extends ToParent['kind']>(
  message: ToParent,
  kind: Kind,
): message is Extract<ToParent, { kind: Kind }> {
  return message.kind === kind
}
