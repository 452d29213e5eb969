// One of the worker processes: does rounds until it is told to stop. Started by crew.ts.

import { subscribe } from 'node:diagnostics_channel'
import { flushCompileCache } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileCache } from '@fm/cache-file'
import { basic, createClient, type CacheMessage, type Client, type SessionCache } from '@fm/core'
import { CallFailed, createCalls } from './calls.ts'
import { createGate } from './gate.ts'
import type { CallReport, FromWorker, Job, Sharing, ToWorker } from './messages.ts'
import { goRound } from './round.ts'
import { ACCOUNT, DATABASE } from './world.ts'

const REPORT_EVERY_MS = 100

// Ctrl+C goes to every process of the terminal; the demo decides, and the channel to it closes when it is gone.
process.on('SIGINT', () => undefined)
process.on('disconnect', () => process.exit())

const gate = createGate()
const unreported: CallReport[] = []
let stopped = new AbortController()

process.on('message', (message: ToWorker) => void follow(message))
subscribe('fm:cache', (message) => {
  if ((message as CacheMessage).state === 'failing') tell({ is: 'cache failing' })
})
tell({ is: 'ready' })
// Node does so when it ends, but workers are ended by force.
flushCompileCache()

async function follow(message: ToWorker): Promise<void> {
  switch (message.is) {
    case 'work':
      stopped = new AbortController()
      await work(message.job)
      break
    case 'pause':
      await gate.close()
      tell({ is: 'paused' })
      break
    case 'resume':
      gate.open()
      break
    case 'stop':
      stopped.abort()
      break
  }
}

/** The one line that differs between a machine and a network. Redis is loaded only where it is used. */
async function openCache(sharing: Exclude<Sharing, { by: 'nothing' }>): Promise<SessionCache> {
  if (sharing.by === 'file') return fileCache(sharing.path)
  const { redisCache } = await import('@fm/cache-redis')
  return redisCache(sharing.url)
}

async function work(job: Job): Promise<void> {
  const { sharing, server, tasks } = job
  const reporting = setInterval(reportCalls, REPORT_EVERY_MS)
  const account = { server, database: DATABASE, auth: basic(ACCOUNT.name, ACCOUNT.password) }
  if (sharing.by !== 'nothing') {
    const cache = await openCache(sharing)
    // One client for the whole process, as in an application.
    const client = createClient({
      ...account,
      cache,
      cacheSecret: sharing.by === 'redis' ? sharing.cacheSecret : undefined,
      sessions: { shared: sharing.sessions },
    })
    await Promise.all(Array.from({ length: tasks }, (_, task) => doRounds(client, job, task)))
    await client.close()
    await cache.close?.()
  } else {
    // Without a cache, calls of one client that overlap share a session. A client for each task has none that overlap, so
    // each call logs in and out.
    const clients = Array.from({ length: tasks }, () => createClient(account))
    await Promise.all(clients.map((client, task) => doRounds(client, job, task)))
    await Promise.all(clients.map((client) => client.close()))
  }
  clearInterval(reporting)
  reportCalls()
  tell({ is: 'finished' })
}

async function doRounds(client: Client, { name, countryCodes }: Job, task: number): Promise<void> {
  const calls = createCalls(gate, (call) => unreported.push(call))
  for (let round = 0; !stopped.signal.aborted; round += 1) {
    const countryCode = countryCodes[Math.floor(Math.random() * countryCodes.length)] ?? ''
    try {
      await goRound(calls, client, countryCode, `${name}-${task}-${round}`)
    } catch (error) {
      // Anything else is a mistake of this program, and ends it.
      if (!(error instanceof CallFailed)) throw error
      // A server that is not there must not be asked without a pause.
      await sleep(100)
    }
  }
}

function reportCalls(): void {
  if (unreported.length > 0) tell({ is: 'calls', calls: unreported.splice(0) })
}

function tell(message: FromWorker): void {
  // The demo may be gone by now; `disconnect` then ends this process.
  if (process.connected) process.send?.(message)
}
