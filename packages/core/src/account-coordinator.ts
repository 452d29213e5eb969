import { randomUUID } from 'node:crypto'
import { publishCache, publishSession } from './events.ts'
import type { LentServer } from './exchange/lent-servers.ts'
import { createSessionServer, type LoginLog, type SessionServer, type SignIn } from './exchange/sign-in.ts'
import type { Settings } from './options.ts'
import type { SessionCache } from './session/cache.ts'
import { createCoordinator, type Coordinator, type EndPolicy } from './session/coordinator.ts'
import { join, type Membership } from './session/directory.ts'
import { fingerprintSecrets, sealWithPassword, sealWithSecrets, type Identity, type Seal } from './session/key.ts'
import { createBreaker, openRegister, type Register } from './session/register.ts'
import { TOUCH_MS } from './session/shared-slot.ts'
import type { Time } from './time.ts'
import type { Transport } from './wire/request.ts'

/** Where an account's sessions are found, and what becomes of them. */
export interface Place {
  readonly cache: SessionCache
  readonly end: EndPolicy
  /** How many shared sessions there may be. */
  readonly shared: number
}

/** Who signs in. */
export interface Login extends Pick<SignIn, 'credentials' | 'sent'> {
  readonly principal: string
  /** Part of whose sessions these are; empty where the credentials are others at each login. */
  readonly secret: string
}

/** Joins the coordinator of the account's sessions, or opens it. */
export function membershipIn(
  place: Place,
  login: Login,
  settings: Settings,
  transport: Transport,
  time: Time,
): Membership {
  const identity = identityOf(settings, login)
  return join({
    cache: place.cache,
    identity,
    agreement: JSON.stringify([settings.sessions, fingerprintSecrets(settings.cacheSecrets)]),
    server: openServer(settings, login, transport, time),
    time,
    create: (processSecret, server) => openCoordinator(place, identity, settings, server, time, processSecret),
  })
}

function openCoordinator(
  place: Place,
  identity: Identity,
  settings: Settings,
  server: SessionServer & LoginLog,
  time: Time,
  processSecret: Buffer,
): Coordinator | Promise<Coordinator> {
  const { sessions, cacheSecrets, database } = settings
  const { cache, end, shared } = place
  const build = (seal: Seal): Coordinator => {
    const breaker = createBreaker(time, (state) => publishCache({ database, state }))
    // The record outlives the session: an unknown live session is worse than a known dead one.
    const ttlMs = sessions.idleTimeoutMs + TOUCH_MS + 60_000
    const registers = (letter: 's' | 'x', length: number): readonly Register[] =>
      Array.from({ length }, (_, index) =>
        openRegister({ cache, seal, slot: `${letter}${index}`, breaker, time, ttlMs }),
      )
    const coordinator = createCoordinator({
      shared: registers('s', shared),
      exclusive: registers('x', sessions.exclusive),
      server,
      time,
      process: randomUUID(),
      callMs: settings.timeouts.callMs,
      end,
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

function openServer(settings: Settings, login: Login, transport: Transport, time: Time): LentServer {
  const { origin, base, database, dataSources, timeouts, auth } = settings
  const { credentials, sent = () => {} } = login
  const server = createSessionServer({
    transport,
    server: origin,
    base,
    database,
    credentials,
    sent,
    asksAnew: auth.kind === 'clarisId',
    dataSources: dataSources.read,
    loginMs: timeouts.loginMs,
    time,
  })
  return { ...server, isOver: () => transport.isOver?.() ?? false }
}

function identityOf(
  { origin, database, auth, dataSources, sessions }: Settings,
  { principal, secret }: Login,
): Identity {
  return {
    origin,
    database,
    authKind: auth.kind,
    principal,
    credential: secret,
    dataSources: 'isNamed' in auth && auth.isNamed ? dataSources.ofNamed : dataSources.identity,
    partition: sessions.partition,
  }
}
