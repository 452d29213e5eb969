import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { MUTANTS } from '../src/simulator/mutants.ts'
import { mutatedSources } from '../src/simulator/mutate.ts'

const isSource = process.env.FM_TEST_DIST !== '1'

// A rule that can be broken without anybody noticing is not checked.
test.skipIf(!isSource).concurrent.each(MUTANTS.map(({ name, about, scenario }) => [name, scenario, about]))(
  '%s is noticed in %s: %s',
  { timeout: 300_000 },
  async (name, scenario) => {
    expect(await firstViolation(name, scenario)).toMatch(/^seed \d+: [IW]\d+ at /)
  },
)

test('a mutant whose text is no longer in core says so', () => {
  const stale = {
    name: 'stale',
    about: '',
    scenario: 'quiet',
    edits: [{ file: 'time.ts', replace: 'not there', by: '' }],
  }
  expect(() => mutatedSources(stale)).toThrow('mutant stale: time.ts does not have exactly one "not there"')
})

/** The first broken promise among 25 seeds, or what else the command said. */
function firstViolation(mutant: string, scenario: string): Promise<string> {
  const command = fileURLToPath(new URL('../src/simulate.ts', import.meta.url))
  const parameters = ['--conditions=@fm/source', command, scenario, '--to', '25', '--mutant', mutant]
  return new Promise((resolve) => {
    execFile(process.execPath, parameters, (_, stdout, stderr) => {
      resolve(/seed \d+: .*/.exec(stdout)?.[0] ?? stdout + stderr)
    })
  })
}
