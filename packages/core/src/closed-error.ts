import { SessionError } from './errors.ts'

/** What a call gets that is made too late. */
export function closedError(operation: string, message = 'the client is closed'): SessionError {
  return new SessionError(message, { operation, outcome: 'not-executed', reason: 'closed' })
}
