import { newCall } from './load.ts'
import { USUAL, type Scenario } from './scenario.ts'
import type { Stage } from './stage.ts'

export const SCENARIOS: readonly Scenario[] = [
  { ...USUAL, name: 'quiet', about: 'nothing goes wrong', bounds: { ...USUAL.bounds, waitMs: 5_000 } },
  {
    ...USUAL,
    name: 'cold',
    about: '1000 processes begin at once',
    accounts: ['A'],
    processes: [1_000, 1_000],
    shared: [1, 1],
    faultsMs: 20_000,
    quietMs: 0,
    bounds: { ...USUAL.bounds, waitMs: 1_500 },
    load: (stage, load) => {
      for (const member of stage.members) {
        for (const client of member.clients) void load.start(member, client, newCall(client.account, 'read', 0))
      }
    },
  },
  {
    ...USUAL,
    name: 'killed',
    about: 'sessions are killed at the server',
    faults: (stage) =>
      again(stage, 20_000, 90_000, () => {
        const token = stage.random.pick([...stage.server.sessions.keys()])
        if (token !== undefined) stage.server.kill(token)
      }),
  },
]

/** Does something at random times for as long as things go wrong. */
function again(stage: Stage, leastMs: number, mostMs: number, action: () => void): void {
  const next = (): void => {
    stage.timeline.after(stage.random.whole(leastMs, mostMs), () => {
      if (stage.phase !== 'faults') return
      action()
      next()
    })
  }
  next()
}
