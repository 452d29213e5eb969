import type { LoginFailure, SessionServer } from '../exchange/sign-in.ts'
import type { Time } from '../time.ts'
import { keepBeating } from './heartbeat.ts'
import { denialOf } from './login-failures.ts'
import type { Reading, Register } from './register.ts'
import * as rules from './slot.ts'

/** How it ended for a process that held the lease. */
export type LeadEnd =
  /** Its session is in the record. */
  | { readonly is: 'published'; readonly reading: Reading }
  /** Nobody can say whether it was published: it is kept, and compared with the record as soon as there is one. */
  | { readonly is: 'unconfirmed'; readonly token: string }
  /** It was published, and has been replaced or listed since. */
  | { readonly is: 'replaced' }
  /** Somebody else took over: its session is to be ended. */
  | { readonly is: 'fenced'; readonly token: string }
  | { readonly is: 'failed'; readonly failure: LoginFailure }

/** Publications that are tried while the record still has our own lease. */
const MAX_ROUNDS = 20

/** Holds the lease while logging in, then publishes. Never rejects. */
export async function lead(
  register: Register,
  server: SessionServer,
  time: Time,
  written: Reading,
  leased: rules.Draft,
): Promise<LeadEnd> {
  const beating = keepBeating({ register, time, first: written, draft: leased, beatMs: rules.LEASE_BEAT_MS })
  const result = await server.login()
  let seen = await beating.stop()
  if ('failure' in result) {
    const { failure } = result
    await register.swap(seen, rules.giveUp(leased, denialOf(failure, leased.deny))).catch(() => {})
    return { is: 'failed', failure }
  }
  const { token } = result
  for (let round = 0; round < MAX_ROUNDS; round++) {
    try {
      const published = await register.swap(seen, rules.publish(leased, token))
      if (published !== undefined) return { is: 'published', reading: published }
      seen = await register.read()
    } catch {
      return { is: 'unconfirmed', token }
    }
    switch (rules.judgePublication(seen.record, token, leased)) {
      case 'published':
        return { is: 'published', reading: seen }
      case 'replaced':
        return { is: 'replaced' }
      case 'fenced':
        return { is: 'fenced', token }
      case 'still leased':
    }
  }
  return { is: 'unconfirmed', token }
}
