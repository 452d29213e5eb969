import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { FromMember, Job, JobReport, MemberOptions } from './messages.ts'

/** A process of a fleet. */
export interface Member {
  readonly pid: number
  readonly running: boolean
  run(job: Job): Promise<JobReport>
  /** `SIGKILL`, `SIGSTOP`, `SIGCONT` … */
  signal(signal: NodeJS.Signals): void
  /** Resolves once the process is over. */
  readonly ended: Promise<void>
}

export interface Fleet extends AsyncDisposable {
  readonly members: readonly Member[]
  /** The same job for all members that run, at the same moment. */
  run(job: Job): Promise<FleetReport>
  /** One more member. */
  join(options?: Partial<MemberOptions>): Promise<Member>
}

/** All members' reports as one. */
export interface FleetReport extends JobReport {
  /** When the job was given, in milliseconds since 1970. */
  readonly startedAt: number
  /** The middle one of all latencies, and that which a hundredth exceeds, in milliseconds. */
  readonly median: number
  readonly p99: number
}

export type FleetOptions = Partial<MemberOptions> &
  Pick<MemberOptions, 'server' | 'cache'> & { readonly processes: number }

/** Starts the processes and resolves when all are up. */
export async function startFleet({ processes, ...options }: FleetOptions): Promise<Fleet> {
  const members: Member[] = []
  const join = async (more: Partial<MemberOptions> = {}): Promise<Member> => {
    const member = await startMember({ ...DEFAULTS, ...options, ...more })
    members.push(member)
    return member
  }
  await Promise.all(Array.from({ length: processes }, () => join()))
  return {
    members,
    join,
    run: async (job) => {
      const startedAt = Date.now()
      const reports = await Promise.all(members.filter((member) => member.running).map((member) => member.run(job)))
      return { startedAt, ...sum(reports) }
    },
    [Symbol.asyncDispose]: async () => {
      for (const member of members) {
        // A stopped process does not hear anything but this.
        if (member.running) member.signal('SIGKILL')
      }
      await Promise.all(members.map((member) => member.ended))
    },
  }
}

const DEFAULTS: Omit<MemberOptions, 'server' | 'cache'> = {
  database: 'Demo',
  account: 'web',
  password: 'secret',
  cacheSecret: 'the secret that a fleet of tests shares',
  sessions: { shared: 1 },
  timeouts: {},
  crash: undefined,
  uid: undefined,
}

const MEMBER = fileURLToPath(new URL('member.ts', import.meta.url))

async function startMember(options: MemberOptions): Promise<Member> {
  const conditions = process.env.FM_TEST_DIST === '1' ? [] : ['--conditions=@fm/source']
  const flags = [...conditions, '--disable-warning=ExperimentalWarning']
  const child = spawn(process.execPath, [...flags, MEMBER, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const waiting = new Map<number, { resolve(report: JobReport): void; reject(error: Error): void }>()
  let jobs = 0
  const ended = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      for (const job of waiting.values()) job.reject(new Error(`the process ended with ${signal ?? code}`))
      waiting.clear()
      resolve()
    })
  })
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the process ended with ${code} before it was up`)))
    child.on('message', (message: FromMember) => {
      if ('ready' in message) return resolve()
      const job = waiting.get(message.id)
      waiting.delete(message.id)
      if ('error' in message) job?.reject(new Error(message.error))
      else job?.resolve(message.report)
    })
  })
  return {
    pid: child.pid ?? 0,
    get running() {
      return isRunning(child)
    },
    run: (job) =>
      new Promise((resolve, reject) => {
        const id = ++jobs
        waiting.set(id, { resolve, reject })
        child.send({ id, ...job }, (error) => error && reject(error))
      }),
    signal: (signal) => void child.kill(signal),
    ended,
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

function sum(reports: readonly JobReport[]): Omit<FleetReport, 'startedAt'> {
  const latencies = reports.flatMap((report) => report.latencies).toSorted((a, b) => a - b)
  const total = (pick: (report: JobReport) => number): number => reports.reduce((all, report) => all + pick(report), 0)
  return {
    succeeded: total((report) => report.succeeded),
    failures: reports.flatMap((report) => report.failures),
    latencies,
    firstAt: Math.min(...reports.map((report) => report.firstAt)),
    lastAt: Math.max(...reports.map((report) => report.lastAt)),
    mixed: total((report) => report.mixed),
    cacheOperations: total((report) => report.cacheOperations),
    cacheWarnings: total((report) => report.cacheWarnings),
    cacheAcceptedAt: earliest(reports.map((report) => report.cacheAcceptedAt)),
    median: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  }
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined && time > 0)
  return known.length === 0 ? undefined : Math.min(...known.map(Number))
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
