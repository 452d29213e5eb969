import { describe, expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import type { ScriptCall } from '@fm/emulator'
import { emulatorFor, signIn, sleep } from './support.ts'

async function scripted(context: TestContext) {
  const ran: string[] = []
  const note = (call: ScriptCall): string => {
    ran.push(`${call.parameter}@${call.layout}#${call.recordId}`)
    return `did ${call.parameter}`
  }
  const server = await emulatorFor(context, {
    databases: {
      Demo: {
        tables: { People: { fields: { name: 'text' }, records: [{ name: 'Ada' }] } },
        scripts: [
          { name: 'Note', run: note },
          { folder: 'Inside', scripts: [{ name: 'Fails', run: () => ({ error: 401 }) }] },
          { name: 'Silent' },
          { name: 'Later', run: () => sleep(150) },
          { name: 'Slow', durationMs: 5_000 },
          {
            name: 'Broken',
            run: () => {
              throw new Error('a mistake in the definition')
            },
          },
        ],
      },
    },
  })
  return { server, ran, client: await signIn(server, 'Demo') }
}

describe('the script route (section 3.20)', () => {
  test('result and error are texts', async (context) => {
    const { client, ran } = await scripted(context)
    const { text } = await client.call('GET', '/layouts/People/script/Note?script.param=a%20b')
    expect(text).toBe(
      '{"response":{"scriptResult":"did a b","scriptError":"0"},"messages":[{"code":"0","message":"OK"}]}',
    )
    expect(ran).toEqual(['a b@People#undefined'])
  })

  test("a script's own error leaves the call a success, and without a result there is no key for it", async (context) => {
    const { client } = await scripted(context)
    expect((await client.call('GET', '/layouts/People/script/Fails')).text).toContain(
      '"response":{"scriptError":"401"}',
    )
    expect((await client.call('GET', '/layouts/People/script/Silent')).text).toContain('"response":{"scriptError":"0"}')
  })

  test('an unknown script is 104, script= instead of the path 400', async (context) => {
    const { client } = await scripted(context)
    const unknown = await client.call('GET', '/layouts/People/script/Nothing')
    expect([unknown.status, unknown.code]).toEqual([500, '104'])
    expect((await client.call('GET', '/layouts/People/script/Note?script=Note')).status).toBe(400)
  })

  test('a script that throws is answered as 951, and the log has the error', async (context) => {
    const { client, server } = await scripted(context)
    expect((await client.call('GET', '/layouts/People/script/Broken')).code).toBe('951')
    expect(String(server.requests('GET /script')[0]?.error)).toContain('a mistake in the definition')
  })

  test('a session that is ended under a script answers 112', async (context) => {
    const { client, server } = await scripted(context)
    const running = client.call('GET', '/layouts/People/script/Slow')
    await sleep(30)
    server.killSessions()
    expect((await running).code).toBe('112')
  })
})

describe('scripts within a request (section 6)', () => {
  const all = {
    script: 'Note',
    'script.param': 'after',
    'script.prerequest': 'Note',
    'script.prerequest.param': 'before',
    'script.presort': 'Note',
    'script.presort.param': 'between',
  }

  test('they run before, between and after; their keys come first, in that order', async (context) => {
    const { client, ran } = await scripted(context)
    const results =
      '"scriptResult.prerequest":"did before","scriptError.prerequest":"0","scriptResult.presort":"did between",' +
      '"scriptError.presort":"0","scriptResult":"did after","scriptError":"0"'
    const found = await client.find('People', [{ name: 'ada' }], all)
    expect(found.text.startsWith(`{"response":{${results},"dataInfo":`)).toBe(true)
    const created = await client.call('POST', '/layouts/People/records', { fieldData: {}, ...all })
    expect(created.text).toContain(`{${results},"recordId":"2","modId":"0"}`)
    const query = new URLSearchParams(all).toString()
    const deleted = await client.call('DELETE', `/layouts/People/records/2?${query}`)
    expect(deleted.text).toContain(`"response":{${results}}`)
    expect((await client.call('GET', `/layouts/People/records?${query}`)).text).toContain(`{${results},"dataInfo":`)
    expect(ran.slice(3, 6)).toEqual(['before@People#undefined', 'between@People#2', 'after@People#2'])
  })

  test('a session that ends under an asynchronous prerequest leaves the action undone', async (context) => {
    const { client, server } = await scripted(context)
    const running = client.call('POST', '/layouts/People/records', { fieldData: {}, 'script.prerequest': 'Later' })
    await sleep(30)
    server.killSessions()
    expect((await running).code).toBe('112')
    await sleep(200)
    expect(server.records('Demo', 'People')).toHaveLength(1)
  })

  test('a missing prerequest lets nothing happen; a missing script comes too late for that', async (context) => {
    const { client, server } = await scripted(context)
    const create = (scripts: Record<string, string>) =>
      client.call('POST', '/layouts/People/records', { fieldData: {}, ...scripts })
    expect((await create({ 'script.prerequest': 'Nothing' })).code).toBe('104')
    expect(server.records('Demo', 'People')).toHaveLength(1)
    expect((await create({ script: 'Nothing' })).code).toBe('104')
    expect(server.records('Demo', 'People')).toHaveLength(2)
  })
})
