import { describe, expect, test } from 'vitest'
import { systemTime, type Time } from '../../src/time.ts'
import { Stop } from '../../src/wire/stop.ts'

/** A clock that jumps: the process did not run meanwhile. */
function jumpingTime(): { readonly time: Time; readonly wakeAt: (ms: number) => void } {
  let now = 0
  let timers: { readonly at: number; readonly action: () => void }[] = []
  return {
    time: {
      ...systemTime,
      now: () => now,
      after: (ms, action) => {
        const timer = { at: now + ms, action }
        timers.push(timer)
        return () => void (timers = timers.filter((kept) => kept !== timer))
      },
    },
    wakeAt: (ms) => {
      now = ms
      const due = timers.filter(({ at }) => at <= ms)
      timers = timers.filter(({ at }) => at > ms)
      for (const { action } of due) action()
    },
  }
}

describe('the time limit of a call', () => {
  test('ends it when it is over', () => {
    const { time, wakeAt } = jumpingTime()
    const stop = new Stop(time, 1_000)
    wakeAt(1_001)
    expect(stop.reason).toEqual({ by: 'timeout' })
  })

  test('lets a process that wakes up late read first what has come meanwhile', () => {
    const { time, wakeAt } = jumpingTime()
    const stop = new Stop(time, 1_000)
    wakeAt(60_000)
    expect(stop.reason).toBeUndefined()
    wakeAt(60_100)
    expect(stop.reason).toEqual({ by: 'timeout' })
  })

  test('is called off with the call, also then', () => {
    const { time, wakeAt } = jumpingTime()
    const stop = new Stop(time, 1_000)
    wakeAt(60_000)
    stop.end()
    wakeAt(60_100)
    expect(stop.reason).toBeUndefined()
  })
})
