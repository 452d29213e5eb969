import { randomUUID } from 'node:crypto'
import { headerText } from './auth.ts'
import type { DataSource } from './exchange/data-source.ts'
import { known, name } from './checks.ts'

/** Where a client gets the data sources of a login from. */
export interface DataSources {
  /** Asked before each login. */
  readonly read: () => readonly DataSource[] | Promise<readonly DataSource[]>
  /** What of them tells sessions apart, in canonical order. */
  readonly identity: readonly string[]
  /** The same for users who have a name of their own, whatever they sign in with to other files. */
  readonly ofNamed: readonly string[]
  /** Whether they are the same at each login, and in each process that is given them. */
  readonly areStanding: boolean
}

/** @throws TypeError that names the entry, never what is in it. */
export function readDataSources(
  given: readonly DataSource[] | (() => readonly DataSource[] | Promise<readonly DataSource[]>) | undefined,
): DataSources {
  if (typeof given === 'function') {
    return {
      read: async () => readList(await given()),
      identity: [randomUUID()],
      ofNamed: ['function'],
      areStanding: false,
    }
  }
  const list = readList(given ?? [])
  const canonical = (entries: readonly object[]): readonly string[] =>
    entries.map((entry) => JSON.stringify(Object.values(entry))).toSorted()
  return {
    read: () => list,
    identity: canonical(list),
    // A pair is another one at each sign-in.
    ofNamed: canonical(list.map((source) => ('oAuthIdentifier' in source ? { database: source.database } : source))),
    areStanding: !list.some((source) => 'oAuthIdentifier' in source),
  }
}

function readList(given: unknown): readonly DataSource[] {
  if (!Array.isArray(given)) throw new TypeError('dataSources: must be a list, or a function that gives one')
  return given.map((entry: unknown, index) => readEntry(entry, `dataSources[${index}]`))
}

function readEntry(entry: unknown, place: string): DataSource {
  if (typeof entry === 'object' && entry !== null && ('oAuthRequestId' in entry || 'oAuthIdentifier' in entry)) {
    known(place, entry, ['database', 'oAuthRequestId', 'oAuthIdentifier'])
    const { database, oAuthRequestId, oAuthIdentifier } = entry as Partial<Record<string, unknown>>
    return {
      database: name(`${place}.database`, database),
      oAuthRequestId: headerText(`${place}.oAuthRequestId`, oAuthRequestId),
      oAuthIdentifier: headerText(`${place}.oAuthIdentifier`, oAuthIdentifier),
    }
  }
  known(place, entry, ['database', 'username', 'password'])
  const { database, username, password } = entry as Partial<Record<string, unknown>>
  if (typeof password !== 'string') throw new TypeError(`${place}.password: must be a text`)
  return { database: name(`${place}.database`, database), username: name(`${place}.username`, username), password }
}
