#!/usr/bin/env node
import { once } from 'node:events'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`fm-emulator needs Node 22.19 or newer, this is ${process.versions.node}\n`)
  process.exitCode = 1
} else {
  // Imported only here: an older Node does not even know the modules behind it.
  const { runCommand } = await import('./command-line.ts')
  process.exitCode = await runCommand(process.argv.slice(2), {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    stopped: Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]),
  })
}
