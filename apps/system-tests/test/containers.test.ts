import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startEmulator } from '@fm/emulator'
import { expect, test } from 'vitest'
import type { Journey, JourneyReport } from '../src/containers/messages.ts'
import { figure, FULL } from './size.ts'

const CARRIER = fileURLToPath(new URL('../src/containers/carrier.ts', import.meta.url))
/** A gigabyte; the cut is still twice what its test lets a busy machine hold, where garbage is swept late. */
const BYTES = FULL ? 2 ** 30 : 2 ** 28
const MOST_BYTES = FULL ? 64_000_000 : 128_000_000

test(
  'a gigabyte goes into a container field and out again in less than 64 MB of memory',
  { timeout: 600_000 },
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'fm-carrier-'))
    try {
      await using server = await startEmulator({
        databases: { Demo: { tables: { Files: { fields: { file: 'container' }, records: [{}] } } } },
      })
      const report = await carry({ server: server.url, bytes: BYTES, path: join(directory, 'large.bin') })
      figure('container, bytes', BYTES)
      figure('container, resident memory over the start, MB', (report.growthBytes / 1e6).toFixed(1))
      figure('container, up, MB/s', Math.round(BYTES / 1e3 / report.upMs))
      figure('container, down, MB/s', Math.round(BYTES / 1e3 / report.downMs))
      expect(report).toMatchObject({ isSame: true, savedBytes: BYTES })
      expect(report.growthBytes).toBeLessThan(MOST_BYTES)
    } finally {
      await rm(directory, { recursive: true })
    }
  },
)

async function carry(journey: Journey): Promise<JourneyReport> {
  const conditions = process.env.FM_TEST_DIST === '1' ? [] : ['--conditions=@fm/source']
  const flags = [...conditions, '--expose-gc', '--disable-warning=ExperimentalWarning']
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, CARRIER, JSON.stringify(journey)])
  return JSON.parse(stdout) as JourneyReport
}
