// The worker processes, seen from the demo.

import { fork, type ChildProcess } from 'node:child_process'
import { COMPILE_CACHE } from './compile-cache.ts'
import type { CallReport, FromWorker, Job, ToWorker } from './messages.ts'

export interface Crew {
  /** Resolves when every worker has started. */
  ready(): Promise<void>
  /** Gives every worker its job. `report` gets their calls until {@link Crew.finish} resolves. */
  work(job: (worker: number) => Job, report: (calls: readonly CallReport[]) => void): void
  /** Resolves when no call is in flight any more. */
  pause(): Promise<void>
  resume(): void
  /** Resolves when all rounds are done and all calls reported. */
  finish(): Promise<void>
  /** Times that a worker found the cache failing. */
  readonly cacheFailures: number
  /** Never resolves; rejects when a worker ends before it is to. */
  readonly broken: Promise<never>
  /** Ends one process by force, as the system does when memory is short. */
  kill(worker: number): void
  /** Ends all worker processes. */
  dismiss(): Promise<void>
}

/** Starts workers. They take as long as loading the data does, so both are done at once. */
export function startCrew(size: number): Crew {
  const env = { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE }
  const workers = Array.from({ length: size }, () => fork(new URL('./worker.ts', import.meta.url), { env }))
  const exits = workers.map((worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve())))
  const { promise: broken, reject: breakUp } = Promise.withResolvers<never>()
  // Who waits for something of the crew hears of it; until somebody does, it is no unhandled rejection.
  broken.catch(() => undefined)
  let report: (calls: readonly CallReport[]) => void = () => undefined
  let cacheFailures = 0
  let dismissed = false

  for (const [index, worker] of workers.entries()) {
    worker.on('message', (message: FromWorker) => {
      if (message.is === 'calls') report(message.calls)
      if (message.is === 'cache failing') cacheFailures += 1
    })
    worker.on('error', (error) => breakUp(new Error(`worker ${index + 1}: ${error.message}`, { cause: error })))
    worker.on('exit', (status, signal) => {
      if (!dismissed) breakUp(new Error(`worker ${index + 1} ended before its time (${signal ?? `status ${status}`})`))
    })
  }

  function tellAll(message: ToWorker): void {
    for (const worker of workers) worker.send(message)
  }
  async function all(word: FromWorker['is']): Promise<void> {
    await Promise.race([Promise.all(workers.map((worker) => heard(worker, word))), broken])
  }
  // Listened for from the start: a worker says it once.
  const started = all('ready')
  started.catch(() => undefined)

  return {
    ready: () => started,
    work: (jobOf, reportTo) => {
      report = reportTo
      for (const [index, worker] of workers.entries()) worker.send({ is: 'work', job: jobOf(index) } satisfies ToWorker)
    },
    pause: async () => {
      tellAll({ is: 'pause' })
      await all('paused')
    },
    resume: () => tellAll({ is: 'resume' }),
    finish: async () => {
      tellAll({ is: 'stop' })
      await all('finished')
    },
    get cacheFailures() {
      return cacheFailures
    },
    broken,
    kill: (worker) => void workers[worker]?.kill('SIGKILL'),
    dismiss: async () => {
      dismissed = true
      for (const worker of workers) worker.kill('SIGKILL')
      await Promise.all(exits)
    },
  }
}

function heard(worker: ChildProcess, word: FromWorker['is']): Promise<void> {
  return new Promise((resolve) => {
    const listen = (message: FromWorker): void => {
      if (message.is !== word) return
      worker.off('message', listen)
      resolve()
    }
    worker.on('message', listen)
  })
}
