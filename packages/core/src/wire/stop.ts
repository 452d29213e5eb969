import { STALL_MS, type Time } from '../time.ts'

/** Why something under way has to end. */
export type StopReason = { readonly by: 'timeout' } | { readonly by: 'caller'; readonly reason: unknown }

/** What a request listens to. */
export interface Stoppable {
  /** Set once it is stopped. */
  readonly reason: StopReason | undefined
  /** Told once when it stops; undefined takes the listener away. One listener at a time. */
  listen(listener: ((reason: StopReason) => void) | undefined): void
}

/** A process that stood still, and wakes up after its calls' time, reads for so long what has come meanwhile. */
const WAKING_MS = 100

/**
 * Ends one call wherever it is: waiting for a session, in a pause, in flight or in the body. One listener at a time, since
 * a call is in one place at a time; that makes it several times cheaper than an AbortSignal made from two.
 */
export class Stop implements Stoppable {
  #reason: StopReason | undefined
  #listener: ((reason: StopReason) => void) | undefined
  /** For the whole call. */
  readonly timeoutMs: number
  readonly #signal: AbortSignal | undefined
  readonly #time: Time
  #callOffTimer: () => void
  #limitMs: number
  #ended = false
  readonly #aborted = (): void => this.#stop({ by: 'caller', reason: this.#signal?.reason })

  /** @param afterMs - When it stops by itself, where that is sooner than the whole call's limit. */
  constructor(time: Time, timeoutMs: number, signal?: AbortSignal, afterMs: number = timeoutMs) {
    this.timeoutMs = timeoutMs
    this.#limitMs = timeoutMs
    this.#time = time
    this.#signal = signal
    this.#callOffTimer = this.#startTimer(afterMs)
    if (signal === undefined) return
    if (signal.aborted) this.#aborted()
    else signal.addEventListener('abort', this.#aborted, { once: true })
  }

  get reason(): StopReason | undefined {
    return this.#reason
  }

  listen(listener: ((reason: StopReason) => void) | undefined): void {
    this.#listener = listener
  }

  /** The promise's own end, or a rejection with {@link Stopped} if this stops first. The promise itself goes on. */
  until<Value>(promise: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#reason !== undefined) {
        // Nobody waits for its end any more, be it good or bad.
        promise.catch(() => {})
        return reject(new Stopped(this.#reason))
      }
      const listener = (reason: StopReason): void => reject(new Stopped(reason))
      // Taken away before whoever waits goes on: the next place the call is in sets a listener of its own.
      const leave = (): void => {
        if (this.#listener === listener) this.#listener = undefined
      }
      this.#listener = listener
      promise.finally(leave).then(resolve, reject)
    })
  }

  /** Waits, and leaves no timer behind when it is stopped. */
  async pause(time: Time, ms: number): Promise<void> {
    let callOff = (): void => {}
    const passed = new Promise<void>((resolve) => (callOff = time.after(ms, resolve)))
    try {
      await this.until(passed)
    } finally {
      callOff()
    }
  }

  /** Something moved: the time limit begins anew, with what is given from now on. */
  restart(limitMs: number = this.#limitMs): void {
    if (this.#reason !== undefined || this.#ended) return
    this.#limitMs = limitMs
    this.#callOffTimer()
    this.#callOffTimer = this.#startTimer(limitMs)
  }

  /**
   * A part of the call with a limit of its own. What stops the call stops the part, too; when the part's own time is over, it
   * rejects with {@link Stopped} while the call itself has no `reason`.
   */
  async within<Value>(time: Time, limitMs: number, use: (part: Stop) => Value | Promise<Value>): Promise<Value> {
    const part = new Stop(time, this.timeoutMs, undefined, limitMs)
    if (this.#reason !== undefined) part.#stop(this.#reason)
    this.#listener = (reason) => part.#stop(reason)
    try {
      return await use(part)
    } finally {
      this.#listener = undefined
      part.end()
    }
  }

  /** The call is over: takes the timer and the listener away. */
  end(): void {
    this.#ended = true
    this.#callOffTimer()
    this.#listener = undefined
    this.#signal?.removeEventListener('abort', this.#aborted)
  }

  #startTimer(limitMs: number): () => void {
    const time = this.#time
    const dueAt = time.now() + limitMs
    const timeIsUp = (): void => this.#stop({ by: 'timeout' })
    return time.after(limitMs, () => {
      if (time.now() - dueAt < STALL_MS) timeIsUp()
      else this.#callOffTimer = time.after(WAKING_MS, timeIsUp)
    })
  }

  #stop(reason: StopReason): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#listener?.(reason)
  }
}

/** Something with a time limit of its own. */
export async function withStop<Value>(
  time: Time,
  limitMs: number,
  use: (stop: Stop) => Promise<Value>,
): Promise<Value> {
  const stop = new Stop(time, limitMs)
  try {
    return await use(stop)
  } finally {
    stop.end()
  }
}

/** One of several requests of a call: stopped with the call, or by itself when another was answered first. */
export class Part implements Stoppable {
  #reason: StopReason | undefined
  #listener: ((reason: StopReason) => void) | undefined

  get reason(): StopReason | undefined {
    return this.#reason
  }

  listen(listener: ((reason: StopReason) => void) | undefined): void {
    this.#listener = listener
  }

  stop(reason: StopReason): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#listener?.(reason)
  }
}

/** What a wait rejects with when its call is stopped. */
export class Stopped extends Error {
  readonly why: StopReason

  constructor(why: StopReason) {
    super(why.by)
    this.why = why
  }
}
