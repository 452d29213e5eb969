import type { Member, Stage } from './stage.ts'

type Faults = (stage: Stage) => void

export function killSessions(leastMs: number, mostMs: number): Faults {
  return (stage) =>
    again(stage, leastMs, mostMs, () => {
      const token = stage.random.pick([...stage.server.sessions.keys()])
      if (token !== undefined) stage.server.kill(token)
    })
}

export function restartServer(leastMs: number, mostMs: number): Faults {
  return (stage) => again(stage, leastMs, mostMs, () => stage.server.restart())
}

export function crashProcesses(leastMs: number, mostMs: number): Faults {
  return (stage) =>
    again(stage, leastMs, mostMs, () => {
      const member = stage.random.pick(stage.members)
      if (member !== undefined) replace(stage, member)
    })
}

/** Each process in turn ends without a word, and another takes its place. */
export function replaceInTurn(stage: Stage, leastMs: number, mostMs: number): void {
  again(stage, leastMs, mostMs, () => {
    const [oldest] = stage.members
    if (oldest !== undefined) replace(stage, oldest)
  })
}

/** Whoever logs in may die: before the server opens the session, after, and before and after it is published. */
export function crashLeaders(stage: Stage): void {
  again(stage, 20, 200, () => {
    for (const member of leaders(stage)) if (stage.random.chance(0.2)) replace(stage, member)
  })
}

export function freezeProcesses(leastMs: number, mostMs: number): Faults {
  return (stage) =>
    again(stage, leastMs, mostMs, () =>
      stage.random.pick(stage.members)?.process.freeze(stage.random.whole(100, 60_000)),
    )
}

export function freezeLeaders(stage: Stage): void {
  again(stage, 20, 400, () => {
    for (const member of leaders(stage)) {
      if (!stage.random.chance(0.35)) continue
      stage.note(`${member.process.name} freezes`)
      member.process.freeze(stage.random.whole(5_000, 40_000))
    }
  })
}

export function cacheOutages(stage: Stage, longestMs: number): void {
  const { random, timeline, cache } = stage
  again(stage, 5_000, longestMs + 80_000, () => {
    cache.faults.down = true
    stage.note('cache down')
    timeline.after(random.whole(500, longestMs), () => {
      cache.faults.down = false
      stage.note('cache up')
    })
    if (random.chance(0.5)) timeline.after(random.whole(0, 60_000), () => killAny(stage))
  })
}

export function partitions(stage: Stage): void {
  const { random, cache } = stage
  again(stage, 5_000, 100_000, () => {
    for (const { process } of stage.members) {
      if (random.chance(0.4)) cache.faults.unreachableFrom.add(process.name)
      else cache.faults.unreachableFrom.delete(process.name)
    }
    stage.note(`cut off: ${[...cache.faults.unreachableFrom].join(' ')}`)
    if (random.chance(0.3)) killAny(stage)
  })
}

export function slowCache(stage: Stage): void {
  const { random, cache } = stage
  again(stage, 5_000, 60_000, () => {
    cache.faults.slowMs = random.chance(0.4) ? 0 : random.whole(20, 500)
    if (random.chance(0.5)) killAny(stage)
  })
}

/** A replica that lags takes over, or entries are evicted. */
export function cacheLosses(leastMs: number, mostMs: number): Faults {
  return (stage) => again(stage, leastMs, mostMs, () => loseCache(stage))
}

export function closeProcesses(stage: Stage, leastMs: number, mostMs: number): void {
  again(stage, leastMs, mostMs, () => {
    const member = stage.random.pick(stage.members)
    if (member === undefined || member.process.state !== 'running') return
    stage.leave(member)
    stage.join()
  })
}

export function endAll(stage: Stage): void {
  again(stage, 20_000, 120_000, () => {
    const member = stage.random.pick(stage.members.filter(({ isLeaving }) => !isLeaving))
    stage.note(`${member?.process.name} ends all`)
    for (const { coordinator } of member?.clients ?? []) {
      const ending = coordinator.endAll().finally(() => member?.busy.delete(ending))
      member?.busy.add(ending)
    }
  })
}

/** Others take the server's sessions, and leave them. */
export function fillServer(stage: Stage): void {
  const { random, server } = stage
  server.cap = 4
  again(stage, 5_000, 60_000, () => {
    server.held = random.whole(0, 4)
    if (random.chance(0.4)) killAny(stage)
  })
}

export function chaos(stage: Stage): void {
  const { random, server, cache, timeline } = stage
  const rarely = (most: number): number => random.next() * most
  Object.assign(cache.faults, { loseAnswer: rarely(0.1), late: rarely(0.1), twice: rarely(0.1) })
  Object.assign(server.faults, {
    loseLogin: rarely(0.05),
    failLogin: rarely(0.05),
    slowLogin: rarely(0.2),
    loseAnswer: rarely(0.02),
    hang: rarely(0.002),
  })
  crashProcesses(5_000, 100_000)(stage)
  const troubles: readonly (() => void)[] = [
    () => server.restart(),
    () => {
      cache.faults.down = true
      timeline.after(random.whole(500, 40_000), () => (cache.faults.down = false))
    },
    () => {
      for (const { process } of stage.members) if (random.chance(0.3)) cache.faults.unreachableFrom.add(process.name)
    },
    () => cache.faults.unreachableFrom.clear(),
    () => loseCache(stage),
    () => killAny(stage),
    () => stage.random.pick(stage.members)?.process.freeze(random.whole(100, 30_000)),
    () => {
      server.faults.down = true
      timeline.after(random.whole(100, 10_000), () => (server.faults.down = false))
    },
  ]
  again(stage, 1_000, 30_000, () => random.pick(troubles)?.())
}

function loseCache(stage: Stage): void {
  stage.loseCache(() => loseSome(stage))
}

function loseSome(stage: Stage): void {
  const { random, cache } = stage
  if (random.chance(0.7)) {
    const ms = random.whole(10, 5_000)
    stage.note(`cache rolled back by ${ms} ms`)
    cache.rollBack(ms)
    return
  }
  if (random.chance(0.2)) {
    stage.note('cache emptied')
    for (const key of cache.keys) cache.evict(key)
    return
  }
  const key = random.pick(cache.keys)
  stage.note(`cache evicts ${key}`)
  if (key !== undefined) cache.evict(key)
}

function killAny(stage: Stage): void {
  const token = stage.random.pick([...stage.server.sessions.keys()])
  if (token !== undefined) stage.server.kill(token)
}

/** Searching for a session, logging in, or publishing one. */
function isLoggingIn({ process, clients, loggedInAt }: Member, now: number): boolean {
  if (process.state !== 'running') return false
  return now - loggedInAt < 500 || clients.some((client) => client.coordinator.inspect().waiting > 0)
}

function leaders(stage: Stage): readonly Member[] {
  return stage.members.filter((member) => isLoggingIn(member, stage.timeline.now))
}

function replace(stage: Stage, member: Member): void {
  stage.kill(member)
  stage.join()
}

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
