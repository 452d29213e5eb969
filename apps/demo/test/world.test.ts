import { basic, createClient } from '@fm/core'
import { startEmulator } from '@fm/emulator'
import { expect, test } from 'vitest'
import { ACCOUNT, DATABASE, describeWorld, type CityFields, type CountryFields } from '../src/world.ts'

test(
  'the world is loaded in ten seconds, and a find without an index answers in 300 ms',
  { timeout: 60_000 },
  async () => {
    const startedAt = performance.now()
    await using server = await startEmulator({ databases: { [DATABASE]: await describeWorld() } })
    expect(performance.now() - startedAt).toBeLessThan(10_000)

    const auth = basic(ACCOUNT.name, ACCOUNT.password)
    await using client = createClient({ server: server.url, database: DATABASE, auth })
    const cities = client.layout<CityFields>('Cities')
    const countries = client.layout<CountryFields>('Countries')
    await using scope = await client.startCommunication()
    expect(await scope.layout('Countries').list({ limit: 1 })).toMatchObject({ dataInfo: { totalRecordCount: 250 } })
    expect(await scope.layout('Cities').list({ limit: 1 })).toMatchObject({ dataInfo: { totalRecordCount: 135_233 } })

    const durations: number[] = []
    // The best of three: other tests run on the same processors.
    for (let times = 0; times < 3; times += 1) {
      const before = performance.now()
      const { dataInfo } = await cities.find([{ name: '*ville' }], { limit: 10 })
      durations.push(performance.now() - before)
      expect(dataInfo.foundCount).toBeGreaterThan(1_000)
    }
    expect(Math.min(...durations)).toBeLessThan(300)

    const { data } = await countries.find([{ countryCode: '==NO' }])
    const [norway] = data
    expect(norway?.fieldData).toMatchObject({ name: 'Norway', capital: 'Oslo', region: 'Europe' })
    expect(norway?.portalData.Cities?.[0]).toMatchObject({ 'Cities::name': 'Oslo' })
    const url = norway?.fieldData.flag ?? ''
    // The first answer is a redirect to the same place, with a cookie that the second request must bring.
    const redirect = await fetch(url, { redirect: 'manual' })
    const [cookie = ''] = (redirect.headers.get('set-cookie') ?? '').split(';')
    const flag = await fetch(url, { headers: { cookie } })
    expect(flag.headers.get('content-type')).toContain('image/svg+xml')
    expect(await flag.text()).toContain('<svg')
  },
)
