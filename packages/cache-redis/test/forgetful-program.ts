import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const program = join(import.meta.dirname, 'programs/forgets-to-close.ts')

/** Starts a program that uses a cache and closes nothing. Rejects when it does not end by itself. */
export async function runForgetfulProgram(
  port: number,
  kind: 'alone' | 'cluster',
): Promise<{ stdout: string; stderr: string }> {
  const options = ['--conditions=@fm/source', '--disable-warning=ExperimentalWarning', program, String(port), kind]
  return promisify(execFile)(process.execPath, options, { timeout: 8_000 })
}
