import { openHeldTokenAccount, openProxyKeyAccount } from './account-without-login.ts'
import { membershipIn, type Place } from './account-coordinator.ts'
import type { IdentityAuth, PasswordAuth } from './auth.ts'
import type { Credentials } from './exchange/credentials.ts'
import type { ExchangeParts } from './exchange/call.ts'
import { NoSession, NoTurn, type SessionSource } from './exchange/session-source.ts'
import type { Settings } from './options.ts'
import type { Coordinator } from './session/coordinator.ts'
import type { Membership } from './session/directory.ts'
import { privateCache } from './session/private-cache.ts'
import { CREDENTIALS_REFUSED } from './wire/error-codes.ts'
import type { Time } from './time.ts'
import type { Transport } from './wire/request.ts'
import type { Stop } from './wire/stop.ts'

/** Whose sessions a client uses. When the password changes, the sessions change with it: they are another identity's. */
export interface Account {
  /** The sessions of the credentials as they are now. */
  readonly sessions: () => SessionSource | Promise<SessionSource>
  /** Logins that failed since then, for the errors of calls that waited for them. */
  readonly failedLogins: ExchangeParts['failedLogins']
  /** For what is not a call: scopes. */
  readonly withSessions: <Result>(stop: Stop, use: (sessions: AccountSessions) => Promise<Result>) => Promise<Result>
  /** Resolves when nothing of the account needs the client's connections any more. */
  leave(deadlineMs: number): Promise<void>
}

/** What scopes and operators want of an account's sessions. */
export type AccountSessions = Pick<Coordinator, 'hold' | 'exclusive' | 'inspect' | 'endAll'>

/** A password function's answer is good for so long; after a refused login it is asked again at once. */
const CREDENTIALS_MS = 60_000

export function openAccount(settings: Settings, transport: Transport, time: Time): Account {
  const { auth } = settings
  switch (auth.kind) {
    case 'basic':
      return openPasswordAccount(settings, auth, transport, time)
    case 'oauth':
    case 'clarisId':
      return openIdentityAccount(settings, auth, transport, time)
    case 'heldToken':
      return openHeldTokenAccount(auth)
    case 'proxyKey':
      return openProxyKeyAccount(auth)
  }
}

/** One membership for as long as the client lives: the credentials of the next login are no part of who this is. */
function openIdentityAccount(settings: Settings, auth: IdentityAuth, transport: Transport, time: Time): Account {
  const login = { principal: auth.principal, secret: '', credentials: auth.credentials, sent: auth.sent }
  return accountOf(membershipIn(placeOf(settings, auth), login, settings, transport, time))
}

/**
 * Where the sessions are found. Those of users whom only this process can tell apart stay in it, and are kept while the client
 * lives: nobody else could use them, and a login may cost somebody a sign-in.
 */
function placeOf(settings: Settings, auth: PasswordAuth | IdentityAuth): Place {
  const { cache, cacheSecrets, sessions, dataSources } = settings
  const isTransient = auth.kind === 'basic' ? !dataSources.areStanding : !auth.isNamed
  const isSealed = auth.kind === 'basic' || (cacheSecrets !== undefined && cacheSecrets !== 'derive')
  const { shared, end } = sessions
  const isCostly = auth.kind === 'oauth' || !dataSources.areStanding
  const slots = auth.kind !== 'basic' && auth.once ? 1 : shared
  if (cache === undefined) return { cache: privateCache(), end: isCostly ? 'own' : 'when idle', shared: slots }
  if (cache.supports.sharedBy === 'process') return { cache, end, shared: slots }
  if (isTransient || !isSealed) return { cache: privateCache(), end: 'own', shared: slots }
  return { cache, end, shared: slots }
}

function openPasswordAccount(settings: Settings, auth: PasswordAuth, transport: Transport, time: Time): Account {
  const place = placeOf(settings, auth)
  const enter = (credentials: Credentials): Membership => {
    const login = { principal: auth.principal, secret: credentials.secret, credentials: () => credentials }
    return membershipIn(place, login, settings, transport, time)
  }
  const first = auth.credentials()
  return first instanceof Promise ? followPassword(first, auth, enter, time) : accountOf(enter(first))
}

function accountOf(membership: Membership): Account {
  const coordinator = (): Coordinator | Promise<Coordinator> => membership.coordinator
  return {
    sessions: coordinator,
    failedLogins: (sinceMs) => failedLoginsOf(coordinator(), sinceMs),
    withSessions: async (stop, use) => use(await stop.until(Promise.resolve(coordinator()))),
    leave: (deadlineMs) => membership.leave(deadlineMs),
  }
}

/** The password comes from a function: when it gives another one, calls use the sessions of that one. */
function followPassword(
  first: Promise<Credentials>,
  auth: PasswordAuth,
  enter: (credentials: Credentials) => Membership,
  time: Time,
): Account {
  let left = false
  let current: { readonly membership: Membership; readonly secret: string } | undefined
  let freshUntil = Number.NEGATIVE_INFINITY
  let reading: Promise<Membership> | undefined = renew(first).finally(() => (reading = undefined))
  // Told to whoever calls, not to the process.
  reading.catch(() => {})

  async function renew(asked: Promise<Credentials>): Promise<Membership> {
    const credentials = await asked.catch((cause: unknown) => {
      throw new NoSession({ is: 'without credentials', cause })
    })
    // Its connections are closed, or about to be.
    if (left) throw new NoTurn('closed')
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
    failedLogins: (sinceMs) => failedLoginsOf(current?.membership.coordinator, sinceMs),
    withSessions: onceMore,
    leave: async (deadlineMs) => {
      left = true
      // A password function that does not answer holds up nobody's closing.
      const asked = reading?.catch(() => undefined)
      await Promise.race([asked, new Promise<void>((resolve) => void time.afterUnawaited(deadlineMs, resolve))])
      const memberships = [...formers, ...(current === undefined ? [] : [current.membership])]
      await Promise.all(memberships.map((member) => member.leave(deadlineMs)))
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
