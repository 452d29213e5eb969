import { CallError } from '@fm/core/simulation'
import { newCall, usualLoad, type Load } from './load.ts'
import type { SimulatedCall } from './server.ts'
import type { Member, Stage } from './stage.ts'

/** Every process makes one call, all at the same moment. */
export function coldStart(stage: Stage, load: Load): void {
  for (const member of stage.members) {
    for (const client of member.clients) void load.start(member, client, newCall(client.account, 'read', 0))
  }
}

/** Up to ten thousand calls of one process meet a dead token at once: each is sent twice at the most. */
export function stampede(stage: Stage, load: Load): void {
  const { random, server, timeline } = stage
  const [member] = stage.members
  const [client] = member?.clients ?? []
  if (member === undefined || client === undefined) return
  void load.start(member, client, newCall(client.account, 'read', 0))
  timeline.after(5_000, () => {
    for (const token of server.sessions.keys()) server.kill(token)
    const length = random.pick([10, 100, 1_000, 10_000]) ?? 10
    const calls = Array.from({ length }, () => newCall(client.account, 'write', 0))
    for (const call of calls) void load.start(member, client, call)
    timeline.after(10_000, () => {
      const most = Math.max(...calls.map((call) => call.met.refused))
      if (most !== 1 || server.logins !== 2) load.violate('I2', `refused ${most} times, ${server.logins} logins`)
    })
  })
}

/** A process begins, calls once and goes, again and again: about as long after each other as the server remembers. */
export function oneShots(stage: Stage, load: Load): void {
  const { random, timeline } = stage
  const next = (): void => {
    if (stage.phase === 'over') return
    const member = stage.join()
    const [client] = member.clients
    if (client === undefined) return
    const live = async (): Promise<void> => {
      await load.start(member, client, newCall(client.account, 'read', 50))
      if (random.chance(0.5)) stage.leave(member)
      else timeline.after(2_000, () => stage.kill(member))
    }
    void live()
    timeline.after(random.whole(780_000, 960_000), next)
  }
  next()
}

/** Each process calls about as often as the server forgets its session. */
export function sparseLoad(stage: Stage, load: Load): void {
  const { random } = stage
  for (const member of stage.members) {
    const call = (): void => {
      if (stage.phase === 'over') return
      const client = random.pick(member.clients)
      if (client !== undefined) void load.start(member, client, newCall(client.account, 'read', 50))
      member.process.time.after(random.whole(700_000, 1_000_000), call)
    }
    call()
  }
}

/** The usual, and now and then a call that the server works on for minutes. */
export function hangingLoad(stage: Stage, load: Load, verb: SimulatedCall['verb']): void {
  const { random, timeline } = stage
  usualLoad(stage, load)
  const next = (): void => {
    if (stage.phase !== 'faults') return
    const member = random.pick(stage.members)
    const client = random.pick(member?.clients ?? [])
    if (member !== undefined && client !== undefined) {
      void load.start(member, client, newCall(client.account, verb, random.whole(60_000, 150_000)))
    }
    timeline.after(random.whole(160_000, 220_000), next)
  }
  timeline.after(random.whole(0, 60_000), next)
}

/** Two loops of exclusive scopes in each process, besides the usual calls. */
export function exclusiveLoad(stage: Stage, load: Load): void {
  const { random } = stage
  let scopes = 0
  usualLoad(stage, load)
  const begin = (member: Member): void => {
    const [client] = member.clients
    if (client === undefined) return
    const { time, name } = member.process
    const pause = (ms: number): Promise<void> => new Promise((resolve) => void time.after(ms, resolve))
    const play = async (): Promise<void> => {
      for (;;) {
        await pause(random.whole(10, 8_000))
        if (stage.phase === 'over' || member.isLeaving) return
        const scope = `${name}/scope ${++scopes}`
        const inScope = (state: SimulatedCall['state'], ms: number): SimulatedCall => ({
          ...newCall(client.account, 'read', ms),
          scope,
          ...(state === undefined ? {} : { state }),
        })
        const isRestored = random.chance(0.5)
        stage.counts.set('scopes', (stage.counts.get('scopes') ?? 0) + 1)
        const course = client.exclusively({
          name: scope,
          timeoutMs: random.chance(0.2) ? random.whole(100, 5_000) : 60_000,
          setup: isRestored ? () => inScope('sets', random.whole(5, 100)) : undefined,
          work: async (call) => {
            for (let left = random.whole(1, 5); left > 0; left--) {
              await call(inScope(isRestored ? 'needs' : undefined, random.whole(10, 1_500)))
              await pause(random.chance(0.1) ? random.whole(0, 20_000) : random.whole(0, 300))
            }
          },
        })
        try {
          await course
        } catch (error) {
          stage.note(`${scope} ended with ${String(error)}`)
          if (!(error instanceof CallError)) load.violate('W3', `a scope failed with ${String(error)}`)
        }
      }
    }
    for (let loop = 0; loop < 2; loop++) void play()
  }
  stage.onJoin.push(begin)
  for (const member of stage.members) begin(member)
}
