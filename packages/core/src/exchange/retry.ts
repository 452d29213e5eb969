import {
  BUSY,
  DISCONNECTED,
  MOD_ID_MISMATCH,
  RECORD_MISSING,
  TOKEN_INVALID,
  WINDOW_MISSING,
} from '../wire/error-codes.ts'
import type { Outcome } from '../errors.ts'

/**
 * What a call does to the database, as far as repeating it matters. `read` changes nothing. `edit` is an edit that names
 * the `modId` it replaces, `delete` the deletion of a record: doing either twice does no more than once. `write` is
 * everything else, and any call that carries a script.
 */
export type Verb = 'read' | 'edit' | 'delete' | 'write'

/** What came of sending a call once. */
export type Happening =
  /** 952: refused before anything ran. */
  | 'token refused'
  /** 112, 821: the session was closed while the call ran, or a script closed its window. */
  | 'window gone'
  /** Nothing was sent. */
  | 'unsent'
  /** Sent, and no whole answer; 502 and 504 of a front server too. */
  | 'lost'
  /** 503 of a front server: the engine is down or restarting. */
  | 'unavailable'
  /** The file or host takes no requests just now, says FileMaker. */
  | 'busy'
  /** 429. */
  | 'throttled'
  /** Anything FileMaker said that is no matter of sessions or load; never repeated. */
  | 'answer'

interface Row {
  /** How often a call of this verb is sent again for this reason. */
  readonly repeats: Readonly<Record<Verb, number>>
  /** What it tells about the session. */
  readonly session: 'keep' | 'dead' | 'doubtful'
  readonly pause: 'none' | 'backoff' | 'as told'
  /** Whether repeats draw on the client's budget, so that an outage is not multiplied. */
  readonly budget: 'free' | 'drawn'
  /** What the error says when it is not sent again. */
  readonly outcome: Readonly<Record<Verb, Outcome>>
}

const every = (count: number): Row['repeats'] => ({ read: count, edit: count, delete: count, write: count })
const NOT_EXECUTED: Row['outcome'] = {
  read: 'not-executed',
  edit: 'not-executed',
  delete: 'not-executed',
  write: 'not-executed',
}
/** A read that may have run has changed nothing. */
const UNKNOWN: Row['outcome'] = { read: 'not-executed', edit: 'unknown', delete: 'unknown', write: 'unknown' }

/** When a call is repeated: the whole policy. (design: "When a call is repeated") */
export const RETRY_TABLE: Readonly<Record<Exclude<Happening, 'answer'>, Row>> = {
  // Bounded per call only: a budget would fail ten thousand calls that wait for one dead token.
  'token refused': { repeats: every(3), session: 'dead', pause: 'none', budget: 'free', outcome: NOT_EXECUTED },
  'window gone': {
    repeats: { read: 1, edit: 0, delete: 0, write: 0 },
    session: 'doubtful',
    pause: 'none',
    budget: 'drawn',
    outcome: UNKNOWN,
  },
  unsent: { repeats: every(3), session: 'keep', pause: 'backoff', budget: 'free', outcome: NOT_EXECUTED },
  lost: {
    repeats: { read: 2, edit: 1, delete: 1, write: 0 },
    session: 'keep',
    pause: 'backoff',
    budget: 'drawn',
    outcome: UNKNOWN,
  },
  unavailable: {
    repeats: { read: 3, edit: 0, delete: 0, write: 0 },
    session: 'keep',
    pause: 'backoff',
    budget: 'drawn',
    outcome: UNKNOWN,
  },
  busy: { repeats: every(3), session: 'keep', pause: 'backoff', budget: 'drawn', outcome: NOT_EXECUTED },
  throttled: { repeats: every(3), session: 'keep', pause: 'as told', budget: 'drawn', outcome: NOT_EXECUTED },
}

/** The client's choices that move the table. */
export interface RetryOptions {
  /** Sends writes again after 112, as FMDataAPI does: a create may then be done twice. */
  readonly repeatWritesOn112: boolean
  /** False: a dead token is an error, as FMDataAPI has it by default. Only without a cache. */
  readonly renewal: boolean
}

/** How often one call was sent again so far, and why. */
export type Tally = Partial<Record<Happening, number>>

export interface Decision {
  readonly is: 'repeat' | 'fail'
  readonly session: Row['session']
  readonly pause: Row['pause']
  readonly budget: Row['budget']
  /** What the error says where it is not repeated, or the budget is spent. */
  readonly outcome: Outcome
}

/** Decides what to do about anything but an answer. */
export function decide(
  happening: Exclude<Happening, 'answer'>,
  verb: Verb,
  tally: Tally,
  options: RetryOptions,
): Decision {
  const row = RETRY_TABLE[happening]
  const allowed =
    happening === 'window gone' && options.repeatWritesOn112
      ? 1
      : happening === 'token refused' && !options.renewal
        ? 0
        : row.repeats[verb]
  return {
    is: (tally[happening] ?? 0) < allowed ? 'repeat' : 'fail',
    session: row.session,
    pause: row.pause,
    budget: row.budget,
    outcome: soFar(row.outcome[verb], verb, tally),
  }
}

/** What FileMaker's code is about. */
export function happeningOfCode(code: number): Happening {
  if (code === TOKEN_INVALID) return 'token refused'
  if (code === WINDOW_MISSING || code === DISCONNECTED) return 'window gone'
  if (BUSY.has(code)) return 'busy'
  return 'answer'
}

/** What an answer that is not FileMaker's is about, by its HTTP status. A 401 is asked about first and is not here. */
export function happeningOfStatus(status: number): Happening {
  if (status === 502 || status === 504) return 'lost'
  if (status === 503) return 'unavailable'
  if (status === 429) return 'throttled'
  return 'answer'
}

/**
 * What a refusal means for a call that was repeated after its first answer was lost: the first may have been executed. A
 * deleted record that is missing now was deleted, by this call or another; an edited one whose modId changed may have been
 * changed by the first.
 */
export function judgeRefusal(code: number, verb: Verb, tally: Tally): 'done' | Outcome {
  if (verb === 'delete' && code === RECORD_MISSING && hasLost(tally)) return 'done'
  if (verb === 'edit' && code === MOD_ID_MISMATCH && hasLost(tally)) return 'unknown'
  return soFar('not-executed', verb, tally)
}

/** An earlier attempt that may have been executed is not undone by a later one that was not. */
export function soFar(outcome: Outcome, verb: Verb, tally: Tally): Outcome {
  return verb !== 'read' && hasLost(tally) ? 'unknown' : outcome
}

function hasLost(tally: Tally): boolean {
  return (tally.lost ?? 0) > 0 || (tally['window gone'] ?? 0) > 0
}

/** 0.1 s doubling to 5 s, anywhere from nothing to the whole of it: callers that failed together do not return together. */
export function backoffMs(repeat: number, random: number): number {
  return random * Math.min(5_000, 100 * 2 ** repeat)
}

/** Repeats that may be made after lost answers, 112, 429 and 5xx: a tenth of the calls, and ten a second. */
export interface RetryBudget {
  readonly tokens: number
  readonly atMs: number
}

/** The budget of a client, shared by all its calls. */
export interface BudgetHolder {
  left: RetryBudget
}

export const FULL_BUDGET = 100

export function refill(budget: RetryBudget, nowMs: number): RetryBudget {
  return { tokens: Math.min(FULL_BUDGET, budget.tokens + ((nowMs - budget.atMs) / 1_000) * 10), atMs: nowMs }
}

/** One call more: a tenth of a repeat more. */
export function earn(budget: RetryBudget): RetryBudget {
  return { ...budget, tokens: Math.min(FULL_BUDGET, budget.tokens + 0.1) }
}

/** What is left after one repeat, or undefined when there is none to be had. */
export function draw(budget: RetryBudget): RetryBudget | undefined {
  return budget.tokens >= 1 ? { ...budget, tokens: budget.tokens - 1 } : undefined
}

/** Whether a repeat could be drawn. */
export function canDraw(holder: BudgetHolder, nowMs: number): boolean {
  return draw(refill(holder.left, nowMs)) !== undefined
}

/** Draws one repeat from a client's budget. False when there is none to be had. */
export function drawFrom(holder: BudgetHolder, nowMs: number): boolean {
  const left = draw(refill(holder.left, nowMs))
  if (left !== undefined) holder.left = left
  return left !== undefined
}

/** Whether the call is sent again; what that costs is drawn. */
export function goesOn(decision: Decision, holder: BudgetHolder, nowMs: number): boolean {
  return decision.is === 'repeat' && (decision.budget === 'free' || drawFrom(holder, nowMs))
}
