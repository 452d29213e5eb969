import { describe, expect, test } from 'vitest'
import type { TestContext } from 'vitest'
import { emulatorFor, send, signIn } from './support.ts'

async function types(context: TestContext) {
  const server = await emulatorFor(context, {
    databases: {
      Demo: {
        dateFormat: 'dd.MM.yyyy',
        tables: {
          All: {
            fields: { text: 'text', number: 'number', date: 'date', time: 'time', stamp: 'timestamp' },
            records: [{ date: '2025-03-11', time: '19:57:12', stamp: '03/11/2025 19:57:12' }],
          },
        },
      },
    },
  })
  const client = await signIn(server, 'Demo')
  /** Writes a value and reads it again. */
  const through = async (field: string, value: unknown, dateformats = 0): Promise<string> => {
    const written = await client.call('PATCH', '/layouts/All/records/1', { fieldData: { [field]: value }, dateformats })
    if (written.code !== '0') return `error ${written.code}, HTTP ${written.status}`
    const read = await client.call('GET', `/layouts/All/records/1?dateformats=${dateformats}`)
    return JSON.stringify(read.response.data?.[0]?.fieldData[field])
  }
  return { client, server, through }
}

describe('types on the wire (section 8.6)', () => {
  test('numbers are JSON numbers, empty ones are empty text', async (context) => {
    const { through } = await types(context)
    expect(await through('number', 36)).toBe('36')
    expect(await through('number', '36')).toBe('36')
    expect(await through('number', '-0.5')).toBe('-0.5')
    expect(await through('number', ' 7 ')).toBe('7')
    expect(await through('number', '1e3')).toBe('1000')
    expect(await through('number', '')).toBe('""')
  })

  test('no digit of a long number is lost, whether it comes as text or as JSON number', async (context) => {
    const { client, server, through } = await types(context)
    for (const digits of ['12345678901234567890', '0.12345678901234567890', '9007199254740993']) {
      expect(await through('number', digits)).toBe(JSON.stringify(digits))
    }
    expect(await through('number', '123456789012345')).toBe('123456789012345')
    // As text: JSON.stringify would not round it, the number would be rounded already.
    const headers = { ...client.bearer, 'content-type': 'application/json' }
    const path = '/fmi/data/v1/databases/Demo/layouts/All/records/1'
    await send(server.url, 'PATCH', path, { headers, body: '{"fieldData":{"number":12345678901234567890}}' })
    const { text } = await send(server.url, 'GET', path, { headers })
    expect(text).toContain('"number":"12345678901234567890"')
  })

  test('numbers beyond what a double holds are kept too, however they come', async (context) => {
    const { client, server, through } = await types(context)
    for (const digits of ['1e400', '-1e-400', '1.5E+999', '7'.repeat(400)]) {
      expect(await through('number', digits)).toBe(JSON.stringify(digits))
    }
    const headers = { ...client.bearer, 'content-type': 'application/json' }
    const path = '/fmi/data/v1/databases/Demo/layouts/All/records/1'
    for (const digits of ['1e400', '-1e-400', '1.5E+999', '9007199254740993e2']) {
      await send(server.url, 'PATCH', path, { headers, body: `{"fieldData":{"number":${digits}}}` })
      expect((await send(server.url, 'GET', path, { headers })).text).toContain(`"number":"${digits}"`)
    }
    expect(await through('number', '0e400')).toBe('0')
    expect(await through('number', '1e-300')).toBe('1e-300')
  })

  test('long numbers travel as JSON numbers where the definition says so (section 14, question 7)', async (context) => {
    const server = await emulatorFor(context, {
      databases: {
        Demo: {
          longNumbers: 'number',
          tables: {
            All: {
              fields: { number: 'number', text: 'text' },
              records: ['12345678901234567890', '+.12345678901234567890', '007.e400', '12 kg'].map((number) => ({
                number,
                text: '12345678901234567890',
              })),
            },
          },
        },
      },
    })
    const client = await signIn(server, 'Demo')
    const { text } = await client.call('GET', '/layouts/All/records')
    const numbers = [...text.matchAll(/"number":([^,]+),"text":("[^"]+")/g)].map((match) => match.slice(1))
    const long = '"12345678901234567890"'
    expect(numbers).toEqual([
      ['12345678901234567890', long],
      ['0.12345678901234567890', long],
      ['7e400', long],
      ['"12 kg"', long],
    ])
  })

  test('a number field keeps text that it is given', async (context) => {
    const { through } = await types(context)
    expect(await through('number', '12 kg')).toBe('"12 kg"')
  })

  test('text keeps every character, CR line breaks and digits that look like a number', async (context) => {
    const { through } = await types(context)
    for (const text of ['a\rb\tc', '007', 'ø/"\\', '🙂', '\u0001x', ' blanks ', 'a\nb']) {
      expect(await through('text', text)).toBe(JSON.stringify(text))
    }
    expect(await through('text', 'a\u0000b')).toBe('"ab"')
    expect(await through('text', 12.5)).toBe('"12.5"')
  })

  test('dates are US ones unless dateformats says otherwise: 1 is the form of the file, 2 is ISO', async (context) => {
    const { client, through } = await types(context)
    const read = async (dateformats: string) => {
      const { response } = await client.call('GET', `/layouts/All/records/1${dateformats}`)
      const { date, time, stamp } = response.data?.[0]?.fieldData ?? {}
      return [date, time, stamp]
    }
    expect(await read('')).toEqual(['03/11/2025', '19:57:12', '03/11/2025 19:57:12'])
    expect(await read('?dateformats=0')).toEqual(await read(''))
    expect(await read('?dateformats=1')).toEqual(['11.03.2025', '19:57:12', '11.03.2025 19:57:12'])
    expect(await read('?dateformats=2')).toEqual(['2025-03-11', '19:57:12', '2025-03-11 19:57:12'])
    expect((await client.call('GET', '/layouts/All/records/1?dateformats=3')).code).toBe('960')
    expect(await through('date', '31.12.2024', 1)).toBe('"31.12.2024"')
    expect(await through('date', '2024-12-31', 2)).toBe('"2024-12-31"')
    expect(await through('date', '1/2/2024')).toBe('"01/02/2024"')
  })

  test('an ISO date without dateformats, or a day that there is not, is a failed validation', async (context) => {
    const { through } = await types(context)
    for (const date of ['2024-12-31', '02/30/2024', '13/01/2024', 'tomorrow']) {
      expect(await through('date', date)).toBe('error 500, HTTP 500')
    }
    expect(await through('date', '02/29/2024')).toBe('"02/29/2024"')
    expect(await through('date', '02/29/2023')).toBe('error 500, HTTP 500')
    expect(await through('stamp', '02/29/2024 25:00:00')).toBe('error 500, HTTP 500')
  })

  test('times take single digits, AM and PM, fractions, and more than a day', async (context) => {
    const { through } = await types(context)
    expect(await through('time', '8:5')).toBe('"08:05:00"')
    expect(await through('time', '8:05:09 PM')).toBe('"20:05:09"')
    expect(await through('time', '12:00 am')).toBe('"00:00:00"')
    expect(await through('time', '30:00:00.25')).toBe('"30:00:00.25"')
    expect(await through('time', '10:70')).toBe('error 501, HTTP 500')
    expect(await through('stamp', '1/2/2024 8:05 pm')).toBe('"01/02/2024 20:05:00"')
  })
})
