import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { startEmulator } from './emulator.ts'
import type { Emulator, EmulatorOptions } from './emulator.ts'
import { EXAMPLES } from './example.ts'
import { isJsonObject } from './json.ts'

export interface CommandOutput {
  readonly out: (text: string) => void
  readonly error: (text: string) => void
  /** Resolves when the command is told to stop. */
  readonly stopped: Promise<unknown>
}

/**
 * Runs `fm-emulator` with its arguments.
 *
 * @returns the exit code: 0 when all went well, 1 when it could not start, 2 for arguments that make no sense
 */
export async function runCommand(argumentList: readonly string[], output: CommandOutput): Promise<0 | 1 | 2> {
  const request = readArguments(argumentList)
  switch (request.kind) {
    case 'help':
      output.out(HELP)
      return 0
    case 'version':
      output.out(`${await ownVersion()}\n`)
      return 0
    case 'mistake':
      output.error(`fm-emulator: ${request.problem}\nTry fm-emulator --help.\n`)
      return 2
    case 'start':
      return start(request, output)
  }
}

const HELP = `Usage: fm-emulator start [options]

Serves the FileMaker Data API on this machine, for development and tests. Records live in memory.

Options:
  --definition <file>  what to serve: a .json file, or a .js or .ts file that exports it as default;
                       its keys are the options of startEmulator. An example without it.
  --host <address>     where to listen (127.0.0.1)
  --port <number>      0 takes a free one (3000)
  --help               this text
  --version            the version

Stops at Ctrl-C. Exit codes: 0 stopped, 1 could not start, 2 wrong arguments.
`

type Request =
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'mistake'; readonly problem: string }
  | {
      readonly kind: 'start'
      readonly definition: string | undefined
      readonly host: string | undefined
      readonly port: number | undefined
    }

function readArguments(argumentList: readonly string[]): Request {
  try {
    const { values, positionals } = parseArgs({
      args: [...argumentList],
      allowPositionals: true,
      options: {
        definition: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    })
    if (values.help === true) return { kind: 'help' }
    if (values.version === true) return { kind: 'version' }
    const [command, ...more] = positionals
    if (command === undefined) return { kind: 'mistake', problem: 'no command given; did you mean "start"?' }
    if (command !== 'start') return { kind: 'mistake', problem: `there is no command "${command}"` }
    if (more[0] !== undefined) return { kind: 'mistake', problem: `unexpected argument "${more[0]}"` }
    const { definition, host, port } = values
    if (port !== undefined && (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)) {
      return { kind: 'mistake', problem: `--port must be a number from 0 to 65535, not "${port}"` }
    }
    return { kind: 'start', definition, host, port: port === undefined ? undefined : Number(port) }
  } catch (error) {
    return { kind: 'mistake', problem: messageOf(error) }
  }
}

async function start(request: Request & { readonly kind: 'start' }, output: CommandOutput): Promise<0 | 1> {
  const { definition, host, port } = request
  let server: Emulator
  let databases: string[]
  try {
    const options = definition === undefined ? { databases: EXAMPLES } : await readDefinition(definition)
    databases = Object.keys(options.databases ?? {})
    server = await startEmulator({
      port: 3000,
      ...options,
      ...(host === undefined ? {} : { host }),
      ...(port === undefined ? {} : { port }),
    })
  } catch (error) {
    output.error(`fm-emulator: ${whyNot(error)}\n`)
    return 1
  }
  const account = definition === undefined ? ', account web, password secret' : ''
  output.out(`FileMaker Data API emulator on ${server.url}/fmi/data/vLatest\n`)
  output.out(`Databases: ${databases.length === 0 ? 'none' : databases.join(', ')}${account}\n`)
  await output.stopped
  await server.close()
  output.out('Stopped.\n')
  return 0
}

/** @throws Error that says what is wrong with the file. */
async function readDefinition(file: string): Promise<EmulatorOptions> {
  const path = resolve(file)
  const options: unknown = extname(path) === '.json' ? await readJson(file, path) : await importDefault(file, path)
  if (!isJsonObject(options) || (options.databases !== undefined && !isJsonObject(options.databases))) {
    throw new Error(`${file}: must hold an object with the key "databases"`)
  }
  // What else is wrong in it, startEmulator finds, and names the place.
  return options
}

async function readJson(file: string, path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file}: ${messageOf(error)}`, { cause: error })
  }
}

async function importDefault(file: string, path: string): Promise<unknown> {
  const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>
  if (module.default === undefined) throw new Error(`${file}: has no default export`)
  return module.default
}

async function ownVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}

function whyNot(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return `${messageOf(error)}. Another program listens there; choose another --port.`
  if (code === 'ENOENT' || code === 'ERR_MODULE_NOT_FOUND') return `can't read the definition: ${messageOf(error)}`
  return messageOf(error)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
