// Installs Debian's redis-server where there is none: `node scripts/ensure-redis.ts`. vitest runs `setup` before the
// tests, which says nothing when it can't install: a run of tests that need no Redis must not fail by it. Those that do
// need one fail with a message of their own; they never skip.
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'

export function setup(): void {
  ensureRedis()
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const complaint = ensureRedis()
  if (complaint !== undefined) console.error(complaint)
  process.exitCode = complaint === undefined ? 0 : 1
}

/** Resolves what is wrong into a sentence; undefined when a redis-server can be started. */
function ensureRedis(): string | undefined {
  if (succeeds(['redis-server', '--version'])) return undefined
  if (!succeeds(['apt-get', '--version'])) return 'redis-server is missing, and there is no apt-get to install it with'
  // Without a password or not at all: a test run must not wait at a prompt.
  const administrator = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive']
  if (administrator.length > 0 && !succeeds([...administrator, 'true'])) {
    return 'redis-server is missing, and only root may install it: sudo apt-get install redis-server'
  }
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive']
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', 'redis-server']
  const installed =
    succeeds([...administrator, ...environment, 'apt-get', 'update']) &&
    succeeds([...administrator, ...environment, ...install])
  // The package starts a server of its own on port 6379, which no test uses.
  succeeds([...administrator, 'service', 'redis-server', 'stop'])
  if (installed && succeeds(['redis-server', '--version'])) return undefined
  return 'redis-server is missing, and apt-get could not install it: apt-get install redis-server says why'
}

function succeeds([command = '', ...options]: readonly string[]): boolean {
  return spawnSync(command, options, { stdio: 'ignore' }).status === 0
}
