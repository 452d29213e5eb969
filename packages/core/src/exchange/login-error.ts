import { SessionError, TransportError, type CallDetails, type CallError } from '../errors.ts'
import { CREDENTIALS_REFUSED, SESSION_CAP } from '../wire/error-codes.ts'
import { CredentialsUsedUp } from './credentials.ts'
import type { LoginFailure } from './sign-in.ts'

/** What a wrong name gets, and a file that is closed. */
const FILE_NOT_OPEN = 802

/** Why there is no session, as an error of the operation that wanted one. */
export function loginError(failure: LoginFailure, details: CallDetails, options: ErrorOptions): CallError {
  switch (failure.is) {
    case 'refused': {
      const { code } = failure
      const reason = CREDENTIALS_REFUSED.has(code) ? 'credentials' : SESSION_CAP.has(code) ? 'capacity' : 'login'
      const hint = code === FILE_NOT_OPEN ? '; is it hosted, and named here without .fmp12?' : ''
      const message = `the login was refused: ${failure.message} (FileMaker error ${code})${hint}`
      const { httpStatus } = failure
      return new SessionError(message, { httpStatus, ...details, reason, fileMakerCode: code }, options)
    }
    case 'unanswered': {
      const { what, reason, httpStatus } = failure
      return new TransportError(what, { httpStatus, ...details, reason }, options)
    }
    case 'without credentials': {
      const { cause } = failure
      if (cause instanceof CredentialsUsedUp) {
        return new SessionError(cause.message, { ...details, reason: 'credentials' }, options)
      }
      return new SessionError(
        'the function that gives the credentials failed',
        { ...details, reason: 'login' },
        { cause },
      )
    }
  }
}
