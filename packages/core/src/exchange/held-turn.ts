import { AsyncLocalStorage } from 'node:async_hooks'
import type { Turns } from './turns.ts'

interface Held {
  readonly turns: Turns
  isOver: boolean
}

const held = new AsyncLocalStorage<Held>()

/**
 * Whether this is done for a call that holds a turn: by the setup of its scope, the source of its upload, the function that
 * gives its credentials. A call made there takes no turn of its own: the one outside would wait for it, and keep the turn.
 */
export function isInTurn(turns: Turns): boolean {
  const outer = held.getStore()
  return outer !== undefined && outer.turns === turns && !outer.isOver
}

/** Runs a call that holds a turn. What it leaves behind running is outside again. */
export async function runInTurn<Result>(turns: Turns, run: () => Promise<Result>): Promise<Result> {
  const turn: Held = { turns, isOver: false }
  try {
    return await held.run(turn, run)
  } finally {
    turn.isOver = true
  }
}
