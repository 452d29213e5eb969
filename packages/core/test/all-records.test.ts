import { startEmulator } from '@fm/emulator'
import { describe, expect, test } from 'vitest'
import { basic, type AllRecords } from '../src/index.ts'
import { clientOf, eventually, mapCache, pause, startServer, type Person } from './support.ts'

const namesOf = async (records: AllRecords<Person>): Promise<string[]> => {
  const names: string[] = []
  for await (const { fieldData } of records) names.push(fieldData.name)
  return names
}
const everybody = Array.from({ length: 250 }, (_, index) => `Person ${index + 1}`)

describe('reading everything', () => {
  test('listAll gives every record once, in pages of the size asked for, each page by one request', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    expect(await namesOf(fm.layout<Person>('People').listAll({ pageSize: 60 }))).toEqual(everybody)
    expect(server.count('GET /records')).toBe(5)
  })

  test('findAll gives what matches, in the sort asked for, and takes what a find takes', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout<Person>('People')
    const oldest = people.findAll([{ age: '>80' }, { name: '==Person 90', omit: true }], {
      sort: [{ fieldName: 'age', sortOrder: 'descend' }, { fieldName: 'name' }],
      pageSize: 4,
      offset: 2,
      limit: 6,
    })
    const ages: number[] = []
    for await (const { fieldData } of oldest) ages.push(fieldData.age)
    expect(ages).toEqual([88, 88, 87, 87, 86, 86])
    expect(await namesOf(people.findAll([{ name: 'Nobody' }]))).toEqual([])
  })

  test('pages() gives pages, none of them empty, and each loop reads anew', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout<Person>('People').listAll({ pageSize: 100 })
    for (let round = 0; round < 2; round++) {
      const sizes: number[] = []
      for await (const { data, dataInfo } of people.pages()) sizes.push(data.length, dataInfo.foundCount)
      expect(sizes).toEqual([100, 250, 100, 250, 50, 250])
    }
  })

  test('first() asks for one record, and is undefined where there is none', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout<Person>('People')
    const sort = [{ fieldName: 'age', sortOrder: 'descend' }]
    expect((await people.findAll([{ age: '<50' }], { sort }).first())?.fieldData.age).toBe(49)
    expect((await people.listAll({ offset: 7 }).first())?.fieldData.name).toBe('Person 7')
    expect(await people.findAll([{ name: 'Nobody' }]).first()).toBeUndefined()
    expect(server.count()).toBe(4)
  })

  test('count() asks for one record without portals, and counts all that match', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout<Person>('People')
    expect(await people.listAll({ limit: 3 }).count()).toBe(250)
    expect(await people.findAll([{ age: '<2' }]).count()).toBe(6)
    expect(await people.findAll([{ name: 'Nobody' }]).count()).toBe(0)
    expect(server.count()).toBe(4)
  })

  test('first, count and pages of a scope stay on its session', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    await using scope = await fm.startCommunication({ exclusive: true })
    const people = scope.layout<Person>('People').listAll({ pageSize: 50 })
    expect(await people.count()).toBe(250)
    expect(await namesOf(people)).toEqual(everybody)
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('without a cache the session is kept from the first page to the last, and ended then', async () => {
    await using server = await startServer()
    await using fm = clientOf(server)
    expect(await namesOf(fm.layout<Person>('People').listAll({ pageSize: 20 }))).toEqual(everybody)
    expect(server.count('POST /sessions')).toBe(1)
    await eventually('the session is ended', () => server.sessions().length === 0)
  })

  test('portals come along, a window of each', async () => {
    await using server = await startEmulator({
      databases: {
        Demo: {
          tables: {
            Orders: { fields: { id: 'number' }, records: [{ id: 1 }, { id: 2 }] },
            Lines: { fields: { order: 'number' }, records: [{ order: 1 }, { order: 2 }, { order: 2 }] },
          },
          relationships: [{ from: 'Orders', to: 'Lines', match: { id: 'order' } }],
          layouts: [{ name: 'Orders', table: 'Orders', portals: [{ table: 'Lines', name: 'lines' }] }],
        },
      },
    })
    await using fm = clientOf(server)
    const rows: unknown[] = []
    for await (const { portalData } of fm.layout('Orders').listAll({ portal: { lines: { limit: 1 } } }))
      rows.push(portalData.lines?.length)
    expect(rows).toEqual([1, 1])
  })
})

describe('the next page', () => {
  test('travels while the caller works on one, and no other after it', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    for await (const _page of fm.layout('People').listAll({ pageSize: 50 }).pages()) {
      await eventually('the second page is there', () => server.count('GET /records') === 2)
      await pause(50)
      expect(server.count('GET /records')).toBe(2)
      break
    }
  })

  test('is not asked for before it is wanted where that was said', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    for await (const _page of fm.layout('People').listAll({ pageSize: 50, lookAhead: false }).pages()) {
      await pause(50)
      break
    }
    expect(server.count('GET /records')).toBe(1)
  })

  test('that is under way when the loop is left is ended with it, harms no other call and costs no session', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout<Person>('People')
    server.fault({ on: 'GET /records', after: 1, count: 1, do: { delayMs: 400 } })
    for await (const _person of people.listAll({ pageSize: 50 })) break
    expect((await fm.sessions.inspect()).slots[0]?.inFlight).toBe(0)
    expect(await people.findAll([{ name: '==Person 3' }]).count()).toBe(1)
    expect(server.count('POST /sessions')).toBe(1)
  })

  test('that fails while the caller works is told when it is wanted, and not before', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    server.fault({ on: 'GET /records', after: 1, do: { code: 9 } })
    const seen: number[] = []
    const reading = async (): Promise<void> => {
      for await (const { data } of fm.layout('People').listAll({ pageSize: 50 }).pages()) {
        seen.push(data.length)
        await pause(50)
      }
    }
    await expect(reading()).rejects.toMatchObject({ fileMakerCode: 9 })
    expect(seen).toEqual([50])
  })

  test('that would fail is nobody’s when the loop was left', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const unhandled: unknown[] = []
    const note = (error: unknown): void => void unhandled.push(error)
    process.on('unhandledRejection', note)
    server.fault({ on: 'GET /records', after: 1, do: { code: 9 } })
    for await (const _page of fm.layout('People').listAll({ pageSize: 50 }).pages()) {
      await pause(50)
      break
    }
    await pause(50)
    process.off('unhandledRejection', note)
    expect(unhandled).toEqual([])
  })
})

describe('a login that is refused', () => {
  test('is told in the words of the reading, with a cache and without', async () => {
    await using server = await startServer()
    for (const cache of [undefined, mapCache()]) {
      await using fm = clientOf(server, { cache, auth: basic('web', 'wrong') })
      const reading = namesOf(fm.layout<Person>('People').listAll())
      await expect(reading).rejects.toMatchObject({
        name: 'SessionError',
        fileMakerCode: 212,
        operation: 'GET /databases/{database}/layouts/{layout}/records',
      })
    }
  })
})

describe('the signal', () => {
  test('ends the reading within a page that is under way', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const stop = new AbortController()
    server.fault({ on: 'GET /records', after: 1, do: { delayMs: 5_000 } })
    const reading = namesOf(fm.layout<Person>('People').listAll({ pageSize: 50, signal: stop.signal }))
    await eventually('the second page is under way', () => server.count('GET /records') === 2)
    const abortedAt = performance.now()
    stop.abort('enough')
    await expect(reading).rejects.toMatchObject({ name: 'AbortError', cause: 'enough', outcome: 'not-executed' })
    expect(performance.now() - abortedAt).toBeLessThan(500)
  })
})

describe('records that vanish meanwhile', () => {
  test('make the loop that deletes them skip no other', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout<Person>('People')
    const names: string[] = []
    for await (const { recordId, fieldData } of people.listAll({ pageSize: 30 })) {
      names.push(fieldData.name)
      await people.delete(recordId)
    }
    expect(names).toEqual(everybody)
    expect(await people.listAll().count()).toBe(0)
  })

  test('make a loop over a find skip no other, deleted by somebody else', async () => {
    await using server = await startServer()
    await using fm = clientOf(server, { cache: mapCache() })
    const people = fm.layout<Person>('People')
    const seen: string[] = []
    for await (const { recordId } of people.findAll([{ name: '*' }], { pageSize: 25 })) {
      seen.push(recordId)
      if (seen.length % 25 === 10) for (const gone of seen.splice(0, 5)) await people.delete(gone)
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(server.records('Demo', 'People').map(({ recordId }) => recordId)).toEqual(
      seen.toSorted((one, other) => Number(one) - Number(other)),
    )
  })
})

describe('what makes no sense', () => {
  test.each<[string, object, RegExp]>([
    ['a page of nothing', { pageSize: 0 }, /listAll: pageSize/],
    ['a limit of nothing', { limit: 0 }, /listAll: limit/],
    ['a script, which would run with each page', { script: 'Any' }, /listAll: there is no option "script"/],
    ['a sort that is none', { sort: 'name' }, /listAll: sort/],
    ['a look ahead of two', { lookAhead: 2 }, /listAll: lookAhead/],
  ])('%s is refused by name at once, before anything is sent', async (_what, options, message) => {
    await using server = await startServer()
    await using fm = clientOf(server)
    expect(() => fm.layout('People').listAll(options)).toThrow(message)
    expect(() => fm.layout('People').findAll([])).toThrow(/findAll: requests/)
    expect(server.requests()).toEqual([])
  })
})
