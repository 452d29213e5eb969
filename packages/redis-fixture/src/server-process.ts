import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A program that ends when this process does, however that ends. */
export interface ServerProcess {
  readonly pid: number
  /** Kills it, and resolves when it is gone and its folder is removed. Twice is harmless. */
  kill(): Promise<void>
}

// The shell stands between: it holds the other end of a pipe, which closes when this process ends, by kill -9 too. So a
// test run that is shot leaves no server behind. Ctrl-C reaches the whole group, and the shell must outlive it.
const GUARD = `
trap '' INT TERM HUP
folder=$1
shift
"$@" >>"$folder/output.txt" 2>&1 &
child=$!
echo $child
cat >/dev/null
kill -9 $child
wait $child
rm -rf "$folder"
`

/**
 * Starts a program and leaves it running.
 *
 * @param folder - Where its output goes, as `output.txt`; it is removed with the process.
 */
export async function startServerProcess(folder: string, command: readonly string[]): Promise<ServerProcess> {
  const guard = spawn('sh', ['-c', GUARD, 'guard', folder, ...command], { stdio: ['pipe', 'pipe', 'ignore'] })
  // Not 'close': that waits for the pipes, which keep nothing alive once they are unref'd below.
  const ended = once(guard, 'exit')
  const pid = await childPid(guard)
  // Neither the guard nor its pipes keep a program alive that forgot to stop its server.
  guard.unref()
  for (const stream of [guard.stdin, guard.stdout]) (stream as { unref?(): void }).unref?.()
  return {
    pid,
    kill: async () => {
      guard.ref()
      guard.stdin.end()
      await ended
    },
  }
}

async function childPid(guard: ChildProcess): Promise<number> {
  const { stdout } = guard
  if (stdout === null) throw new Error('the guard has no output')
  const lines = createInterface({ input: stdout })
  const failed = once(guard, 'exit').then(() => {
    throw new Error('the guard of a server ended at once')
  })
  // Settles after the race, when the server is stopped; nobody looks then.
  failed.catch(() => {})
  const line = await Promise.race([once(lines, 'line'), failed])
  lines.close()
  return Number(line[0])
}
