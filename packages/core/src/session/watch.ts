import type { Time } from '../time.ts'
import type { Reading } from './register.ts'

/** How old a record is, by the cache's own clock or by how long this process has watched it, whichever is longer. */
export interface Watch {
  age(reading: Reading): number
}

/** Watching needs no clock in common: it is all a newcomer has where caches tell no age. */
export function createWatch(time: Time): Watch {
  let raw: string | undefined
  let since = 0
  return {
    age: (reading) => {
      if (reading.raw !== raw) {
        raw = reading.raw
        since = time.now()
      }
      return Math.max(reading.ageMs ?? 0, time.now() - since)
    },
  }
}
