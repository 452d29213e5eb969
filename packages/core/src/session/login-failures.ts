import type { LoginFailure } from '../exchange/sign-in.ts'
import { BUSY, CREDENTIALS_REFUSED, SESSION_CAP } from '../wire/error-codes.ts'
import { denialFor, type Denial } from './slot.ts'

/** What a failed login tells everybody else, by way of the record. */
export function denialOf(failure: LoginFailure, previous: Denial | undefined): Denial | undefined {
  if (failure.is !== 'refused') return undefined
  if (CREDENTIALS_REFUSED.has(failure.code)) return denialFor(failure.code, previous, 'credentials')
  if (SESSION_CAP.has(failure.code)) return denialFor(failure.code, previous, 'capacity')
  return undefined
}

/** How long to wait before another login, or undefined when that is no use. */
export function pauseBeforeLogin(failure: LoginFailure, failures: number): number | undefined {
  const backoffMs = 100 * 2 ** failures
  if (failure.is === 'without credentials') return undefined
  if (failure.is === 'refused') {
    if (SESSION_CAP.has(failure.code)) return 0
    return BUSY.has(failure.code) && failures <= 3 ? backoffMs : undefined
  }
  if (failure.reason === 'unsent') return failures <= 3 ? backoffMs : undefined
  if (failure.reason === 'lost' || failure.reason === 'timeout') return failures <= 1 ? backoffMs : undefined
  return failure.httpStatus !== undefined && failure.httpStatus >= 502 && failures <= 3 ? backoffMs : undefined
}

/** What another process was told a moment ago. */
export function refusal(code: number): LoginFailure {
  const message = SESSION_CAP.has(code)
    ? 'The server has no room for another session'
    : 'The login was refused a moment ago for this account and password, and is not tried again yet'
  return { is: 'refused', code, message, httpStatus: 401 }
}
