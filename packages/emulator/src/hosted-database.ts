import type { ContentStore } from './content.ts'
import type { DatabaseDefinition, ShorthandDefinition } from './definition.ts'
import { Refusal } from './answer.ts'
import { resolveSolution } from './resolve-solution.ts'
import { fieldNamed } from './solution.ts'
import type { Field, Layout, LayoutField, Solution } from './solution.ts'
import { openStore } from './store.ts'
import type { Store } from './store.ts'

/** A file as the server has it open. */
export interface HostedDatabase {
  readonly solution: Solution
  readonly store: Store
}

/**
 * Opens a database from its definition.
 *
 * @throws TypeError that names the place in the definition that is wrong.
 */
export function openDatabase(
  name: string,
  definition: DatabaseDefinition | ShorthandDefinition,
  contents: ContentStore,
): HostedDatabase {
  const solution = resolveSolution(name, definition)
  return { solution, store: openStore(solution, contents) }
}

/**
 * A log-in may spell the database's name in another case; the session then belongs to that spelling (section 1.1).
 *
 * @throws Refusal 802
 */
export function databaseNamed(databases: ReadonlyMap<string, HostedDatabase>, spelled: string): HostedDatabase {
  const exact = databases.get(spelled)
  if (exact !== undefined) return exact
  const wanted = spelled.toLowerCase()
  for (const [name, database] of databases) if (name.toLowerCase() === wanted) return database
  throw new Refusal(802)
}

/** @throws Refusal 105 */
export function layoutNamed(database: HostedDatabase, name: string): Layout {
  const layout = database.solution.layouts.get(name)
  if (layout === undefined) throw new Refusal(105)
  return layout
}

/** A field and which of its repetitions, counted from 0. */
export interface FieldPlace<Named> {
  readonly field: Named
  readonly repetition: number
}

/**
 * The field on the layout, in its body or in a portal, that a name like `city`, `phone(2)` or `Lines::quantity` means.
 *
 * @throws Refusal 102 when it is not there (section 8.7), 111 when it has fewer repetitions.
 */
export function fieldOnLayout(layout: Layout, name: string): FieldPlace<LayoutField> {
  const { base, repetition } = splitRepetition(name)
  const own = fieldNamed(layout.fields, base) ?? fieldNamed(layout.fields, withoutOccurrence(base, layout))
  if (own !== undefined) return placed(own, own.field, repetition)
  for (const portal of layout.portals) {
    const inPortal = fieldNamed(portal.fields, base)
    if (inPortal !== undefined) {
      return placed({ ...inPortal, path: [...portal.path, ...inPortal.path] }, inPortal.field, repetition)
    }
  }
  throw new Refusal(102)
}

/** `phone(2)` → `phone`, 1. Repetitions are counted from 0 here, and `phone(1)` is `phone` (section 8.6). */
export function splitRepetition(name: string): { base: string; repetition: number } {
  const match = /^(.*?)\((\d{1,6})\)$/s.exec(name)
  if (match === null) return { base: name, repetition: 0 }
  return { base: match[1] ?? '', repetition: Number(match[2]) - 1 }
}

function withoutOccurrence(name: string, layout: Layout): string {
  const prefix = `${layout.occurrence.name}::`
  return name.startsWith(prefix) ? name.slice(prefix.length) : name
}

function placed<Named>(named: Named, field: Field, repetition: number): FieldPlace<Named> {
  if (field.columns[repetition] === undefined) throw new Refusal(111)
  return { field: named, repetition }
}
