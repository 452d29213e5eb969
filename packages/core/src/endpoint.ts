import { FULL_BUDGET, type BudgetHolder } from './exchange/retry.ts'
import { createTurns, type Turns } from './exchange/turns.ts'
import type { Settings } from './options.ts'
import { systemTime, type Time } from './time.ts'
import { createTransport, type StreamingTransport } from './wire/request.ts'

/** What a client and those made from it have in common: connections, and what bounds the calls over them. */
export interface Endpoint {
  readonly transport: StreamingTransport
  readonly time: Time
  readonly budget: BudgetHolder
  readonly turns: Turns | undefined
  /** One client more. What it returns is for its end: the last one closes the connections. */
  enter(): () => Promise<void>
}

export function openEndpoint(settings: Settings): Endpoint {
  const { origin, timeouts, maxResponseBytes, connections, dispatcher, maxConcurrentCalls, maxQueuedCalls } = settings
  const { connectMs } = timeouts
  const time = systemTime
  const transport = createTransport({ origin, connectMs, maxResponseBytes, connections, dispatcher })
  let clients = 0
  return {
    transport,
    time,
    budget: { left: { tokens: FULL_BUDGET, atMs: time.now() } },
    turns:
      maxConcurrentCalls === Infinity
        ? undefined
        : createTurns({ maxConcurrent: maxConcurrentCalls, maxQueued: maxQueuedCalls }),
    enter: () => {
      clients++
      return async () => {
        if (--clients === 0) await transport.close()
      }
    },
  }
}
