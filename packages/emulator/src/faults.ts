import { operationMatches } from './request-log.ts'

/** Which requests go wrong, how often, and how. */
export interface FaultRule {
  /** An operation as in the log, with those below it: `GET /records`, `POST /sessions`. @defaultValue every request */
  readonly on?: string
  /** How many requests it meets; then it is over. @defaultValue until it is disposed of */
  readonly count?: number
  /** How many requests it lets pass first. @defaultValue 0 */
  readonly after?: number
  readonly do: FaultAction
}

/** Delays can stand alone, or beside one of the others. */
export type FaultAction =
  | DelayAction
  | (DelayAction & (PageAction | DropAction | RefusalAction | TruncateAction | StallAction))

export interface DelayAction {
  /** Milliseconds before the request is worked on, in its session's turn. @defaultValue 0 */
  readonly delayMs?: number
  /** Milliseconds after it was worked on, still in the turn. @defaultValue 0 */
  readonly delayAfterCommitMs?: number
}

/** The request is not worked on; a server in front answers with a page, or whatever is given. */
export interface PageAction {
  readonly status: number
  /** @defaultValue a page with the status */
  readonly body?: string
  /** @defaultValue 'text/html' */
  readonly contentType?: string
}

/** The connection is destroyed: `before` the request is worked on, or `after-commit`, when all is done but the answer. */
export interface DropAction {
  readonly drop: 'before' | 'after-commit'
}

/** The request is not worked on; the engine answers with this code. */
export interface RefusalAction {
  /** FileMaker's code. */
  readonly code: number
  /** @defaultValue 401 for 952 and 212, 500 for all others */
  readonly httpStatus?: number
}

/** The request is worked on; of the answer's body only so many bytes are sent, then the connection is destroyed. */
export interface TruncateAction {
  readonly truncateTo: number
}

/** The request is worked on; of the answer's body only so many bytes are sent, and nothing after them. */
export interface StallAction {
  readonly stallAfter: number
}

export interface Faults {
  /** The rule holds until it is used up or disposed of. @throws TypeError when the rule says nothing that can be done. */
  add(rule: FaultRule): Disposable
  /** What happens to a request, taking it off the count. The first rule that fits decides. */
  take(operation: string): FaultAction | undefined
  clear(): void
}

export function createFaults(): Faults {
  const rules = new Set<{ readonly rule: FaultRule; passes: number; left: number }>()
  return {
    add: (rule) => {
      const known = ['delayMs', 'delayAfterCommitMs', 'status', 'drop', 'code', 'truncateTo', 'stallAfter']
      if (!known.some((key) => Object.hasOwn(rule.do ?? {}, key))) {
        throw new TypeError(`fault({ do }): one of ${known.join(', ')} must be given`)
      }
      const entry = { rule, passes: rule.after ?? 0, left: rule.count ?? Number.POSITIVE_INFINITY }
      rules.add(entry)
      return { [Symbol.dispose]: () => void rules.delete(entry) }
    },
    take: (operation) => {
      for (const entry of rules) {
        const { on, do: action } = entry.rule
        if (on !== undefined && !operationMatches(operation, on)) continue
        if (entry.passes > 0) {
          entry.passes -= 1
          continue
        }
        entry.left -= 1
        if (entry.left <= 0) rules.delete(entry)
        return action
      }
      return undefined
    },
    clear: () => rules.clear(),
  }
}
