import { fork } from 'node:child_process'
import { add, addTrial, noFigures, type Figures } from './figures.ts'
import { SCENARIOS } from './scenarios.ts'
import { runTrial } from './trial.ts'

/** Some seeds of one scenario. */
export interface Run {
  readonly scenario: string
  readonly from: number
  readonly to: number
}

/** Plays seeds one after the other in this process. `enough`: how many broken ones will do. */
export async function play({ scenario: name, from, to }: Run, trace: boolean, enough: number): Promise<Figures> {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name)
  if (scenario === undefined) throw new TypeError(`there is no scenario ${name}`)
  const figures = noFigures(name)
  for (let seed = from; seed <= to && figures.broken.length < enough; seed++) {
    addTrial(figures, await runTrial(scenario, seed, trace))
  }
  return figures
}

/** Plays them in several processes, a few seeds at a time, each scenario told of when it is done. */
export async function playInParallel(
  runs: readonly Run[],
  workers: number,
  done: (figures: Figures) => void,
): Promise<void> {
  const queue = runs.flatMap(inPieces)
  const totals = new Map(
    runs.map((run) => [run.scenario, { figures: noFigures(run.scenario), left: run.to - run.from + 1 }]),
  )
  await Promise.all(
    Array.from({ length: Math.min(workers, queue.length) }, async () => {
      const worker = fork(new URL('../simulate.ts', import.meta.url), ['--worker'], {
        // A young generation that holds a trial: most of what one makes is garbage before it ends.
        execArgv: ['--conditions=@fm/source', '--max-semi-space-size=64'],
      })
      try {
        for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
          const figures = await new Promise<Figures>((resolve, reject) => {
            worker.once('message', (message) => resolve(message as Figures))
            worker.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)))
            worker.send(run ?? {})
          })
          worker.removeAllListeners()
          const total = totals.get(figures.scenario)
          if (total === undefined) continue
          add(total.figures, figures)
          total.left -= figures.seeds
          if (total.left === 0) done(total.figures)
        }
      } finally {
        worker.kill()
      }
    }),
  )
}

const SEEDS_A_PIECE = 20

function inPieces({ scenario, from, to }: Run): readonly Run[] {
  const length = Math.ceil((to - from + 1) / SEEDS_A_PIECE)
  return Array.from({ length }, (_, index) => {
    const first = from + index * SEEDS_A_PIECE
    return { scenario, from: first, to: Math.min(to, first + SEEDS_A_PIECE - 1) }
  })
}

/** The other end: plays what it is sent. */
export function serveRuns(): void {
  process.on('message', (run: Run) => {
    void play(run, false, Number.POSITIVE_INFINITY).then((figures) => process.send?.(figures))
  })
}
