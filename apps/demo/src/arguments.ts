// What may stand behind `pnpm demo`.

import { parseArgs } from 'node:util'

export interface DemoOptions {
  /** How long the workers share a session; a third of it is spent on the comparison. */
  readonly seconds: number
  readonly workers: number
  /** `sessions.shared` of the workers' clients. */
  readonly sessions: number
  /** Where the workers find each other's sessions: a file, a redis-server of the demo's own, or the Redis at a URL. */
  readonly cache: CacheArgument
  /** Whether it ends after the report, and does not keep the server running. */
  readonly once: boolean
  readonly sabotage: Sabotage | undefined
}

export type CacheArgument = 'file' | 'redis' | { readonly url: string }

/** What is broken on purpose, to see that the demo notices. */
export type Sabotage = 'call' | 'worker'

/** @throws TypeError that names the argument. */
export function readArguments(given: readonly string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args: [...given],
    options: {
      seconds: { type: 'string', default: '10' },
      workers: { type: 'string', default: '4' },
      sessions: { type: 'string', default: '1' },
      cache: { type: 'string', default: 'file' },
      once: { type: 'boolean', default: false },
      break: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return 'help'
  return {
    seconds: wholeNumber('--seconds', values.seconds, 1, 3_600),
    workers: wholeNumber('--workers', values.workers, 1, 32),
    sessions: wholeNumber('--sessions', values.sessions, 1, 16),
    cache: readCache(values.cache),
    once: values.once,
    sabotage: readSabotage(values.break),
  }
}

export const HELP = `Usage: npx --yes pnpm@12 demo [options]

Starts an emulated FileMaker server with 250 countries and 135,233 cities, lets worker processes find, page through,
create, edit and delete records over one shared session, ends that session at the server several times meanwhile, and
reports what became of it; then the same work with a login for each call.

  --seconds <1…3600>   how long the workers share a session (10)
  --workers <1…32>     worker processes, of four tasks each (4)
  --sessions <1…16>    sessions that they share, at the most (1)
  --cache <where>      share through file, redis (starts a redis-server), or redis://host:port (file)
  --once               end after the report, also in a terminal
  --break <what>       break something, to see the demo fail: call, worker
  -h, --help           this text

Ends with status 0, or 1 if any call failed, or 2 if an argument is wrong.`

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new TypeError(`${option} takes a whole number from ${least} to ${most}, not '${text}'`)
}

function readCache(text: string): CacheArgument {
  if (text === 'file' || text === 'redis') return text
  if (/^rediss?:\/\/./.test(text)) return { url: text }
  // A URL may hold a password: it is not repeated.
  throw new TypeError('--cache takes file, redis, or a URL that begins with redis:// or rediss://')
}

function readSabotage(text: string | undefined): Sabotage | undefined {
  if (text === undefined || text === 'call' || text === 'worker') return text
  throw new TypeError(`--break takes call or worker, not '${text}'`)
}
