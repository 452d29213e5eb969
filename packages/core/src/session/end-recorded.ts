import type { SessionServer } from '../exchange/sign-in.ts'
import type { Register } from './register.ts'
import { empty } from './slot.ts'

/** Ends every session that a slot's record knows, whoever opened it: out of the record first, then at the server. */
export async function endRecorded(register: Register, server: SessionServer): Promise<void> {
  for (let round = 0; round < 6; round++) {
    const seen = await register.read()
    if (seen.record === undefined) return
    const { token, old } = seen.record
    const tokens = [...old.map((entry) => entry.token), ...(token === undefined ? [] : [token])]
    if (tokens.length === 0) return
    if ((await register.swap(seen, empty(seen.record))) === undefined) continue
    await Promise.all(tokens.map((ended) => server.logout(ended)))
    return
  }
}
