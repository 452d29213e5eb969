import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

interface Ended {
  readonly status: number | null
  readonly output: string
  readonly errors: string
}

/** Starts the demo as `pnpm demo` does, on the sources or on `dist` as these tests run. */
function runDemo(...given: string[]): Promise<Ended> {
  const conditions = process.execArgv.filter((argument) => argument.startsWith('--conditions=@fm/'))
  const program = join(import.meta.dirname, '..', 'src', 'main.ts')
  return new Promise((resolve, reject) => {
    const demo = spawn(process.execPath, [...conditions, program, ...given])
    let output = ''
    let errors = ''
    demo.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    demo.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    demo.on('error', reject)
    demo.on('close', (status) => resolve({ status, output, errors: withoutWarnings(errors) }))
  })
}

/** Node 22 says on each start that node:sqlite is experimental. */
function withoutWarnings(errors: string): string {
  const lines = errors.split('\n')
  return lines.filter((line) => !/ExperimentalWarning: SQLite|--trace-warnings/.test(line)).join('\n')
}

/** The numbers of a line of the report: of the shared run, and of the one with a login for each call. */
function figures(output: string, label: string): [shared: number, loginPerCall: number] {
  const line = output.split('\n').find((candidate) => candidate.startsWith(label)) ?? ''
  const [shared, loginPerCall] = [...line.slice(label.length).matchAll(/(?<= )[\d,.]+/g)].map(([number]) =>
    Number(number.replaceAll(',', '')),
  )
  return [shared ?? Number.NaN, loginPerCall ?? Number.NaN]
}

test(
  'the demo ends with no failed call while the session is ended at the server five times and more',
  { timeout: 60_000 },
  async () => {
    const { status, output, errors } = await runDemo('--once', '--seconds', '3')
    expect({ status, errors, output }).toMatchObject({ status: 0, errors: '' })

    expect(figures(output, 'failed calls')).toEqual([0, 0])
    const [ended] = figures(output, 'sessions ended there meanwhile')
    expect(ended).toBeGreaterThanOrEqual(5)
    const [logins, loginsPerCall] = figures(output, 'logins')
    // One at the start, and one for each session that was ended; after the last nobody may have needed another.
    expect(logins).toBeGreaterThanOrEqual(ended)
    expect(logins).toBeLessThanOrEqual(ended + 1)
    expect(figures(output, 'sessions at the server, at most')[0]).toBe(1)
    const [calls, callsWithLogin] = figures(output, 'calls  ')
    expect(calls).toBeGreaterThan(0)
    expect(loginsPerCall).toBe(callsWithLogin)
    for (const kind of ['find', 'page', 'get', 'create', 'edit', 'delete']) {
      expect(figures(output, `  ${kind}`)[0]).toBeGreaterThan(0)
    }
    for (const label of ['median of a call', '99th percentile of a call', 'settled after an unknown outcome (1)']) {
      expect(figures(output, label)).not.toContain(Number.NaN)
    }
    expect(output).toContain('Visits left behind: 0.')
    expect(output).toContain('ODbL')
    expect(output).toContain('CC BY 4.0')
  },
)

// Side by side: most of their time goes into loading.
describe.concurrent('the demo', { timeout: 60_000 }, () => {
  test('shares through Redis as well', async () => {
    const { status, output } = await runDemo('--once', '--seconds', '2', '--cache', 'redis')
    expect({ status, output }).toMatchObject({ status: 0 })
    expect(figures(output, 'failed calls')).toEqual([0, 0])
    expect(figures(output, 'sessions at the server, at most')[0]).toBe(1)
  })

  test('fails when a call fails', async () => {
    const { status, output } = await runDemo('--seconds', '1', '--workers', '2', '--break', 'call')
    expect(status).toBe(1)
    expect(figures(output, 'failed calls')).toEqual([1, 0])
    expect(output).toMatch(/FAILED: shared: failed calls: 1$/m)
    expect(output).toMatch(/FAILED: {3}1 × (find|page): FileMakerError: .*\(FileMaker error 9\)/)
  })

  test('fails when a worker crashes', async () => {
    const { status, errors } = await runDemo('--seconds', '1', '--workers', '2', '--break', 'worker')
    expect(status).toBe(1)
    expect(errors).toContain('demo: FAILED: worker 1 ended before its time (SIGKILL)')
  })

  test('refuses an argument that it does not know', async () => {
    const { status, output, errors } = await runDemo('--second', '3')
    expect({ status, output }).toEqual({ status: 2, output: '' })
    expect(errors).toContain("Unknown option '--second'")
  })

  test('tells how it is used', async () => {
    const { status, output } = await runDemo('--help')
    expect(status).toBe(0)
    expect(output).toContain('--once')
  })
})
