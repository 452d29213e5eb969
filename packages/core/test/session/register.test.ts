import { describe, expect, test } from 'vitest'
import type { SessionCache } from '../../src/index.ts'
import { sealWithSecrets } from '../../src/session/key.ts'
import { CacheFailure, createBreaker, openRegister, type Breaker, type Register } from '../../src/session/register.ts'
import type { Draft } from '../../src/session/slot.ts'
import { systemTime, type Time } from '../../src/time.ts'
import { mapCache } from '../support.ts'

const SEAL = sealWithSecrets(['a secret of at least thirty-two bytes'], {
  origin: 'https://fms.example.com',
  database: 'D',
  authKind: 'basic',
  principal: 'web',
  credential: 'x',
  dataSources: [],
  partition: '',
})
const DRAFT: Draft = { generation: 1, old: [], gone: [], token: 't' }

function registerOn(cache: SessionCache): Register {
  return openRegister({
    cache,
    seal: SEAL,
    slot: 's0',
    breaker: createBreaker(systemTime, () => {}),
    time: systemTime,
    ttlMs: 1_020_000,
  })
}

/** Carries the write out, and then does as if its answer had been lost. */
function losingAnswers(cache: ReturnType<typeof mapCache>, count: number): SessionCache {
  let left = count
  return {
    ...cache,
    compareAndSet: async (...parameters) => {
      const done = await cache.compareAndSet(...parameters)
      if (left-- > 0) throw new Error('the answer was lost')
      return done
    },
  }
}

describe('a write', () => {
  test('whose answer is lost is recognised in the cache, and counts as done', async () => {
    const cache = mapCache()
    const register = registerOn(losingAnswers(cache, 1))
    const seen = await register.read()
    expect((await register.swap(seen, DRAFT))?.record?.token).toBe('t')
  })

  test('against a value that is there no more does nothing', async () => {
    const register = registerOn(mapCache())
    const empty = await register.read()
    await register.swap(empty, DRAFT)
    expect(await register.swap(empty, { ...DRAFT, token: 'u' })).toBeUndefined()
    expect((await register.read()).record?.token).toBe('t')
  })

  test('that fails three times is a failure of the cache, never a refusal', async () => {
    const cache = mapCache()
    const register = registerOn(cache)
    const seen = await register.read()
    cache.failing = true
    await expect(register.swap(seen, DRAFT)).rejects.toThrow(CacheFailure)
  })
})

test('what lies in the cache and can not be opened is there to be replaced, and is no record', async () => {
  const cache = mapCache()
  const register = registerOn(cache)
  for (const junk of ['junk', 'fm1.a.b', '{}', '', 'x'.repeat(1_000_000)]) {
    cache.entries.set(SEAL.keyOf('s0'), junk)
    const seen = await register.read()
    expect(seen).toMatchObject({ raw: junk, record: undefined })
    expect(await register.swap(seen, DRAFT)).toBeDefined()
  }
})

test('a cache that answers nothing is given up on at its deadline, one that throws at once', async () => {
  const silent: SessionCache = { ...mapCache(), get: () => new Promise(() => {}) }
  const startedAt = performance.now()
  await expect(registerOn(silent).read()).rejects.toThrow(CacheFailure)
  expect(performance.now() - startedAt).toBeLessThan(3_000)
  const throwing: SessionCache = {
    ...mapCache(),
    get: () => {
      throw new Error('at once')
    },
  }
  await expect(registerOn(throwing).read()).rejects.toThrow(CacheFailure)
})

describe('a process that was starved of processor time', () => {
  /** Timers come when the test says so, as late as it says. */
  function lateTime(): { readonly time: Time; readonly fire: (lateMs: number) => Promise<void> } {
    let now = 0
    const timers = new Set<{ readonly at: number; readonly action: () => void }>()
    const after: Time['after'] = (ms, action) => {
      const timer = { at: now + ms, action }
      timers.add(timer)
      return () => void timers.delete(timer)
    }
    return {
      time: { ...systemTime, now: () => now, after },
      fire: async (lateMs) => {
        for (let turn = 0; turn < 5; turn++) await Promise.resolve()
        const [next] = [...timers].toSorted((one, other) => one.at - other.at)
        if (next === undefined) return
        timers.delete(next)
        now = next.at + lateMs
        next.action()
      },
    }
  }

  function slowRegister(time: Time): { readonly register: Register; readonly answer: () => void } {
    let answer = (): void => {}
    const slow: SessionCache = {
      ...mapCache(),
      get: () => new Promise((resolve) => (answer = () => resolve(undefined))),
    }
    const breaker = createBreaker(time, () => {})
    const register = openRegister({ cache: slow, seal: SEAL, slot: 's0', breaker, time, ttlMs: 1_020_000 })
    return { register, answer: () => answer() }
  }

  test('gives the cache the time again that it did not have itself', async () => {
    const { time, fire } = lateTime()
    const { register, answer } = slowRegister(time)
    const reading = register.read()
    for (let stall = 0; stall < 3; stall++) await fire(200)
    answer()
    await expect(reading).resolves.toMatchObject({ raw: undefined })
  })

  test('gives it up at the deadline once it is not starved any more, and after some stalls anyway', async () => {
    for (const lates of [
      [200, 0, 0],
      [...Array.from({ length: 9 }, () => 200), 0],
    ]) {
      const { time, fire } = lateTime()
      const reading = slowRegister(time).register.read()
      const failure = reading.catch((error: unknown) => error)
      for (const late of lates) await fire(late)
      expect(await failure).toBeInstanceOf(CacheFailure)
    }
  })
})

describe('the breaker', () => {
  function atTime(): { readonly breaker: Breaker; readonly changes: string[]; readonly pass: (ms: number) => void } {
    let now = 0
    const time: Time = { ...systemTime, now: () => now }
    const changes: string[] = []
    return { breaker: createBreaker(time, (state) => changes.push(state)), changes, pass: (ms) => void (now += ms) }
  }
  const fail = (breaker: Breaker): Promise<unknown> =>
    breaker.run(() => Promise.reject(new Error('no'))).catch((error: unknown) => error)

  test('lets nothing through for 5 s after three failures in a row, then one operation to try', async () => {
    const { breaker, pass } = atTime()
    for (let failure = 0; failure < 3; failure++) await fail(breaker)
    expect(breaker.closed).toBe(false)
    pass(5_000)
    expect(breaker.closed).toBe(true)
    const trial = breaker.run(() => new Promise<void>((resolve) => void setTimeout(resolve, 20)))
    expect(breaker.closed).toBe(false)
    await trial
    expect(breaker.closed).toBe(true)
  })

  test('waits twice as long after each trial that fails, at most 30 s', async () => {
    const { breaker, pass } = atTime()
    for (let failure = 0; failure < 3; failure++) await fail(breaker)
    for (const ms of [5_000, 10_000, 20_000, 30_000, 30_000]) {
      pass(ms - 1)
      expect(breaker.closed).toBe(false)
      pass(1)
      expect(breaker.closed).toBe(true)
      await fail(breaker)
    }
  })

  test('counts operations that fail together as one reason to wait', async () => {
    const { breaker, pass } = atTime()
    await Promise.all(Array.from({ length: 20 }, () => fail(breaker)))
    pass(5_000)
    expect(breaker.closed).toBe(true)
  })

  test('warns once of a cache that fails now and then, and tells that it recovered once it is steady', async () => {
    const { breaker, changes, pass } = atTime()
    for (let round = 0; round < 5; round++) {
      await fail(breaker)
      await breaker.run(async () => {})
      pass(1_000)
    }
    expect(changes).toEqual(['failing'])
    pass(5_000)
    await breaker.run(async () => {})
    expect(changes).toEqual(['failing', 'recovered'])
  })
})
