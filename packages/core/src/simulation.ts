/**
 * What the simulator of apps/system-tests turns: the session floor without HTTP, its clock and chance given from outside.
 * No entry for users: `exports` leads here only from our own sources.
 */
export { CallError, FileMakerError, SessionError, SessionLostError, TransportError } from './errors.ts'
export type { Exchange, ExchangeParts } from './exchange/call.ts'
export { createExchange, openSession } from './exchange/exchange.ts'
export { FULL_BUDGET } from './exchange/retry.ts'
export type { SessionCache } from './session/cache.ts'
export { createCoordinator, type Coordinator, type CoordinatorEnvironment } from './session/coordinator.ts'
export { NoSession, NoTurn, type ExclusiveSession, type Grant } from './exchange/session-source.ts'
export { createSessionServer, type LoginFailure, type SessionServer } from './exchange/sign-in.ts'
export { createExclusiveSource, sourceOf } from './session/exclusive-source.ts'
export { sealWithSecrets, type Identity, type Seal } from './session/key.ts'
export { createBreaker, openRegister, type Breaker, type Register } from './session/register.ts'
export { TOUCH_MS, UNSEEN_MS } from './session/shared-slot.ts'
export type { Time } from './time.ts'
export type { Transport, WireRequest, WireResult } from './wire/request.ts'
export { Stop, Stopped } from './wire/stop.ts'
