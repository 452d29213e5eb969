/** How a layout's fields are said: by a type, by codecs, or by a schema of zod. */
export type Definition = 'types' | 'codecs' | 'zod'

/** A program that reads, finds, writes and iterates on fifty layouts, each of twelve fields and a portal. */
export function fiftyLayouts(definition: Definition): string {
  const layouts = Array.from({ length: 50 }, (_, index) => layoutProgram(definition, index))
  return [
    "import { basic, createClient, type ReadOnly } from '@fm/core'",
    "import { boolean, choice, date, exactly, fields, integer, list, not, number, readOnly, required, text, timestamp } from '@fm/core/values'",
    ...(definition === 'zod' ? ["import { z } from 'zod'"] : []),
    "const fm = createClient({ server: 'http://localhost', database: 'Demo', auth: basic('web', 'x') })",
    ...layouts,
    '',
  ].join('\n')
}

function layoutProgram(definition: Definition, index: number): string {
  const at = `layout${index}`
  const shown = definition === 'codecs' ? 'true' : '1'
  return `
${declarationOf(definition, index)}
export async function use${index}(): Promise<string> {
  const page = await ${at}.list({ limit: 10, sort: [{ fieldName: 'name${index}' }] })
  const found = await ${at}.find([{ name${index}: exactly('x') }, not({ mail: '*' })], { portal: { lines: { limit: 5 } } })
  const { recordId, modId } = await ${at}.create({ name${index}: 'x', active: ${shown} })
  await ${at}.edit(recordId, { name${index}: 'y', mail: 'z' }, { modId })
  const { fieldData, portalData } = await ${at}.get(recordId)
  const names = [...page.data, ...found.data].map((record) => record.fieldData.name${index}.toUpperCase())
  const lines = portalData.lines.map((line) => line['Lines::text'].toUpperCase() + line.recordId)
  return [...names, ...lines, fieldData.name${index}, String(fieldData.total)].join(' ')
}`
}

function declarationOf(definition: Definition, index: number): string {
  if (definition === 'types') {
    return `
interface Fields${index} {
  name${index}: string; mail: string; city: string; note: string; born: string; seen: string; active: number; amount: number
  total: ReadOnly<number>; region: 'West' | 'East' | ''; tags: string; serial: ReadOnly<string>
}
interface Portals${index} { lines: { 'Lines::text': string; 'Lines::amount': number } }
const layout${index} = fm.layout<Fields${index}, Portals${index}>('Layout${index}')`
  }
  if (definition === 'codecs') {
    return `
const layout${index} = fm.layout('Layout${index}', {
  schema: fields({
    name${index}: text(), mail: text(), city: text(), note: text(), born: date(), seen: timestamp({ zone: 'UTC', as: 'Date' }),
    active: boolean(), amount: number(), total: readOnly(number()), region: choice(['West', 'East']), tags: list(),
    serial: readOnly(required(integer())),
  }),
  portals: { lines: fields({ 'Lines::text': text(), 'Lines::amount': number() }) },
})`
  }
  return `
const layout${index} = fm.layout('Layout${index}', {
  schema: z.object({
    name${index}: z.string(), mail: z.email(), city: z.string(), note: z.string(), born: z.string(), seen: z.string(),
    active: z.number(), amount: z.number(), total: z.number(), region: z.enum(['West', 'East', '']), tags: z.string(),
    serial: z.string(),
  }),
  portals: { lines: z.object({ 'Lines::text': z.string(), 'Lines::amount': z.number() }) },
  readOnly: ['total', 'serial'],
})`
}
