#!/usr/bin/env node
import { once } from 'node:events'
import { runCommand } from './command-line.ts'

process.exitCode = await runCommand(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  stopped: Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]),
})
