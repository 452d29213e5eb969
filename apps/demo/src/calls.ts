// How a worker makes a call: measured, reported, and settled when nobody can say what became of it.

import { CallError } from '@fm/core'
import type { Gate } from './gate.ts'
import type { CallKind, CallReport } from './messages.ts'

/** @throws CallFailed when a call could not be made good. */
export interface Calls {
  /** A call that changes nothing. An answer that `make` finds to be wrong counts as failed. */
  read<Result>(kind: CallKind, make: () => Promise<Result>): Promise<Result>
  /**
   * A call that writes.
   *
   * When the session is closed under it, or the connection breaks, core does not send it again: it may have been
   * executed. Only the application can tell, so it looks, and writes again only what is not there.
   *
   * @param look - Resolves with the write's result where it was executed. What it takes counts as part of the write.
   */
  write<Result>(
    kind: CallKind,
    make: () => Promise<Result>,
    look: () => Promise<Result | 'not executed'>,
  ): Promise<Result>
}

/** A call has failed, and been reported. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed'
}

/** Calls wait at the gate, which is not counted; `report` gets each one when it has ended. */
export function createCalls(gate: Gate, report: (call: CallReport) => void): Calls {
  async function measured<Result>(kind: CallKind, work: () => Promise<Ended<Result>>): Promise<Result> {
    await gate.enter()
    const startedAt = performance.now()
    try {
      const { result, end } = await work()
      report({ kind, ms: performance.now() - startedAt, end })
      return result
    } catch (error) {
      report({ kind, ms: performance.now() - startedAt, end: 'failed', error: String(error) })
      throw new CallFailed(`${kind}: ${String(error)}`, { cause: error })
    } finally {
      gate.leave()
    }
  }

  return {
    read: (kind, make) => measured(kind, async () => ({ result: await make(), end: 'done' })),
    write: (kind, make, look) => measured(kind, () => settled(make, look)),
  }
}

interface Ended<Result> {
  readonly result: Result
  readonly end: 'done' | 'settled'
}

async function settled<Result>(
  make: () => Promise<Result>,
  look: () => Promise<Result | 'not executed'>,
): Promise<Ended<Result>> {
  for (let unknowns = 0; ; unknowns += 1) {
    try {
      return { result: await make(), end: unknowns === 0 ? 'done' : 'settled' }
    } catch (error) {
      const isUnknown = error instanceof CallError && error.outcome === 'unknown'
      if (!isUnknown || unknowns === MAX_UNKNOWNS) throw error
    }
    const result = await look()
    if (result !== 'not executed') return { result, end: 'settled' }
  }
}

/** Something else is wrong when one write meets that more often. */
const MAX_UNKNOWNS = 3

/** Throws when an answer is not what was asked for: a call that is answered wrongly has failed. */
export function expectThat(isSo: boolean, what: string): void {
  if (!isSo) throw new Error(`wrong answer: ${what}`)
}
