import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import { basic, send } from './support.ts'

const COMMAND = fileURLToPath(new URL('../src/command.ts', import.meta.url))

interface Running {
  /** Everything on standard output so far. */
  readonly out: () => string
  readonly err: () => string
  readonly exitCode: Promise<number | null>
  stop(signal: NodeJS.Signals): void
  /** The server's address, as soon as it says so. */
  readonly url: Promise<string>
}

function run(context: TestContext, ...argumentList: string[]): Running {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', COMMAND, ...argumentList])
  context.onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  let err = ''
  const { promise: url, resolve } = Promise.withResolvers<string>()
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
    const address = /http:\/\/\S+:\d+/.exec(out)?.[0]
    if (address !== undefined) resolve(address)
  })
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const exitCode = new Promise<number | null>((done) => child.on('close', done))
  return { out: () => out, err: () => err, exitCode, stop: (signal) => void child.kill(signal), url }
}

async function file(context: TestContext, name: string, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fm-emulator-'))
  context.onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, name), content)
  return join(folder, name)
}

describe('fm-emulator', () => {
  test.for(['SIGINT', 'SIGTERM'] as const)(
    'start serves an example and stops cleanly at %s',
    async (signal, context) => {
      const command = run(context, 'start', '--port', '0')
      const url = await command.url
      const reply = await send(url, 'POST', '/fmi/data/v1/databases/Example/sessions', {
        headers: basic('web', 'secret'),
        body: {},
      })
      const headers = { authorization: `Bearer ${reply.response.token}` }
      const records = await send(url, 'GET', '/fmi/data/v1/databases/Example/layouts/Contacts/records', { headers })
      expect(records.response.dataInfo).toMatchObject({ foundCount: 3 })
      command.stop(signal)
      expect(await command.exitCode).toBe(0)
      expect(command.out()).toContain('Databases: Example, Demo, account web, password secret')
      expect(command.out()).toMatch(/Stopped\.\n$/)
      expect(command.err()).toBe('')
    },
  )

  test('--definition takes JSON and modules, TypeScript among them', async (context) => {
    const json = await file(context, 'a.json', '{"databases":{"Stock":{"Items":[{"name":"nut"}]}}}')
    const typed = await file(
      context,
      'a.ts',
      'const options: { databases: object } = { databases: { Typed: { Items: [{ name: "nut" }] } } }\nexport default options\n',
    )
    for (const [path, name] of [
      [json, 'Stock'],
      [typed, 'Typed'],
    ] as const) {
      const command = run(context, 'start', '--port=0', '--definition', path)
      const reply = await send(await command.url, 'GET', '/fmi/data/v1/databases')
      expect(reply.response).toEqual({ databases: [{ name }] })
      command.stop('SIGTERM')
      expect(await command.exitCode).toBe(0)
      expect(command.out()).not.toContain('secret')
    }
  })

  test('a definition that is wrong ends it with 1 and the place', async (context) => {
    const wrong = '{"databases":{"A":{"tables":{"T":{"fields":{"f":"txt"}}}}}}'
    for (const [path, message] of [
      [
        await file(context, 'a.json', wrong),
        /databases\.A\.tables\.T\.fields\.f: "txt" is no field type; there are text, number/,
      ],
      [await file(context, 'b.json', '{"databases":'), /b\.json: .*JSON/],
      [await file(context, 'c.json', '[]'), /c\.json: must hold an object/],
      [await file(context, 'd.mjs', 'export const a = 1'), /d\.mjs: has no default export/],
      ['nowhere.json', /can't read the definition: .*nowhere\.json/],
      ['nowhere.ts', /can't read the definition: .*nowhere\.ts/],
    ] as const) {
      const command = run(context, 'start', '--definition', path)
      expect(await command.exitCode).toBe(1)
      expect(command.err()).toMatch(message)
      expect(command.err()).toMatch(/^fm-emulator: [^\n]+\n$/)
    }
  })

  test('a port that is taken ends it with 1 and says so', async (context) => {
    const first = run(context, 'start', '--port', '0')
    const { port } = new URL(await first.url)
    const second = run(context, 'start', '--port', port)
    expect(await second.exitCode).toBe(1)
    expect(second.err()).toContain('Another program listens there')
  })

  test('arguments that make no sense end it with 2', async (context) => {
    const wrong = [
      [],
      ['stop'],
      ['start', 'now'],
      ['start', '--prot', '1'],
      ['start', '--port', '99999'],
      ['start', '--port'],
    ]
    await Promise.all(
      wrong.map(async (argumentList) => {
        const command = run(context, ...argumentList)
        expect(await command.exitCode).toBe(2)
        expect(command.err()).toContain('fm-emulator --help')
      }),
    )
  })

  test('--help and --version tell and end with 0', async (context) => {
    const help = run(context, '--help')
    expect(await help.exitCode).toBe(0)
    expect(help.out()).toContain('Usage: fm-emulator start')
    const version = run(context, '--version')
    expect(await version.exitCode).toBe(0)
    expect(version.out()).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
  })
})
