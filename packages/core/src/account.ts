import { randomUUID } from 'node:crypto'
import { publishCache, publishSession } from './events.ts'
import type { Credentials } from './exchange/credentials.ts'
import type { ExchangeParts } from './exchange/exchange.ts'
import { NoSession, type SessionSource } from './exchange/session-source.ts'
import { createSessionServer, secretsOf, type LoginLog, type SessionServer } from './exchange/sign-in.ts'
import type { Settings } from './options.ts'
import type { SessionCache } from './session/cache.ts'
import { createCoordinator, type Coordinator } from './session/coordinator.ts'
import { join, type Membership } from './session/directory.ts'
import { fingerprintSecrets, sealWithPassword, sealWithSecrets, type Identity, type Seal } from './session/key.ts'
import { privateCache } from './session/private-cache.ts'
import { createBreaker, openRegister, type Register } from './session/register.ts'
import { TOUCH_MS } from './session/shared-slot.ts'
import { CREDENTIALS_REFUSED } from './wire/error-codes.ts'
import type { Time } from './time.ts'
import type { Transport } from './wire/request.ts'
import type { Stop } from './wire/stop.ts'

/** Whose sessions a client uses. When the password changes, the sessions change with it: they are another identity's. */
export interface Account {
  /** The sessions of the credentials as they are now. */
  readonly sessions: () => SessionSource | Promise<SessionSource>
  readonly coordinator: () => Coordinator | Promise<Coordinator>
  /** Logins that failed since then, for the errors of calls that waited for them. */
  readonly failedLogins: ExchangeParts['failedLogins']
  /** For what is not a call: scopes. */
  readonly withSessions: <Result>(stop: Stop, use: (coordinator: Coordinator) => Promise<Result>) => Promise<Result>
  leave(deadlineMs: number): Promise<void>
}

/** A password function's answer is good for so long; after a refused login it is asked again at once. */
const CREDENTIALS_MS = 60_000

export function openAccount(settings: Settings, transport: Transport, time: Time): Account {
  const { auth, cache = privateCache() } = settings
  /** Coordinators that log in over this client's connections; others may go on using them after this client has left. */
  let served = 0
  let left = false
  const closeTransport = async (): Promise<void> => {
    served--
    if (left && served === 0) await transport.close()
  }
  const enter = (credentials: Credentials): Membership => {
    served++
    return join({
      cache,
      identity: identityOf(settings, credentials),
      agreement: JSON.stringify([settings.sessions, fingerprintSecrets(settings.cacheSecrets)]),
      create: (processSecret) => openCoordinator(settings, credentials, transport, time, cache, processSecret),
      closeTransport,
    })
  }

  const first = auth.credentials()
  if (!(first instanceof Promise)) {
    const membership = enter(first)
    const coordinator = (): Coordinator | Promise<Coordinator> => membership.coordinator
    const leave = async (deadlineMs: number): Promise<void> => {
      left = true
      await membership.leave(deadlineMs)
    }
    const withSessions: Account['withSessions'] = async (stop, use) =>
      use(await stop.until(Promise.resolve(coordinator())))
    const failedLogins: Account['failedLogins'] = (sinceMs) => failedLoginsOf(coordinator(), sinceMs)
    return { sessions: coordinator, coordinator, failedLogins, withSessions, leave }
  }

  let current: { readonly membership: Membership; readonly secret: string } | undefined
  let freshUntil = Number.NEGATIVE_INFINITY
  let reading: Promise<Membership> | undefined = renew(first).finally(() => (reading = undefined))
  // Told to whoever calls, not to the process.
  reading.catch(() => {})

  async function renew(asked: Promise<Credentials>): Promise<Membership> {
    const credentials = await asked.catch((cause: unknown) => {
      throw new NoSession({ is: 'without credentials', cause })
    })
    freshUntil = time.now() + CREDENTIALS_MS
    if (current?.secret === credentials.secret) return current.membership
    const former = current?.membership
    current = { membership: enter(credentials), secret: credentials.secret }
    // What was begun with the old password may go on: its sessions are as good as before.
    if (former !== undefined) void retire(former)
    return current.membership
  }

  const formers = new Set<Membership>()
  async function retire(former: Membership): Promise<void> {
    formers.add(former)
    await former.retire().catch(() => {})
    formers.delete(former)
  }

  const membership = (): Membership | Promise<Membership> => {
    if (current !== undefined && time.now() < freshUntil) return current.membership
    return (reading ??= renew(Promise.resolve(auth.credentials())).finally(() => (reading = undefined)))
  }
  const coordinator = async (): Promise<Coordinator> => (await membership()).coordinator
  const source: SessionSource = {
    spare: (besides) => {
      const asked = current?.membership.coordinator
      return asked instanceof Promise ? undefined : asked?.spare?.(besides)
    },
    acquire: (stop, wish) => onceMore(stop, async (asked) => asked.acquire(stop, wish)),
  }

  /** Asks for the password once more when it is refused, and uses the sessions of the new one, if it is new. */
  async function onceMore<Result>(stop: Stop, use: (asked: Coordinator) => Promise<Result>): Promise<Result> {
    const asked = await stop.until(coordinator())
    try {
      return await use(asked)
    } catch (error) {
      if (!isRefusedPassword(error)) throw error
      freshUntil = Number.NEGATIVE_INFINITY
      const anew = await stop.until(coordinator())
      if (anew === asked) throw error
      return use(anew)
    }
  }
  return {
    sessions: () => source,
    coordinator,
    failedLogins: (sinceMs) => failedLoginsOf(current?.membership.coordinator, sinceMs),
    withSessions: onceMore,
    leave: async (deadlineMs) => {
      left = true
      // A password function that does not answer holds up nobody's closing.
      const asked = reading?.catch(() => undefined)
      await Promise.race([asked, new Promise<void>((resolve) => void time.afterUnawaited(deadlineMs, resolve))])
      const memberships = [...formers, ...(current === undefined ? [] : [current.membership])]
      await Promise.all(memberships.map((member) => member.leave(deadlineMs)))
      if (memberships.length === 0) await transport.close()
    },
  }
}

function failedLoginsOf(
  source: SessionSource | Promise<SessionSource> | undefined,
  sinceMs: number,
): ReturnType<Account['failedLogins']> {
  return source === undefined || source instanceof Promise ? [] : (source.failedLogins?.(sinceMs) ?? [])
}

function isRefusedPassword(error: unknown): boolean {
  if (!(error instanceof NoSession)) return false
  const { failure } = error
  return failure.is === 'refused' && CREDENTIALS_REFUSED.has(failure.code)
}

function openCoordinator(
  settings: Settings,
  credentials: Credentials,
  transport: Transport,
  time: Time,
  cache: SessionCache,
  processSecret: Buffer,
): Coordinator | Promise<Coordinator> {
  const { sessions, cacheSecrets } = settings
  const server = openServer(settings, credentials, transport, time)
  const identity = identityOf(settings, credentials)
  const { database } = settings
  const build = (seal: Seal): Coordinator => {
    const breaker = createBreaker(time, (state) => publishCache({ database, state }))
    // The record outlives the session: an unknown live session is worse than a known dead one.
    const ttlMs = sessions.idleTimeoutMs + TOUCH_MS + 60_000
    const registers = (letter: 's' | 'x', length: number): readonly Register[] =>
      Array.from({ length }, (_, index) =>
        openRegister({ cache, seal, slot: `${letter}${index}`, breaker, time, ttlMs }),
      )
    const coordinator = createCoordinator({
      shared: registers('s', sessions.shared),
      exclusive: registers('x', sessions.exclusive),
      server,
      time,
      process: randomUUID(),
      callMs: settings.timeouts.callMs,
      end: settings.cache === undefined ? 'when idle' : sessions.end,
      localSessions: sessions.localSessions,
      callsPerSession: sessions.callsPerSession,
      maxWaiting: sessions.maxWaiting,
      report: (event, slot) => publishSession({ database, slot, event }),
    })
    return Object.assign(coordinator, { failedLogins: (sinceMs: number) => server.failedLogins(sinceMs) })
  }
  if (cacheSecrets !== undefined && cacheSecrets !== 'derive') return build(sealWithSecrets(cacheSecrets, identity))
  // Nobody else reads the memory of this process, so a secret that dies with it will do.
  if (cache.supports.sharedBy === 'process') return build(sealWithSecrets([processSecret], identity))
  return sealWithPassword(identity).then(build)
}

function openServer(
  settings: Settings,
  credentials: Credentials,
  transport: Transport,
  time: Time,
): SessionServer & LoginLog {
  const { origin, base, database, dataSources, timeouts } = settings
  return createSessionServer({
    transport,
    server: origin,
    base,
    database,
    loginHeaders: credentials.headers,
    secrets: [...secretsOf(credentials), ...dataSources.map((source) => source.password)],
    dataSources,
    loginMs: timeouts.loginMs,
    time,
  })
}

function identityOf({ origin, database, auth, dataSources, sessions }: Settings, { secret }: Credentials): Identity {
  return {
    origin,
    database,
    authKind: auth.kind,
    principal: auth.principal,
    credential: secret,
    dataSources: dataSources
      .map((source) => JSON.stringify([source.database, source.username, source.password]))
      .toSorted(),
    partition: sessions.partition,
  }
}
