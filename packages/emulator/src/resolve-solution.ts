import { partsOf, US_DATES } from './dates.ts'
import type {
  AccountDefinition,
  DatabaseDefinition,
  LayoutDefinition,
  LayoutFolder,
  ScriptDefinition,
  ScriptFolder,
  ShorthandDefinition,
} from './definition.ts'
import { fail, keyedAt, listAt, onlyKeys, quote } from './definition-mistake.ts'
import { resolveLayout } from './resolve-layouts.ts'
import type { Graph } from './resolve-layouts.ts'
import {
  expandShorthand,
  isShorthand,
  resolveOccurrences,
  resolveRelationship,
  resolveTables,
} from './resolve-tables.ts'
import type { Account, Folder, Layout, Solution } from './solution.ts'

/**
 * Checks a definition and resolves its names.
 *
 * @throws TypeError that names the place.
 */
export function resolveSolution(name: string, given: DatabaseDefinition | ShorthandDefinition): Solution {
  const definition = isShorthand(given) ? expandShorthand(name, given) : given
  const place = `databases.${name}`
  onlyKeys(definition, DATABASE_KEYS, place)
  const tables = resolveTables(definition, place)
  const occurrences = resolveOccurrences(definition, tables, place)
  const relationships = listAt(definition.relationships, `${place}.relationships`).map((relationship, index) =>
    resolveRelationship(relationship, occurrences, `${place}.relationships[${index}]`),
  )
  const valueLists = new Map(keyedAt(definition.valueLists, `${place}.valueLists`))
  const graph: Graph = { occurrences, relationships, valueLists }
  const layouts = new Map<string, Layout>()
  const layoutList = resolveFolders(
    definition.layouts ?? tables.map((table): LayoutDefinition => ({ name: table.name, table: table.name })),
    (folder: LayoutFolder) => folder.layouts,
    (layout: LayoutDefinition, where) => {
      const resolved = resolveLayout(layout, graph, where)
      if (layouts.has(resolved.name)) fail(where, `there is another layout named ${quote(resolved.name)}`)
      layouts.set(resolved.name, resolved)
      return resolved
    },
    `${place}.layouts`,
  )
  const scripts = new Map<string, ScriptDefinition>()
  const scriptList = resolveFolders(
    definition.scripts ?? [],
    (folder: ScriptFolder) => folder.scripts,
    (script: ScriptDefinition, where) => {
      onlyKeys(script, ['name', 'run', 'durationMs'], where)
      const { name: scriptName, run } = script
      if (typeof scriptName !== 'string' || scriptName === '') fail(where, 'a script needs a name')
      if (run !== undefined && typeof run !== 'function') fail(`${where}.run`, 'must be a function')
      if (!scripts.has(scriptName)) scripts.set(scriptName, script)
      return script
    },
    `${place}.scripts`,
  )
  const dateFormat = definition.dateFormat ?? US_DATES
  if (new Set(partsOf(dateFormat)).size !== 3) {
    fail(`${place}.dateFormat`, 'must hold yyyy, MM and dd once each')
  }
  const longNumbers = definition.longNumbers ?? 'text'
  if (longNumbers !== 'text' && longNumbers !== 'number') fail(`${place}.longNumbers`, "must be 'text' or 'number'")
  const accounts = resolveAccounts(definition, place)
  return {
    name,
    accounts,
    tables,
    occurrences,
    relationships,
    layoutList,
    layouts,
    scriptList,
    scripts,
    valueLists,
    dateFormat,
    longNumbers,
  }
}

const DATABASE_KEYS: readonly (keyof DatabaseDefinition)[] = [
  'accounts',
  'tables',
  'tableOccurrences',
  'relationships',
  'layouts',
  'valueLists',
  'scripts',
  'dateFormat',
  'longNumbers',
]

/** Resolves a list and the lists in its folders; the order stays. */
function resolveFolders<Entry extends object, GivenFolder extends { readonly folder: string }, Item>(
  list: readonly (Entry | GivenFolder)[],
  contents: (folder: GivenFolder) => readonly (Entry | GivenFolder)[],
  resolve: (entry: Entry, where: string) => Item,
  place: string,
): (Item | Folder<Item>)[] {
  const isFolder = (entry: Entry | GivenFolder): entry is GivenFolder => 'folder' in entry
  return listAt(list, place).map((entry, index) => {
    const where = `${place}[${index}]`
    if (typeof entry !== 'object' || entry === null) return fail(where, 'must be an object')
    if (!isFolder(entry)) return resolve(entry, where)
    return { folder: entry.folder, items: resolveFolders(contents(entry), contents, resolve, where) }
  })
}

function resolveAccounts(definition: DatabaseDefinition, place: string): Account[] {
  const accounts = definition.accounts ?? [{ name: 'web', password: 'secret' }]
  return listAt(accounts, `${place}.accounts`).map((account, index) =>
    resolveAccount(account, `${place}.accounts[${index}]`),
  )
}

function resolveAccount(given: AccountDefinition, place: string): Account {
  const { name, password, signsInWith = 'password', fmrest = true } = given
  if (!['password', 'oauth', 'clarisId'].includes(signsInWith)) {
    fail(`${place}.signsInWith`, "must be 'password', 'oauth' or 'clarisId'")
  }
  if (typeof name !== 'string') fail(place, 'needs a name')
  if (signsInWith === 'password' && typeof password !== 'string') fail(place, 'needs a name and a password, both text')
  if (signsInWith !== 'password' && password !== undefined) fail(`${place}.password`, `does not go with ${signsInWith}`)
  return { name, password, signsInWith, fmrest }
}
