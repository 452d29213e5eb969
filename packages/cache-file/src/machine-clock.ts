/**
 * Milliseconds on a clock that all processes of this machine share and nobody can set.
 *
 * Node reads the system's monotonic clock here (Linux: CLOCK_MONOTONIC), which counts from the machine's start, not the
 * process's. So setting the computer's clock expires nothing and revives nothing. It begins again with the machine; what
 * was written before has the future as its time then, and {@link isLive} takes it for expired.
 */
export function machineNowMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n)
}

/** Whether something written at `writtenAtMs` for `ttlMs` is still there. The statements in session-table.ts say the same. */
export function isLive(writtenAtMs: number, ttlMs: number, nowMs: number): boolean {
  return writtenAtMs <= nowMs && writtenAtMs + ttlMs > nowMs
}
