import { sleep, STALL_MS, type Time } from '../time.ts'
import type { SessionCache } from './cache.ts'
import type { Seal } from './key.ts'
import type { Draft, SlotRecord } from './slot.ts'

/** One slot's record as it was read: what lies there, what it says, and how old it is by the cache's own clock. */
export interface Reading {
  /** Exactly what the cache holds; compare-and-set compares it. */
  readonly raw: string | undefined
  /** Undefined when there is none, or when what lies there can't be opened: then it is replaced. */
  readonly record: SlotRecord | undefined
  /** Undefined where the cache does not tell how long it keeps the value. */
  readonly ageMs: number | undefined
}

/** One slot's place in the cache. Every operation ends within a deadline; what fails rejects with {@link CacheFailure}. */
export interface Register {
  read(): Promise<Reading>
  /** Writes `next` if `seen` still lies there; resolves with what was written, or undefined when something else lies there. */
  swap(seen: Reading, next: Draft): Promise<Reading | undefined>
  /** Renews the time to live, if `seen` still lies there. */
  touch(seen: Reading): Promise<boolean>
  /** False while the cache is left alone after failures in a row. */
  readonly available: boolean
}

/** The cache did not do what it was asked. Never reaches a caller: calls go on without the cache. */
export class CacheFailure extends Error {
  override readonly name = 'CacheFailure'
}

export interface RegisterOptions {
  readonly cache: SessionCache
  readonly seal: Seal
  readonly slot: string
  readonly breaker: Breaker
  readonly time: Time
  readonly ttlMs: number
}

const OPERATION_MS = 250
const FIRST_OPERATION_MS = 750
/** How often a process that is starved gives the cache its time again. */
const MAX_STALLS = 8
/** A cache without a failure for so long has recovered. */
const STEADY_MS = 5_000
/** Keyv and its like can't compare and set: write, let it settle, look again. */
const SETTLE_MS = 50
/** Where nothing is touched a record lives a day, and 952 tells. */
const WEAK_TTL_MS = 86_400_000

export function openRegister({ cache, seal, slot, breaker, time, ttlMs }: RegisterOptions): Register {
  const key = seal.keyOf(slot)
  const { atomic } = cache.supports
  const lifeMs = atomic ? ttlMs : WEAK_TTL_MS

  const operate = <Value>(operation: (signal: AbortSignal) => Promise<Value>): Promise<Value> =>
    breaker.run((deadlineMs) => withDeadline(operation, deadlineMs, time))

  /** What was last read. Those who wait read the same value again and again: it is opened once. */
  let opened: { readonly value: string; readonly record: SlotRecord | undefined } | undefined

  function open(value: string): SlotRecord | undefined {
    if (opened?.value !== value) opened = { value, record: parseRecord(seal.open(key, value)) }
    return opened.record
  }

  async function read(): Promise<Reading> {
    const stored = await look()
    if (stored === undefined) return { raw: undefined, record: undefined, ageMs: undefined }
    const record = open(stored.value)
    const left = atomic ? stored.ttlMs : undefined
    const ageMs = left === undefined || record === undefined ? undefined : Math.max(0, record.ttlMs - left)
    return { raw: stored.value, record, ageMs }
  }

  /**
   * Resolves an unknown outcome by reading back: each value is written once, so it can be recognised. After a failure a
   * `false` is no verdict either, since the attempt that failed may be carried out late.
   */
  async function replace(expected: string | undefined, next: string): Promise<boolean> {
    for (let attempt = 1; ; attempt++) {
      try {
        const done = await set(expected, next)
        return done || (attempt > 1 && (await lies()) === next)
      } catch (error) {
        if (attempt === 3) throw error
        const found = await lies()
        if (found === next) return true
        if (found !== expected) return false
      }
    }
  }

  async function lies(): Promise<string | undefined> {
    return (await look())?.value
  }

  /** A cache that answers something else than the contract says has failed, as one that throws. */
  function look(): ReturnType<SessionCache['get']> {
    return operate(async (signal) => {
      const stored = await cache.get(key, { signal })
      if (stored === undefined || typeof stored?.value === 'string') return stored
      throw new TypeError('get: resolved with neither undefined nor a value')
    })
  }

  function set(expected: string | undefined, next: string): Promise<boolean> {
    return operate(async (signal) => {
      const done = await cache.compareAndSet(key, expected, next, lifeMs, { signal })
      if (typeof done === 'boolean') return done
      throw new TypeError('compareAndSet: resolved with neither true nor false')
    })
  }

  return {
    read,
    swap: async (seen, next) => {
      const record: SlotRecord = { ...next, format: 1, nonce: nonce(time), ttlMs: lifeMs }
      const raw = seal.close(key, JSON.stringify(record))
      if (!(await replace(seen.raw, raw))) return undefined
      if (!atomic) {
        await sleep(time, SETTLE_MS)
        if ((await read()).raw !== raw) return undefined
      }
      return { raw, record, ageMs: 0 }
    },
    touch: async (seen) => {
      if (!atomic) return (await read()).raw === seen.raw
      const { raw } = seen
      if (raw === undefined) return false
      // Not repeated: reading back can't tell whether the time to live was renewed, and the next minute tries again.
      return set(raw, raw)
    },
    get available() {
      return breaker.closed
    },
  }
}

/** Leaves a failing cache alone: after 3 failures in a row for 5 s, doubling to 30 s, then one operation tries. */
export interface Breaker {
  /** Whether an operation would be let through. */
  readonly closed: boolean
  run<Value>(operation: (deadlineMs: number) => Promise<Value>): Promise<Value>
}

export function createBreaker(time: Time, onChange: (state: 'failing' | 'recovered') => void): Breaker {
  let everAnswered = false
  let failures = 0
  let pauseMs = 5_000
  let openUntil = 0
  let trying = false
  let failedAt: number | undefined
  const isClosed = (): boolean => failures < 3 || (time.now() >= openUntil && !trying)
  const succeeded = (): void => {
    everAnswered = true
    failures = 0
    pauseMs = 5_000
    // One success is no recovery: a cache that loses every twentieth answer is failing, and says so once.
    if (failedAt === undefined || time.now() - failedAt < STEADY_MS) return
    failedAt = undefined
    onChange('recovered')
  }
  const failed = (): void => {
    failures++
    if (failedAt === undefined) onChange('failing')
    failedAt = time.now()
    // Operations that were under way together are one reason to wait, not several.
    if (failures < 3 || time.now() < openUntil) return
    openUntil = time.now() + pauseMs
    pauseMs = Math.min(30_000, pauseMs * 2)
  }
  return {
    get closed() {
      return isClosed()
    },
    run: async (operation) => {
      if (!isClosed()) throw new CacheFailure('left alone for a while')
      const isTrial = failures >= 3
      if (isTrial) trying = true
      try {
        // A cache that has yet to connect is given more time than one that is known to be quick.
        const value = await operation(everAnswered ? OPERATION_MS : FIRST_OPERATION_MS)
        succeeded()
        return value
      } catch (error) {
        failed()
        throw new CacheFailure('the operation failed', { cause: error })
      } finally {
        if (isTrial) trying = false
      }
    },
  }
}

async function withDeadline<Value>(
  operation: (signal: AbortSignal) => Promise<Value>,
  deadlineMs: number,
  time: Time,
): Promise<Value> {
  const controller = new AbortController()
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      controller.abort()
      reject(new CacheFailure(`no answer within ${deadlineMs} ms`))
    }
    let callOff = (): void => {}
    const allow = (ms: number, whenDue: (lateMs: number) => void): void => {
      const dueAt = time.now() + ms
      callOff = time.after(ms, () => whenDue(time.now() - dueAt))
    }
    // A process that stood still has not listened: what waits to be read gets a turn first. And where processors are short
    // the cache is short of them, too: it gets the time again that this process did not have.
    const due = (again: number) => (lateMs: number) => {
      if (lateMs < STALL_MS || again === 0) allow(1, giveUp)
      else allow(deadlineMs, due(again - 1))
    }
    allow(deadlineMs, due(MAX_STALLS))
    // A backend that throws instead of rejecting is as welcome.
    Promise.resolve()
      .then(() => operation(controller.signal))
      .then(resolve, reject)
      .finally(() => callOff())
  })
}

function nonce(time: Time): string {
  const part = (): string => Math.floor(time.random() * 2 ** 32).toString(36)
  return part() + part()
}

/** Takes nothing on trust: what lies in a cache may be older, newer or another's. */
function parseRecord(text: string | undefined): SlotRecord | undefined {
  if (text === undefined) return undefined
  try {
    const value = JSON.parse(text) as Partial<SlotRecord>
    const sound =
      value.format === 1 &&
      typeof value.nonce === 'string' &&
      Number.isSafeInteger(value.generation) &&
      typeof value.ttlMs === 'number' &&
      (value.token === undefined || typeof value.token === 'string') &&
      Array.isArray(value.old) &&
      Array.isArray(value.gone)
    return sound ? (value as SlotRecord) : undefined
  } catch {
    return undefined
  }
}
