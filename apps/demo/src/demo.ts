// The whole demo, from the first process to the last.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmulator, type Emulator } from '@fm/emulator'
import type { DemoOptions, Sabotage } from './arguments.ts'
import { startCrew, type Crew } from './crew.ts'
import type { Sharing } from './messages.ts'
import { progressLine, progressLines } from './progress.ts'
import { ENOUGH_ENDED, faultsOf, reportText, type Results } from './report.ts'
import { runWorkers } from './run.ts'
import type { Screen } from './screen.ts'
import { openSharedPlace, type SharedPlace } from './shared-place.ts'
import { readCities } from './sources.ts'
import { ACCOUNT, DATABASE, describeWorld } from './world.ts'

const TASKS = 4

/**
 * Runs the demo.
 *
 * @param stop - Ends it at any time; it then rejects with the signal's reason.
 * @returns what went wrong; nothing when all went well.
 */
export async function runDemo(options: DemoOptions, screen: Screen, stop: AbortSignal): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'fm-demo-'))
  const crew = startCrew(options.workers)
  const stopped = aborted(stop)
  let emulator: Emulator | undefined
  let place: SharedPlace | undefined
  try {
    place = await openSharedPlace(options.cache, directory, options.sessions)
    // In this process, which has little else to do: counting sessions and ending them are then plain calls.
    const loading = 'Loading 250 countries and 135,233 cities …'
    screen.show([loading], loading)
    const definition = await describeWorld()
    stop.throwIfAborted()
    emulator = await startEmulator({ databases: { [DATABASE]: definition } })
    await Promise.race([crew.ready(), stopped])
    screen.print(`${CONTENTS}, at ${emulator.url}; ready after ${secondsSinceStart()}`)
    const results = await runTwice(options, screen, { crew, emulator, stopped, sharing: place.sharing })
    const faults = faultsOf(results)
    screen.print(`\n${reportText(results)}\n`)
    for (const fault of faults) screen.print(`FAILED: ${fault}`)
    if (options.once || !screen.isTerminal) return faults
    await crew.dismiss()
    screen.print(invitation(emulator))
    await stopped.catch(() => undefined)
    return faults
  } finally {
    await crew.dismiss()
    await emulator?.close()
    await place?.close()
    await rm(directory, { recursive: true, force: true })
  }
}

interface Stage {
  readonly crew: Crew
  readonly emulator: Emulator
  readonly stopped: Promise<never>
  /** Through what the workers share their sessions. */
  readonly sharing: Sharing
}

async function runTwice(options: DemoOptions, screen: Screen, stage: Stage): Promise<Results> {
  const { seconds, workers, sessions, sabotage } = options
  const { crew, emulator, stopped } = stage
  const countryCodes = [...new Set((await readCities()).map(({ country }) => country))]
  const interrupted = Promise.race([crew.broken, stopped])
  const run = async (title: string, sharing: Sharing, ofSeconds: number, endSessionsEveryMs?: number) => {
    if (!screen.isTerminal) screen.print(title)
    const name = (worker: number): string => `${sharing.by}-${worker}`
    return runWorkers({
      crew,
      emulator,
      job: (worker) => ({ server: emulator.url, sharing, tasks: TASKS, name: name(worker), countryCodes }),
      seconds: ofSeconds,
      endSessionsEveryMs,
      endAtLeast: ENOUGH_ENDED,
      callsAtOnce: workers * TASKS,
      show: (figures) => screen.show(progressLines(title, figures, ofSeconds), progressLine(figures, ofSeconds)),
      interrupted,
    })
  }

  if (sabotage !== undefined) breakSomething(sabotage, stage)
  const { sharing } = stage
  const sharedTitle = `${workers} worker processes share ${sessions === 1 ? 'one session' : `up to ${sessions} sessions`}`
  // Six times and a half: the last one is met in the middle of the work, too.
  const shared = await run(sharedTitle, sharing, seconds, Math.min(1_500, (seconds * 1_000) / 6.5))
  // They are left open for other processes, which there are none of any more.
  emulator.killSessions()
  const loginPerCall = await run('The same work with a login for each call', { by: 'nothing' }, Math.ceil(seconds / 3))
  const visitsLeft = emulator.records(DATABASE, 'Visits').length
  return { shared, loginPerCall, workers, tasks: TASKS, sessions, visitsLeft, cacheFailures: crew.cacheFailures }
}

function breakSomething(sabotage: Sabotage, { crew, emulator }: Stage): void {
  switch (sabotage) {
    case 'call':
      // "Insufficient privileges" is an answer, which nobody repeats.
      emulator.fault({ on: 'POST /_find', after: 20, count: 1, do: { code: 9 } })
      break
    case 'worker':
      setTimeout(() => crew.kill(0), 500)
      break
  }
}

function invitation({ url }: Emulator): string {
  const login = `curl -X POST -u ${ACCOUNT.name}:${ACCOUNT.password} -H 'Content-Type: application/json' -d '{}'`
  return [
    `The server goes on for you to try: ${url}, database ${DATABASE}, account ${ACCOUNT.name}, password ${ACCOUNT.password}.`,
    `  ${login} ${url}/fmi/data/vLatest/databases/${DATABASE}/sessions`,
    'Ctrl+C ends it.',
  ].join('\n')
}

const CONTENTS = 'An emulated FileMaker server with 250 countries and 135,233 cities'

function secondsSinceStart(): string {
  return `${(performance.now() / 1_000).toFixed(1)} s`
}

/** Never resolves. */
function aborted(signal: AbortSignal): Promise<never> {
  const promise = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal.reason as Error)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
  // Who waits for it hears of it; at other times it is no unhandled rejection.
  promise.catch(() => undefined)
  return promise
}
