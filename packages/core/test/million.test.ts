import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startEmulator, type RecordDefinition } from '@fm/emulator'
import { expect, test } from 'vitest'

const FULL = process.env.FM_TEST_FULL === '1'
const RECORDS = FULL ? 1_000_000 : 30_000
const MAX_OVER_START_MB = 150

function* people(): Generator<RecordDefinition> {
  for (let id = 1; id <= RECORDS; id++) {
    yield {
      id,
      name: `Person ${id}`,
      city: `City ${id % 997}`,
      age: id % 90,
      note: 'a note of some length, '.repeat(4),
    }
  }
}

test(
  `${RECORDS} records are read one after the other with less than ${MAX_OVER_START_MB} MB over the start`,
  async () => {
    await using server = await startEmulator({ databases: { Demo: { People: people() } } })
    const program = fileURLToPath(new URL('programs/reads-all.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, program, server.url])
    const told = JSON.parse(stdout) as Readonly<
      Record<'records' | 'sum' | 'startMb' | 'overStartMb' | 'seconds', number>
    >
    if (FULL) process.stdout.write(`reading ${RECORDS} records: ${stdout}\n`)
    expect(told.records).toBe(RECORDS)
    expect(told.sum).toBe((RECORDS * (RECORDS + 1)) / 2)
    expect(told.overStartMb).toBeLessThan(MAX_OVER_START_MB)
    expect(server.count('POST /sessions')).toBe(1)
  },
  FULL ? 1_800_000 : 60_000,
)
