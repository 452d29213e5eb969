// What definitions get wrong. They may come from JSON files, so what the types promise is looked at all the same.

/** @throws TypeError that names the place in the definition and what is wrong there */
export function fail(place: string, problem: string): never {
  throw new TypeError(`${place}: ${problem}`)
}

export function quote(name: string): string {
  return JSON.stringify(name)
}

/** An optional list; empty when it is left out. @throws TypeError when it is something else. */
export function listAt<Item>(given: readonly Item[] | undefined, place: string): readonly Item[] {
  if (given === undefined) return []
  return Array.isArray(given) ? given : fail(place, 'must be an array')
}

/** An optional object; empty when it is left out. @throws TypeError when it is something else. */
export function keyedAt<Value>(
  given: Readonly<Record<string, Value>> | undefined,
  place: string,
): [key: string, value: Value][] {
  if (given === undefined) return []
  if (typeof given !== 'object' || given === null || Array.isArray(given)) fail(place, 'must be an object')
  return Object.entries(given)
}

/** Looks for keys that mean nothing: a misspelt one would go unnoticed otherwise. @throws TypeError that names it */
export function onlyKeys<Given extends object>(given: Given, known: readonly (keyof Given)[], place: string): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key as keyof Given))
  if (unknown !== undefined) fail(place, `there is no key ${quote(unknown)}; there are ${known.join(', ')}`)
}
