import { channel } from 'node:diagnostics_channel'
import type { SlotEvent } from './session/shared-slot.ts'

/** Published on the channel `fm:session` of `node:diagnostics_channel`. Names no server, account or token. */
export interface SessionMessage {
  readonly database: string
  /** `s0`, `s1` … */
  readonly slot: string
  readonly event: SlotEvent
}

/** Published on the channel `fm:cache`: once when the cache begins to fail, once when it works again. */
export interface CacheMessage {
  readonly database: string
  readonly state: 'failing' | 'recovered'
}

const sessionChannel = channel('fm:session')
const cacheChannel = channel('fm:cache')

export function publishSession(message: SessionMessage): void {
  if (sessionChannel.hasSubscribers) sessionChannel.publish(message)
}

export function publishCache(message: CacheMessage): void {
  if (cacheChannel.hasSubscribers) cacheChannel.publish(message)
}
