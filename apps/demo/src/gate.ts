// Where calls wait while a worker is to be quiet.

export interface Gate {
  /** Goes through at once, or when the gate opens. */
  enter(): Promise<void>
  /** Every call that entered leaves. */
  leave(): void
  /** Resolves when the last one has left. */
  close(): Promise<void>
  open(): void
}

export function createGate(): Gate {
  let inside = 0
  let opening: PromiseWithResolvers<void> | undefined
  let quiet: PromiseWithResolvers<void> | undefined
  return {
    enter: async () => {
      await opening?.promise
      inside += 1
    },
    leave: () => {
      inside -= 1
      if (inside === 0) quiet?.resolve()
    },
    close: async () => {
      opening ??= Promise.withResolvers()
      quiet = Promise.withResolvers()
      if (inside === 0) quiet.resolve()
      await quiet.promise
    },
    open: () => {
      opening?.resolve()
      opening = undefined
    },
  }
}
