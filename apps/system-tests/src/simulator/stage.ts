import { createCache, type SimulatedCache } from './cache.ts'
import { openClient, plainSeal, type SimulatedClient } from './client.ts'
import { createProcess, type SimulatedProcess } from './process.ts'
import { createRandom, type Random } from './random.ts'
import type { Scenario } from './scenario.ts'
import { createServer, PASSWORD, type SimulatedServer } from './server.ts'
import { createTimeline, type Timeline } from './timeline.ts'

/** One process with a client for each account. */
export interface Member {
  readonly process: SimulatedProcess
  readonly clients: readonly SimulatedClient[]
}

/** Everything that one trial plays with. */
export interface Stage {
  readonly scenario: Scenario
  readonly timeline: Timeline
  /** For what happens; processes, cache and server draw from others. */
  readonly random: Random
  readonly server: SimulatedServer
  readonly cache: SimulatedCache
  readonly accounts: readonly string[]
  readonly shared: number
  readonly exclusive: number
  /** Those that stand in now; killed ones leave. */
  readonly members: Member[]
  /** `faults`: things go wrong; `quiet`: they have stopped; `over`: no new calls. */
  phase: 'faults' | 'quiet' | 'over'
  /** Losses of the cache so far. */
  cacheLosses: number
  /** Starts another process. */
  join(): Member
  kill(member: Member): void
  note(text: string): void
  onJoin: ((member: Member) => void) | undefined
  onKill: ((member: Member) => void) | undefined
  readonly counts: Map<string, number>
}

export function createStage(scenario: Scenario, seed: number, trace: boolean): Stage {
  const timeline = createTimeline()
  const random = createRandom(seed, 0)
  const processRandom = createRandom(seed, 1)
  const server = createServer(timeline, createRandom(seed, 2))
  const cache = createCache(timeline, createRandom(seed, 3), { atomic: true, tellsTtl: true, ...scenario.cache })
  const shared = random.whole(...scenario.shared)
  const exclusive = random.whole(...scenario.exclusive)
  let started = 0

  const stage: Stage = {
    scenario,
    timeline,
    random,
    server,
    cache,
    accounts: scenario.accounts,
    shared,
    exclusive,
    members: [],
    phase: 'faults',
    cacheLosses: 0,
    join: () => {
      const name = `p${++started}`
      const process = createProcess(name, timeline, processRandom)
      const clients = scenario.accounts.map((account) =>
        openClient({
          process,
          server,
          cache,
          account,
          password: scenario.password ?? PASSWORD,
          seal: scenario.seal?.(account) ?? plainSeal(account),
          shared,
          exclusive,
          callMs: scenario.callMs,
          end: scenario.end,
          report: (event, slot) => {
            stage.counts.set(event, (stage.counts.get(event) ?? 0) + 1)
            stage.note(`${name} ${account}:${slot} ${event}`)
          },
        }),
      )
      const member = { process, clients }
      stage.members.push(member)
      stage.onJoin?.(member)
      return member
    },
    kill: (member) => {
      const place = stage.members.indexOf(member)
      if (place === -1) return
      stage.members.splice(place, 1)
      stage.onKill?.(member)
      member.process.kill()
      stage.note(`${member.process.name} killed`)
    },
    note: trace ? (text) => console.log(`${(timeline.now / 1_000).toFixed(3).padStart(10)} ${text}`) : () => {},
    onJoin: undefined,
    onKill: undefined,
    counts: new Map(),
  }
  return stage
}
