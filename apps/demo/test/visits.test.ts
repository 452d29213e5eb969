import { setTimeout as sleep } from 'node:timers/promises'
import { basic, createClient } from '@fm/core'
import { startEmulator, type Emulator } from '@fm/emulator'
import { expect, test } from 'vitest'
import { createCalls } from '../src/calls.ts'
import { createGate } from '../src/gate.ts'
import type { CallReport } from '../src/messages.ts'
import { visitCity } from '../src/visits.ts'
import type { VisitFields } from '../src/world.ts'

const VISIT: VisitFields = { visitKey: 'test-1', cityId: 1, rating: 3, note: '' }

function startVisits(): Promise<Emulator> {
  const fields = { visitKey: 'text', cityId: 'number', rating: 'number', note: 'text' } as const
  return startEmulator({ databases: { World: { tables: { Visits: { fields } } } } })
}

async function visit(server: Emulator): Promise<readonly CallReport[]> {
  await using client = createClient({ server: server.url, database: 'World', auth: basic('web', 'secret') })
  const reports: CallReport[] = []
  const calls = createCalls(createGate(), (report) => reports.push(report))
  await visitCity(calls, client.layout<VisitFields>('Visits'), VISIT)
  return reports
}

const WRITES = [
  ['create', 'POST /records'],
  ['edit', 'PATCH /records'],
  ['delete', 'DELETE /records'],
] as const

test.each(WRITES)(
  'a session that is ended in the middle of the %s leaves one record with one edit',
  async (kind, on) => {
    await using server = await startVisits()
    server.fault({ on, count: 1, do: { delayMs: 300 } })
    const killed = (async () => {
      while (!server.requests(on).some(({ endedAt }) => endedAt === undefined)) await sleep(5)
      await sleep(20)
      return server.killSessions()
    })()
    const reports = await visit(server)

    expect(await killed).toBe(1)
    expect(reports.filter(({ end }) => end === 'settled').map((report) => report.kind)).toEqual([kind])
    expect(reports.filter(({ end }) => end === 'failed')).toEqual([])
    expect(server.records('World', 'Visits')).toEqual([])
  },
)

test.each(WRITES)('a lost answer to the %s does not make it happen twice', async (_kind, on) => {
  await using server = await startVisits()
  server.fault({ on, count: 1, do: { drop: 'after-commit' } })
  const reports = await visit(server)

  expect(reports.filter(({ end }) => end === 'failed')).toEqual([])
  expect(reports.map(({ kind }) => kind)).toEqual(['create', 'edit', 'get', 'delete'])
  expect(server.records('World', 'Visits')).toEqual([])
})

test('a write that is refused has failed', async () => {
  await using server = await startVisits()
  server.fault({ on: 'POST /records', count: 1, do: { code: 9 } })
  await expect(visit(server)).rejects.toThrow('FileMaker error 9')
})
