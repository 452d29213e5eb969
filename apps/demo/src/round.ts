// What an application does with the database, once round.

import type { Client, Layout } from '@fm/core'
import { expectThat, type Calls } from './calls.ts'
import { visitCity } from './visits.ts'
import type { CityFields, CountryFields, VisitFields } from './world.ts'

/** Reads about one country in several ways, then writes down a visit to its largest city, corrects it and deletes it. */
export async function goRound(calls: Calls, client: Client, countryCode: string, visitKey: string): Promise<void> {
  const countries = client.layout<CountryFields>('Countries')
  const cities = client.layout<CityFields>('Cities')

  const largest = await calls.read('find', async () => {
    const sort = [{ fieldName: 'population', sortOrder: 'descend' }]
    const { data } = await cities.find([{ countryCode: `==${countryCode}` }], { limit: 1, sort })
    const [city] = data
    if (city?.fieldData.countryCode !== countryCode) throw new Error(`wrong answer: no city of ${countryCode}`)
    return city.fieldData
  })
  await findByName(calls, cities, largest)
  await findByPopulation(calls, cities)
  await pageThrough(calls, cities, countryCode)
  await readCountry(calls, countries, largest)

  const visit = { visitKey, cityId: largest.cityId, rating: 3, note: `On the way through ${countryCode}` }
  await visitCity(calls, client.layout<VisitFields>('Visits'), visit)
}

async function findByName(calls: Calls, cities: Layout<CityFields>, { name, countryCode }: CityFields): Promise<void> {
  // Letters only: all else may mean something in a find criterion.
  const prefix = /^\p{L}{1,3}/u.exec(name)?.[0]
  if (prefix === undefined) return
  await calls.read('find', async () => {
    const { data } = await cities.find([{ countryCode: `==${countryCode}`, name: `${prefix}*` }], { limit: 20 })
    expectThat(data.length > 0, `no city in ${countryCode} begins with ${prefix}`)
  })
}

async function findByPopulation(calls: Calls, cities: Layout<CityFields>): Promise<void> {
  await calls.read('find', async () => {
    const { data } = await cities.find([{ population: '1000000...2000000' }], { limit: 20 })
    const fits = data.every(({ fieldData }) => fieldData.population >= 1e6 && fieldData.population <= 2e6)
    expectThat(data.length === 20 && fits, 'not 20 cities of one to two million')
  })
}

async function pageThrough(calls: Calls, cities: Layout<CityFields>, countryCode: string): Promise<void> {
  const seen = new Set<string>()
  let foundCount = 1
  while (seen.size < Math.min(foundCount, MAX_PAGES * PAGE_SIZE)) {
    await calls.read('page', async () => {
      const options = { limit: PAGE_SIZE, offset: seen.size + 1 }
      const { data, dataInfo } = await cities.find([{ countryCode: `==${countryCode}` }], options)
      foundCount = dataInfo.foundCount
      const expected = Math.min(seen.size + PAGE_SIZE, foundCount)
      for (const { recordId } of data) seen.add(recordId)
      expectThat(seen.size === expected, `${seen.size} cities of ${countryCode} on the pages so far, not ${expected}`)
    })
  }
}

const PAGE_SIZE = 50
const MAX_PAGES = 3

async function readCountry(calls: Calls, countries: Layout<CountryFields>, largest: CityFields): Promise<void> {
  const { countryCode, name } = largest
  const recordId = await calls.read('find', async () => {
    const { data } = await countries.find([{ countryCode: `==${countryCode}` }], { portal: [] })
    const [country] = data
    if (country === undefined || data.length > 1) throw new Error(`wrong answer: ${data.length} × ${countryCode}`)
    return country.recordId
  })
  await calls.read('get', async () => {
    const { fieldData, portalData } = await countries.get(recordId, { portal: { Cities: { limit: 10 } } })
    expectThat(fieldData.countryCode === countryCode, `another country than ${countryCode}`)
    expectThat(fieldData.flag !== '', `${countryCode} has no flag`)
    expectThat(portalData.Cities?.[0]?.['Cities::name'] === name, `the portal's first city is not ${name}`)
  })
}
