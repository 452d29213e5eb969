import type { SessionCache } from '@fm/core'
import { isLive, type Entry, type Store } from './model-cache.ts'

type Get = SessionCache['get']
type CompareAndSet = SessionCache['compareAndSet']

/** What is changed of a cache that keeps every promise. Each cache object calls it once. */
export type Breakage = (sound: SessionCache & { close(): Promise<void> }, store: Store) => Partial<SessionCache>

/** For each case, by its name, a cache that breaks this promise and no other. */
export const brokenCaches: Readonly<Record<string, Breakage>> = {
  'a key that was never written has no value': (sound, store) => ({
    get: async (key, options) => (store.swaps.has(key) ? sound.get(key, options) : { value: '' }),
  }),
  'any well-formed Unicode text comes back as it was written': (sound) => ({
    get: changedValue(sound, (value) => value.normalize()),
  }),
  'values of 1 byte to 8 KiB come back whole': (sound) => ({
    get: changedValue(sound, (value) => value.slice(0, 8190)),
  }),
  'keys that differ in a single character are different keys': (sound) => withKeys(sound, (key) => key.toLowerCase()),
  'keys of 120 characters are told apart to the last one': (sound) => withKeys(sound, (key) => key.slice(0, 119)),
  'values are compared to the last character': (sound, store) => ({
    compareAndSet: async (key, expected, ...rest) => {
      const there = live(store, key)?.value
      const isSimilar = expected !== undefined && there?.slice(0, 4000) === expected.slice(0, 4000)
      return sound.compareAndSet(key, isSimilar ? there : expected, ...rest)
    },
  }),
  'a change of one key leaves the others alone': (sound, store) => ({
    compareAndSet: async (...swap) => {
      const done = await sound.compareAndSet(...swap)
      if (done && swap[2] === undefined && swap[1] !== undefined) store.entries.clear()
      return done
    },
  }),

  'nothing expected, nothing there: writes, and says true': (sound, store) => ({
    compareAndSet: async (...swap) => {
      const isFirst = swap[1] === undefined && swap[2] !== undefined && !store.swaps.has(swap[0])
      return notQuiteTrue(await sound.compareAndSet(...swap), isFirst)
    },
  }),
  'nothing expected, something there: leaves it, and says false': (sound, store) => ({
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const done = await sound.compareAndSet(key, expected, next, ttlMs, options)
      if (!done && expected === undefined && next !== undefined) change(store, key, { value: next })
      return done
    },
  }),
  'a value expected, that value there: replaces it, and says true': (sound) => ({
    compareAndSet: async (...swap) =>
      notQuiteTrue(
        await sound.compareAndSet(...swap),
        swap[1] !== undefined && swap[2] !== undefined && swap[1] !== swap[2],
      ),
  }),
  'a value expected, another there: leaves it, and says false': (sound, store) => ({
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const done = await sound.compareAndSet(key, expected, next, ttlMs, options)
      if (!done && expected !== undefined && next !== undefined && next !== expected)
        change(store, key, { value: next })
      return done
    },
  }),
  'a value expected, nothing there: writes nothing, and says false': (sound, store) => ({
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const isNew = !store.swaps.has(key)
      const done = await sound.compareAndSet(key, expected, next, ttlMs, options)
      if (isNew && expected !== undefined && next !== undefined && next !== expected) put(store, key, next, ttlMs)
      return done
    },
  }),
  'to be deleted, that value there: deletes it, and says true': (sound) => ({
    compareAndSet: async (...swap) =>
      notQuiteTrue(await sound.compareAndSet(...swap), swap[1] !== undefined && swap[2] === undefined),
  }),
  'to be deleted, another there: leaves it, and says false': (sound, store) => ({
    compareAndSet: async (...swap) => {
      const done = await sound.compareAndSet(...swap)
      if (!done && swap[1] !== undefined && swap[2] === undefined) store.entries.delete(swap[0])
      return done
    },
  }),
  'to be deleted, nothing there: says false': (sound, store) => ({
    compareAndSet: async (...swap) => {
      const isNew = !store.swaps.has(swap[0])
      return (await sound.compareAndSet(...swap)) || (isNew && swap[2] === undefined)
    },
  }),
  'nothing expected and nothing next, nothing there: says true': (sound, store) => ({
    compareAndSet: async (...swap) => {
      const isNew = !store.swaps.has(swap[0])
      const done = await sound.compareAndSet(...swap)
      return done && !(isNew && swap[1] === undefined && swap[2] === undefined)
    },
  }),
  'nothing expected and nothing next, something there: leaves it, and says false': (sound) => ({
    compareAndSet: async (...swap) =>
      (await sound.compareAndSet(...swap)) || (swap[1] === undefined && swap[2] === undefined),
  }),
  'after a delete the key can be written again': (sound) => {
    const deleted = new Set<string>()
    return {
      compareAndSet: async (...swap) => {
        if (deleted.has(swap[0])) return false
        const done = await sound.compareAndSet(...swap)
        if (done && swap[2] === undefined) deleted.add(swap[0])
        return done
      },
    }
  },

  'a value is gone when its time is over': (sound, store) => ({
    get: async (key, options) => {
      const found = await sound.get(key, options)
      return found ?? (store.swaps.get(key) === 1 ? store.entries.get(key) : undefined)
    },
  }),
  'a value with a short time is there before it is over': (sound, store) => ({
    get: async (key, options) => {
      const found = await sound.get(key, options)
      return (store.entries.get(key)?.ttlMs ?? 0) < 1000 ? undefined : found
    },
  }),
  'a value with a day to live is there': (sound, store) => ({
    get: async (key, options) => {
      const found = await sound.get(key, options)
      return (store.entries.get(key)?.ttlMs ?? 0) > 12 * 3_600_000 ? undefined : found
    },
  }),
  'where a value has expired, a new one can be written': (sound, store) => ({
    compareAndSet: async (...swap) => {
      const isLeft = store.entries.has(swap[0]) && swap[1] === undefined && swap[2] !== undefined
      return isLeft ? false : sound.compareAndSet(...swap)
    },
  }),
  'a value that has expired is not there to be replaced': (sound, store) => ({
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const done = await sound.compareAndSet(key, expected, next, ttlMs, options)
      if (expected === undefined || next === undefined || next === expected) return done
      if (expired(store, key)?.value !== expected) return done
      put(store, key, next, ttlMs)
      return true
    },
  }),
  'a value that has expired is not there to be deleted': (sound, store) => ({
    compareAndSet: async (...swap) => {
      const done = await sound.compareAndSet(...swap)
      return done || (swap[2] === undefined && swap[1] !== undefined && expired(store, swap[0])?.value === swap[1])
    },
  }),
  'where a value has expired, nothing expected and nothing next is true': (sound, store) => ({
    compareAndSet: async (...swap) => {
      const isLeft = expired(store, swap[0]) !== undefined
      const done = await sound.compareAndSet(...swap)
      return done && !(isLeft && swap[1] === undefined && swap[2] === undefined)
    },
  }),
  'a value that replaces another has its own, longer time': (sound, store) => ({
    compareAndSet: replacing(sound, store, (before, after) => Math.min(before, after)),
  }),
  'a value that replaces another has its own, shorter time': (sound, store) => ({
    compareAndSet: replacing(sound, store, (before, after) => Math.max(before, after)),
  }),
  'a swap that says false leaves the time of what is there': (sound, store) => ({
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const done = await sound.compareAndSet(key, expected, next, ttlMs, options)
      if (!done && expected !== next && live(store, key)) change(store, key, { ttlMs })
      return done
    },
  }),

  'the same value twice renews its time, and says true': (sound, store) => ({
    compareAndSet: touching(sound, store, (before, after) => Math.min(before, after)),
  }),
  'a touch can shorten the time': (sound, store) => ({
    compareAndSet: touching(sound, store, (before, after) => (after < 1000 ? before : after)),
  }),
  'a touch where nothing is says false, and writes nothing': (sound, store) => ({
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const isNew = !store.swaps.has(key)
      const done = await sound.compareAndSet(key, expected, next, ttlMs, options)
      if (isNew && next !== undefined && next === expected) put(store, key, next, ttlMs)
      return done
    },
  }),
  'a touch where another value is says false, and does not renew that one': (sound, store) => ({
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const done = await sound.compareAndSet(key, expected, next, ttlMs, options)
      if (!done && next !== undefined && next === expected && live(store, key)) change(store, key, { ttlMs })
      return done
    },
  }),
  'a touch does not revive what has expired': (sound, store) => ({
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const done = await sound.compareAndSet(key, expected, next, ttlMs, options)
      if (!done && next === expected && expired(store, key)) change(store, key, { ttlMs })
      return done
    },
  }),

  'ttlMs is at most what was written': (sound, store) => ({
    get: changedTtl(sound, store, (left, { ttlMs, touched }) => (left > ttlMs - 100 && !touched ? ttlMs + 5 : left)),
  }),
  'ttlMs never grows without a write': (sound, store) => {
    let looks = 0
    return { get: changedTtl(sound, store, (left) => left - ((looks += 1) % 2) * 200) }
  },
  'ttlMs is what is left, within two seconds': (sound, store) => ({
    get: changedTtl(sound, store, (_, { ttlMs }) => ttlMs),
  }),
  'a touch sets ttlMs to what it gives': (sound, store) => ({
    get: changedTtl(sound, store, (left, { touched }) => (touched ? 5 * left : left)),
  }),

  'of many that write where nothing is, exactly one is told true': (sound, store) => ({
    compareAndSet: inTwoSteps(sound, store, (expected) => expected === undefined),
  }),
  'of many that replace one value, exactly one is told true': (sound, store) => ({
    compareAndSet: inTwoSteps(sound, store, (expected, next) => expected !== undefined && next !== undefined),
  }),
  'of many that delete one value, exactly one is told true': (sound, store) => ({
    compareAndSet: inTwoSteps(sound, store, (expected, next) => expected !== undefined && next === undefined),
  }),
  'of many at once, the one whose value stays was told true': (sound, store) => ({
    supports: { ...sound.supports, atomic: false },
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const fits = live(store, key)?.value === expected
      await tick()
      const done = await sound.compareAndSet(key, expected, next, ttlMs, options)
      // The last one to write stays, and is told that it lost.
      if (fits && !done && next !== undefined) put(store, key, next, ttlMs)
      return done
    },
  }),

  'two caches on one store see the same values': (sound) => {
    const known = new Set<string>()
    return {
      get: async (key, options) => {
        const found = await sound.get(key, options)
        if (known.has(key)) return found
        known.add(key)
        return undefined
      },
      compareAndSet: async (...swap) => {
        known.add(swap[0])
        return sound.compareAndSet(...swap)
      },
    }
  },
  'a change is seen at once by a cache that had looked before': (sound) => {
    const seen = new Map<string, Awaited<ReturnType<Get>>>()
    return {
      get: async (key, options) => {
        const found = await sound.get(key, options)
        if (!seen.has(key)) seen.set(key, found)
        return seen.get(key)
      },
      compareAndSet: async (...swap) => {
        seen.delete(swap[0])
        return sound.compareAndSet(...swap)
      },
    }
  },
  'a swap compares with what another cache has just written': (sound, store) => {
    const seen = new Map<string, string | undefined>()
    return {
      get: async (key, options) => {
        const found = await sound.get(key, options)
        seen.set(key, found?.value)
        return found
      },
      compareAndSet: async (key, expected, ...rest) => {
        const isAsSeen = expected !== undefined && seen.get(key) === expected && live(store, key) !== undefined
        seen.delete(key)
        return sound.compareAndSet(key, isAsSeen ? live(store, key)?.value : expected, ...rest)
      },
    }
  },

  'get rejects when its signal is aborted': (sound) => ({
    get: async (key, options) => (options?.signal?.aborted ? undefined : sound.get(key, options)),
  }),
  'compareAndSet rejects when its signal is aborted': (sound) => ({
    compareAndSet: async (...swap) => (swap[4]?.signal?.aborted ? false : sound.compareAndSet(...swap)),
  }),
  'compareAndSet changes nothing when its signal was aborted before': (sound) => ({
    compareAndSet: async (key, expected, next, ttlMs, options) => {
      const done = await sound.compareAndSet(key, expected, next, ttlMs)
      options?.signal?.throwIfAborted()
      return done
    },
  }),
  'a signal that is never aborted disturbs nothing': (sound) => ({
    get: async (key, options) => {
      const found = await sound.get(key, options)
      return options?.signal === undefined ? found : undefined
    },
  }),

  'close resolves, used or not, and again': (sound) => {
    let closed = false
    return {
      close: async () => {
        if (closed) throw new Error('is closed already')
        closed = true
        await sound.close()
      },
    }
  },
  'after close an operation does not hang': (sound) => {
    let closed = false
    return {
      get: async (key, options) => (closed ? never() : sound.get(key, options)),
      close: async () => {
        closed = true
        await sound.close()
      },
    }
  },
  'after close an operation rejects, or tells the truth': (sound) => {
    let closed = false
    return {
      compareAndSet: async (...swap) => closed || sound.compareAndSet(...swap),
      close: async () => {
        closed = true
        await sound.close()
      },
    }
  },
  'closing ends operations that are under way': (sound) => {
    let closed = false
    return {
      get: async (key, options) => {
        const found = await sound.get(key, options)
        await tick()
        return closed ? never() : found
      },
      close: async () => {
        closed = true
        await sound.close()
      },
    }
  },
  'closing one cache leaves the others on the same store alone': (sound, store) => ({
    compareAndSet: async (...swap) => {
      if (store.state === 'closed by one') throw new Error('somebody closed the store')
      return sound.compareAndSet(...swap)
    },
    close: async () => {
      store.state = 'closed by one'
      await sound.close()
    },
  }),

  'get rejects, and does not say that there is nothing': (sound, store) => ({
    get: async (key, options) => (store.state === 'down' ? undefined : sound.get(key, options)),
  }),
  'compareAndSet rejects, and does not say false': (sound, store) => ({
    compareAndSet: async (...swap) => (store.state === 'down' ? false : sound.compareAndSet(...swap)),
  }),
  'neither hangs longer than its signal lets it': (sound, store) => ({
    get: async (key, options) => {
      if (store.state === 'down') await new Promise((resolve) => setTimeout(resolve, 2000))
      return sound.get(key, options)
    },
  }),
  'it answers again within 5 s after the end': (sound, store) => {
    let lost = false
    return {
      get: async (key, options) => {
        lost ||= store.state === 'down'
        return sound.get(key, options)
      },
      compareAndSet: async (...swap) => {
        if (lost) throw new Error('lost its connection for good')
        return sound.compareAndSet(...swap)
      },
    }
  },
}

function live(store: Store, key: string): Entry | undefined {
  const entry = store.entries.get(key)
  return isLive(entry) ? entry : undefined
}

function expired(store: Store, key: string): Entry | undefined {
  const entry = store.entries.get(key)
  return isLive(entry) ? undefined : entry
}

function put(store: Store, key: string, value: string, ttlMs: number): void {
  store.entries.set(key, { value, ttlMs, writtenAtMs: performance.now(), touched: false })
}

/** Changes what is there. A new time to live counts from now. */
function change(store: Store, key: string, changes: Partial<Entry>): void {
  const entry = store.entries.get(key)
  if (entry === undefined) return
  Object.assign(entry, changes)
  if (changes.ttlMs !== undefined) entry.writtenAtMs = performance.now()
}

/** What JavaScript takes for true in a condition, and is not. */
function notQuiteTrue(done: boolean, when: boolean): boolean {
  return done && when ? (1 as unknown as boolean) : done
}

function changedValue(sound: SessionCache, changed: (value: string) => string): Get {
  return async (key, options) => {
    const found = await sound.get(key, options)
    return found && { ...found, value: changed(found.value) }
  }
}

function changedTtl(sound: SessionCache, store: Store, changed: (left: number, entry: Entry) => number): Get {
  return async (key, options) => {
    const found = await sound.get(key, options)
    const entry = live(store, key)
    return found && entry && { ...found, ttlMs: changed(found.ttlMs ?? 0, entry) }
  }
}

function withKeys(sound: SessionCache, changed: (key: string) => string): Partial<SessionCache> {
  return {
    get: (key, options) => sound.get(changed(key), options),
    compareAndSet: (key, ...rest) => sound.compareAndSet(changed(key), ...rest),
  }
}

type ChooseTtl = (leftBeforeMs: number, givenMs: number) => number

function replacing(sound: SessionCache, store: Store, choose: ChooseTtl): CompareAndSet {
  return withTtl(sound, store, choose, (expected, next) => next !== expected)
}

function touching(sound: SessionCache, store: Store, choose: ChooseTtl): CompareAndSet {
  return withTtl(sound, store, choose, (expected, next) => next === expected)
}

function withTtl(
  sound: SessionCache,
  store: Store,
  choose: ChooseTtl,
  when: (expected: string | undefined, next: string | undefined) => boolean,
): CompareAndSet {
  return async (key, expected, next, ttlMs, options) => {
    const before = live(store, key)
    const left = before && before.writtenAtMs + before.ttlMs - performance.now()
    const chosen = left !== undefined && when(expected, next) ? choose(left, ttlMs) : ttlMs
    return sound.compareAndSet(key, expected, next, chosen, options)
  }
}

/** Looks, waits, and writes without looking again. */
function inTwoSteps(
  sound: SessionCache,
  store: Store,
  when: (expected: string | undefined, next: string | undefined) => boolean,
): CompareAndSet {
  return async (key, expected, next, ttlMs, options) => {
    const there = live(store, key)?.value
    if (!when(expected, next) || there !== expected) return sound.compareAndSet(key, expected, next, ttlMs, options)
    await tick()
    return sound.compareAndSet(key, live(store, key)?.value, next, ttlMs, options)
  }
}

function tick(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1))
}

function never(): Promise<never> {
  return new Promise(() => {})
}
