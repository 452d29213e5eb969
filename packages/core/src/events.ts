import { channel } from 'node:diagnostics_channel'
import type { Place } from './exchange/channels.ts'
import type { SlotEvent } from './session/shared-slot.ts'

/** Published on the channel `fm:session` of `node:diagnostics_channel`. Names no account and no token. */
export interface SessionMessage extends Place {
  /** `s0`, `s1` … */
  readonly slot: string
  readonly event: SlotEvent
}

/** Published on the channel `fm:cache`: once when the cache begins to fail, once when it works again. */
export interface CacheMessage extends Place {
  readonly state: 'failing' | 'recovered'
}

const sessionChannel = channel('fm:session')
const cacheChannel = channel('fm:cache')

export function publishSession(place: Place, slot: string, event: SlotEvent): void {
  if (sessionChannel.hasSubscribers) sessionChannel.publish({ ...place, slot, event } satisfies SessionMessage)
}

export function publishCache(place: Place, state: CacheMessage['state']): void {
  if (cacheChannel.hasSubscribers) cacheChannel.publish({ ...place, state } satisfies CacheMessage)
}
