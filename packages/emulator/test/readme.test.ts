import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

/** Runs TypeScript as a module of this package. */
function runModule(source: string): Promise<{ exitCode: number | null; out: string }> {
  const { promise, resolve } = Promise.withResolvers<{ exitCode: number | null; out: string }>()
  const node = spawn(process.execPath, [...process.execArgv, '--input-type=module-typescript'], { cwd: PACKAGE })
  let out = ''
  node.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  node.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()))
  node.on('close', (exitCode) => resolve({ exitCode, out }))
  node.stdin.end(source)
  return promise
}

test('the examples in the README run', async () => {
  const readme = await readFile(`${PACKAGE}/README.md`, 'utf8')
  const [quickStart = '', definition = ''] = [...readme.matchAll(/```ts\n([^]*?)```/g)].map((match) => match[1])
  const first = await runModule(quickStart)
  expect(first.out).toContain('"recordId":"1"')
  expect(first.out).toMatch(/^401$/m)
  expect(first.exitCode).toBe(0)
  const second = await runModule(
    `${definition}
import { startEmulator } from '@fm/emulator'
const server = await startEmulator({ databases: { Shop: shop } })
console.log(JSON.stringify(server.records('Shop', 'Orders')))
await server.close()`,
  )
  expect(second.out).toContain('[{"recordId":"1","modId":"0","fieldData":{"id":1,"note":"first"}}]')
})
