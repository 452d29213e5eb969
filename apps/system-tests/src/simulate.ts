import { parseArgs } from 'node:util'
import { SCENARIOS } from './simulator/scenarios.ts'
import { runTrial } from './simulator/trial.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    from: { type: 'string', default: '1' },
    to: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
})
const from = Number(values.from)
const to = Number(values.to ?? from)
for (const scenario of SCENARIOS) {
  if (positionals.length > 0 && !positionals.includes(scenario.name)) continue
  const began = performance.now()
  let events = 0
  let calls = 0
  let failed = 0
  let logins = 0
  let maxLive = 0
  let wait = 0
  let orphans = 0
  for (let seed = from; seed <= to; seed++) {
    const result = await runTrial(scenario, seed, values.trace)
    events += result.events
    calls += result.calls
    failed += result.failed
    logins += result.logins
    orphans += result.orphans
    maxLive = Math.max(maxLive, result.maxLive)
    wait = Math.max(wait, result.longestWaitMs)
    if (result.violations.length > 0) {
      console.log(
        `${scenario.name} ${seed}: ${result.violations.length} ${result.violations.slice(0, 3).join('\n     ')}`,
      )
      process.exitCode = 1
    }
  }
  const s = (performance.now() - began) / 1000
  console.log(scenario.name, {
    calls,
    failed,
    logins,
    maxLive,
    orphans,
    wait: Math.round(wait),
    events,
    s: s.toFixed(1),
    'events/s': Math.round(events / s),
  })
}
