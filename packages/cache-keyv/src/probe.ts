import { randomUUID } from 'node:crypto'
import type { SessionCache } from '@fm/core'

const PROBE_TTL_MS = 60_000

/**
 * Finds out, before the first operation, whether the store does what it is told: one that silently does nothing would be
 * a cache in which nobody ever finds a session, and one whose own compare-and-set writes elsewhere than `get` reads.
 *
 * A probe that failed is made again by the next operation: the store may have been down.
 */
export function probeOnce({ get, compareAndSet }: Pick<SessionCache, 'get' | 'compareAndSet'>): () => Promise<void> {
  let probe: Promise<void> | undefined

  async function tryOut(): Promise<void> {
    const key = `probe:${randomUUID()}`
    const value = randomUUID()
    const stored = await compareAndSet(key, undefined, value, PROBE_TTL_MS)
    if (!stored || (await get(key))?.value !== value) throw unfit('does not keep what is stored in it')
    const deleted = await compareAndSet(key, value, undefined, PROBE_TTL_MS)
    if (!deleted || (await get(key)) !== undefined) throw unfit('keeps what is deleted from it')
  }

  return () => {
    probe ??= tryOut().catch((error: unknown) => {
      probe = undefined
      throw error
    })
    return probe
  }
}

function unfit(complaint: string): Error {
  return new Error(`Keyv: the store ${complaint}, so no session can be found in it`)
}
