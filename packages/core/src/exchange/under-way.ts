import type { Time } from '../time.ts'

/** Counts what is under way, and tells when nothing is any more. */
export interface UnderWay {
  readonly count: number
  /** It begins; it is over when what is returned is called, once or often. */
  enter(): () => void
  /** Resolves when nothing is under way, or after that time. */
  quiet(time: Time, atMostMs: number): Promise<void>
}

export function createUnderWay(): UnderWay {
  let count = 0
  const waiting: (() => void)[] = []
  return {
    get count() {
      return count
    },
    enter: () => {
      let over = false
      count++
      return () => {
        if (over) return
        over = true
        if (--count === 0) for (const resolve of waiting.splice(0)) resolve()
      }
    },
    quiet: async (time, atMostMs) => {
      if (count === 0) return
      let callOff = (): void => {}
      const isOver = new Promise<void>((resolve) => {
        waiting.push(resolve)
        callOff = time.after(atMostMs, resolve)
      })
      await isOver
      callOff()
    },
  }
}
