import type { Time } from '@fm/core/simulation'
import type { Random } from './random.ts'
import type { Timeline } from './timeline.ts'

/** An operating system's process: it can be killed and stopped, and nothing in it notices. */
export interface SimulatedProcess {
  readonly name: string
  /** Its own clock, which began anywhere: no two processes can compare theirs. */
  readonly time: Time
  readonly state: 'running' | 'frozen' | 'dead'
  /** When it last came to itself, if it was ever frozen. */
  readonly thawedAt: number
  /** Something reaches it from outside: an answer. A dead process is past it, a frozen one gets it when it wakes up. */
  deliver(action: () => void): void
  /** Nothing of it ever runs again. What it has sent is on its way all the same. */
  kill(): void
  /** Nothing of it runs for a while; then everything that is overdue does, at once. */
  freeze(ms: number): void
}

export function createProcess(name: string, timeline: Timeline, random: Random): SimulatedProcess {
  const began = random.whole(0, 1e9)
  let state: SimulatedProcess['state'] = 'running'
  let frozenUntil = 0
  let thawedAt = Number.NEGATIVE_INFINITY
  const overdue = { timers: [] as (() => void)[], answers: [] as (() => void)[] }

  function reach(kind: keyof typeof overdue, action: () => void): void {
    if (state === 'dead') return
    if (state === 'frozen') overdue[kind].push(action)
    else action()
  }

  function after(ms: number, action: () => void): () => void {
    let over = false
    const callOff = timeline.after(ms, () =>
      reach('timers', () => {
        if (over) return
        over = true
        action()
      }),
    )
    return () => {
      over = true
      callOff()
    }
  }

  function thaw(): void {
    if (state !== 'frozen' || timeline.now < frozenUntil) return
    state = 'running'
    thawedAt = timeline.now
    // Whether timers or answers come first depends on where in its loop the process stood.
    const { timers, answers } = overdue
    const inOrder = random.chance(0.5) ? [...timers, ...answers] : [...answers, ...timers]
    overdue.timers = []
    overdue.answers = []
    for (const action of inOrder) timeline.after(0, () => reach('answers', action))
  }

  return {
    name,
    time: {
      now: () => began + timeline.now,
      after,
      afterUnawaited: after,
      random: () => random.next(),
    },
    get state() {
      return state
    },
    get thawedAt() {
      return thawedAt
    },
    deliver: (action) => reach('answers', action),
    kill: () => {
      state = 'dead'
      overdue.timers = []
      overdue.answers = []
    },
    freeze: (ms) => {
      if (state === 'dead') return
      state = 'frozen'
      frozenUntil = Math.max(frozenUntil, timeline.now + ms)
      timeline.after(frozenUntil - timeline.now, thaw)
    },
  }
}
