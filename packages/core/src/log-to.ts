import { subscribe, unsubscribe, type ChannelListener } from 'node:diagnostics_channel'
import { known } from './checks.ts'
import { CallError } from './errors.ts'
import type { CacheMessage, SessionMessage } from './events.ts'
import type { CallMessage, LoginMessage, RetryMessage } from './exchange/channels.ts'

/** What lines are written to: `console`, winston, a `log4js` logger … Each method gets a sentence and an object. */
export interface Logger {
  debug(message: string, details: LogDetails): unknown
  info(message: string, details: LogDetails): unknown
  warn(message: string, details: LogDetails): unknown
}

/** Names and numbers: no token, no account, no server, no record id, no field's value. */
export type LogDetails = Readonly<Record<string, string | number>>

export interface LogOptions {
  /**
   * The least that is written. `debug`: every call and every change of a session; `info`: logins and repeats; `warn`: what
   * failed, and a cache that is away. @defaultValue 'info'
   */
  readonly level?: 'debug' | 'info' | 'warn' | undefined
}

/**
 * Writes what the clients of this process do: calls, logins, repeats, changes of sessions, a cache that fails. A reader of
 * the same `node:diagnostics_channel` channels that anybody can read.
 *
 * @returns What ends it, by `stop()` or `using`.
 * @throws TypeError when a method of the logger is missing, or the level is none.
 * @example
 * using _log = logTo(console)
 */
export function logTo(logger: Logger, options: LogOptions = {}): Disposable & { stop(): void } {
  known('logTo', options, ['level'])
  const { level = 'info' } = options
  for (const method of LEVELS) {
    if (typeof logger?.[method] !== 'function')
      throw new TypeError(`logTo: logger.${method} must be a function, as it is of console`)
  }
  const least = LEVELS.indexOf(level)
  if (least < 0) throw new TypeError("logTo: level must be 'debug', 'info' or 'warn'")
  const write = ({ at, text, details }: Line): void => {
    if (LEVELS.indexOf(at) < least) return
    try {
      const written = logger[at](text, details)
      if (written instanceof Promise) written.catch(tellOnce)
    } catch (error) {
      tellOnce(error)
    }
  }
  let isTold = false
  /** A log that can't be written to is no reason to end the process, as what a channel's listener throws does. */
  const tellOnce = (error: unknown): void => {
    if (isTold) return
    isTold = true
    const why = error instanceof Error ? error.message : 'for a reason that is no Error'
    process.emitWarning(`logTo: the logger failed, and may go on failing: ${why}`, 'FileMakerWarning')
  }
  const listeners = Object.entries(LINES).map(([channel, lineOf]) => {
    const listener: ChannelListener = (message) => write(lineOf(message))
    subscribe(channel, listener)
    return () => unsubscribe(channel, listener)
  })
  const stop = (): void => {
    for (const end of listeners) end()
  }
  return { stop, [Symbol.dispose]: stop }
}

const LEVELS = ['debug', 'info', 'warn'] as const

interface Line {
  readonly at: (typeof LEVELS)[number]
  readonly text: string
  readonly details: LogDetails
}

/** By channel. What is published there is ours, so its type is known. */
const LINES: Readonly<Record<string, (message: unknown) => Line>> = {
  'tracing:fm:call:asyncEnd': (message) => callLine(message as CallMessage),
  'tracing:fm:login:asyncEnd': (message) => loginLine(message as LoginMessage),
  'fm:retry': (message) => retryLine(message as RetryMessage),
  'fm:session': (message) => sessionLine(message as SessionMessage),
  'fm:cache': (message) => cacheLine(message as CacheMessage),
}

function callLine(message: CallMessage): Line {
  const { operation, database, layout, script, sent, fileMakerCode } = message
  const details = given({ operation, database, layout, script, sent, fileMakerCode, ...timeOf(message) })
  const what = [message.name, layout, script].filter(Boolean).join(' ')
  if (message.error === undefined) return { at: 'debug', text: `${what}: done in ${spent(message)}`, details }
  return { at: 'warn', text: `${what}: ${wordsOf(message.error)}`, details: { ...details, ...kindOf(message.error) } }
}

function loginLine(message: LoginMessage): Line {
  const { database, fileMakerCode, httpStatus } = message
  const details = given({ database, fileMakerCode, httpStatus, ...timeOf(message) })
  if (message.error === undefined)
    return { at: 'info', text: `login to ${database}: done in ${spent(message)}`, details }
  const text = `login to ${database}: ${wordsOf(message.error)}`
  return { at: 'warn', text, details: { ...details, ...kindOf(message.error) } }
}

function retryLine({ name, operation, database, layout, because, repeat, pauseMs }: RetryMessage): Line {
  const what = [name, layout].filter(Boolean).join(' ')
  const text = `${what}: ${because}; sent again (${repeat}) in ${Math.round(pauseMs)} ms`
  return { at: 'info', text, details: given({ operation, database, layout, because, repeat, pauseMs }) }
}

function sessionLine({ database, slot, event }: SessionMessage): Line {
  return { at: 'debug', text: `session ${slot}: ${event}`, details: given({ database, slot, event }) }
}

function cacheLine({ database, state }: CacheMessage): Line {
  const details = given({ database, state })
  return state === 'failing'
    ? { at: 'warn', text: 'the session cache fails; calls go on without it', details }
    : { at: 'info', text: 'the session cache works again', details }
}

/** An error of ours has words that can be shown; of any other nobody knows what it quotes. */
function wordsOf(error: unknown): string {
  return error instanceof CallError ? error.message : 'failed'
}

function kindOf(error: unknown): LogDetails {
  if (!(error instanceof CallError)) return { error: error instanceof Error ? error.name : 'unknown' }
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : undefined
  const { name, code, outcome, httpStatus } = error
  return given({ error: name, code, reason, outcome, httpStatus })
}

function timeOf({ durationMs }: { readonly durationMs?: number }): { readonly durationMs?: number } {
  return durationMs === undefined ? {} : { durationMs: Math.round(durationMs * 10) / 10 }
}

function spent({ durationMs = 0 }: { readonly durationMs?: number }): string {
  return `${Math.round(durationMs)} ms`
}

function given(details: Readonly<Record<string, string | number | undefined>>): LogDetails {
  const entries = Object.entries(details).filter((entry): entry is [string, string | number] => entry[1] !== undefined)
  return Object.fromEntries(entries)
}
