import { describe, expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import { column, emulatorFor, signIn } from './support.ts'

async function things(context: TestContext) {
  const server = await emulatorFor(context, {
    databases: {
      Demo: {
        tables: {
          Things: {
            fields: { id: 'number', name: 'text', size: 'text', weight: 'number', bought: 'date', maker: 'text' },
            records: [
              { id: 1, name: 'banana', size: 'large', weight: 10, bought: '12/01/2024', maker: 'b' },
              { id: 2, name: 'Äpfel', size: 'small', weight: 9, bought: '02/01/2025', maker: 'a' },
              { id: 3, name: 'Apple', size: 'medium', weight: '9 kg', bought: '', maker: 'b' },
              { id: 4, name: '', size: 'huge', weight: '', bought: '01/01/2025', maker: 'a' },
              { id: 5, name: 'apricot', size: 'small', weight: 100, bought: '01/01/2025', maker: '' },
            ],
          },
          Makers: {
            fields: { key: 'text', rank: 'number' },
            records: [
              { key: 'A', rank: 2 },
              { key: 'b', rank: 1 },
            ],
          },
        },
        relationships: [{ from: 'Things', to: 'Makers', match: { maker: 'key' } }],
        valueLists: { Sizes: ['small', 'medium', 'large'] },
        layouts: [
          { name: 'Things', table: 'Things', fields: ['id', 'name', 'size', 'weight', 'bought', 'Makers::rank'] },
        ],
      },
    },
  })
  const client = await signIn(server, 'Demo')
  const inRange = async (sort: unknown) => {
    const reply = await client.call('GET', `/layouts/Things/records?_sort=${encodeURIComponent(JSON.stringify(sort))}`)
    return reply.code === '0' ? column(reply, 'id') : `${reply.code} (HTTP ${reply.status})`
  }
  return { client, inRange }
}

describe('sort (section 8.3)', () => {
  test('text by letters, whatever their case; empty first', async (context) => {
    const { inRange } = await things(context)
    expect(await inRange([{ fieldName: 'name' }])).toEqual([4, 2, 3, 5, 1])
    expect(await inRange([{ fieldName: 'name', sortOrder: 'descend' }])).toEqual([1, 5, 3, 2, 4])
  })

  test('numbers by value, also where the field holds text', async (context) => {
    const { inRange } = await things(context)
    expect(await inRange([{ fieldName: 'weight', sortOrder: 'ascend' }])).toEqual([4, 2, 3, 1, 5])
  })

  test('dates by time, the second key where the first is alike, then the order of creation', async (context) => {
    const { inRange } = await things(context)
    expect(await inRange([{ fieldName: 'bought' }])).toEqual([3, 1, 4, 5, 2])
    expect(await inRange([{ fieldName: 'bought' }, { fieldName: 'weight', sortOrder: 'descend' }])).toEqual([
      3, 1, 5, 4, 2,
    ])
  })

  test('by a value list, what is not in it last', async (context) => {
    const { inRange } = await things(context)
    expect(await inRange([{ fieldName: 'size', sortOrder: 'Sizes' }])).toEqual([2, 5, 3, 1, 4])
  })

  test('by the first related record; match fields are blind to case', async (context) => {
    const { inRange } = await things(context)
    expect(await inRange([{ fieldName: 'Makers::rank' }])).toEqual([5, 1, 3, 2, 4])
  })

  test('a find takes the sort as an array', async (context) => {
    const { client } = await things(context)
    const sort = [{ fieldName: 'name', sortOrder: 'descend' }]
    expect(column(await client.find('Things', [{ name: 'ap' }], { sort }), 'id')).toEqual([5, 3])
    expect((await client.find('Things', [{ name: 'ap' }], { sort: 'name' })).code).toBe('960')
  })

  test('an unknown field is 102, an unknown order 404', async (context) => {
    const { inRange } = await things(context)
    expect(await inRange([{ fieldName: 'maker' }])).toBe('102 (HTTP 500)')
    expect(await inRange([{ fieldName: 'name', sortOrder: 'up' }])).toBe('404 (HTTP 500)')
    expect(await inRange({ fieldName: 'name' })).toBe('960 (HTTP 400)')
  })
})
