import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Order, Report } from './worker.ts'

/** A folder of its own for a test, deleted at its end. */
export function temporaryFolder(): { path: string; [Symbol.dispose]: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'fm-cache-file-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

export interface Worker {
  readonly process: ChildProcess
  /** What it swapped in so far; also known of one that is killed. */
  readonly won: number[]
  follow(order: Order): Promise<Report>
}

/** Starts processes that share one file, and ends them with the test. */
export async function startWorkers(count: number, path: string): Promise<Worker[] & AsyncDisposable> {
  const workers = await Promise.all(Array.from({ length: count }, () => startWorker(path)))
  return Object.assign(workers, {
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => kill(worker)))
    },
  })
}

export async function startWorker(path: string): Promise<Worker> {
  // "advanced" keeps what JSON drops: a value that is undefined.
  const child = fork(join(import.meta.dirname, 'worker.ts'), [path], { serialization: 'advanced' })
  const won: number[] = []
  let answer = Promise.withResolvers<Report>()
  child.on('message', (message: 'ready' | Report | { justWon: number }) => {
    if (typeof message === 'string') return
    if ('justWon' in message) won.push(message.justWon)
    else answer.resolve(message)
  })
  child.once('exit', (code, signal) => answer.reject(new Error(`worker ended with ${signal ?? code}`)))
  answer.promise.catch(() => {})
  await once(child, 'message')
  return {
    process: child,
    won,
    follow: async (order) => {
      child.send(order)
      const report = await answer.promise
      answer = Promise.withResolvers()
      answer.promise.catch(() => {})
      return report
    },
  }
}

export async function kill(worker: Worker): Promise<void> {
  if (worker.process.exitCode !== null || worker.process.signalCode !== null) return
  const gone = once(worker.process, 'exit')
  worker.process.kill('SIGKILL')
  await gone
}
