import { expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import { emulatorFor, signIn } from './support.ts'

// Section 3.19.

async function withGlobals(context: TestContext) {
  const server = await emulatorFor(context, {
    databases: {
      Demo: {
        tables: {
          People: {
            fields: {
              name: 'text',
              gText: { type: 'text', global: true, value: 'first' },
              gDays: { type: 'date', global: true, maxRepeat: 2 },
            },
            records: [{ name: 'Ada' }],
          },
        },
      },
    },
  })
  return { server, client: await signIn(server, 'Demo') }
}

test('a global field has the value that the session has set, and no other session sees it', async (context) => {
  const { server, client } = await withGlobals(context)
  const other = await signIn(server, 'Demo')
  const globalFields = { 'People::gText': 'mine', 'People::gDays(2)': '03/11/2025' }
  const set = await client.call('PATCH', '/globals', { globalFields })
  expect(set.text).toBe('{"response":{},"messages":[{"code":"0","message":"OK"}]}')
  const mine = await client.call('GET', '/layouts/People/records/1')
  const theirs = await other.call('GET', '/layouts/People/records/1')
  expect(mine.response.data?.[0]?.fieldData).toEqual({
    name: 'Ada',
    gText: 'mine',
    'gDays(1)': '',
    'gDays(2)': '03/11/2025',
  })
  expect(theirs.response.data?.[0]?.fieldData).toEqual({ name: 'Ada', gText: 'first', 'gDays(1)': '', 'gDays(2)': '' })
})

test('names without their occurrence and fields that are not global are 102; then nothing is set', async (context) => {
  const { client } = await withGlobals(context)
  for (const name of ['gText', 'People::name', 'Nothing::gText', 'People::nothing']) {
    const reply = await client.call('PATCH', '/globals/', { globalFields: { 'People::gText': 'x', [name]: 'y' } })
    expect([name, reply.status, reply.code]).toEqual([name, 500, '102'])
  }
  expect((await client.call('PATCH', '/globals', { globalFields: { 'People::gDays(3)': '' } })).code).toBe('111')
  expect((await client.call('PATCH', '/globals', {})).code).toBe('10')
  const { response } = await client.call('GET', '/layouts/People/records/1')
  expect(response.data?.[0]?.fieldData.gText).toBe('first')
})

test('a global field is no field of a record that could be edited', async (context) => {
  const { client } = await withGlobals(context)
  expect((await client.call('PATCH', '/layouts/People/records/1', { fieldData: { gText: 'x' } })).code).toBe('201')
})
