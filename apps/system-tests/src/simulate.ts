import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { replayCommand, TABLE_HEAD, tableRow, type Figures } from './simulator/figures.ts'
import { MUTANTS } from './simulator/mutants.ts'
import { mutate } from './simulator/mutate.ts'

const USAGE = `Plays scenarios in the simulator: node --conditions=@fm/source apps/system-tests/src/simulate.ts [SCENARIO ...]
  --from N  --to M   seeds; 1 to 20 when left out, N alone when only --from is given
  --workers N        processes; as many as there are processor cores when left out
  --trace            tells all that happens (in one process)
  --mutant NAME      breaks a rule of core on purpose
  --soak             half a day of a few processes, and the heap in use after each hour
  --list             names the scenarios and mutants`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string' },
    to: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    trace: { type: 'boolean', default: false },
    mutant: { type: 'string' },
    soak: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    worker: { type: 'boolean', default: false },
  },
})

// Millions of errors are made on purpose: nobody reads their stacks, unless he traces.
if (!values.trace) Error.stackTraceLimit = 0

// The rules are changed before the first of them is loaded.
if (values.mutant !== undefined) mutate(values.mutant)
const { play, playInParallel, serveRuns } = await import('./simulator/runs.ts')
const { SCENARIOS } = await import('./simulator/scenarios.ts')

function tell(figures: Figures): void {
  console.log(tableRow(figures))
  for (const { seed, violations } of figures.broken.slice(0, 3)) {
    for (const violation of violations.slice(0, 3)) console.log(`  seed ${seed}: ${violation}`)
    console.log(`  ${replayCommand(figures.scenario, seed, values.mutant)}`)
  }
  if (figures.broken.length > 0) process.exitCode = 1
}

async function main(): Promise<void> {
  if (values.worker) return serveRuns()
  if (values.help) return console.log(USAGE)
  if (values.list) {
    for (const { name, about } of SCENARIOS) console.log(`${name.padEnd(30)} ${about}`)
    for (const { name, about, scenario } of MUTANTS) console.log(`--mutant ${name.padEnd(27)} ${about} (${scenario})`)
    return
  }
  if (values.soak) {
    const { soak } = await import('./simulator/soak.ts')
    return console.log(JSON.stringify(await soak(Number(values.from ?? 1))))
  }
  const from = Number(values.from ?? 1)
  const to = Number(values.to ?? (values.from === undefined ? 20 : from))
  const unknown = positionals.find((name) => !SCENARIOS.some((scenario) => scenario.name === name))
  if (unknown !== undefined) throw new TypeError(`there is no scenario ${unknown}; --list names them`)
  const runs = SCENARIOS.filter(({ name }) => positionals.length === 0 || positionals.includes(name)).map(
    ({ name }) => ({
      scenario: name,
      from,
      to,
    }),
  )
  console.log(TABLE_HEAD)
  if (values.trace || values.mutant !== undefined || to === from) {
    for (const run of runs)
      tell(await play(run, values.trace, values.mutant === undefined ? Number.POSITIVE_INFINITY : 1))
  } else await playInParallel(runs, Number(values.workers), tell)
}

await main()
