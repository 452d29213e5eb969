import { startEmulator } from '@fm/emulator'
import { expect, test } from 'vitest'
import { clientOf, mapCache, startServer } from './support.ts'

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

test('layouts and scripts come flat, each told the folders it stands in, without separators', async () => {
  await using server = await startEmulator({
    databases: {
      Demo: {
        tables: { People: { fields: { name: 'text' } } },
        layouts: [
          { folder: 'Lists', layouts: [{ folder: 'Old', layouts: [{ name: 'A', table: 'People' }] }] },
          { name: 'B', table: 'People' },
        ],
        scripts: [
          { name: 'Do it' },
          { name: '-' },
          { folder: 'Admin', scripts: [{ name: 'Clean up' }, { name: '-' }] },
        ],
      },
    },
  })
  await using fm = clientOf(server)
  const layouts = await fm.layouts({ folders: 'flat' })
  expect(layouts.map(({ name, folders }) => [name, ...folders])).toEqual([['A', 'Lists', 'Old'], ['B']])
  const scripts = await fm.scripts({ folders: 'flat' })
  expect(scripts.map(({ name, folders }) => [name, ...folders])).toEqual([['Do it'], ['Clean up', 'Admin']])
  await expect(fm.layouts({ folders: 'none' } as object)).rejects.toThrow(/layouts: folders: must be one of/)
  await expect(fm.scripts({ flat: true } as object)).rejects.toThrow(/scripts: there is no option "flat"/)
})

test('a layout’s metadata can be those for one record, or those of old', async () => {
  await using server = await startServer()
  await using fm = clientOf(server)
  const people = fm.layout('People')
  expect((await people.metadata({ recordId: '7' })).fieldMetaData).toHaveLength(3)
  await expect(people.metadata({ recordId: 'x' })).rejects.toThrow(/metadata: recordId/)
  expect((await people.oldMetadata())[1]).toMatchObject({
    name: 'age',
    result: 'number',
    global: false,
    repetitions: 1,
  })
})

test('a session can be asked about: a dead one is renewed, a lost exclusive one is told', async () => {
  await using server = await startServer()
  await using fm = clientOf(server, { cache: mapCache() })
  expect(await fm.validateSession()).toEqual({ isSessionInUse: false })
  server.killSessions()
  expect(await fm.validateSession()).toEqual({ isSessionInUse: false })
  expect(server.count('POST /sessions')).toBe(2)
  await using scope = await fm.startCommunication({ exclusive: true })
  expect(await scope.validateSession()).toEqual({ isSessionInUse: false })
  server.killSessions()
  await expect(scope.validateSession()).rejects.toMatchObject({ name: 'SessionLostError' })
})
