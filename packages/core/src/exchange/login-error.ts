import { SessionError, TransportError, type CallDetails, type CallError } from '../errors.ts'
import { CREDENTIALS_REFUSED, SESSION_CAP } from '../wire/error-codes.ts'
import { CredentialsUsedUp } from './credentials.ts'
import type { LoginFailure } from './sign-in.ts'

/** Why there is no session, as an error of the operation that wanted one. */
export function loginError(failure: LoginFailure, details: CallDetails, options: ErrorOptions): CallError {
  switch (failure.is) {
    case 'refused': {
      const { code } = failure
      const reason = CREDENTIALS_REFUSED.has(code) ? 'credentials' : SESSION_CAP.has(code) ? 'capacity' : 'login'
      const message = `the login was refused: ${failure.message} (FileMaker error ${code})`
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
