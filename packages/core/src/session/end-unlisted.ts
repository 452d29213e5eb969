import type { SessionServer } from '../exchange/sign-in.ts'
import type { Time } from '../time.ts'

/**
 * Ends a session that no record lists: tried again for half a minute, since nobody else can. Resolves with whether it is
 * over; if not, it idles out.
 */
export async function endUnlisted(server: SessionServer, time: Time, token: string): Promise<boolean> {
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await server.logout(token)) return true
    const pauseMs = 1_000 * 2 ** attempt
    await new Promise<void>((resolve) => void time.afterUnawaited(pauseMs, resolve))
  }
  return false
}
