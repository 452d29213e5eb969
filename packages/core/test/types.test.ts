// oxlint-disable typescript/unbound-method -- methods are looked at here, not called
import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import {
  basic,
  CallAbortedError,
  checkScripts,
  clarisId,
  createClient,
  errorMeaning,
  FileMakerError,
  heldToken,
  isFileMakerError,
  logTo,
  oauth,
  ProxyAuthError,
  proxyKey,
  SchemaError,
  SessionError,
  SessionLostError,
  TransportError,
  type AllRecords,
  type AllRecordsOptions,
  type Attempt,
  type AttemptMessage,
  type Auth,
  type ByteStream,
  type CacheMessage,
  type CallDetails,
  type CallError,
  type CallMessage,
  type CallOptions,
  type CallPlace,
  type CallTimeouts,
  type ClarisIdOptions,
  type Client,
  type ClientOptions,
  type ContainerError,
  type ContainerErrorReason,
  type ContainerFile,
  type CreatedRecord,
  type Credentials,
  type DataInfo,
  type DataSource,
  type DateFormats,
  type DownloadOptions,
  type DownloadUrlOptions,
  type EditedRecord,
  type EditOptions,
  type EntryMode,
  type FieldData,
  type FieldMetadata,
  type FieldValue,
  type FileMakerMessage,
  type FindRequest,
  type FlatLayoutEntry,
  type FlatScriptEntry,
  type FoldersOptions,
  type GetOptions,
  type HeldTokenAuth,
  type IdentityAuth,
  type IdentityOptions,
  type InFolders,
  type Layout,
  type LayoutContainers,
  type LayoutDefinition,
  type LayoutEntry,
  type LayoutMetadata,
  type LayoutMetadataOptions,
  type LayoutOptions,
  type LayoutSource,
  type ListOptions,
  type LogDetails,
  type Logger,
  type LoginMessage,
  type LogOptions,
  type Metadata,
  type ModIdConflict,
  type NewPortalRecord,
  type OAuthDataSource,
  type OAuthPair,
  type OldFieldMetadata,
  type Outcome,
  type Password,
  type PasswordAuth,
  type PasswordDataSource,
  type Place,
  type PortalDataInfo,
  type PortalFields,
  type PortalRange,
  type PortalRow,
  type PortalRowIds,
  type PortalRowWrite,
  type PortalSchemas,
  type PortalSelection,
  type PortalsRead,
  type PortalWrites,
  type ProductInfo,
  type ProxyKeyAuth,
  type ProxyKeyOptions,
  type ReadOnly,
  type RecordAnswer,
  type RecordEntry,
  type RecordPage,
  type RetryChoices,
  type RetryMessage,
  type RunScriptOptions,
  type SchemaErrorDetails,
  type SchemaInput,
  type SchemaIssue,
  type SchemaOptions,
  type SchemaOutput,
  type SchemaResult,
  type Scope,
  type ScopeOptions,
  type ScriptAnswer,
  type ScriptCall,
  type ScriptedOptions,
  type ScriptEntry,
  type ScriptError,
  type ScriptOptions,
  type ScriptResult,
  type ScriptResults,
  type ScriptSessions,
  type ScriptStep,
  type SessionCache,
  type SessionCheck,
  type SessionErrorReason,
  type SessionMessage,
  type Sessions,
  type SessionsOptions,
  type SessionsReport,
  type SessionState,
  type ShownOptions,
  type SlotEvent,
  type SlotReport,
  type SortOrder,
  type SourceDescription,
  type StandardSchema,
  type TimeoutOptions,
  type Traced,
  type TransferProgress,
  type TransportErrorReason,
  type UploadOptions,
  type UploadSource,
  type ValidationFailure,
  type ValueList,
  type WritableValue,
  type WriteOptions,
  type WrittenBySchema,
  type WrittenFields,
  type WrittenRows,
} from '../src/index.ts'
import * as values from '../src/values.ts'
import type {
  Codec,
  CriterionValue,
  DateOptions,
  FieldSchemas,
  FieldsRead,
  FieldsSchema,
  FieldsWritten,
  NumberOptions,
  ReadOnlySchema,
  Repetitions,
  TextInNumbers,
} from '../src/values.ts'

// These run when they are compiled: `type-checking.test.ts` and `pnpm typecheck` do that. Nothing is sent.

interface Person {
  readonly name: string
  readonly age: number
  readonly score: ReadOnly<number>
  readonly region: 'West' | 'East' | ''
}

interface Portals {
  readonly lines: { readonly 'Lines::text': string }
}

const fm: Client = createClient({ server: 'http://localhost', database: 'Demo', auth: basic('web', 'x') })
const scope = { layout: fm.layout } as Scope
const plain: Layout = fm.layout('People')
const people: Layout<Person, Portals> = fm.layout('People')

/** What a method's promise gives. */
type Given<Method extends (...parameters: never) => unknown> = Awaited<ReturnType<Method>>
interface Ids {
  readonly recordId: string
  readonly modId: string
}

describe('a client', () => {
  test('is made of options, of which three are required', () => {
    expectTypeOf(createClient).parameters.toEqualTypeOf<[ClientOptions]>()
    expectTypeOf(createClient).returns.toEqualTypeOf<Client>()
    expectTypeOf<{ server: string; database: string; auth: Auth }>().toExtend<ClientOptions>()
    expectTypeOf<{ server: string; database: string }>().not.toExtend<ClientOptions>()
    expectTypeOf<ClientOptions['sessions']>().toEqualTypeOf<SessionsOptions | undefined>()
    expectTypeOf<ClientOptions['timeouts']>().toEqualTypeOf<TimeoutOptions | undefined>()
    expectTypeOf<ClientOptions['retry']>().toEqualTypeOf<RetryChoices | undefined>()
    expectTypeOf<ClientOptions['cache']>().toEqualTypeOf<SessionCache | undefined>()
    expectTypeOf<readonly DataSource[]>().toExtend<ClientOptions['dataSources']>()
    expectTypeOf<ClientOptions['cacheSecret']>().toEqualTypeOf<string | readonly string[] | undefined>()
  })

  test('signs in as somebody', () => {
    expectTypeOf(basic).parameters.toEqualTypeOf<[account: string, password: Password | undefined]>()
    expectTypeOf(basic).returns.toEqualTypeOf<Auth>()
    expectTypeOf<Password>().toEqualTypeOf<string | (() => string | Promise<string>)>()
    expectTypeOf<Auth>().toEqualTypeOf<PasswordAuth | IdentityAuth | HeldTokenAuth | ProxyKeyAuth>()
    expectTypeOf<Given<PasswordAuth['credentials']>>().toEqualTypeOf<Credentials>()
    expectTypeOf<Client['withAuth']>().toEqualTypeOf<(auth: Auth) => Client>()
  })

  test('signs in by an identity provider, with a token it holds, or through a proxy', () => {
    type Pair = OAuthPair | (() => OAuthPair | Promise<OAuthPair>)
    expectTypeOf(oauth).parameter(0).toEqualTypeOf<Pair>()
    expectTypeOf(oauth).parameter(1).toExtend<IdentityOptions | undefined>()
    expectTypeOf<OAuthPair>().toEqualTypeOf<{ readonly requestId: string; readonly identifier: string }>()
    expectTypeOf(clarisId).parameters.toEqualTypeOf<[ClarisIdOptions]>()
    expectTypeOf<ClarisIdOptions>().toExtend<IdentityOptions>()
    expectTypeOf<Parameters<ClarisIdOptions['token']>>().toEqualTypeOf<[asked: { readonly renew: boolean }]>()
    expectTypeOf(heldToken).parameters.toEqualTypeOf<[token: string | (() => string | Promise<string>)]>()
    expectTypeOf(proxyKey).parameter(1).toExtend<ProxyKeyOptions | undefined>()
    expectTypeOf(oauth).returns.toEqualTypeOf<Auth>()
    expectTypeOf(clarisId).returns.toEqualTypeOf<Auth>()
    expectTypeOf(heldToken).returns.toEqualTypeOf<Auth>()
    expectTypeOf(proxyKey).returns.toEqualTypeOf<Auth>()
  })

  test('names other files by password or by OAuth, and limits a call by its parts', () => {
    expectTypeOf<DataSource>().toEqualTypeOf<PasswordDataSource | OAuthDataSource>()
    expectTypeOf<CallOptions['timeouts']>().toEqualTypeOf<CallTimeouts | undefined>()
    expectTypeOf<CallTimeouts['queueMs']>().toEqualTypeOf<number | undefined>()
  })

  test('tells what the server and the database consist of', () => {
    expectTypeOf<Client>().toExtend<Metadata>()
    expectTypeOf<Given<Client['productInfo']>>().toEqualTypeOf<ProductInfo>()
    expectTypeOf<Given<Client['databases']>[number]['name']>().toEqualTypeOf<string>()
    const trees = async (): Promise<readonly (LayoutEntry | ScriptEntry)[]> => [
      ...(await fm.layouts()),
      ...(await fm.scripts()),
    ]
    const layoutsFlat = () => fm.layouts({ folders: 'flat' })
    const scriptsFlat = () => fm.scripts({ folders: 'flat' })
    expectTypeOf(trees).toBeFunction()
    expectTypeOf<Given<typeof layoutsFlat>[number]>().toEqualTypeOf<FlatLayoutEntry>()
    expectTypeOf<Given<typeof scriptsFlat>[number]>().toEqualTypeOf<FlatScriptEntry>()
    expectTypeOf<FlatLayoutEntry | FlatScriptEntry>().toExtend<InFolders>()
    expectTypeOf<FoldersOptions>().toExtend<CallOptions>()
    expectTypeOf<Given<SessionCheck['validateSession']>>().toEqualTypeOf<SessionState>()
    expectTypeOf<Client | Scope>().toExtend<SessionCheck>()
  })

  test('has an operator’s view of its sessions, and can be closed', () => {
    expectTypeOf(fm.sessions).toEqualTypeOf<Sessions>()
    expectTypeOf<Given<Sessions['inspect']>>().toEqualTypeOf<SessionsReport>()
    expectTypeOf<Given<Sessions['endAll']>>().toEqualTypeOf<void>()
    expectTypeOf<SessionsReport['slots'][number]>().toEqualTypeOf<SlotReport>()
    expectTypeOf<Given<Client['close']>>().toEqualTypeOf<void>()
    expectTypeOf<Client>().toExtend<AsyncDisposable>()
  })

  test('keeps calls on one session in a scope, which has layouts as it has itself', () => {
    expectTypeOf<Given<Client['startCommunication']>>().toEqualTypeOf<Scope>()
    expectTypeOf(fm.startCommunication).parameter(0).toEqualTypeOf<ScopeOptions | undefined>()
    expectTypeOf<Scope>().toExtend<LayoutSource & AsyncDisposable>()
    expectTypeOf<Client>().toExtend<LayoutSource>()
    expectTypeOf(scope.layout<Person>('People')).toEqualTypeOf<Layout<Person>>()
    expectTypeOf(scope.setGlobals).parameter(0).toEqualTypeOf<Readonly<Record<string, WritableValue>>>()
    expectTypeOf<Given<Scope['endCommunication']>>().toEqualTypeOf<void>()
  })

  test('tells of sessions and the cache on diagnostics channels', () => {
    expectTypeOf<SessionMessage['event']>().toEqualTypeOf<SlotEvent>()
    expectTypeOf<CacheMessage['state']>().toEqualTypeOf<'failing' | 'recovered'>()
    expectTypeOf<CallMessage | AttemptMessage>().toExtend<CallPlace & Traced>()
    expectTypeOf<LoginMessage>().toExtend<Place & Traced>()
    expectTypeOf<RetryMessage>().toExtend<CallPlace>()
    expectTypeOf<CallPlace>().toExtend<Place>()
    expectTypeOf(logTo).parameter(0).toEqualTypeOf<Logger>()
    expectTypeOf(logTo).parameter(1).toEqualTypeOf<LogOptions | undefined>()
    expectTypeOf(logTo).returns.toExtend<Disposable>()
    expectTypeOf<Console>().toExtend<Logger>()
    expectTypeOf<LogDetails>().toEqualTypeOf<Readonly<Record<string, string | number>>>()
  })
})

describe('a layout without types', () => {
  test('has fields by name, texts and numbers', () => {
    expectTypeOf(fm.layout('People')).toEqualTypeOf<Layout>()
    expectTypeOf<PortalFields[string]>().toEqualTypeOf<FieldData>()
    expectTypeOf<FieldData[string]>().toEqualTypeOf<FieldValue>()
    expectTypeOf<FieldValue>().toEqualTypeOf<string | number>()
    expectTypeOf<Given<typeof plain.get>['fieldData']>().toEqualTypeOf<FieldData>()
    expectTypeOf<Given<typeof plain.get>['portalData'][string][number]>().toEqualTypeOf<PortalRow>()
    expectTypeOf<PortalRow[string]>().toEqualTypeOf<FieldValue>()
  })

  test('writes any field, bigints too, and nothing that FileMaker does not know', () => {
    expectTypeOf(plain.create).parameter(0).toEqualTypeOf<Readonly<Record<string, WritableValue>>>()
    expectTypeOf<{ a: string; b: number; c: bigint }>().toExtend<Parameters<typeof plain.create>[0]>()
    expectTypeOf<{ a: null }>().not.toExtend<Parameters<typeof plain.create>[0]>()
    expectTypeOf<{ a: boolean }>().not.toExtend<Parameters<typeof plain.create>[0]>()
    expectTypeOf<{ a: Date }>().not.toExtend<Parameters<typeof plain.create>[0]>()
    expectTypeOf<WritableValue>().toEqualTypeOf<FieldValue | bigint>()
  })

  test('finds by any field', () => {
    expectTypeOf<{ city: string; age: number; omit: boolean }>().toExtend<FindRequest>()
    expectTypeOf<{ city: Date }>().not.toExtend<FindRequest>()
  })
})

describe('a layout with types', () => {
  test('reads its fields and its portals’ rows', () => {
    expectTypeOf(fm.layout<Person, Portals>('People')).toEqualTypeOf<Layout<Person, Portals>>()
    expectTypeOf<Given<typeof people.get>>().toExtend<RecordEntry<Person, Portals>>()
    expectTypeOf<Given<typeof people.list>>().toExtend<RecordPage<Person, Portals>>()
    expectTypeOf<Given<typeof people.find>['data'][number]['fieldData']>().toEqualTypeOf<Person>()
    expectTypeOf<Given<typeof people.list>['dataInfo']>().toEqualTypeOf<DataInfo>()
    expectTypeOf<RecordEntry<Person>['recordId']>().toEqualTypeOf<string>()
    expectTypeOf<RecordEntry<Person>['portalDataInfo']>().toEqualTypeOf<readonly PortalDataInfo[] | undefined>()
    const row = {} as Given<typeof people.get>['portalData']['lines'][number]
    expectTypeOf(row['Lines::text']).toEqualTypeOf<string>()
    expectTypeOf(row.recordId).toEqualTypeOf<string>()
    expectTypeOf<Given<typeof people.get>['portalData']>().not.toHaveProperty('others')
    expectTypeOf({} as Person['score']).toExtend<number>()
  })

  test('writes any of its fields but those that are read-only', () => {
    type Written = Parameters<typeof people.create>[0]
    expectTypeOf<Written>().toEqualTypeOf<WrittenFields<Person>>()
    expectTypeOf<Written>().toEqualTypeOf<{
      readonly name?: string
      readonly age?: number | bigint
      readonly region?: 'West' | 'East' | ''
    }>()
    expectTypeOf(people.edit).parameter(1).toEqualTypeOf<Written>()
    expectTypeOf<{ score: number }>().not.toExtend<Written>()
    // @ts-expect-error -- a field that the layout does not have
    void (() => people.create({ nmae: 'Ada' }))
    // @ts-expect-error -- a field that is read-only
    void (() => people.edit(1, { score: 5 }))
    expectTypeOf<Given<typeof people.create>>().toExtend<Ids>()
    expectTypeOf<Given<typeof people.duplicate>>().toExtend<Ids>()
    expectTypeOf<Given<typeof people.edit>['modId']>().toEqualTypeOf<string>()
  })

  test('finds by its fields, read-only ones too', () => {
    expectTypeOf<{ score: string; name: number; omit: true }>().toExtend<FindRequest<Person>>()
    expectTypeOf(people.find).parameter(0).toEqualTypeOf<readonly FindRequest<Person>[]>()
    // @ts-expect-error -- a field that the layout does not have
    void (() => people.find([{ nmae: 'Ada' }]))
  })

  test('takes the options of each call', () => {
    expectTypeOf(people.list).parameter(0).toEqualTypeOf<ListOptions | undefined>()
    expectTypeOf(people.get).parameter(0).toEqualTypeOf<string | number>()
    expectTypeOf(people.get).parameter(1).toEqualTypeOf<GetOptions | undefined>()
    expectTypeOf(people.find).parameter(1).toEqualTypeOf<ListOptions | undefined>()
    expectTypeOf(plain.create).parameter(1).toEqualTypeOf<WriteOptions | undefined>()
    expectTypeOf(plain.edit).parameter(2).toEqualTypeOf<EditOptions | undefined>()
    expectTypeOf(people.duplicate).parameter(1).toEqualTypeOf<ScriptedOptions | undefined>()
    expectTypeOf(people.delete).parameter(1).toEqualTypeOf<ScriptedOptions | undefined>()
    expectTypeOf(people.metadata).parameter(0).toEqualTypeOf<LayoutMetadataOptions | undefined>()
    expectTypeOf<GetOptions>().toExtend<ShownOptions & ScriptOptions>()
    expectTypeOf<WriteOptions['entrymode']>().toEqualTypeOf<EntryMode | undefined>()
    expectTypeOf<EntryMode>().toEqualTypeOf<'user' | 'script'>()
    expectTypeOf<LayoutOptions['scripts']>().toEqualTypeOf<ScriptSessions | undefined>()
    expectTypeOf<ListOptions>().toExtend<GetOptions & CallOptions>()
    expectTypeOf<EditOptions>().toExtend<WriteOptions & CallOptions>()
    expectTypeOf<ListOptions['sort']>().toEqualTypeOf<readonly SortOrder[] | undefined>()
    expectTypeOf<GetOptions['portal']>().toEqualTypeOf<PortalSelection | undefined>()
    expectTypeOf<readonly string[] | Readonly<Record<string, PortalRange>>>().toEqualTypeOf<PortalSelection>()
    expectTypeOf<GetOptions['dateformats']>().toEqualTypeOf<DateFormats | undefined>()
    expectTypeOf<DateFormats>().toEqualTypeOf<0 | 1 | 2>()
    expectTypeOf<CallOptions['signal']>().toEqualTypeOf<AbortSignal | undefined>()
    expectTypeOf<CallOptions['timeoutMs']>().toEqualTypeOf<number | undefined>()
  })

  test('writes its portals’ rows, new ones and those that are there', () => {
    type Rows = NonNullable<NonNullable<Parameters<typeof people.create>[1]>['portalData']>
    expectTypeOf<Rows>().toEqualTypeOf<PortalWrites<Portals>>()
    expectTypeOf<{ lines: [{ 'Lines::text': string }, { recordId: '1'; modId: '2' }] }>().toExtend<Rows>()
    expectTypeOf<{ lines: [{ 'Lines::text': number }] }>().not.toExtend<Rows>()
    expectTypeOf<PortalRowWrite>().toExtend<PortalRowIds>()
    expectTypeOf<{ any: [{ 'Any::field': bigint; recordId: '1' }] }>().toExtend<PortalWrites>()
    // @ts-expect-error -- a portal that the layout does not have
    void (() => people.create({}, { portalData: { others: [] } }))
    expectTypeOf<CreatedRecord['newPortalRecordInfo']>().toEqualTypeOf<readonly NewPortalRecord[] | undefined>()
  })

  test('walks through all records', () => {
    expectTypeOf(people.listAll()).toEqualTypeOf<AllRecords<Person, Portals>>()
    expectTypeOf(people.findAll).parameter(1).toEqualTypeOf<AllRecordsOptions | undefined>()
    expectTypeOf<AllRecords<Person, Portals>>().toExtend<AsyncIterable<RecordEntry<Person, Portals>>>()
    expectTypeOf<Given<AllRecords<Person>['first']>>().toEqualTypeOf<RecordEntry<Person> | undefined>()
    expectTypeOf<Given<AllRecords['count']>>().toEqualTypeOf<number>()
    expectTypeOf<ReturnType<AllRecords<Person, Portals>['pages']>>().toEqualTypeOf<
      AsyncIterable<RecordPage<Person, Portals>>
    >()
  })

  test('runs scripts, and tells what scripts left', () => {
    expectTypeOf<Given<typeof people.runScript>>().toEqualTypeOf<ScriptResult>()
    expectTypeOf(people.runScript).parameter(2).toEqualTypeOf<RunScriptOptions | undefined>()
    expectTypeOf<Given<typeof people.delete>>().toEqualTypeOf<ScriptResults>()
    expectTypeOf<Given<typeof people.get>>().toEqualTypeOf<RecordAnswer<Person, Portals>>()
    expectTypeOf<Given<typeof people.edit>>().toEqualTypeOf<EditedRecord>()
    expectTypeOf<RecordPage | CreatedRecord | EditedRecord>().toExtend<ScriptResults>()
    expectTypeOf<ScriptOptions['script']>().toEqualTypeOf<string | ScriptCall | undefined>()
  })

  test('takes files into its container fields, and gives them', () => {
    expectTypeOf(people).toExtend<LayoutContainers<Person>>()
    expectTypeOf(people.upload).parameter(1).toEqualTypeOf<keyof Person>()
    expectTypeOf(people.upload).parameter(2).toEqualTypeOf<UploadSource>()
    expectTypeOf(people.upload).parameter(3).toEqualTypeOf<UploadOptions | undefined>()
    expectTypeOf<Given<typeof people.download>>().toEqualTypeOf<ContainerFile | undefined>()
    expectTypeOf(people.download).parameter(2).toEqualTypeOf<DownloadOptions | undefined>()
    expectTypeOf<Given<Client['download']>>().toEqualTypeOf<ContainerFile>()
    expectTypeOf(fm.download).parameter(1).toEqualTypeOf<DownloadUrlOptions | undefined>()
    expectTypeOf<UploadOptions>().toExtend<SourceDescription & CallOptions>()
    expectTypeOf<string | Uint8Array | Blob | ByteStream>().toExtend<UploadSource>()
    expectTypeOf<NonNullable<UploadOptions['onProgress']>>().toEqualTypeOf<(progress: TransferProgress) => void>()
    expectTypeOf<ContainerError>().toExtend<CallError>()
    expectTypeOf<ContainerError['reason']>().toEqualTypeOf<ContainerErrorReason>()
  })

  test('tells of its fields and value lists', () => {
    expectTypeOf<Given<typeof people.oldMetadata>>().toEqualTypeOf<readonly OldFieldMetadata[]>()
    expectTypeOf<Given<typeof people.metadata>>().toEqualTypeOf<LayoutMetadata>()
    expectTypeOf<LayoutMetadata['fieldMetaData'][number]>().toEqualTypeOf<FieldMetadata>()
    expectTypeOf<LayoutMetadata['valueLists'][number]>().toEqualTypeOf<ValueList>()
    expectTypeOf<FieldMetadata['type']>().toEqualTypeOf<'normal' | 'calculation' | 'summary'>()
  })
})

describe('a layout with a schema', () => {
  const inZod = z.object({ name: z.string(), age: z.string().transform(Number), any: z.unknown() })
  const inValibot = v.object({ name: v.string(), age: v.pipe(v.string(), v.transform(Number)) })
  const inArktype = type({ name: 'string', age: 'string.numeric.parse' })

  test('of any library reads what the schema gives', () => {
    expectTypeOf({} as Given<ReturnType<typeof readZod>['get']>['fieldData']).toEqualTypeOf<z.output<typeof inZod>>()
    expectTypeOf({} as Given<ReturnType<typeof readValibot>['get']>['fieldData']).toEqualTypeOf<{
      name: string
      age: number
    }>()
    expectTypeOf({} as Given<ReturnType<typeof readArktype>['get']>['fieldData']).toEqualTypeOf<{
      name: string
      age: number
    }>()
    function readZod() {
      return fm.layout('People', { schema: inZod })
    }
    function readValibot() {
      return fm.layout('People', { schema: inValibot })
    }
    function readArktype() {
      return scope.layout('People', { schema: inArktype })
    }
  })

  test('of a library writes values as they travel, but those that are read-only', () => {
    const layout = () => fm.layout('People', { schema: inZod, readOnly: ['name'] })
    type Written = Parameters<ReturnType<typeof layout>['create']>[0]
    expectTypeOf<Written>().toEqualTypeOf<{ readonly age?: string; readonly any?: WritableValue }>()
    expectTypeOf<WrittenBySchema<typeof inValibot, 'age'>>().toEqualTypeOf<{ readonly name?: string }>()
    // @ts-expect-error -- there is no such field
    void (() => fm.layout('People', { schema: inZod, readOnly: ['nmae'] }))
  })

  test('writes what its encode takes', () => {
    const layout = () =>
      fm.layout('People', { schema: inZod, encode: (given: { readonly age: Date }) => ({ age: given.age.getTime() }) })
    expectTypeOf<Parameters<ReturnType<typeof layout>['create']>[0]>().toEqualTypeOf<{ readonly age: Date }>()
  })

  test('has schemas for portals’ rows, and other portals as they travel', () => {
    const typed = () => fm.layout('People', { schema: inZod, portals: { lines: z.object({ amount: z.number() }) } })
    type Rows = Given<ReturnType<typeof typed>['get']>['portalData']['lines']
    expectTypeOf<Rows[number]>().toEqualTypeOf<PortalRow<{ amount: number }>>()
    const untyped = () => fm.layout('People', { schema: inZod })
    expectTypeOf<Given<ReturnType<typeof untyped>['get']>['portalData'][string][number]>().toEqualTypeOf<PortalRow>()
    // A function that takes any layout of such fields takes this one.
    const named = () => fm.layout('People', { schema: z.object({ name: z.string() }) })
    expectTypeOf<ReturnType<typeof named>>().toExtend<Layout<{ name: string }>>()
    type UntypedWrites = NonNullable<NonNullable<Parameters<ReturnType<typeof untyped>['edit']>[2]>['portalData']>
    expectTypeOf<{ lines: [{ 'Lines::amount': 5n }] }>().toExtend<UntypedWrites>()
    expectTypeOf<PortalsRead<{ readonly lines: typeof inValibot }>['lines']>().toEqualTypeOf<{
      name: string
      age: number
    }>()
    expectTypeOf<{ readonly lines: typeof inValibot }>().toExtend<PortalSchemas>()
    type Writes = NonNullable<NonNullable<Parameters<ReturnType<typeof typed>['edit']>[2]>['portalData']>
    expectTypeOf<{ lines: [{ recordId: '1'; amount: 5 }] }>().toExtend<Writes>()
    expectTypeOf<{ lines: [{ amount: 'x' }] }>().not.toExtend<Writes>()
    expectTypeOf<WrittenRows<{ readonly lines: typeof inValibot }>['lines']>().toEqualTypeOf<
      readonly (PortalRowIds & { readonly name?: string; readonly age?: string })[] | undefined
    >()
  })

  test('is what a Standard Schema is, of which nothing else is known', () => {
    for (const schema of [inZod, inValibot, inArktype, values.text(), values.fields({})])
      expectTypeOf(schema).toExtend<StandardSchema>()
    expectTypeOf<SchemaInput<typeof inValibot>>().toEqualTypeOf<{ name: string; age: string }>()
    expectTypeOf<SchemaOutput<typeof inArktype>>().toEqualTypeOf<{ name: string; age: number }>()
    expectTypeOf<{ readonly schema: typeof inZod }>().toExtend<LayoutDefinition>()
    expectTypeOf<{ readonly value: 5 }>().toExtend<SchemaResult<number>>()
    expectTypeOf<{ readonly issues: readonly SchemaIssue[] }>().toExtend<SchemaResult<number>>()
    expectTypeOf<SchemaOptions['libraryOptions']>().toEqualTypeOf<Record<string, unknown> | undefined>()
    // @ts-expect-error -- no schema
    void (() => fm.layout('People', { schema: { name: 'string' } }))
    // @ts-expect-error -- there is no such option
    void (() => fm.layout('People', { schema: inZod, shcema: 1 }))
  })
})

describe('values', () => {
  const { text, list, choice, boolean, number, decimal, integer, date, timestamp, time, duration, codec } = values

  test('have a codec each, which is a schema of what it gives', () => {
    expectTypeOf(text()).toEqualTypeOf<Codec<string, string>>()
    expectTypeOf(list()).toEqualTypeOf<Codec<readonly string[], string>>()
    expectTypeOf(list(integer())).toEqualTypeOf<Codec<readonly (bigint | null)[], string>>()
    expectTypeOf(choice(['a', 'b'])).toEqualTypeOf<Codec<'a' | 'b' | null, 'a' | 'b' | ''>>()
    expectTypeOf(boolean({ true: 'Yes', false: 'No' })).toEqualTypeOf<Codec<boolean>>()
    expectTypeOf(number({ inexact: 'round', text: 'refuse' })).toEqualTypeOf<Codec<number | null>>()
    expectTypeOf(decimal()).toEqualTypeOf<Codec<string | null, string>>()
    expectTypeOf(integer()).toEqualTypeOf<Codec<bigint | null>>()
    expectTypeOf(time()).toEqualTypeOf<Codec<string | null, string>>()
    expectTypeOf<SchemaOutput<ReturnType<typeof integer>>>().toEqualTypeOf<bigint | null>()
    expectTypeOf<SchemaInput<ReturnType<typeof integer>>>().toEqualTypeOf<FieldValue>()
    expectTypeOf<NumberOptions>().toExtend<TextInNumbers>()
  })

  test('of time are texts or Dates, which need a zone', () => {
    expectTypeOf(date()).toEqualTypeOf<Codec<string | null, string>>()
    expectTypeOf(date({ as: 'Date', zone: 'UTC' })).toEqualTypeOf<Codec<Date | null, string>>()
    expectTypeOf(timestamp({ zone: 'UTC' })).toEqualTypeOf<Codec<string | null, string>>()
    expectTypeOf(timestamp({ zone: 'UTC', as: 'Date' })).toEqualTypeOf<Codec<Date | null, string>>()
    expectTypeOf(duration()).toEqualTypeOf<Codec<string | null, string>>()
    expectTypeOf(duration({ as: 'seconds' })).toEqualTypeOf<Codec<number | null, string>>()
    expectTypeOf<DateOptions['format']>().toEqualTypeOf<string | undefined>()
    // @ts-expect-error -- a Date is an instant
    void (() => date({ as: 'Date' }))
    // @ts-expect-error -- a Date is an instant
    void (() => timestamp({ as: 'Date' }))
  })

  test('can be required, and read-only', () => {
    expectTypeOf(values.required(date())).toEqualTypeOf<Codec<string, string>>()
    expectTypeOf(values.readOnly(number())).toEqualTypeOf<ReadOnlySchema<number | null>>()
    expectTypeOf(values.readOnly(z.string())).toEqualTypeOf<ReadOnlySchema<string>>()
    expectTypeOf(values.repetitions(text(), 3)).toEqualTypeOf<Repetitions<string>>()
    expectTypeOf(values.repetition('phone', 2)).toEqualTypeOf<'phone(2)'>()
    expectTypeOf(values.repetition('phone', 1)).toEqualTypeOf<'phone'>()
    expectTypeOf(codec({ decode: String, encode: (given: string) => given })).toEqualTypeOf<Codec<string, string>>()
  })

  test('together make a layout’s fields, read and written as they are', () => {
    const person = {
      name: values.required(text()),
      born: date(),
      tags: list(),
      phone: values.repetitions(text(), 2),
      mail: z.email(),
      age: values.readOnly(number()),
    }
    type Schemas = typeof person
    expectTypeOf<Schemas>().toExtend<FieldSchemas>()
    expectTypeOf<FieldsRead<Schemas>>().toEqualTypeOf<{
      readonly name: string
      readonly born: string | null
      readonly tags: readonly string[]
      readonly phone: readonly string[]
      readonly mail: string
      readonly age: number | null
    }>()
    expectTypeOf<FieldsWritten<Schemas>>().toEqualTypeOf<{
      readonly name?: string
      readonly born?: string | null
      readonly tags?: readonly string[]
      readonly phone?: readonly string[]
      readonly mail?: string
    }>()
    const schema = () => values.fields(person)
    expectTypeOf<SchemaOutput<ReturnType<typeof schema>>>().toEqualTypeOf<FieldsRead<Schemas>>()
    expectTypeOf<ReturnType<typeof schema>['fields']>().toExtend<Schemas>()
    expectTypeOf<ReturnType<typeof schema>>().toExtend<FieldsSchema<Schemas>>()
    const layout = () => fm.layout('People', { schema: schema() })
    expectTypeOf<Given<ReturnType<typeof layout>['get']>['fieldData']>().toEqualTypeOf<FieldsRead<Schemas>>()
    expectTypeOf<Parameters<ReturnType<typeof layout>['create']>[0]>().toEqualTypeOf<FieldsWritten<Schemas>>()
    // @ts-expect-error -- read-only
    void (() => layout().create({ age: 5 }))
    // @ts-expect-error -- an ISO text
    void (() => layout().create({ born: new Date() }))
  })

  test('are looked for by criteria, which are texts', () => {
    const { exactly, contains, startsWith, endsWith, words, wholeWords, literal } = values
    const { atLeast, atMost, lessThan, moreThan, between, empty, notEmpty, duplicated, today, not } = values
    for (const one of [
      exactly,
      contains,
      startsWith,
      endsWith,
      words,
      wholeWords,
      literal,
      atLeast,
      atMost,
      lessThan,
      moreThan,
    ]) {
      expectTypeOf(one).toEqualTypeOf<(value: CriterionValue) => string>()
    }
    expectTypeOf(between).toEqualTypeOf<(from: CriterionValue, to: CriterionValue) => string>()
    for (const one of [empty, notEmpty, duplicated, today]) expectTypeOf(one).toEqualTypeOf<() => string>()
    expectTypeOf<CriterionValue>().toEqualTypeOf<string | number | bigint>()
    expectTypeOf(not({ name: 'x' })).toExtend<FindRequest<Person>>()
  })
})

describe('errors', () => {
  test('of calls have a code to compare, an operation and an outcome', () => {
    expectTypeOf<CallError>().toExtend<Error>()
    expectTypeOf<CallError['outcome']>().toEqualTypeOf<Outcome>()
    expectTypeOf<Outcome>().toEqualTypeOf<'not-executed' | 'executed' | 'unknown'>()
    expectTypeOf<CallError['attempts']>().toEqualTypeOf<readonly Attempt[]>()
    expectTypeOf<CallDetails['operation']>().toEqualTypeOf<string>()
    expectTypeOf<FileMakerError['code']>().toEqualTypeOf<'FM_REFUSED'>()
    expectTypeOf<SessionError['code']>().toEqualTypeOf<'FM_NO_SESSION'>()
    expectTypeOf<SessionLostError['code']>().toEqualTypeOf<'FM_SESSION_LOST'>()
    expectTypeOf<TransportError['code']>().toEqualTypeOf<'FM_NO_ANSWER'>()
    expectTypeOf<ProxyAuthError['code']>().toEqualTypeOf<'FM_PROXY_AUTH'>()
    expectTypeOf<CallAbortedError['name']>().toEqualTypeOf<'AbortError'>()
    expectTypeOf<SchemaError['code']>().toEqualTypeOf<'FM_SCHEMA'>()
    for (const error of [
      FileMakerError,
      SessionError,
      SessionLostError,
      TransportError,
      ProxyAuthError,
      CallAbortedError,
      SchemaError,
    ]) {
      expectTypeOf(error.prototype).toExtend<CallError>()
    }
  })

  test('of FileMaker are narrowed to their codes, and tell what they mean', () => {
    const narrow = (error: unknown): unknown => {
      if (isFileMakerError(error, 301, 306)) expectTypeOf(error.fileMakerCode).toEqualTypeOf<301 | 306>()
      else if (isFileMakerError(error)) expectTypeOf(error).toExtend<FileMakerError>()
      return undefined
    }
    expectTypeOf(narrow).toBeFunction()
    expectTypeOf(errorMeaning).toEqualTypeOf<(code: number) => string | undefined>()
    expectTypeOf<FileMakerError['conflict']>().toEqualTypeOf<ModIdConflict | undefined>()
    expectTypeOf<FileMakerError['validationErrors']>().toEqualTypeOf<readonly ValidationFailure[]>()
  })

  test('of scripts are thrown only by who asks for them', () => {
    expectTypeOf<ScriptError['step']>().toEqualTypeOf<ScriptStep>()
    expectTypeOf<ScriptError<RecordPage>['answer']>().toEqualTypeOf<RecordPage>()
    expectTypeOf<ScriptResults | ScriptResult>().toExtend<ScriptAnswer>()
    const check = async () => checkScripts(await people.list())
    expectTypeOf<Given<typeof check>>().toEqualTypeOf<RecordPage<Person, Portals>>()
  })

  test('tell by their code which they are', () => {
    const tell = (error: FileMakerError | SessionError | TransportError | SchemaError): unknown => {
      if (error.code === 'FM_REFUSED') expectTypeOf(error.messages).toEqualTypeOf<readonly FileMakerMessage[]>()
      else if (error.code === 'FM_NO_SESSION') expectTypeOf(error.reason).toEqualTypeOf<SessionErrorReason>()
      else if (error.code === 'FM_NO_ANSWER') expectTypeOf(error.reason).toEqualTypeOf<TransportErrorReason>()
      else expectTypeOf(error.paths).toEqualTypeOf<readonly string[]>()
      return undefined
    }
    expectTypeOf(tell).toBeFunction()
    expectTypeOf<SchemaError['issues']>().toEqualTypeOf<readonly SchemaIssue[]>()
    expectTypeOf<SchemaErrorDetails['recordId']>().toEqualTypeOf<string | undefined>()
  })
})
