import type { Time } from '../time.ts'
import type { Stop } from '../wire/stop.ts'
import { NoTurn } from './session-source.ts'

/** How many of a client's calls go on at once; the others stand in line, first come, first served. */
export interface Turns {
  /**
   * Returns what ends the turn, to be called once. At once where there is room.
   *
   * @throws {@link NoTurn} when the line is full, `Stopped` when the call is stopped before its turn.
   */
  take(stop: Stop, limit: QueueLimit): (() => void) | Promise<() => void>
}

/** How long a call stands in line; undefined: as long as it has. */
export interface QueueLimit {
  readonly time: Time
  readonly queueMs: number | undefined
}

export interface TurnsOptions {
  readonly maxConcurrent: number
  readonly maxQueued: number
}

export function createTurns({ maxConcurrent, maxQueued }: TurnsOptions): Turns {
  let running = 0
  /** A set keeps its order, and a call in its middle that gives up costs no search. */
  const line = new Set<() => void>()

  function turn(): () => void {
    let over = false
    return () => {
      if (over) return
      over = true
      passOn()
    }
  }

  /** The turn goes to the first in line, without anybody who comes just now getting in between. */
  function passOn(): void {
    const [first] = line
    if (first === undefined) {
      running--
      return
    }
    line.delete(first)
    first()
  }

  async function wait(stop: Stop): Promise<() => void> {
    let begin = (): void => {}
    const begun = new Promise<void>((resolve) => (begin = resolve))
    line.add(begin)
    try {
      await stop.until(begun)
      return turn()
    } catch (error) {
      // Its turn may have come in this very moment.
      if (!line.delete(begin)) passOn()
      throw error
    }
  }

  return {
    take: (stop, { time, queueMs }) => {
      if (running < maxConcurrent) {
        running++
        return turn()
      }
      if (line.size >= maxQueued) throw new NoTurn('line full')
      return queueMs === undefined ? wait(stop) : stop.within(time, queueMs, wait)
    },
  }
}
