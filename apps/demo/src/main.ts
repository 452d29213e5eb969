// The program behind `pnpm demo`.

import { enableCompileCache } from 'node:module'
import { constants } from 'node:os'
import { HELP, readArguments, type DemoOptions } from './arguments.ts'
import { COMPILE_CACHE } from './compile-cache.ts'
import { createScreen } from './screen.ts'

const options = argumentsOrUndefined()
if (options === 'help') console.log(HELP)
else if (options !== undefined) process.exitCode = await run(options)

function argumentsOrUndefined(): DemoOptions | 'help' | undefined {
  try {
    return readArguments(process.argv.slice(2))
  } catch (error) {
    console.error(`demo: ${error instanceof Error ? error.message : String(error)}\nTry --help.`)
    process.exitCode = 2
    return undefined
  }
}

async function run(demoOptions: DemoOptions): Promise<number> {
  const stop = new AbortController()
  let stoppedBy: 'SIGINT' | 'SIGTERM' | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Twice: somebody does not want to wait for the end.
      if (stoppedBy !== undefined) process.exit(128 + constants.signals[signal])
      stoppedBy = signal
      stop.abort(new Error(`stopped by ${signal}`))
    })
  }
  // Imported here, so that it is found in the cache.
  enableCompileCache(COMPILE_CACHE)
  const { runDemo } = await import('./demo.ts')
  try {
    const faults = await runDemo(demoOptions, createScreen(process.stdout), stop.signal)
    return faults.length === 0 ? 0 : 1
  } catch (error) {
    if (stoppedBy !== undefined) return 128 + constants.signals[stoppedBy]
    console.error(`\ndemo: FAILED: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}
