import type { Time } from '../time.ts'
import type { Reading, Register } from './register.ts'
import type { Draft } from './slot.ts'

export interface Heartbeat {
  /** Ends it. Resolves with the record as this process last wrote it. */
  stop(): Promise<Reading>
}

export interface HeartbeatOptions {
  readonly register: Register
  readonly time: Time
  readonly first: Reading
  /** What is written again and again, each time with a new nonce. */
  readonly draft: Draft
  readonly beatMs: number
  /** Another process has written: the lease or hold is not ours any more. */
  readonly onLost?: () => void
}

/** The sign of life of whoever has taken a slot: rewrites its record at a steady beat. */
export function keepBeating({ register, time, first, draft, beatMs, onLost }: HeartbeatOptions): Heartbeat {
  let latest = first
  let over = false
  let beating = Promise.resolve()
  let callOff = time.afterUnawaited(beatMs, start)

  function start(): void {
    beating = beat()
  }

  async function beat(): Promise<void> {
    try {
      const written = (await register.swap(latest, draft)) ?? (await findOurs())
      if (written === undefined) {
        over = true
        onLost?.()
      } else latest = written
    } catch {
      // The cache is away. Whoever takes over meanwhile will be noticed at the next beat that gets through.
    }
    if (!over) callOff = time.afterUnawaited(beatMs, start)
  }

  /** A refused swap is a reason to look: an earlier beat of ours may have been written without our being told. */
  async function findOurs(): Promise<Reading | undefined> {
    const seen = await register.read()
    const { record } = seen
    // Lost by the cache, and nobody has come by since: it is written again.
    if (record === undefined) return register.swap(seen, draft)
    const owner = draft.lease?.owner ?? draft.hold?.owner
    const ours = record?.generation === draft.generation && (record.lease?.owner ?? record.hold?.owner) === owner
    return ours ? seen : undefined
  }

  return {
    stop: async () => {
      over = true
      callOff()
      await beating
      return latest
    },
  }
}
