import { startEmulator } from '@fm/emulator'
import { expect, test } from 'vitest'
import { clientOf, startServer } from './support.ts'

test('product information and database names need no session', async () => {
  await using server = await startServer()
  await using fm = clientOf(server)
  expect(await fm.productInfo()).toMatchObject({ name: 'FileMaker Data API Engine', dateFormat: 'MM/dd/yyyy' })
  expect(await fm.databases()).toEqual([{ name: 'Demo' }])
  expect(server.count('POST /sessions')).toBe(0)
})

test('layouts and scripts come as trees', async () => {
  await using server = await startEmulator({
    databases: {
      Demo: {
        tables: { People: { fields: { name: 'text' } } },
        layouts: [{ folder: 'Lists', layouts: [{ name: 'People', table: 'People' }] }],
        scripts: [{ name: 'Do it' }, { folder: 'Admin', scripts: [{ name: 'Clean up' }] }],
      },
    },
  })
  await using fm = clientOf(server)
  expect(await fm.layouts()).toMatchObject([{ name: 'Lists', isFolder: true, folderLayoutNames: [{ name: 'People' }] }])
  expect(await fm.scripts()).toMatchObject([
    { name: 'Do it', isFolder: false },
    { name: 'Admin', isFolder: true, folderScriptNames: [{ name: 'Clean up' }] },
  ])
})

test('a layout tells its fields, and value lists even where it has none', async () => {
  await using server = await startServer()
  await using fm = clientOf(server)
  const metadata = await fm.layout('People').metadata()
  expect(metadata.fieldMetaData.map(({ name, result }) => [name, result])).toEqual([
    ['name', 'text'],
    ['age', 'number'],
    ['note', 'text'],
  ])
  expect(metadata.portalMetaData).toEqual({})
  expect(metadata.valueLists).toEqual([])
})
