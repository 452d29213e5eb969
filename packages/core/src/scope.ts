import { closedError } from './closed-error.ts'
import type { Account } from './account.ts'
import type { Exchange, ExchangeParts } from './exchange/call.ts'
import { createExchange, openSession } from './exchange/exchange.ts'
import type { ExclusiveSession, SessionSource } from './exchange/session-source.ts'
import { setGlobalFields, type GlobalFields } from './globals.ts'
import { checkCall, limitsOf, type CallOptions } from './call-options.ts'
import { downloadUrl, type ContainersParts, type DownloadUrlOptions } from './container.ts'
import type { ContainerFile } from './container-file.ts'
import { CONTENT_OPERATION } from './exchange/content.ts'
import { createExclusiveCalls } from './exclusive-calls.ts'
import { createLayout } from './layout.ts'
import { layoutSource, type LayoutSource } from './layout-source.ts'
import { createSessionCheck, type SessionCheck } from './session-check.ts'
import type { ScriptSessions } from './script-options.ts'
import { boolean, known } from './checks.ts'
import { createExclusiveSource, sourceOf } from './session/exclusive-source.ts'
import { operationOf } from './wire/parameters.ts'
import { withStop, type Stop } from './wire/stop.ts'

/**
 * Several calls on one session: what stands between FMDataAPI's `startCommunication` and `endCommunication`.
 *
 * A shared scope's session is used by others in between, and a renewal inside is not noticed. An exclusive scope's session
 * is its own, and ends with it.
 */
export interface Scope extends LayoutSource, SessionCheck, AsyncDisposable {
  /** As the client's, for URLs that this scope has read. */
  download(url: string, options?: DownloadUrlOptions): Promise<ContainerFile>
  /**
   * Sets global fields for the rest of this session. Exclusive scopes only: on a shared session every other caller would see
   * them. They are set again when the session has to be replaced.
   *
   * @param globalFields - By full name, `Table::field`.
   * @throws TypeError in a scope that is not exclusive.
   * @see Claris FileMaker Data API Guide, "Set global field values"
   */
  setGlobals(globalFields: GlobalFields, options?: CallOptions): Promise<void>
  /** Lets the session go. Ending twice is harmless; calls after it are refused. `await using` does it by itself. */
  endCommunication(): Promise<void>
}

export interface ScopeOptions extends CallOptions {
  /** A session of the scope's own. @defaultValue false */
  readonly exclusive?: boolean | undefined
  /**
   * Brings an exclusive session into the state that the scope relies on: called at its start, and again on the new session
   * when the first is lost. Without it, and without globals set through the scope, a lost session is a `SessionLostError`.
   */
  readonly setup?: ((scope: Scope) => unknown) | undefined
}

/** What a scope has of its client. */
export interface ScopeParts {
  readonly parts: ExchangeParts
  readonly base: string
  readonly database: string
  /** How many exclusive sessions there may be. */
  readonly exclusive: number
  /** On which session calls with scripts are made, where neither they nor their layout say. */
  readonly scripts: ScriptSessions
  readonly withSessions: Account['withSessions']
  /** The scope itself keeps the session. */
  readonly containers: ContainersParts
  readonly isOpen: () => boolean
}

export async function startScope(options: ScopeOptions, client: ScopeParts): Promise<Scope> {
  known('startCommunication', options, ['exclusive', 'setup', 'signal', 'timeoutMs', 'timeouts'])
  const { exclusive = false, setup, ...limits } = options
  checkCall('startCommunication', limits)
  boolean('startCommunication: exclusive', exclusive)
  if (setup !== undefined && typeof setup !== 'function')
    throw new TypeError('startCommunication: setup must be a function')
  if (setup !== undefined && !exclusive) throw new TypeError('startCommunication: setup goes with exclusive: true')
  if (exclusive && client.exclusive === 0) throw new TypeError('startCommunication: sessions.exclusive is 0')
  if (!client.isOpen()) throw closedError('startCommunication')
  return exclusive ? startExclusive(setup, limits, client) : startShared(limits, client)
}

async function startShared(limits: CallOptions, client: ScopeParts): Promise<Scope> {
  const { parts } = client
  const hold = await openSession(parts, limitsOf(limits), 'startCommunication', (stop) =>
    client.withSessions(stop, (coordinator) => coordinator.hold(stop)),
  )
  return createScope(
    client,
    { shared: createExchange({ ...parts, wish: { slot: hold.slot } }), exclusive: createExclusiveCalls(client) },
    () => hold.release(),
    async () => {
      throw new TypeError('setGlobals: the session is shared with others, who would see them; use exclusive: true')
    },
  )
}

async function startExclusive(setup: ScopeOptions['setup'], limits: CallOptions, client: ScopeParts): Promise<Scope> {
  const { parts } = client
  const globals: Record<string, string | number> = {}
  const on = (source: SessionSource): Exchange => createExchange({ ...parts, sessions: () => source })
  const set = async (exchange: Exchange, globalFields: GlobalFields, options: CallOptions = {}): Promise<void> => {
    await setGlobalFields(exchange, client.base, client.database, globalFields, options)
    Object.assign(globals, globalFields)
  }

  const takeWithin = (stop: Stop): Promise<ExclusiveSession> =>
    client.withSessions(stop, (coordinator) => coordinator.exclusive(stop))
  /** Later, for a call: the signal was that of the beginning, and why there is none is told in an error of the call. */
  const takeAnother = (): Promise<ExclusiveSession> =>
    withStop(parts.time, limits.timeoutMs ?? parts.timeoutMs, takeWithin)
  /** On a session that is only being set up, a second loss is not restored but told. */
  const bring = async (session: ExclusiveSession): Promise<void> => {
    // Without a turn of its own: the calls that wait for this session to be restored keep theirs meanwhile.
    const exchange = createExchange({ ...parts, turns: undefined, sessions: () => sourceOf(session) })
    if (Object.keys(globals).length > 0) await set(exchange, globals)
    const inside = createScope(
      client,
      { shared: exchange, exclusive: exchange },
      async () => {},
      (fields, options) => set(exchange, fields, options),
    )
    await setup?.(inside)
  }

  const session = await openSession(parts, limitsOf(limits), 'startCommunication', takeWithin)
  const source = createExclusiveSource(session, {
    canRestore: () => setup !== undefined || Object.keys(globals).length > 0,
    take: takeAnother,
    bring,
  })
  try {
    await bring(session)
  } catch (error) {
    await source.end()
    throw error
  }
  const exchange = on(source)
  return createScope(
    client,
    // The scope's own session is exclusive already.
    { shared: exchange, exclusive: exchange },
    () => source.end(),
    (fields, options) => set(exchange, fields, options),
  )
}

function createScope(
  client: ScopeParts,
  exchanges: { readonly shared: Exchange; readonly exclusive: Exchange },
  release: () => Promise<void>,
  setGlobals: Scope['setGlobals'],
): Scope {
  let ended = false
  const demandOpen = (operation: string): void => {
    if (ended) throw closedError(operation, 'the scope has ended')
    if (!client.isOpen()) throw closedError(operation)
  }
  const whileOpen =
    (exchange: Exchange): Exchange =>
    async (call) => {
      demandOpen(operationOf(call.route))
      return exchange(call)
    }
  const { base, database, scripts, containers } = client
  const place = {
    shared: whileOpen(exchanges.shared),
    exclusive: whileOpen(exchanges.exclusive),
    scripts,
    base,
    database,
    containers,
  }
  const endCommunication = async (): Promise<void> => {
    if (ended) return
    ended = true
    await release()
  }
  return {
    layout: layoutSource((layout, options) => createLayout(place, layout, options)),
    ...createSessionCheck(place.shared, base),
    download: async (url, options = {}) => {
      demandOpen(CONTENT_OPERATION)
      return downloadUrl(place.shared, containers, url, options)
    },
    setGlobals: async (globalFields, options) => {
      demandOpen('setGlobals')
      await setGlobals(globalFields, options)
    },
    endCommunication,
    [Symbol.asyncDispose]: endCommunication,
  }
}
