import { startEmulator, type Emulator, type EmulatorOptions } from '@fm/emulator'
import { startFleet, type Fleet, type FleetOptions } from '../src/fleet/fleet.ts'
import type { SharedKind } from './shared-places.ts'
import { FULL, PROCESSES, TASKS } from './size.ts'

export const LIMIT_MS: number = FULL ? 1_200_000 : 120_000

export function startServer(options: Omit<EmulatorOptions, 'databases'> = {}): Promise<Emulator> {
  return startEmulator({
    databases: {
      Demo: {
        tables: {
          People: { fields: { name: 'text', gUser: { type: 'text', global: true } }, records: [{ name: 'Ada' }] },
        },
      },
    },
    ...options,
  })
}

/** As many processes as the place can be shared by; the tasks are the same in all. */
export function startOn({ processes }: SharedKind, options: Omit<FleetOptions, 'processes'>): Promise<Fleet> {
  return startFleet({ processes: processes === 'one' ? 1 : PROCESSES, ...options })
}

export const tasksOf = ({ processes }: SharedKind): number => (processes === 'one' ? PROCESSES * TASKS : TASKS)

export const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))

/** The most sessions that were alive at once while the work went on. */
export async function mostSessions(server: Emulator, work: Promise<unknown>): Promise<number> {
  let most = 0
  const watching = setInterval(() => (most = Math.max(most, server.sessions().length)), 5)
  await work.finally(() => clearInterval(watching))
  return most
}
