/**
 * What the simulator of apps/system-tests turns: the session floor without HTTP, its clock and chance given from outside.
 * No entry for users: `exports` leads here only from our own sources.
 */
export type { SessionCache } from './session/cache.ts'
export { createCoordinator, type Coordinator, type CoordinatorEnvironment } from './session/coordinator.ts'
export { NoSession, NoTurn, type ExclusiveSession, type Grant } from './exchange/session-source.ts'
export type { LoginFailure, SessionServer } from './exchange/sign-in.ts'
export { sealWithSecrets, type Identity, type Seal } from './session/key.ts'
export { createBreaker, openRegister, type Breaker, type Register } from './session/register.ts'
export { TOUCH_MS, UNSEEN_MS } from './session/shared-slot.ts'
export type { Time } from './time.ts'
export { Stop, Stopped } from './wire/stop.ts'
