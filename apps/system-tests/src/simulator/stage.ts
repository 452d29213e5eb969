import { createCache, type SimulatedCache } from './cache.ts'
import { openClient, plainSeal, type SimulatedClient } from './client.ts'
import { createProcess, type SimulatedProcess } from './process.ts'
import { createRandom, type Random } from './random.ts'
import { createRecords, type Records } from './records.ts'
import type { Scenario } from './scenario.ts'
import { createServer, PASSWORD, type SimulatedServer } from './server.ts'
import { createTimeline, type Timeline } from './timeline.ts'

/** One process with a client for each account. */
export interface Member {
  readonly process: SimulatedProcess
  readonly clients: readonly SimulatedClient[]
  /** When it last began to log in. */
  loggedInAt: number
  /** What has to be over before it closes. */
  readonly busy: Set<Promise<unknown>>
  /** It is closing its clients, and begins nothing new. */
  isLeaving: boolean
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
  readonly records: Records
  readonly shared: number
  readonly exclusive: number
  /** Those that stand in now; killed ones leave. */
  readonly members: Member[]
  /** `faults`: things go wrong; `quiet`: they have stopped; `over`: no new calls. */
  phase: 'faults' | 'quiet' | 'over'
  /** The cache loses something; told before and after. */
  loseCache(loss: () => void): void
  onCacheLoss: ((loss: () => void) => void) | undefined
  /** Starts another process. */
  join(): Member
  kill(member: Member): void
  /** Closes its clients and ends the process. */
  leave(member: Member): void
  note(text: string): void
  readonly onJoin: ((member: Member) => void)[]
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
  const seals = new Map(scenario.accounts.map((account) => [account, scenario.seal?.(account) ?? plainSeal(account)]))
  const records = createRecords(cache, seals, shared, exclusive)
  let started = 0

  const stage: Stage = {
    scenario,
    timeline,
    random,
    server,
    cache,
    accounts: scenario.accounts,
    records,
    shared,
    exclusive,
    members: [],
    phase: 'faults',
    join: () => {
      const name = `p${++started}`
      const process = createProcess(name, timeline, processRandom)
      const member: Member & { clients: SimulatedClient[] } = {
        process,
        clients: [],
        loggedInAt: Number.NEGATIVE_INFINITY,
        busy: new Set(),
        isLeaving: false,
      }
      const clients = scenario.accounts.map((account) =>
        openClient({
          process,
          server,
          cache,
          account,
          password: scenario.password ?? PASSWORD,
          seal: seals.get(account) ?? plainSeal(account),
          shared,
          exclusive,
          callMs: scenario.callMs,
          end: scenario.end,
          report: (event, slot) => {
            if (event === 'login') member.loggedInAt = timeline.now
            stage.counts.set(event, (stage.counts.get(event) ?? 0) + 1)
            stage.note(`${name} ${account}:${slot} ${event}`)
          },
        }),
      )
      member.clients.push(...clients)
      stage.members.push(member)
      for (const tell of stage.onJoin) tell(member)
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
    leave: (member) => {
      if (member.isLeaving) return
      member.isLeaving = true
      stage.note(`${member.process.name} closes`)
      const close = async (): Promise<void> => {
        await Promise.allSettled(member.busy)
        await Promise.all(member.clients.map((client) => client.coordinator.close(5_000)))
        stage.note(`${member.process.name} is closed`)
        const place = stage.members.indexOf(member)
        if (place !== -1) stage.members.splice(place, 1)
        member.process.kill()
      }
      void close()
    },
    note: trace ? (text) => console.log(`${(timeline.now / 1_000).toFixed(3).padStart(10)} ${text}`) : () => {},
    loseCache: (loss) => (stage.onCacheLoss === undefined ? loss() : stage.onCacheLoss(loss)),
    onCacheLoss: undefined,
    onJoin: [],
    onKill: undefined,
    counts: new Map(),
  }
  return stage
}
