import type { SessionCache } from '@fm/core/simulation'
import type { SimulatedProcess } from './process.ts'
import type { Random } from './random.ts'
import type { Timeline } from './timeline.ts'

/** What can go wrong with the cache, and how often. Probabilities are of single operations. */
export interface CacheFaults {
  /** Half of the operations fail, the others get no answer. */
  down: boolean
  /** Names of processes that do not reach it. */
  readonly unreachableFrom: Set<string>
  /** The operation is done, and its answer does not arrive. */
  loseAnswer: number
  /** The operation is done after 0.3 s to 4 s. */
  late: number
  /** The first answer is lost and the client sends the operation again: both are done, the second one's answer arrives. */
  twice: number
  /** Added to each operation, there and back. */
  slowMs: number
}

export interface SimulatedCache {
  readonly faults: CacheFaults
  /** Operations so far. */
  readonly operations: number
  /** What lies there now. */
  peek(key: string): string | undefined
  readonly keys: readonly string[]
  /** The cache as one process reaches it. */
  of(process: SimulatedProcess): SessionCache
  /** What a fail-over to a replica that lags behind does: the last writes are undone. */
  rollBack(ms: number): void
  evict(key: string): void
  /** Told of each write that happens, before it does. */
  onSwap:
    | ((key: string, before: string | undefined, after: string | undefined, by: SimulatedProcess) => void)
    | undefined
}

export interface SimulatedCacheOptions {
  /** False: a store that can only read and write. */
  readonly atomic: boolean
  readonly tellsTtl: boolean
}

interface Entry {
  readonly value: string
  readonly expiresAt: number
}

class CacheDown extends Error {}

export function createCache(
  timeline: Timeline,
  random: Random,
  { atomic, tellsTtl }: SimulatedCacheOptions,
): SimulatedCache {
  const entries = new Map<string, Entry>()
  const history: { readonly at: number; readonly key: string; readonly before: Entry | undefined }[] = []
  const faults: CacheFaults = { down: false, unreachableFrom: new Set(), loseAnswer: 0, late: 0, twice: 0, slowMs: 0 }
  let operations = 0

  const cache: SimulatedCache = {
    faults,
    get operations() {
      return operations
    },
    get keys() {
      return [...entries.keys()]
    },
    peek: (key) => find(key)?.value,
    of: (process) => ({
      supports: { sharedBy: 'network', atomic },
      get: (key) =>
        operate(process, () => {
          const entry = find(key)
          if (entry === undefined) return undefined
          return tellsTtl ? { value: entry.value, ttlMs: entry.expiresAt - timeline.now } : { value: entry.value }
        }),
      compareAndSet: async (key, expected, next, ttlMs) => {
        if (atomic) {
          return operate(process, () => {
            if (find(key)?.value !== expected) return false
            write(key, next, ttlMs, process)
            return true
          })
        }
        const found = await operate(process, () => find(key)?.value)
        if (found !== expected) return false
        return operate(process, () => {
          write(key, next, ttlMs, process)
          return true
        })
      },
    }),
    rollBack: (ms) => {
      for (;;) {
        const last = history.at(-1)
        if (last === undefined || last.at <= timeline.now - ms) return
        history.pop()
        if (last.before === undefined) entries.delete(last.key)
        else entries.set(last.key, last.before)
      }
    },
    evict: (key) => void entries.delete(key),
    onSwap: undefined,
  }
  return cache

  function find(key: string): Entry | undefined {
    const entry = entries.get(key)
    if (entry === undefined || entry.expiresAt > timeline.now) return entry
    entries.delete(key)
    return undefined
  }

  function write(key: string, next: string | undefined, ttlMs: number, by: SimulatedProcess): void {
    const before = find(key)
    if (before?.value !== next) cache.onSwap?.(key, before?.value, next, by)
    history.push({ at: timeline.now, key, before })
    if (history.length > 500) history.splice(0, 100)
    if (next === undefined) entries.delete(key)
    else entries.set(key, { value: next, expiresAt: timeline.now + ttlMs })
  }

  /** One command there and its answer back. Once sent it is done, whatever becomes of who sent it. */
  function operate<Answer>(process: SimulatedProcess, action: () => Answer): Promise<Answer> {
    operations++
    const isCutOff = (): boolean => faults.down || faults.unreachableFrom.has(process.name)
    const travelMs = (): number => random.whole(1, 6) + faults.slowMs
    return new Promise((resolve, reject) => {
      const answer = (value: Answer): void =>
        void timeline.after(travelMs(), () => process.deliver(() => resolve(value)))
      timeline.after(travelMs(), () => {
        if (isCutOff()) {
          if (random.chance(0.5)) timeline.after(2, () => process.deliver(() => reject(new CacheDown('reset'))))
          return
        }
        const act = (): void => {
          if (isCutOff()) return
          const value = action()
          if (random.chance(faults.twice)) return void timeline.after(random.whole(10, 150), () => answer(action()))
          if (!random.chance(faults.loseAnswer)) answer(value)
        }
        if (random.chance(faults.late)) timeline.after(random.whole(300, 4_000), act)
        else act()
      })
    })
  }
}
