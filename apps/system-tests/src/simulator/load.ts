import type { SimulatedClient } from './client.ts'
import type { SimulatedCall } from './server.ts'
import type { Member, Stage } from './stage.ts'

/** What came of a call. */
export interface Course {
  readonly member: Member
  readonly client: SimulatedClient
  readonly call: SimulatedCall
  readonly startedAt: number
  readonly began: Stage['phase']
}

export interface Load {
  /** Calls that were begun by processes that still stand. */
  readonly underWay: ReadonlySet<Course>
  start(member: Member, client: SimulatedClient, call: SimulatedCall): Promise<void>
  violate(invariant: string, what: string): void
}

/** Who is told what came of calls. */
export interface Judge {
  judge(course: Course, error: unknown): void
  violate(invariant: string, what: string): void
}

export function createLoad(stage: Stage, checker: Judge): Load {
  const underWay = new Set<Course>()
  return {
    underWay,
    violate: (invariant, what) => checker.violate(invariant, what),
    start: async (member, client, call) => {
      const course: Course = {
        member,
        client,
        call,
        startedAt: stage.timeline.now,
        began: stage.phase,
      }
      underWay.add(course)
      let failure: unknown
      try {
        await client.call(call)
      } catch (error) {
        failure = error
      }
      underWay.delete(course)
      checker.judge(course, failure)
    },
  }
}

export function newCall(account: string, verb: SimulatedCall['verb'], ms: number): SimulatedCall {
  return { account, verb, ms, executed: 0, met: { killed: 0, refused: 0, lost: 0, unsent: 0, hung: 0 } }
}

/** Bursts of one to three calls with pauses; now and then a pause that is longer than a record's renewal. */
export function usualLoad(stage: Stage, load: Load): void {
  const { random } = stage
  const begin = (member: Member): void => {
    const { time } = member.process
    const pauseMs = (): number => {
      if (stage.phase === 'quiet') return random.whole(2_000, 25_000)
      return random.chance(0.03) ? random.whole(60_000, 200_000) : random.whole(100, 8_000)
    }
    const burst = (): void => {
      if (stage.phase === 'over' || member.isLeaving) return
      for (let count = random.whole(1, 3); count > 0; count--) {
        const client = random.pick(member.clients)
        if (client === undefined) return
        const verb = random.chance(0.8) ? 'read' : 'write'
        void load.start(member, client, newCall(client.account, verb, random.whole(5, 400)))
      }
      time.after(pauseMs(), burst)
    }
    time.after(random.whole(0, 2_000), burst)
  }
  stage.onJoin.push(begin)
  for (const member of stage.members) begin(member)
}
