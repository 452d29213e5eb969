/** `pnpm test:full` runs everything at the size that the project promises; `pnpm test` a cut that fits a small machine. */
export const FULL: boolean = process.env.FM_TEST_FULL === '1'

/** Processes of a fleet, and tasks in each. */
export const PROCESSES: number = FULL ? 32 : 8
export const TASKS: number = 8

/** An absolute figure is promised on an idle machine, and printed by the full run; a test holds it at five times the figure. */
export function atMost(ms: number): number {
  return ms * 5
}

export function figure(name: string, value: string | number): void {
  if (FULL) process.stdout.write(`${name}: ${value}\n`)
}
