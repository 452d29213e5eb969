import type { DatabaseDefinition, ShorthandDefinition } from './definition.ts'

/** A bit of everything. */
const EXAMPLE: DatabaseDefinition = {
  tables: {
    Contacts: {
      fields: {
        id: { type: 'number', serial: { next: 1 } },
        name: 'text',
        city: 'text',
        born: 'date',
        photo: 'container',
        gGreeting: { type: 'text', global: true, value: 'Hello' },
      },
      records: [
        {
          name: 'Ada Lovelace',
          city: 'London',
          born: '12/10/1815',
          photo: { name: 'ada.svg', content: portrait('A') },
        },
        {
          name: 'Grace Hopper',
          city: 'New York',
          born: '12/09/1906',
          photo: { name: 'grace.svg', content: portrait('G') },
        },
        { name: 'Kristen Nygaard', city: 'Oslo', born: '08/27/1926' },
      ],
    },
    Phones: {
      fields: { contact: 'number', kind: 'text', number: 'text' },
      records: [
        { contact: 1, kind: 'home', number: '+44 20 5550 0101' },
        { contact: 1, kind: 'work', number: '+44 20 5550 0102' },
        { contact: 3, kind: 'work', number: '+47 5550 0103' },
      ],
    },
  },
  relationships: [{ from: 'Contacts', to: 'Phones', match: { id: 'contact' }, allowCreate: true }],
  valueLists: { Kinds: ['home', 'work', 'mobile'] },
  layouts: [
    {
      name: 'Contacts',
      table: 'Contacts',
      portals: [
        {
          table: 'Phones',
          name: 'phones',
          fields: [{ field: 'kind', valueList: 'Kinds', displayType: 'popupMenu' }, 'number'],
        },
      ],
    },
    { folder: 'Lists', layouts: [{ name: 'Names', table: 'Contacts', fields: ['name', 'city', 'Phones::number'] }] },
  ],
  scripts: [{ name: 'Greet', run: ({ parameter }) => `Hello, ${parameter === '' ? 'world' : parameter}!` }],
}

function portrait(letter: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><text x="4" y="16">${letter}</text></svg>`
}

/** What `fm-emulator start` serves when no definition is given. Account `web`, password `secret`. */
export const EXAMPLES: Readonly<Record<string, DatabaseDefinition | ShorthandDefinition>> = {
  Example: EXAMPLE,
  // The database of the READMEs' programs.
  Demo: { People: [{ name: 'Ada' }] },
}
