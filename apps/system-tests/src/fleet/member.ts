// One process of a fleet: a client of its own, told over IPC what to do. (No `await using` here: Node 22 runs this file as
// it is.)
import { subscribe } from 'node:diagnostics_channel'
import { basic, CallError, createClient, FileMakerError, type Client, type Scope } from '@fm/core'
import { countCache, openCache } from './caches.ts'
import type { Failure, FromMember, Job, JobReport, MemberOptions, ToMember } from './messages.ts'

const options = JSON.parse(process.argv[2] ?? '{}') as MemberOptions
const cache = countCache(await openCache(options.cache), options.crash)
const fm: Client = createClient({
  server: options.server,
  database: options.database,
  auth: basic(options.account, options.password),
  cache,
  cacheSecret: options.cacheSecret,
  sessions: options.sessions,
  timeouts: options.timeouts,
})
/** Kept here, or it could be collected and with it the test's point. */
const held: Scope[] = []
let cacheWarnings = 0
subscribe('fm:cache', (message) => {
  if ((message as { readonly state: string }).state === 'failing') cacheWarnings++
})
process.on('unhandledRejection', (error) => {
  process.stderr.write(`unhandled rejection: ${String(error)}\n`)
  process.exit(3)
})
process.on('message', (message: ToMember) => {
  void run(message).then(
    (report) => tell({ id: message.id, report }),
    (error: unknown) => tell({ id: message.id, error: String(error) }),
  )
})
process.on('disconnect', () => process.exit(0))
if (options.uid !== undefined) {
  // What is loaded late is loaded before: another user may not be able to read it.
  await fm.productInfo()
  process.setuid?.(options.uid)
}
tell({ ready: true })

function tell(message: FromMember): void {
  process.send?.(message)
}

async function run(job: Job): Promise<JobReport> {
  const tally = { succeeded: 0, mixed: 0, failures: [] as Failure[], latencies: [] as number[], firstAt: 0, lastAt: 0 }
  const operationsBefore = cache.operations
  const warningsBefore = cacheWarnings
  let inspected: unknown
  switch (job.job) {
    case 'greet':
      await each(job.tasks, async () => void (await fm.productInfo()))
      break
    case 'calls':
      await each(job.tasks, () => makeCalls(job, tally))
      break
    case 'scopes':
      await each(job.tasks, (task) => openScopes(job, task, tally))
      break
    case 'hold':
      held.push(await fm.startCommunication({ exclusive: true }))
      break
    case 'inspect':
      inspected = await fm.sessions.inspect()
      break
    case 'close':
      await fm.close()
      await cache.close?.()
  }
  return {
    ...tally,
    cacheOperations: cache.operations - operationsBefore,
    cacheWarnings: cacheWarnings - warningsBefore,
    cacheAcceptedAt: cache.acceptedAt,
    ...(inspected === undefined ? {} : { inspected }),
  }
}

type Tally = { -readonly [Key in 'succeeded' | 'mixed' | 'firstAt' | 'lastAt']: number } & {
  readonly failures: Failure[]
  readonly latencies: number[]
}

async function makeCalls(job: Extract<Job, { job: 'calls' }>, tally: Tally): Promise<void> {
  const { verb, calls = Number.POSITIVE_INFINITY, forMs = Number.POSITIVE_INFINITY, pauseMs = 0 } = job
  const layout = fm.layout(job.layout ?? 'People')
  const until = performance.now() + forMs
  for (let call = 0; call < calls && performance.now() < until; call++) {
    const write = verb === 'write' || (verb === 'both' && call % 4 === 3)
    await one(tally, write, async () => {
      if (write) await layout.create({ name: `by ${process.pid}` })
      else await layout.get(1)
    })
    if (pauseMs > 0) await new Promise((resolve) => void setTimeout(resolve, pauseMs))
  }
}

async function openScopes(job: Extract<Job, { job: 'scopes' }>, task: number, tally: Tally): Promise<void> {
  for (let scope = 0; scope < job.scopes; scope++) {
    const mine = `${process.pid} ${task} ${scope}`
    await one(tally, false, async () => {
      const session = await fm.startCommunication({ exclusive: true })
      try {
        if ((await session.layout('People').get(1)).fieldData.gUser !== '') tally.mixed++
        await session.setGlobals({ 'People::gUser': mine })
        if (job.holdMs !== undefined) await new Promise((resolve) => void setTimeout(resolve, job.holdMs))
        if ((await session.layout('People').get(1)).fieldData.gUser !== mine) tally.mixed++
      } finally {
        await session.endCommunication()
      }
    })
  }
}

async function one(tally: Tally, write: boolean, act: () => Promise<void>): Promise<void> {
  const startedAt = performance.now()
  try {
    await act()
    tally.succeeded++
  } catch (error) {
    const call = error instanceof CallError ? error : undefined
    tally.failures.push({
      name: error instanceof Error ? error.name : typeof error,
      message: error instanceof Error ? error.message : String(error),
      outcome: call?.outcome,
      fileMakerCode: error instanceof FileMakerError ? error.fileMakerCode : undefined,
      write,
    })
  }
  tally.latencies.push(performance.now() - startedAt)
  tally.lastAt = Date.now()
  if (tally.firstAt === 0) tally.firstAt = tally.lastAt
}

async function each(count: number, act: (index: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: count }, (_, index) => act(index)))
}
