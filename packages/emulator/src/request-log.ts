/** A request as it was taken and answered. Neither password nor token is in it. */
export interface RequestEntry {
  /** Counts from 1 in the order of arrival. */
  readonly number: number
  readonly method: string
  /** Method and path pattern: `POST /sessions`, `PATCH /records/{recordId}`. `GET (unknown)` for a path that is none. */
  readonly operation: string
  readonly database: string | undefined
  readonly layout: string | undefined
  /** Milliseconds since 1970 by the emulator's clock: when its head was there. */
  readonly arrivedAt: number
  /** When its turn among the calls of its session came; `arrivedAt` where there is no session. */
  readonly startedAt: number
  /** Undefined while it is being worked on. */
  readonly endedAt: number | undefined
  /** HTTP status; undefined while it is being worked on, and when the connection was dropped instead. */
  readonly status: number | undefined
  /** FileMaker's code, as a number. Undefined without an envelope. */
  readonly code: number | undefined
  /** The id that `sessions()` has, not the token. */
  readonly session: string | undefined
  readonly account: string | undefined
  /** What went wrong inside: a script of the definition that threw, or a mistake of the emulator's. Answered as 951. */
  readonly error: unknown
}

/** An entry while it is being filled in. */
export type OpenRequestEntry = { -readonly [Key in keyof RequestEntry]: RequestEntry[Key] }

/**
 * Which requests are meant: an operation with or without what follows it (`GET /records` takes `GET /records/{recordId}`
 * too), or a function that says so.
 */
export type RequestFilter = string | ((entry: RequestEntry) => boolean)

export interface RequestLog {
  open(entry: OpenRequestEntry): void
  nextNumber(): number
  /** The newest ones, oldest first, as copies. */
  entries(filter?: RequestFilter): RequestEntry[]
  /** All there ever were, also those that the log has dropped. */
  count(operation?: string): number
}

/** Older entries go when there are more than this. */
const MAX_LOG_ENTRIES = 10_000

export function createRequestLog(): RequestLog {
  const entries: OpenRequestEntry[] = []
  const counts = new Map<string, number>()
  let numbers = 0
  return {
    nextNumber: () => (numbers += 1),
    open: (entry) => {
      entries.push(entry)
      // In one go now and then: dropping one at a time would move the whole array each time.
      if (entries.length >= MAX_LOG_ENTRIES * 1.25) entries.splice(0, entries.length - MAX_LOG_ENTRIES)
      counts.set(entry.operation, (counts.get(entry.operation) ?? 0) + 1)
    },
    entries: (filter) =>
      entries
        .slice(-MAX_LOG_ENTRIES)
        .filter((entry) => {
          if (filter === undefined) return true
          return typeof filter === 'string' ? operationMatches(entry.operation, filter) : filter(entry)
        })
        .map((entry) => ({ ...entry })),
    count: (operation) => {
      let total = 0
      for (const [name, count] of counts) {
        if (operation === undefined || operationMatches(name, operation)) total += count
      }
      return total
    },
  }
}

/** Whether an operation is the named one or lies below it. */
export function operationMatches(operation: string, wanted: string): boolean {
  return operation === wanted || operation.startsWith(`${wanted}/`)
}
