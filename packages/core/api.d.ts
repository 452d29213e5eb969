// dist/account.d.ts
import type { ExchangeParts } from './dist/exchange/call.ts';
import { type SessionSource } from './dist/exchange/session-source.ts';
import type { Settings } from './dist/options.ts';
import type { Coordinator } from './dist/session/coordinator.ts';
import type { Time } from './dist/time.ts';
import type { Transport } from './dist/wire/request.ts';
import type { Stop } from './dist/wire/stop.ts';
/** Whose sessions a client uses. When the password changes, the sessions change with it: they are another identity's. */
export interface Account {
    /** The sessions of the credentials as they are now. */
    readonly sessions: () => SessionSource | Promise<SessionSource>;
    /** Logins that failed since then, for the errors of calls that waited for them. */
    readonly failedLogins: ExchangeParts['failedLogins'];
    /** For what is not a call: scopes. */
    readonly withSessions: <Result>(stop: Stop, use: (sessions: AccountSessions) => Promise<Result>) => Promise<Result>;
    /** Resolves when nothing of the account needs the client's connections any more. */
    leave(deadlineMs: number): Promise<void>;
}
/** What scopes and operators want of an account's sessions. */
export type AccountSessions = Pick<Coordinator, 'hold' | 'exclusive' | 'inspect' | 'endAll'>;
export declare function openAccount(settings: Settings, transport: Transport, time: Time): Account;

// dist/all-records.d.ts
import { type CallOptions, type ShownOptions } from './dist/call-options.ts';
import type { FieldData, PortalFields, RecordEntry, RecordPage } from './dist/records.ts';
import { type Asked } from './dist/walk.ts';
import { type SortOrder } from './dist/wire/parameters.ts';
/**
 * All records of a layout, or of a find, one after the other, read in pages. The next page travels while the caller works on
 * one; two are in memory, never more. Leaving the loop ends what is under way. Each loop reads anew.
 *
 * Records that vanish meanwhile, deleted by the loop itself too, make it skip no other. In the order of creation, which is
 * the order without `sort`, it repeats none either; in a sort of your own a record that moves may come twice or not at all.
 */
export interface AllRecords<Fields = FieldData, Portals = PortalFields> extends AsyncIterable<RecordEntry<Fields, Portals>> {
    /** The same, a page at a time; no page is empty. `dataInfo` is the server's, of the page as it was read. */
    pages(): AsyncIterable<RecordPage<Fields, Portals>>;
    /** The first one, or undefined when there is none. Asks for one record. */
    first(): Promise<RecordEntry<Fields, Portals> | undefined>;
    /** How many there are, whatever `offset` and `limit` say. Asks for one record, without its portals. */
    count(): Promise<number>;
}
/** `timeoutMs` is for each page; `signal` for all of them. */
export interface AllRecordsOptions extends ShownOptions {
    /** @defaultValue order of creation, in which nothing is skipped or repeated while records come and go */
    readonly sort?: readonly SortOrder[] | undefined;
    /** The first record, counted from 1. @defaultValue 1 */
    readonly offset?: number | undefined;
    /** Records in all, at the most. @defaultValue all */
    readonly limit?: number | undefined;
    /** Records a page, at the most. @defaultValue 500 */
    readonly pageSize?: number | undefined;
    /** Whether the next page is asked for before it is wanted. @defaultValue true */
    readonly lookAhead?: boolean | undefined;
}
/** Keeps the session open between pages, where it would be ended with each call. Its errors name the operation. */
export type KeepSession = (limits: CallOptions, operation: string) => Promise<{
    release(): Promise<void>;
}>;
/** Reads a page as it travels. */
export type ReadPage = (options: Asked & Omit<AllRecordsOptions, keyof Asked | 'pageSize' | 'lookAhead'>) => Promise<RecordPage>;
/** Makes a page of what travels what the caller gets. */
type MapPage<Fields, Portals> = (page: RecordPage) => Promise<RecordPage<Fields, Portals>>;
/** @throws TypeError that names the option, before anything is sent. */
export declare function createAllRecords<Fields, Portals>(method: 'listAll' | 'findAll', options: AllRecordsOptions, read: ReadPage, map: MapPage<Fields, Portals>, keepSession: KeepSession | undefined): AllRecords<Fields, Portals>;
export {};

// dist/auth.d.ts
import type { Credentials } from './dist/exchange/credentials.ts';
/**
 * Who calls, and how that is proven. Made by {@link basic}, {@link oauth}, {@link clarisId}, {@link heldToken} or
 * {@link proxyKey}.
 */
export type Auth = PasswordAuth | IdentityAuth | HeldTokenAuth | ProxyKeyAuth;
/** Signs in with an account and its password. Made by {@link basic}. */
export interface PasswordAuth {
    readonly kind: 'basic';
    /** The account: whose sessions these are. */
    readonly principal: string;
    /** What proves it. The values go nowhere but into login requests and, hashed, the cache key. */
    readonly credentials: () => Credentials | Promise<Credentials>;
}
/** Signs in with credentials that are others at each login. Made by {@link oauth} and {@link clarisId}. */
export interface IdentityAuth {
    readonly kind: 'oauth' | 'clarisId';
    /** Whose sessions these are: the `identity` that was given, or a name that no other object has. */
    readonly principal: string;
    /** Whether `identity` was given, so that processes may share the session. */
    readonly isNamed: boolean;
    /** Whether the credentials are good for a single login. */
    readonly once: boolean;
    /** What proves it, asked for before each login. `anew`: what was given before has just been refused. */
    readonly credentials: (anew: boolean) => Credentials | Promise<Credentials>;
    /** Told when credentials have left in a login. */
    readonly sent: (credentials: Credentials) => void;
}
/** Uses a session that somebody else opened. Made by {@link heldToken}. */
export interface HeldTokenAuth {
    readonly kind: 'heldToken';
    readonly token: () => string | Promise<string>;
}
/** Calls through a proxy that holds the sessions. Made by {@link proxyKey}. */
export interface ProxyKeyAuth {
    readonly kind: 'proxyKey';
    readonly key: () => string;
    /** What stands before `/fmi/data` in each path. */
    readonly pathPrefix: string;
}
/** A password, or where to get it: asked before sessions are looked up, at most once a minute, and after a refused login. */
export type Password = string | (() => string | Promise<string>);
/**
 * Signs in with a FileMaker account and its password. The account needs the extended privilege `fmrest`.
 *
 * @param account - Account name, without a colon.
 * @param password - May be empty. A function can follow a password that changes: when it gives another one, calls use the
 *   sessions of that one. The type takes undefined so that `process.env.FM_PASSWORD` can be given as it is.
 * @throws TypeError when the account is empty or has a colon, or the password is missing.
 * @see Claris FileMaker Data API Guide, "Log in to a database session"
 */
export declare function basic(account: string, password: Password | undefined): Auth;
/** Checks what users in JavaScript, or of another copy of this package, may give. */
export declare function readAuth(auth: unknown): Auth;
/** A secret that has to fit into a header as it is. Its value is in no message. */
export declare function headerText(what: string, value: unknown): string;

// dist/call-options.d.ts
import type { Call } from './dist/exchange/call.ts';
import type { PortalWrites } from './dist/portal-writes.ts';
import type { WritableValue } from './dist/layout-definition.ts';
import type { FieldData } from './dist/records.ts';
import { type ScriptOptions } from './dist/script-options.ts';
import type { DateFormats, EntryMode, Parameters, PortalSelection, SortOrder } from './dist/wire/parameters.ts';
import { type JsonObject } from './dist/wire/shapes.ts';
/** Any call's own limits. */
export interface CallOptions {
    /** Ends the call wherever it is, with an error named `AbortError` that says whether it may have been executed. */
    readonly signal?: AbortSignal | undefined;
    /** For the whole call, in milliseconds. @defaultValue `timeouts.callMs` of the client */
    readonly timeoutMs?: number | undefined;
    /** Limits for parts of it. The whole call's holds besides. */
    readonly timeouts?: CallTimeouts | undefined;
}
/** Limits of one call's parts, in milliseconds. */
export interface CallTimeouts {
    /** Waiting for a connection, one that is opened or one that gets free, at each attempt. @defaultValue the client's, for opening */
    readonly connectMs?: number | undefined;
    /**
     * Waiting for a session: a login, or a turn where `sessions.callsPerSession` bounds them. The login itself goes on for others
     * who wait for it. @defaultValue as long as the call has
     */
    readonly loginMs?: number | undefined;
    /** Waiting for its turn among the client's calls (`maxConcurrentCalls`). @defaultValue `timeouts.queueMs` of the client */
    readonly queueMs?: number | undefined;
}
/** How records are shown in an answer. */
export interface ShownOptions extends CallOptions {
    /** Which portals come along, and which of their rows. @defaultValue all portals, 50 rows each */
    readonly portal?: PortalSelection | undefined;
    /** Answers with the fields and portals of another layout of the same table. */
    readonly layoutResponse?: string | undefined;
    /** How dates are written. @defaultValue 0: US */
    readonly dateformats?: DateFormats | undefined;
}
export interface GetOptions extends ShownOptions, ScriptOptions {
}
export interface ListOptions extends GetOptions {
    /** Records on the page, at the most. @defaultValue 100 */
    readonly limit?: number | undefined;
    /** The first record of the page, counted from 1. @defaultValue 1 */
    readonly offset?: number | undefined;
    /** @defaultValue order of creation */
    readonly sort?: readonly SortOrder[] | undefined;
}
/** Criteria by field, in FileMaker's find symbols; joined with AND. `omit: true` takes the matching records out. */
export type FindRequest<Fields = FieldData> = string extends keyof Fields ? Readonly<Record<string, WritableValue | boolean>> : {
    readonly [Field in keyof Fields]?: WritableValue;
} & {
    readonly omit?: boolean | 'true' | 'false';
};
/** Duplicating and deleting: scripts, and nothing else. */
export interface ScriptedOptions extends CallOptions, ScriptOptions {
}
export interface WriteOptions<Rows = PortalWrites> extends ScriptedOptions {
    /**
     * Related rows, written in one commit with the record: by portal (its object name, or the table occurrence where it has
     * none), a row with `recordId` edited, one without created. Values by full name, `Occurrence::field`.
     */
    readonly portalData?: Rows | undefined;
    /** How dates in the fields are written. @defaultValue 0: US */
    readonly dateformats?: DateFormats | undefined;
    /** `script` writes what users may not override in a validation. FileMaker Server 2024 and later. @defaultValue 'user' */
    readonly entrymode?: EntryMode | undefined;
    /** `script` writes where "prohibit modification of value" is set. FileMaker Server 2024 and later. @defaultValue 'user' */
    readonly prohibitmode?: EntryMode | undefined;
}
export interface EditOptions<Rows = PortalWrites> extends WriteOptions<Rows> {
    /** Edits only if this is still the record's modId, else error 306. Lets a lost answer be sorted out, too. */
    readonly modId?: string | undefined;
    /** Related records to be deleted with the edit: their record ids, by table occurrence or portal. */
    readonly deleteRelated?: Readonly<Record<string, readonly (string | number)[]>> | undefined;
    /**
     * FileMaker does not say which modId the record has when it refuses another. `read`: asks for it, in one more read of at
     * most 5 s, so that the error's `conflict` has both. What is read is the record as it is then. @defaultValue 'fail'
     */
    readonly onConflict?: 'fail' | 'read' | undefined;
}
export interface RunScriptOptions extends CallOptions, Pick<ScriptOptions, 'scripts' | 'idempotent'> {
}
export interface LayoutMetadataOptions extends CallOptions {
    /** The record whose values are meant where a value list shows related ones only. @defaultValue none */
    readonly recordId?: string | number | undefined;
}
/** The server wants `omit` as a text. */
export declare function readRequests(requests: unknown, method?: string): readonly unknown[];
export declare function readFieldData(method: string, fieldData: unknown): Readonly<Record<string, unknown>>;
/** A bigint travels as the text of its digits, which FileMaker takes for a number; JSON has no form for it. */
export declare function withDigits(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
/** A Map or an instance would be sent as an empty object. */
export declare function isPlain(value: unknown): value is JsonObject;
/** The server refuses null, and JSON would drop what is undefined or turn a NaN into null without a word. */
export declare function checkValue(where: string, field: string, value: unknown): void;
export declare function checkOnConflict(onConflict: unknown): void;
export declare function readRecordId(recordId: unknown, option?: string): string;
export declare const CALL_OPTIONS: readonly string[];
export declare const SCRIPTED_OPTIONS: readonly string[];
export declare const WRITE_OPTIONS: readonly string[];
export declare const SHOWN_OPTIONS: readonly string[];
export declare const GET_OPTIONS: readonly string[];
export declare const LIST_OPTIONS: readonly string[];
/** @throws TypeError that names the option. */
export declare function readListOptions(method: string, options: ListOptions): Parameters;
export declare function readParameters(method: string, { portal, layoutResponse, dateformats }: ShownOptions): Parameters;
/** What a write says beside its fields. */
export declare function readWriteOptions(method: string, options: Omit<WriteOptions, 'portalData'>): Pick<Parameters, 'dateformats' | 'options'>;
/** Options that a call does not take, or that make no sense, never reach the server. */
export declare function checkCall(method: string, options: CallOptions, names?: readonly string[]): void;
export declare function limitsOf({ signal, timeoutMs, timeouts, }: CallOptions): Pick<Call, 'signal' | 'timeoutMs' | 'timeouts'>;

// dist/claris-id.d.ts
import { type Auth } from './dist/auth.ts';
import { type IdentityOptions } from './dist/oauth.ts';
export interface ClarisIdOptions extends IdentityOptions {
    /**
     * Fetches an identity token of Claris ID: signs in to Claris' user pool at Amazon Cognito, or renews with the refresh token
     * it keeps. Asked before the first login, once the token's hour is nearly over, and with `renew: true` when the server has
     * refused the token, so that one from a store of its own won't do. Not asked twice
     * at a time, unless it stays without an answer for half a minute.
     */
    readonly token: (asked: {
        readonly renew: boolean;
    }) => string | Promise<string>;
}
/**
 * Signs in to FileMaker Cloud with a Claris ID.
 *
 * How the identity token is had is yours to say, so that nothing of Amazon's comes with this package. It is kept until the
 * end that stands in it, and a refused one is renewed once for each login.
 *
 * @throws TypeError when `token` is no function.
 * @see Claris FileMaker Data API Guide, "Log in to a database session using a Claris ID account"
 * @example
 * const auth = clarisId({ identity: 'service@example.com', token: async ({ renew }) => cognitoIdToken({ refresh: renew }) })
 */
export declare function clarisId(options: ClarisIdOptions): Auth;

// dist/client.d.ts
import type { Auth } from './dist/auth.ts';
import { type DownloadUrlOptions } from './dist/container.ts';
import type { ContainerFile } from './dist/container-file.ts';
import { type LayoutSource } from './dist/layout-source.ts';
import { type Metadata } from './dist/metadata.ts';
import { type ClientOptions } from './dist/options.ts';
import { type Scope, type ScopeOptions } from './dist/scope.ts';
import { type SessionCheck } from './dist/session-check.ts';
import type { SessionsReport } from './dist/session/coordinator.ts';
/** One database on one server, as one account. Made by {@link createClient}. */
export interface Client extends LayoutSource, Metadata, SessionCheck, AsyncDisposable {
    /**
     * Keeps several calls on one session, as FMDataAPI's method of this name does. Without a cache it also keeps the session
     * open between them. With `exclusive: true` the session is the scope's own, for state that lives in a session: global
     * fields, `$$variables`, found sets.
     *
     * @throws {@link SessionError} when no session is to be had, {@link SessionLostError} from the scope's calls when an
     * exclusive session is gone and there is no `setup` to restore its state.
     * @example
     * await using scope = await fm.startCommunication()
     * await scope.layout('People').create({ name: 'Ada' })
     */
    startCommunication(options?: ScopeOptions): Promise<Scope>;
    /**
     * Opens the file behind the value of a container field, a URL that is good for one download while the session lives that read
     * it: with a cache for minutes, without one inside a scope only. `layout().download()` reads the record and its file in one.
     *
     * @throws {@link ContainerError} `gone` when the URL has died, `elsewhere` when it is another server's.
     */
    download(url: string, options?: DownloadUrlOptions): Promise<ContainerFile>;
    readonly sessions: Sessions;
    /**
     * A client of the same database for somebody else, over this one's connections and cache, and never with its sessions.
     * Nothing is sent. Limits and the budget for repeats are shared.
     *
     * Close it when that user is done (`await using`); closing this client closes it, too. Where each login costs somebody a
     * sign-in, keep it for as long as the user stays.
     *
     * @throws TypeError as `auth` of {@link createClient} does, {@link SessionError} when this client is closed.
     * @example
     * await using mine = fm.withAuth(basic(account, password))
     * await mine.layout('People').list()
     */
    withAuth(auth: Auth): Client;
    /**
     * Refuses new calls, waits for those in flight, then ends the sessions as `sessions.end` says. Closing twice is harmless.
     *
     * @param options - `deadlineMs`: how long calls in flight are waited for. @defaultValue 5000
     */
    close(options?: {
        readonly deadlineMs?: number;
    }): Promise<void>;
}
/** An operator's view of the sessions. */
export interface Sessions {
    /** What this process holds: counts and states, never tokens. */
    inspect(): Promise<SessionsReport>;
    /** Ends every session of this account that the cache knows, other processes' too. They renew theirs at the next call. */
    endAll(): Promise<void>;
}
/**
 * Makes a client. Nothing is connected and nobody signs in before the first call.
 *
 * @throws TypeError that names the option that is missing or malformed.
 * @example
 * await using fm = createClient({
 *   server: 'https://fms.example.com',
 *   database: 'Contacts',
 *   auth: basic('web', process.env.FM_PASSWORD),
 * })
 * const { data } = await fm.layout('People').find([{ city: '==Oslo' }])
 */
export declare function createClient(options: ClientOptions): Client;

// dist/container-file.d.ts
import type { Readable } from 'node:stream';
import type { OpenAnswer } from './dist/wire/open.ts';
/**
 * A container's content on its way. It is read once, in one of these manners; one that is not wanted has to be given up with
 * `cancel()` or `await using`, or it holds its connection until its time limit.
 */
export interface ContainerFile extends AsyncIterable<Uint8Array>, AsyncDisposable {
    /** The file's name, where the server tells it, without any directories. */
    readonly name: string | undefined;
    /** Media type. */
    readonly type: string;
    /** Bytes, where the server tells. */
    readonly size: number | undefined;
    /** The bytes as they come. The server is slowed down to the reader's pace; destroying it frees the connection. */
    readonly stream: Readable;
    /** All of it, in memory. */
    bytes(): Promise<Uint8Array<ArrayBuffer>>;
    /** All of it, in memory, with its type. */
    blob(): Promise<Blob>;
    /**
     * Writes it to a file beside the path, which takes the path's name once it is whole: what was there before is replaced then,
     * and stays when this fails.
     *
     * @returns How many bytes it has.
     */
    saveTo(path: string): Promise<number>;
    /** Gives it up and frees the connection. Harmless once it has been read. */
    cancel(): Promise<void>;
}
/** An open answer with what its headers tell. */
export declare function containerFile({ headers, body }: OpenAnswer): ContainerFile;

// dist/container.d.ts
import type { KeepSession } from './dist/all-records.ts';
import { type CallOptions } from './dist/call-options.ts';
import { type ContainerFile } from './dist/container-file.ts';
import { type ContentParts } from './dist/exchange/content.ts';
import type { Exchange } from './dist/exchange/call.ts';
import type { UnderWay } from './dist/exchange/under-way.ts';
import { type SourceDescription, type UploadSource } from './dist/upload-source.ts';
import { type TransferProgress } from './dist/wire/multipart.ts';
/** The limits of a transfer: `timeoutMs` is how long nothing may move, not how long all of it takes. */
interface TransferOptions extends CallOptions {
    /** Told whenever bytes have moved. What it throws ends the transfer. */
    readonly onProgress?: ((progress: TransferProgress) => void) | undefined;
    /**
     * In milliseconds: until a session is found and the first bytes move, and from then on the longest time without one, be it
     * the server's fault or that of whoever gives or takes the bytes. @defaultValue `timeouts.callMs` of the client
     */
    readonly timeoutMs?: number | undefined;
}
export interface UploadOptions extends TransferOptions, SourceDescription {
    /** Which repetition of the field, counted from 1. @defaultValue 1 */
    readonly repetition?: number | undefined;
    /** Uploads only if this is still the record's modId, else error 306. */
    readonly modId?: string | undefined;
}
export type DownloadUrlOptions = TransferOptions;
export interface DownloadOptions extends TransferOptions {
    /** Which repetition of the field, counted from 1. @defaultValue 1 */
    readonly repetition?: number | undefined;
}
/** The container fields of one layout. */
export interface LayoutContainers<Fields> {
    /**
     * Puts a file into a container field.
     *
     * What can be made again (a file, bytes, a Blob, a function) is sent again as a whole where the call has to be repeated. A
     * stream is begun only on a session that is known to be good; should it be needed twice all the same, the error is a
     * `ContainerError` whose reason is `spent`. A stream that has been begun is read or destroyed, whatever becomes of the call.
     *
     * @param field - Of the layout's own table, not a related one.
     * @param source - The path of a file, bytes, a `Blob`, a stream, or a function that makes a stream.
     * @returns The record's new modId; undefined where the server does not tell it.
     * @throws {@link FileMakerError} 101 no such record, 102 no such field, 306 `modId` is not the record's;
     * {@link ContainerError} where the source can't be read. A stream that breaks off leaves `outcome: 'unknown'`.
     * @see Claris FileMaker Data API Guide, "Upload container data"
     * @example
     * await people.upload(recordId, 'photo', './ada.jpg')
     * await people.upload(recordId, 'photo', bytes, { fileName: 'ada.jpg' })
     */
    upload(recordId: string | number, field: Extract<keyof Fields, string>, source: UploadSource, options?: UploadOptions): Promise<{
        readonly modId: string | undefined;
    }>;
    /**
     * Opens the file in a container field: reads the record and follows its URL, anew where the URL has died meanwhile.
     *
     * An empty field is an answer, not a failure: it resolves with undefined.
     *
     * @throws {@link FileMakerError} 101 no such record, 102 no such field on the layout; {@link ContainerError} where it can't
     * be had. Once it is open, its stream and methods fail with `TransportError` or `CallAbortedError`.
     * @example
     * const photo = await people.download(recordId, 'photo')
     * await photo?.saveTo('./ada.jpg')
     */
    download(recordId: string | number, field: Extract<keyof Fields, string>, options?: DownloadOptions): Promise<ContainerFile | undefined>;
}
/** What containers need of their client, or of their scope. */
export interface ContainersParts extends ContentParts {
    /** `/fmi/data/vLatest` */
    readonly base: string;
    readonly timeoutMs: number;
    /** Keeps the session open between reading a URL and the end of its download, where it would end by itself. */
    readonly keepSession?: KeepSession | undefined;
    readonly downloads: UnderWay;
}
/** Makes the container methods of one layout. `above` is the encoded path of the layout. */
export declare function createLayoutContainers<Fields>(exchange: Exchange, parts: ContainersParts, above: string): LayoutContainers<Fields>;
/** Opens what a container's URL leads to. */
export declare function downloadUrl(exchange: Exchange, parts: ContainersParts, url: string, options: DownloadUrlOptions): Promise<ContainerFile>;
export {};

// dist/data-sources.d.ts
import type { DataSource } from './dist/exchange/data-source.ts';
/** Where a client gets the data sources of a login from. */
export interface DataSources {
    /** Asked before each login. */
    readonly read: () => readonly DataSource[] | Promise<readonly DataSource[]>;
    /** What of them tells sessions apart, in canonical order. */
    readonly identity: readonly string[];
    /** The same for users who have a name of their own, whatever they sign in with to other files. */
    readonly ofNamed: readonly string[];
    /** Whether they are the same at each login, and in each process that is given them. */
    readonly areStanding: boolean;
}
/** @throws TypeError that names the entry, never what is in it. */
export declare function readDataSources(given: readonly DataSource[] | (() => readonly DataSource[] | Promise<readonly DataSource[]>) | undefined): DataSources;

// dist/error-meanings.d.ts
/**
 * What FileMaker's error code means, in words that are the same whatever the server's version says.
 *
 * @param code - `fileMakerCode` of an error, or the `error` of a script.
 * @returns Undefined for a code that Claris does not document.
 * @see Claris FileMaker Pro help, "FileMaker error codes"
 * @example
 * errorMeaning(301) // 'Record is in use by another user'
 */
export declare function errorMeaning(code: number): string | undefined;

// dist/errors.d.ts
/** Whether the server may have carried out a call that failed. `unknown`: it was sent, and nobody can say. */
export type Outcome = 'not-executed' | 'executed' | 'unknown';
/** One time a call was sent, or could not be sent. */
export interface Attempt {
    /** Milliseconds since the call began. */
    readonly atMs: number;
    /** The call itself, or a login that it waited for. */
    readonly sent: 'call' | 'login';
    /** What became of it: FileMaker's code, an HTTP status without FileMaker's JSON, `unsent`, `lost` or `timeout`. */
    readonly result: string;
}
/** What every error of a call can tell. */
export interface CallDetails {
    /** Method and route pattern, for example `GET /databases/{database}/layouts/{layout}/records`. */
    readonly operation: string;
    readonly outcome: Outcome;
    /** The attempts before the error, oldest first. */
    readonly attempts?: readonly Attempt[];
    /** Of the answer that failed the call, where there was one. */
    readonly httpStatus?: number | undefined;
}
/** What all errors of a call have in common. Catch a subclass where you can do something about it. */
export declare abstract class CallError extends Error {
    /** Compare this and not the message: it is the same in every version and every copy of this package. */
    abstract readonly code: string;
    /** Method and route pattern. The real path is not kept: closing a session has the token in it. */
    readonly operation: string;
    readonly outcome: Outcome;
    /** What was sent before the error, oldest first: the call, and logins that failed while it waited for a session. */
    readonly attempts: readonly Attempt[];
    /** Of the answer that failed the call. Undefined where none came. */
    readonly httpStatus: number | undefined;
    constructor(message: string, details: CallDetails, options?: ErrorOptions);
}
/** One entry of `messages` in FileMaker's answer. */
export interface FileMakerMessage {
    readonly code: number;
    readonly message: string;
}
/** A value that does not meet its field's validation options. FileMaker does not name the field. */
export interface ValidationFailure extends FileMakerMessage {
    /** What the code means: 504 is a value that is not unique. */
    readonly meaning: string;
}
/** The record was changed by somebody else since it was read. */
export interface ModIdConflict {
    /** The modId that the call named. */
    readonly given: string;
    /** The record's own, read after the refusal. Undefined unless that was asked for (`onConflict: 'read'`), and succeeded. */
    readonly present: string | undefined;
}
/** FileMaker took the request and refused it: no such field, a locked record, a failed validation. */
export declare class FileMakerError extends CallError {
    readonly name = "FileMakerError";
    readonly code = "FM_REFUSED";
    readonly httpStatus: number;
    /** FileMaker's own number, `messages[0].code` on the wire: 105 is a missing layout. */
    readonly fileMakerCode: number;
    /** What the code means, in the same words whatever the server's version. Undefined for a code that is not documented. */
    readonly meaning: string | undefined;
    /** All that FileMaker said. */
    readonly messages: readonly FileMakerMessage[];
    /** Each validation that failed (500 to 511), of all messages. Empty where none did. */
    readonly validationErrors: readonly ValidationFailure[];
    /** Of a 306 where the call named the record's modId. */
    readonly conflict: ModIdConflict | undefined;
    constructor(details: CallDetails & {
        readonly httpStatus: number;
        readonly messages: readonly FileMakerMessage[];
        readonly conflict?: ModIdConflict | undefined;
    }, options?: ErrorOptions);
}
/**
 * Whether FileMaker refused a call, with one of the codes given, or at all when none is given. Knows errors of every copy
 * of this package in an install, which `instanceof` does not. A refused login is a {@link SessionError} and none of these.
 *
 * @param codes - FileMaker's numbers: 301 is a record in use, 306 a changed modId.
 * @example
 * if (isFileMakerError(error, 301, 306)) return tryLater(error.fileMakerCode) // 301 | 306
 */
export declare function isFileMakerError<const Code extends number = number>(error: unknown, ...codes: readonly Code[]): error is FileMakerError & {
    readonly fileMakerCode: Code;
};
/** Why there is no session. */
export type SessionErrorReason = 
/** Wrong account or password, a locked account, no Data API privilege; an OAuth pair that has been used. */
'credentials'
/** The server has no room for another session. */
 | 'capacity'
/**
 * More calls wait than `maxQueuedCalls` or `sessions.maxWaiting`, a call's turn did not come within `timeouts.queueMs`, or
 * all exclusive sessions stayed taken for the whole call.
 */
 | 'queue'
/** The token that was given to `heldToken` has died. Whoever opened it has to open another. */
 | 'token'
/** The login was refused for another reason, or got no answer. */
 | 'login'
/** An operator's view of the sessions was asked for, and the cache does not answer. Calls never fail by it. */
 | 'cache'
/** The client was closed. */
 | 'closed';
/** No session token is to be had, so the call was not sent; `outcome` tells of attempts before. */
export declare class SessionError extends CallError {
    readonly name = "SessionError";
    readonly code = "FM_NO_SESSION";
    readonly reason: SessionErrorReason;
    /** FileMaker's number where the server refused the login: 212 is a wrong account or password. */
    readonly fileMakerCode: number | undefined;
    /** What that number means, in words. */
    readonly meaning: string | undefined;
    constructor(message: string, details: CallDetails & {
        readonly reason: SessionErrorReason;
        readonly fileMakerCode?: number;
    }, options?: ErrorOptions);
}
/** The session that an exclusive scope stood on is gone, and with it the state that lived in it. */
export declare class SessionLostError extends CallError {
    readonly name = "SessionLostError";
    readonly code = "FM_SESSION_LOST";
}
/** Why there is no answer from FileMaker. */
export type TransportErrorReason = 
/** It could not be sent: refused, not resolved, TLS or connect time-out. */
'unsent'
/** It was sent and the connection ended without a whole answer. */
 | 'lost'
/** The call's time limit ended. */
 | 'timeout'
/** The answer is not FileMaker's JSON: a page of a web server or proxy, or a cut-off body. */
 | 'not-filemaker'
/** The answer is larger than `maxResponseBytes`. */
 | 'too-large';
/** No answer from FileMaker: the server is not there, the connection broke, time ran out, or something else answered. */
export declare class TransportError extends CallError {
    readonly name = "TransportError";
    readonly code = "FM_NO_ANSWER";
    readonly reason: TransportErrorReason;
    constructor(message: string, details: CallDetails & {
        readonly reason: TransportErrorReason;
    }, options?: ErrorOptions);
}
/** Something in front of FileMaker Server wants credentials of its own: the session token is good, the call got a 401. */
export declare class ProxyAuthError extends CallError {
    readonly name = "ProxyAuthError";
    readonly code = "FM_PROXY_AUTH";
}
/** The caller's own signal ended the call. `name` is `AbortError`, as everywhere in Node; the reason given is `cause`. */
export declare class CallAbortedError extends CallError {
    readonly name = "AbortError";
    readonly code = "FM_ABORTED";
}
/** Why a container's content could not be moved. */
export type ContainerErrorReason = 
/** What was to be uploaded could not be read; `cause` says why. */
'source'
/** A stream that can be read only once had been begun when the call had to be made again: upload with a new stream. */
 | 'spent'
/** The URL is not valid any more: it ends with the session that read it, or sooner. Read the record again. */
 | 'gone'
/** The URL, or where it leads, is on another server: nothing was asked there. */
 | 'elsewhere'
/** The field holds a reference to a file on somebody's disk, which the server does not give out. */
 | 'reference';
/** A file could not be brought into a container field, or out of it, for a reason of its own. */
export declare class ContainerError extends CallError {
    readonly name = "ContainerError";
    readonly code = "FM_CONTAINER";
    readonly reason: ContainerErrorReason;
    constructor(message: string, details: CallDetails & {
        readonly reason: ContainerErrorReason;
    }, options?: ErrorOptions);
}

// dist/events.d.ts
import type { SlotEvent } from './dist/session/shared-slot.ts';
/** Published on the channel `fm:session` of `node:diagnostics_channel`. Names no server, account or token. */
export interface SessionMessage {
    readonly database: string;
    /** `s0`, `s1` … */
    readonly slot: string;
    readonly event: SlotEvent;
}
/** Published on the channel `fm:cache`: once when the cache begins to fail, once when it works again. */
export interface CacheMessage {
    readonly database: string;
    readonly state: 'failing' | 'recovered';
}
export declare function publishSession(message: SessionMessage): void;
export declare function publishCache(message: CacheMessage): void;

// dist/exchange/call.d.ts
import type { Outcome } from './dist/errors.ts';
import type { Time } from './dist/time.ts';
import type { StreamedBody } from './dist/wire/multipart.ts';
import type { Route } from './dist/wire/parameters.ts';
import type { Transport } from './dist/wire/request.ts';
import type { JsonObject } from './dist/wire/shapes.ts';
import type { Credentials } from './dist/exchange/credentials.ts';
import type { ProvenSessions } from './dist/exchange/proven-sessions.ts';
import type { BudgetHolder, RetryOptions, Verb } from './dist/exchange/retry.ts';
import type { FailedLogin, SessionSource, Wish } from './dist/exchange/session-source.ts';
import type { SessionServer } from './dist/exchange/sign-in.ts';
import type { Turns } from './dist/exchange/turns.ts';
import type { UnderWay } from './dist/exchange/under-way.ts';
/** One call of the Data API, ready to be made and made again. */
export interface Call {
    readonly route: Route;
    /** How errors name it. @defaultValue method and pattern of the route */
    readonly operation?: string;
    readonly path: string;
    readonly body?: string | undefined;
    /** A body that is made while it is sent, in place of `body`. The time limit then begins anew whenever bytes of it move. */
    readonly upload?: StreamedBody;
    /** Told which session the answer came from. */
    readonly answeredOn?: (token: string) => void;
    readonly verb: Verb;
    /** What a refusal of this call means, by FileMaker's code. @defaultValue nothing was executed */
    readonly refusalOutcome?: (code: number) => Outcome;
    /** The few routes that take no session: none at all, or the account's credentials. */
    readonly instead?: 'nothing' | (() => Credentials | Promise<Credentials>);
    readonly signal?: AbortSignal | undefined;
    /** For all of the call: waiting for a session, every attempt and every pause. */
    readonly timeoutMs?: number | undefined;
    /** For parts of it. */
    readonly timeouts?: PartLimits | undefined;
}
/** Limits of a call's parts, in milliseconds. */
export interface PartLimits {
    /** Waiting for a connection, at each attempt. */
    readonly connectMs?: number | undefined;
    /** Waiting for a session. */
    readonly loginMs?: number | undefined;
    /** Waiting for its turn among the client's calls. */
    readonly queueMs?: number | undefined;
}
/** Makes a call good: finds it a session, sends it, judges the answer, renews the session, repeats it where that is safe. */
export type Exchange = (call: Call) => Promise<JsonObject>;
/** What that takes. */
export interface ExchangeParts {
    readonly transport: Transport;
    readonly validate: SessionServer['validate'];
    readonly sessions: () => SessionSource | Promise<SessionSource>;
    /** Logins of the account that failed since then, by the clock `time`. */
    readonly failedLogins: (sinceMs: number) => readonly FailedLogin[];
    /** How events name the server. */
    readonly server: string;
    readonly wish?: Wish;
    /** Bounds how many calls go on at once. @defaultValue no bound */
    readonly turns?: Turns | undefined;
    /** Counts the calls, those in line too: a client that is closed waits for them. */
    readonly underWay?: UnderWay;
    readonly timeoutMs: number;
    /** How long a call that says nothing else waits for its turn. @defaultValue as long as it has */
    readonly queueMs?: number | undefined;
    readonly retry: RetryOptions;
    readonly budget: BudgetHolder;
    /** Left out: no session counts as proven. */
    readonly proven?: ProvenSessions;
    readonly time: Time;
}

// dist/exchange/channels.d.ts
import { type Channel, type TracingChannel } from 'node:diagnostics_channel';
import { type Route } from './dist/wire/parameters.ts';
import type { WireResult } from './dist/wire/request.ts';
import type { Happening } from './dist/exchange/retry.ts';
/** Where something happens. No token, no account, no record, no value; the host only for who asks. */
export interface Place {
    /** `https://fms.example.com`. A function, so that no log into which a message is printed names the host. */
    readonly server: () => string;
    /** Undefined where the route names none. */
    readonly database: string | undefined;
}
/** What a call is about. Names only: no token, no record id, no criterion, no parameter of a script, no field's value. */
export interface CallPlace extends Place {
    /** Method and route pattern, as in errors: `POST /databases/{database}/layouts/{layout}/_find`. */
    readonly operation: string;
    /** The route in a word: `find`, `list`, `edit` … */
    readonly name: string;
    readonly method: string;
    /** The URL's path, its names and ids left out: `/fmi/data/vLatest/databases/{database}/layouts`. */
    readonly template: string;
    readonly layout: string | undefined;
    /** Of a route that runs a script. */
    readonly script: string | undefined;
}
/** What tracing adds when the thing is over; seen on `asyncEnd`. */
export interface Traced {
    /** From its beginning to its end. */
    readonly durationMs?: number;
    /** What it failed with; seen on `error`, too. */
    readonly error?: unknown;
}
/**
 * One call of a caller's, with everything it waited for and every attempt. Traced as `fm:call`: `tracing:fm:call:start` and
 * the other four channels of Node's `TracingChannel`, the same object on each. A find without a match is no error.
 */
export interface CallMessage extends CallPlace, Traced {
    /** How often it was sent: 1, unless it was repeated, or never got a session. */
    readonly sent?: number;
    /** FileMaker's code where it refused; 401 where a find had no match. */
    readonly fileMakerCode?: number;
}
/** One HTTP request of a call. Traced as `fm:attempt`. Never an error by itself: whether it is one, the call decides. */
export interface AttemptMessage extends CallPlace, Traced {
    /** 0 for the first time a call is sent, 1 for its first repeat … */
    readonly resend: number;
    /** `unsent`: it could not be sent; `lost`: it was, and no whole answer came. */
    readonly end?: 'answered' | 'unsent' | 'lost';
    readonly httpStatus?: number;
    /** FileMaker's code where it refused; 401 where a find had no match. */
    readonly fileMakerCode?: number;
    /** Of the connection's failure: `ECONNREFUSED` …, or `stopped`. */
    readonly errorCode?: string;
}
/** One login. Traced as `fm:login`. Calls that wait for it are not: many may wait for one. */
export interface LoginMessage extends Place, Traced {
    readonly operation: string;
    readonly fileMakerCode?: number;
    readonly httpStatus?: number;
}
/** Published on the channel `fm:retry` before a call pauses and is sent again. */
export interface RetryMessage extends CallPlace {
    readonly because: Exclude<Happening, 'answer'>;
    /** 1 for the first repeat for this reason. */
    readonly repeat: number;
    readonly pauseMs: number;
}
export type Writable<Message> = {
    -readonly [Key in keyof Message]: Message[Key];
};
export declare const calls: TracingChannel<unknown, Writable<CallMessage>>;
export declare const attempts: TracingChannel<unknown, Writable<AttemptMessage>>;
export declare const logins: TracingChannel<unknown, Writable<LoginMessage>>;
export declare const retries: Channel;
/**
 * Runs something inside a tracing channel, whose message gets no result: tokens and field values are in results. Ask
 * `hasSubscribers` first: without any, no message needs to be made.
 *
 * @param failureOf - Tells a result that is a failure, for the channel of errors; the caller gets the result.
 */
export declare function trace<Message extends object, Result>(tracing: TracingChannel<unknown, Message>, message: Message & Writable<Traced>, run: () => Promise<Result>, failureOf?: (result: Result) => Error | undefined): Promise<Result>;
/** Sends a call once inside its channel. For who listens only: an answer that refuses is read once more. */
export declare function traceAttempt(place: CallPlace, resend: number, send: () => Promise<WireResult>): Promise<WireResult>;
/** Reads the names of a call from its path, which is made of the route's pattern. Only for who listens. */
export declare function placeOf(server: string, call: {
    readonly route: Route;
    readonly path: string;
    readonly operation?: string;
}): CallPlace;

// dist/exchange/content.d.ts
import type { Time } from './dist/time.ts';
import type { TransferProgress } from './dist/wire/multipart.ts';
import type { OpenAnswer, OpenRequest, OpenResult } from './dist/wire/open.ts';
import type { Stop } from './dist/wire/stop.ts';
import * as retry from './dist/exchange/retry.ts';
/** What opening a container's content takes. */
export interface ContentParts {
    readonly open: (request: OpenRequest, stop: Stop) => Promise<OpenResult>;
    /** The server's own; nothing is ever asked of another. */
    readonly origin: string;
    readonly budget: retry.BudgetHolder;
    readonly time: Time;
}
export interface ContentCall {
    readonly url: URL;
    /** The token of the session that read the URL, or how one is had when the server wants one. */
    readonly token: string | (() => Promise<string>);
    readonly stop: Stop;
    /** For a body whose pieces come: the longest time without one. */
    readonly timeoutMs: number;
    readonly onProgress: ((progress: TransferProgress) => void) | undefined;
}
/** How errors name it. */
export declare const CONTENT_OPERATION: string;
/**
 * Opens a container's content. The first GET is answered with a cookie and a redirect, the second with the bytes; the cookie
 * is this download's own. Redirects are followed on the server itself only, so that the session's token goes nowhere else. A
 * 401 is asked again once, because servers give it now and then without reason.
 *
 * @throws {@link ContainerError} `gone`, `elsewhere`; {@link TransportError}, {@link CallAbortedError}
 */
export declare function openContent(parts: ContentParts, call: ContentCall): Promise<OpenAnswer>;
/** Bytes of the content, where the answer announces them and they travel as they are. */
export declare function sizeIn(headers: OpenAnswer['headers']): number | undefined;

// dist/exchange/credentials.d.ts
/** What proves who signs in. */
export interface Credentials {
    /** The headers of a login, names and values in turn. */
    readonly headers: readonly string[];
    /** The password, or what takes its place. */
    readonly secret: string;
}
/** Why there are no credentials (any more), in words for the caller: somebody has to sign in again. */
export declare class CredentialsUsedUp extends Error {
    readonly name = "CredentialsUsedUp";
}

// dist/exchange/data-source.d.ts
/** A FileMaker file on the same server that the database reads from, and who signs in to it. */
export type DataSource = PasswordDataSource | OAuthDataSource;
/** Signs in to another file with an account of that file. */
export interface PasswordDataSource {
    readonly database: string;
    readonly username: string;
    readonly password: string;
}
/** Signs in to another file by an OAuth identity provider. A pair is good for one login. */
export interface OAuthDataSource {
    readonly database: string;
    /** `X-FMS-Request-ID` of the answer to `/oauth/getoauthurl`. */
    readonly oAuthRequestId: string;
    /** `identifier` in the URL to which the provider sends the browser back. */
    readonly oAuthIdentifier: string;
}
/** What must not get into an error. */
export declare function secretsOfSource(source: DataSource): readonly string[];

// dist/exchange/proven-sessions.d.ts
import type { Time } from './dist/time.ts';
/** Which sessions the server has lately answered on, as far as this client knows. */
export interface ProvenSessions {
    answered(token: string): void;
    /** Whether the server can't have forgotten it by itself yet: it was used within the idle time less a minute. */
    isProven(token: string): boolean;
}
export declare function createProvenSessions(time: Time, idleTimeoutMs: number): ProvenSessions;

// dist/exchange/retry.d.ts
import type { Outcome } from './dist/errors.ts';
/**
 * What a call does to the database, as far as repeating it matters. `read` changes nothing. `edit` is an edit that names
 * the `modId` it replaces, `delete` the deletion of a record: doing either twice does no more than once. `write` is
 * everything else, and any call that carries a script.
 */
export type Verb = 'read' | 'edit' | 'delete' | 'write';
/** What came of sending a call once. */
export type Happening = 
/** 952: refused before anything ran. */
'token refused'
/** 112, 821: the session was closed while the call ran, or a script closed its window. */
 | 'window gone'
/** Nothing was sent. */
 | 'unsent'
/** Sent, and no whole answer; 502 and 504 of a front server too. */
 | 'lost'
/** 503 of a front server: the engine is down or restarting. */
 | 'unavailable'
/** The file or host takes no requests just now, says FileMaker. */
 | 'busy'
/** 429. */
 | 'throttled'
/** Anything FileMaker said that is no matter of sessions or load; never repeated. */
 | 'answer';
interface Row {
    /** How often a call of this verb is sent again for this reason. */
    readonly repeats: Readonly<Record<Verb, number>>;
    /** What it tells about the session. */
    readonly session: 'keep' | 'dead' | 'doubtful';
    readonly pause: 'none' | 'backoff' | 'as told';
    /** Whether repeats draw on the client's budget, so that an outage is not multiplied. */
    readonly budget: 'free' | 'drawn';
    /** What the error says when it is not sent again. */
    readonly outcome: Readonly<Record<Verb, Outcome>>;
}
/** When a call is repeated: the whole policy. (design: "When a call is repeated") */
export declare const RETRY_TABLE: Readonly<Record<Exclude<Happening, 'answer'>, Row>>;
/** The client's choices that move the table. */
export interface RetryOptions {
    /** Sends writes again after 112, as FMDataAPI does: a create may then be done twice. */
    readonly repeatWritesOn112: boolean;
    /** False: a dead token is an error, as FMDataAPI has it by default. Only without a cache. */
    readonly renewal: boolean;
}
/** How often one call was sent again so far, and why. */
export type Tally = Partial<Record<Happening, number>>;
export interface Decision {
    readonly is: 'repeat' | 'fail';
    readonly session: Row['session'];
    readonly pause: Row['pause'];
    readonly budget: Row['budget'];
    /** What the error says where it is not repeated, or the budget is spent. */
    readonly outcome: Outcome;
}
/** Decides what to do about anything but an answer. */
export declare function decide(happening: Exclude<Happening, 'answer'>, verb: Verb, tally: Tally, options: RetryOptions): Decision;
/** What FileMaker's code is about. */
export declare function happeningOfCode(code: number): Happening;
/** What an answer that is not FileMaker's is about, by its HTTP status. A 401 is asked about first and is not here. */
export declare function happeningOfStatus(status: number): Happening;
/**
 * What a refusal means for a call that was repeated after its first answer was lost: the first may have been executed. A
 * deleted record that is missing now was deleted, by this call or another; an edited one whose modId changed may have been
 * changed by the first.
 */
export declare function judgeRefusal(code: number, verb: Verb, tally: Tally): 'done' | Outcome;
/** An earlier attempt that may have been executed is not undone by a later one that was not. */
export declare function soFar(outcome: Outcome, verb: Verb, tally: Tally): Outcome;
/** 0.1 s doubling to 5 s, anywhere from nothing to the whole of it: callers that failed together do not return together. */
export declare function backoffMs(repeat: number, random: number): number;
/** Repeats that may be made after lost answers, 112, 429 and 5xx: a tenth of the calls, and ten a second. */
export interface RetryBudget {
    readonly tokens: number;
    readonly atMs: number;
}
/** The budget of a client, shared by all its calls. */
export interface BudgetHolder {
    left: RetryBudget;
}
export declare const FULL_BUDGET = 100;
export declare function refill(budget: RetryBudget, nowMs: number): RetryBudget;
/** One call more: a tenth of a repeat more. */
export declare function earn(budget: RetryBudget): RetryBudget;
/** What is left after one repeat, or undefined when there is none to be had. */
export declare function draw(budget: RetryBudget): RetryBudget | undefined;
/** Whether a repeat could be drawn. */
export declare function canDraw(holder: BudgetHolder, nowMs: number): boolean;
/** Draws one repeat from a client's budget. False when there is none to be had. */
export declare function drawFrom(holder: BudgetHolder, nowMs: number): boolean;
/** Whether the call is sent again; what that costs is drawn. */
export declare function goesOn(decision: Decision, holder: BudgetHolder, nowMs: number): boolean;
export {};

// dist/exchange/session-source.d.ts
import type { Stop } from './dist/wire/stop.ts';
import type { LoginFailure } from './dist/exchange/sign-in.ts';
/** Where calls get their sessions from. The session floor gives one. */
export interface SessionSource {
    /**
     * A session for one call. At once where one is open; else as soon as one is found.
     *
     * @throws {@link NoSession}, {@link NoTurn}, or `Stopped` when the call is stopped before.
     */
    acquire(stop: Stop, wish?: Wish): Grant | Promise<Grant>;
    /** Another session than the grant's, where one is open and nothing blocks it; at once or not at all. */
    spare?(besides: Grant): Grant | undefined;
    /** Logins for these sessions that failed since then, whoever waited for them. */
    failedLogins?(sinceMs: number): readonly FailedLogin[];
}
/** A login that brought no session. */
export interface FailedLogin {
    /** By the clock of the process. */
    readonly at: number;
    /** As in `attempts` of an error. */
    readonly result: string;
}
export interface Wish {
    /** Only this slot. */
    readonly slot?: number;
}
/** One call's use of a session. Say what came of it, then release it, once. */
export interface Grant {
    readonly token: string;
    /** The token is a proxy's key, and no session is known here. @defaultValue false */
    readonly isProxyKey?: boolean;
    /** Whether an older call of this process is in flight on the same session. */
    readonly isBehind: () => boolean;
    answered(): void;
    refused(): void;
    doubted(): void;
    /** It got no answer in its time, or another session answered sooner (`outrun`); it may still run at the server. */
    abandoned(because: 'timeout' | 'outrun'): void;
    release(): void;
}
/** A session that one scope has to itself. */
export interface ExclusiveSession {
    /** Undefined once the session is lost. */
    readonly token: string | undefined;
    /** The server refused the token. */
    refused(token: string): void;
    /** Its state is lost; the session may live on, and has to be ended. */
    doubted(token: string): void;
    /** Opens a new session in the same slot. False when the slot is not ours any more. */
    renew(): Promise<boolean>;
    /** A call begins on the session; it is over when what is returned is called. */
    enter(): () => void;
    /** Once its calls are over, ends the session and lets the slot go. Ending twice is harmless. */
    end(): Promise<void>;
}
/** What the search for a session rejects with. Callers are told in an error of their own, which names their operation. */
export declare class NoSession extends Error {
    readonly failure: LoginFailure;
    constructor(failure: LoginFailure);
}
/** Why a call gets no session at all. Callers are told in an error of their own, which names their operation. */
export declare class NoTurn extends Error {
    readonly why: 'closed' | 'queue full' | 'line full' | 'all taken' | 'session lost' | 'token dead';
    constructor(why: NoTurn['why']);
}

// dist/exchange/sign-in.d.ts
import type { TransportErrorReason } from './dist/errors.ts';
import type { Credentials } from './dist/exchange/credentials.ts';
import type { FailedLogin } from './dist/exchange/session-source.ts';
import type { Time } from './dist/time.ts';
import type { Transport } from './dist/wire/request.ts';
import { type DataSource } from './dist/exchange/data-source.ts';
/** What sessions need of the server. */
export interface SessionServer {
    /** Opens a session. Resolves with its token or with why there is none; never rejects. */
    login(): Promise<LoginResult>;
    /** Ends a session. Resolves with whether it is over now: ended, or dead before. Never rejects. */
    logout(token: string): Promise<boolean>;
    /** Asks whether the session lives and whether a call is running on it. Never rejects. */
    validate(token: string): Promise<'idle' | 'in use' | 'dead' | 'unknown'>;
}
/** Why a login brought no token. */
export type LoginFailure = {
    readonly is: 'refused';
    readonly code: number;
    readonly message: string;
    readonly httpStatus: number;
} | {
    readonly is: 'unanswered';
    readonly reason: TransportErrorReason;
    readonly what: string;
    readonly httpStatus?: number;
}
/** The credentials themselves could not be had: a password function that threw. */
 | {
    readonly is: 'without credentials';
    readonly cause: unknown;
};
export interface SignIn {
    readonly transport: Transport;
    /** How events name the server. */
    readonly server: string;
    /** `/fmi/data/vLatest` */
    readonly base: string;
    readonly database: string;
    /** What proves who signs in; asked for before each login. `anew`: what was given before has just been refused. */
    readonly credentials: (anew: boolean) => Credentials | Promise<Credentials>;
    /**
     * The credentials are an identity token, which the server refuses once its hour is over, and FileMaker Cloud with a page of
     * HTTP 401: then another one is asked for, once. @defaultValue false
     */
    readonly asksAnew?: boolean;
    /** Credentials have left in a login that the server did not put off: those that are good for one are used up. */
    readonly sent?: (credentials: Credentials) => void;
    readonly dataSources: () => readonly DataSource[] | Promise<readonly DataSource[]>;
    readonly loginMs: number;
    readonly time: Time;
}
/** What calls need to know of sessions besides their tokens: whether one lives. Needs no credentials. */
export declare function createValidator(options: Pick<SignIn, 'transport' | 'base' | 'loginMs' | 'time'>): SessionServer['validate'];
/** Opens, ends and asks about sessions over HTTP. */
export declare function createSessionServer(options: SignIn): SessionServer & LoginLog;
/** What the latest logins came to, for the errors of the calls that waited for them. */
export interface LoginLog {
    failedLogins(sinceMs: number): readonly FailedLogin[];
}
type LoginResult = {
    readonly token: string;
} | {
    readonly failure: LoginFailure;
};
/** A server or proxy that quotes the request in its message must not carry a secret into an error. */
export declare function clean(text: string, secrets: readonly string[]): string;
/** The password, and the login's headers as they travel, whole and without their scheme. */
export declare function secretsOf({ headers, secret }: Credentials): readonly string[];
export {};

// dist/exchange/turns.d.ts
import type { Time } from './dist/time.ts';
import type { Stop } from './dist/wire/stop.ts';
/** How many of a client's calls go on at once; the others stand in line, first come, first served. */
export interface Turns {
    /**
     * Returns what ends the turn, to be called once. At once where there is room.
     *
     * @throws {@link NoTurn} when the line is full, `Stopped` when the call is stopped before its turn.
     */
    take(stop: Stop, limit: QueueLimit): (() => void) | Promise<() => void>;
}
/** How long a call stands in line; undefined: as long as it has. */
export interface QueueLimit {
    readonly time: Time;
    readonly queueMs: number | undefined;
}
export interface TurnsOptions {
    readonly maxConcurrent: number;
    readonly maxQueued: number;
}
export declare function createTurns({ maxConcurrent, maxQueued }: TurnsOptions): Turns;

// dist/exchange/under-way.d.ts
import type { Time } from './dist/time.ts';
/** Counts what is under way, and tells when nothing is any more. */
export interface UnderWay {
    readonly count: number;
    /** It begins; it is over when what is returned is called, once or often. */
    enter(): () => void;
    /** Resolves when nothing is under way, or after that time. */
    quiet(time: Time, atMostMs: number): Promise<void>;
}
export declare function createUnderWay(): UnderWay;

// dist/folders.d.ts
/** Where an entry of a list stands: the names of the folders around it, from the outermost on. */
export interface InFolders {
    readonly folders: readonly string[];
}
/** An entry, or a folder of such. */
interface Entry {
    readonly name: string;
    readonly isFolder?: boolean;
}
/** The entries without their folders, in the same order, each told where it stood. */
export declare function flatten<Item extends Entry>(entries: readonly Item[], contentsOf: (entry: Item) => readonly Item[] | undefined, folders?: readonly string[]): readonly (Item & InFolders)[];
export {};

// dist/globals.d.ts
import type { Exchange } from './dist/exchange/call.ts';
import { type CallOptions } from './dist/call-options.ts';
import type { WritableValue } from './dist/layout-definition.ts';
/** Global fields by full name: `Table::field`, `Table::field(2)` for a repetition. */
export type GlobalFields = Readonly<Record<string, WritableValue>>;
/** Sets global fields on whatever session the exchange uses. */
export declare function setGlobalFields(exchange: Exchange, base: string, database: string, globalFields: GlobalFields, options: CallOptions): Promise<void>;

// dist/held-token.d.ts
import { type Auth } from './dist/auth.ts';
/**
 * Uses a session that somebody else has opened and will end: its token is never logged out, and never replaced by a login.
 * When it has died, calls fail with a {@link SessionError} whose `reason` is `'token'`.
 *
 * There are no exclusive scopes then, and `sessions.endAll()` is refused. `cache`, `cacheSecret` and `sessions` have no effect.
 *
 * @param token - The token, or where to get it: asked before the first call, and again when the server has refused the last
 *   one. The same token once more means that there is no other.
 * @throws TypeError when the token can't be sent.
 * @example
 * const fm = createClient({ server, database, auth: heldToken(request.session.fileMakerToken) })
 */
export declare function heldToken(token: string | (() => string | Promise<string>)): Auth;

// dist/index.d.ts
export { basic, type Auth, type HeldTokenAuth, type IdentityAuth, type Password, type PasswordAuth, type ProxyKeyAuth, } from './dist/auth.ts';
export { clarisId, type ClarisIdOptions } from './dist/claris-id.ts';
export { createClient, type Client, type Sessions } from './dist/client.ts';
export { errorMeaning } from './dist/error-meanings.ts';
export { CallAbortedError, CallError, ContainerError, FileMakerError, ProxyAuthError, SessionError, SessionLostError, TransportError, isFileMakerError, type Attempt, type CallDetails, type ContainerErrorReason, type FileMakerMessage, type ModIdConflict, type Outcome, type SessionErrorReason, type TransportErrorReason, type ValidationFailure, } from './dist/errors.ts';
export type { CacheMessage, SessionMessage } from './dist/events.ts';
export type { AttemptMessage, CallMessage, CallPlace, LoginMessage, Place, RetryMessage, Traced, } from './dist/exchange/channels.ts';
export type { Credentials } from './dist/exchange/credentials.ts';
export type { DataSource, OAuthDataSource, PasswordDataSource } from './dist/exchange/data-source.ts';
export { heldToken } from './dist/held-token.ts';
export type { AllRecords, AllRecordsOptions } from './dist/all-records.ts';
export type { CallOptions, CallTimeouts, EditOptions, FindRequest, GetOptions, LayoutMetadataOptions, ListOptions, RunScriptOptions, ScriptedOptions, ShownOptions, WriteOptions, } from './dist/call-options.ts';
export type { DownloadOptions, DownloadUrlOptions, LayoutContainers, UploadOptions } from './dist/container.ts';
export type { ContainerFile } from './dist/container-file.ts';
export type { InFolders } from './dist/folders.ts';
export type { Layout, LayoutOptions } from './dist/layout.ts';
export type { LayoutDefinition, PortalSchemas, PortalsRead, ReadOnly, WritableValue, WrittenBySchema, WrittenFields, WrittenRows, } from './dist/layout-definition.ts';
export type { LayoutSource } from './dist/layout-source.ts';
export { SchemaError, type SchemaErrorDetails } from './dist/schema-error.ts';
export type { SchemaInput, SchemaIssue, SchemaOptions, SchemaOutput, SchemaResult, StandardSchema, } from './dist/values/standard-schema.ts';
export type { FieldMetadata, LayoutMetadata, OldFieldMetadata, ValueList } from './dist/layout-metadata.ts';
export type { NewPortalRecord, PortalRowIds, PortalRowWrite, PortalWrites } from './dist/portal-writes.ts';
export type { CreatedRecord, DataInfo, EditedRecord, FieldData, FieldValue, PortalDataInfo, PortalFields, PortalRow, RecordAnswer, RecordEntry, RecordPage, } from './dist/records.ts';
export type { FlatLayoutEntry, FlatScriptEntry, FoldersOptions, LayoutEntry, Metadata, ProductInfo, ScriptEntry, } from './dist/metadata.ts';
export type { ScriptOptions, ScriptResult, ScriptResults, ScriptSessions } from './dist/script-options.ts';
export type { SessionCheck, SessionState } from './dist/session-check.ts';
export { logTo, type LogDetails, type Logger, type LogOptions } from './dist/log-to.ts';
export { oauth, type IdentityOptions, type OAuthPair } from './dist/oauth.ts';
export { proxyKey, type ProxyKeyOptions } from './dist/proxy-key.ts';
export type { ClientOptions, RetryChoices, SessionsOptions, TimeoutOptions } from './dist/options.ts';
export type { Scope, ScopeOptions } from './dist/scope.ts';
export { checkScripts, ScriptError, type ScriptAnswer, type ScriptStep } from './dist/script-error.ts';
export type { SessionCache } from './dist/session/cache.ts';
export type { SessionsReport, SlotReport } from './dist/session/coordinator.ts';
export type { SlotEvent } from './dist/session/shared-slot.ts';
export type { ByteStream, SourceDescription, UploadSource } from './dist/upload-source.ts';
export type { TransferProgress } from './dist/wire/multipart.ts';
export type { DateFormats, EntryMode, PortalRange, PortalSelection, ScriptCall, SortOrder } from './dist/wire/parameters.ts';

// dist/layout-definition.d.ts
import type { LayoutOptions } from './dist/layout.ts';
import type { PortalRowIds } from './dist/portal-writes.ts';
import type { FieldValue } from './dist/records.ts';
import type { DateFormats } from './dist/wire/parameters.ts';
import type { SchemaInput, StandardSchema } from './dist/values/standard-schema.ts';
/** A value as it can be written. A bigint goes with all its digits; so does a text of digits, however many. */
export type WritableValue = FieldValue | bigint;
declare const readOnlyMark: unique symbol;
/**
 * A field that is read and never written, in the type of a layout's fields: a calculation, a summary, a global field, one whose
 * modification is prohibited. Writes then have no such field.
 *
 * @example
 * interface Person { name: string; age: ReadOnly<number> }
 * const people = fm.layout<Person>('People')
 */
export type ReadOnly<Value> = Value & {
    readonly [readOnlyMark]: true;
};
/** What can be written of a layout's fields: any of them but the {@link ReadOnly} ones; bigints where there are numbers. */
export type WrittenFields<Fields> = string extends keyof Fields ? Readonly<Record<string, WritableValue>> : {
    readonly [Field in keyof Fields as Fields[Field] extends {
        readonly [readOnlyMark]: true;
    } ? never : Field]?: WrittenValue<Fields[Field]>;
};
type WrittenValue<Value> = number extends Value ? Value | bigint : Value;
/** The schemas of portals' rows, by portal. */
export type PortalSchemas = Readonly<Record<string, StandardSchema>>;
/** A layout's fields as a schema has them. */
export interface LayoutDefinition<Schema extends StandardSchema = StandardSchema, Portals extends PortalSchemas = PortalSchemas, ReadOnlyField extends string = string, Written = never> extends LayoutOptions {
    /**
     * What `fieldData` is, of any library with Standard Schema (zod, valibot, arktype), or made by `fields()` of
     * `@fm/core/values`. Every record that is read goes through it; it may take its time. A value that does not fit is a
     * {@link SchemaError}. An empty field is `''`, of numbers and dates too: codecs of ours give null, a schema of another
     * library has to allow it.
     *
     * What is written is checked and turned where the schema knows how: `fields()` does. For other schemas values are written as
     * they travel (the schema's input), or as `encode` takes them.
     */
    readonly schema: Schema;
    /** What the rows of portals are, without their `recordId` and `modId`. Other portals come as they travel. @defaultValue none */
    readonly portals?: Portals | undefined;
    /** Fields that are never written: calculations, summaries, global fields. (`fields()` has `readOnly()`.) @defaultValue none */
    readonly readOnly?: readonly ReadOnlyField[] | undefined;
    /**
     * Turns what is to be written into values as they travel, for schemas that know one direction only.
     *
     * @example
     * encode: (fieldData: Partial<z.output<typeof person>>) => z.encode(person.partial(), fieldData)
     */
    readonly encode?: ((fieldData: Written) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>) | undefined;
}
/** What can be written by a schema: what `fields()` says, or any of the schema's input but the fields that are read-only. */
export type WrittenBySchema<Schema extends StandardSchema, ReadOnlyField extends string = never> = Schema extends {
    readonly '~write': (written: infer Written, dateformats: DateFormats) => unknown;
} ? {
    readonly [Field in keyof Written as Field extends ReadOnlyField ? never : Field]?: Written[Field];
} : {
    readonly [Field in keyof SchemaInput<Schema> as Field extends ReadOnlyField ? never : Field]?: WrittenAsItTravels<SchemaInput<Schema>[Field]>;
};
/** Where a schema takes whatever travels, so does a write. */
type WrittenAsItTravels<Value> = unknown extends Value ? WritableValue : FieldValue extends Value ? Value | bigint : Value;
/** The rows of each portal that can be written, by the portals' schemas. */
export type WrittenRows<Portals extends PortalSchemas> = {
    readonly [Portal in keyof Portals]?: readonly (PortalRowIds & WrittenBySchema<Portals[Portal]>)[];
};
/** The rows of each portal, as their schemas give them. */
export type PortalsRead<Portals extends PortalSchemas> = {
    readonly [Portal in keyof Portals]: NonNullable<Portals[Portal]['~standard']['types']>['output'];
};
export {};

// dist/layout-metadata.d.ts
import { type JsonObject } from './dist/wire/shapes.ts';
/** What a layout consists of. */
export interface LayoutMetadata {
    readonly fieldMetaData: readonly FieldMetadata[];
    /** The fields of each portal. */
    readonly portalMetaData: Readonly<Record<string, readonly FieldMetadata[]>>;
    /** Empty when the layout uses none. */
    readonly valueLists: readonly ValueList[];
}
export interface FieldMetadata {
    readonly name: string;
    readonly type: 'normal' | 'calculation' | 'summary';
    readonly displayType: string;
    readonly result: 'text' | 'number' | 'date' | 'time' | 'timeStamp' | 'container';
    readonly valueList?: string;
    readonly global: boolean;
    readonly autoEnter: boolean;
    readonly fourDigitYear: boolean;
    readonly maxRepeat: number;
    readonly maxCharacters: number;
    readonly notEmpty: boolean;
    readonly numeric: boolean;
    readonly timeOfDay: boolean;
    readonly repetitionStart: number;
    readonly repetitionEnd: number;
}
export interface ValueList {
    readonly name: string;
    readonly type: string;
    readonly values: readonly {
        readonly displayValue: string;
        readonly value: string;
    }[];
}
/** A field as FileMaker Server 17 described it. */
export interface OldFieldMetadata {
    readonly name: string;
    readonly type: 'normal' | 'calculation' | 'summary';
    readonly result: 'text' | 'number' | 'date' | 'time' | 'timeStamp' | 'container';
    readonly valueList?: string;
    /** A text on the wire, a boolean here. */
    readonly global: boolean;
    readonly repetitions: number;
    readonly id?: string;
}
/** The key of the value lists is missing where there are none. */
export declare function layoutMetadataOf(response: JsonObject): LayoutMetadata;
export declare function oldMetadataOf({ metaData }: JsonObject): readonly OldFieldMetadata[];

// dist/layout-source.d.ts
import type { Layout, LayoutOptions } from './dist/layout.ts';
import type { LayoutDefinition, PortalSchemas, PortalsRead, WrittenBySchema, WrittenRows } from './dist/layout-definition.ts';
import type { FieldData, PortalFields } from './dist/records.ts';
import type { SchemaInput, SchemaOutput, StandardSchema } from './dist/values/standard-schema.ts';
/** Where layouts are had: a client, or a scope. */
export interface LayoutSource {
    /**
     * The records of one layout. Nothing is sent.
     *
     * The types of its fields and portals' rows are believed, not checked. Mark what is never written with {@link ReadOnly}.
     *
     * @example
     * const people = fm.layout<{ name: string; age: ReadOnly<number> }, { lines: { 'Lines::text': string } }>('People')
     */
    layout<Fields = FieldData, Portals = PortalFields>(name: string, options?: LayoutOptions): Layout<Fields, Portals>;
    /**
     * The records of one layout, each checked and turned by a schema: of zod, valibot, arktype or any library with Standard
     * Schema, or made of codecs with `fields()` of `@fm/core/values`. Calls throw a {@link SchemaError} where a value does not fit.
     *
     * @throws TypeError that names what is wrong with the definition.
     * @example
     * const people = fm.layout('People', { schema: z.object({ name: z.string(), age: z.number() }), readOnly: ['age'] })
     */
    layout<Schema extends StandardSchema, Portals extends PortalSchemas = Readonly<Record<string, StandardSchema<FieldData, FieldData>>>, ReadOnlyField extends keyof SchemaInput<Schema> & string = never, Written = WrittenBySchema<Schema, ReadOnlyField>>(name: string, definition: LayoutDefinition<Schema, Portals, ReadOnlyField, Written>): Layout<SchemaOutput<Schema>, PortalsRead<Portals>, Written, WrittenRows<Portals>>;
}
/** Both ways of naming a layout, by one that takes a definition where there is one. */
export declare function layoutSource(open: <Fields, Portals, Written, Rows>(name: string, options?: LayoutOptions | LayoutDefinition) => Layout<Fields, Portals, Written, Rows>): LayoutSource['layout'];

// dist/layout.d.ts
import { type AllRecords, type AllRecordsOptions, type KeepSession } from './dist/all-records.ts';
import { type CallOptions, type EditOptions, type FindRequest, type GetOptions, type LayoutMetadataOptions, type ListOptions, type RunScriptOptions, type ScriptedOptions, type WriteOptions } from './dist/call-options.ts';
import { type ContainersParts, type LayoutContainers } from './dist/container.ts';
import { type LayoutMetadata, type OldFieldMetadata } from './dist/layout-metadata.ts';
import type { LayoutDefinition, WrittenFields } from './dist/layout-definition.ts';
import { type PortalWrites } from './dist/portal-writes.ts';
import type { CreatedRecord, EditedRecord, FieldData, PortalFields, RecordAnswer, RecordPage } from './dist/records.ts';
import { type ScriptPlaces, type ScriptResult, type ScriptResults, type ScriptSessions } from './dist/script-options.ts';
/** The records of one layout. Only the fields on the layout can be read and written. */
export interface Layout<Fields = FieldData, Portals = PortalFields, Written = WrittenFields<Fields>, Rows = PortalWrites<Portals>> extends LayoutContainers<Fields> {
    readonly name: string;
    /**
     * A page of all records. A page beyond the last record is empty.
     *
     * @throws {@link FileMakerError} 105 when there is no such layout, 102 when a sort field is not on it.
     * @see Claris FileMaker Data API Guide, "Get a range of records"
     */
    list(options?: ListOptions): Promise<RecordPage<Fields, Portals>>;
    /**
     * One record.
     *
     * @throws {@link FileMakerError} 101 when there is no such record.
     * @see Claris FileMaker Data API Guide, "Get a single record"
     */
    get(recordId: string | number, options?: GetOptions): Promise<RecordAnswer<Fields, Portals>>;
    /**
     * The records that match.
     *
     * A find that matches nothing is an answer, not a failure: FileMaker reports it as error 401, and this method resolves with
     * an empty page. Values are find criteria: `=`, `==`, `*`, `@`, `#`, `!`, `<`, `>`, `...`, `"` and `~` have a meaning, and
     * are taken literally behind a `\`.
     *
     * @param requests - Fields in one request are joined with AND, requests with OR, in their order.
     * @throws {@link FileMakerError} 102 when a field is not on the layout, 105 when there is no such layout.
     * @see Claris FileMaker Data API Guide, "Perform a find request"
     * @example
     * const page = await people.find([{ city: '==Oslo' }], { limit: 20 })
     */
    find(requests: readonly FindRequest<Fields>[], options?: ListOptions): Promise<RecordPage<Fields, Portals>>;
    /**
     * All records, however many, one after the other.
     *
     * @example
     * for await (const person of people.listAll()) console.log(person.fieldData.name)
     * const everybody = await Array.fromAsync(people.listAll()) // all of them in memory
     */
    listAll(options?: AllRecordsOptions): AllRecords<Fields, Portals>;
    /**
     * All records that match, however many, one after the other.
     *
     * @example
     * for await (const person of people.findAll([{ city: '==Oslo' }])) console.log(person.fieldData.name)
     * const oldest = await people.findAll([{ city: '==Oslo' }], { sort: [{ fieldName: 'born' }] }).first()
     */
    findAll(requests: readonly FindRequest<Fields>[], options?: AllRecordsOptions): AllRecords<Fields, Portals>;
    /**
     * Creates a record, with related rows where `portalData` has some; fields left out get their auto-enter values.
     *
     * @throws {@link FileMakerError} 102 for a field that is not on the layout, 500 to 511 for a value that fails validation.
     * @see Claris FileMaker Data API Guide, "Create a record"
     */
    create(fieldData: Written, options?: WriteOptions<Rows>): Promise<CreatedRecord>;
    /**
     * Edits the given fields of a record, and the related rows in `portalData` and `deleteRelated`: all of it, or nothing.
     *
     * @throws {@link FileMakerError} 101 no such record, 301 locked by another user, 306 `modId` is not the record's: its
     * `conflict` has the modId given and, with `onConflict: 'read'`, the record's own.
     * @see Claris FileMaker Data API Guide, "Edit a record"
     */
    edit(recordId: string | number, fieldData: Written, options?: EditOptions<Rows>): Promise<EditedRecord>;
    /**
     * Duplicates a record.
     *
     * @see Claris FileMaker Data API Guide, "Duplicate a record"
     */
    duplicate(recordId: string | number, options?: ScriptedOptions): Promise<CreatedRecord>;
    /**
     * Deletes a record.
     *
     * @throws {@link FileMakerError} 101 no such record, 301 locked by another user.
     * @see Claris FileMaker Data API Guide, "Delete a record"
     */
    delete(recordId: string | number, options?: ScriptedOptions): Promise<ScriptResults>;
    /**
     * Runs a script on the layout. It is not run again when its answer is lost, unless it is said to be `idempotent`.
     *
     * @param script - Its name. Names may be there twice in a database: FileMaker takes one of them.
     * @param parameter - What `Get(ScriptParameter)` gives in the script. It travels in the URL: for more than about 1,500
     * characters name the script as `script` of a find, a create or an edit instead.
     * @returns What it returned, and its own error: an error in a script is an answer and not thrown.
     * @throws {@link FileMakerError} 104 when there is no such script, or the account may not run it.
     * @see Claris FileMaker Data API Guide, "Run a FileMaker script"
     */
    runScript(script: string, parameter?: string, options?: RunScriptOptions): Promise<ScriptResult>;
    /**
     * The layout's fields, portals and value lists.
     *
     * @see Claris FileMaker Data API Guide, "Get layout metadata"
     */
    metadata(options?: LayoutMetadataOptions): Promise<LayoutMetadata>;
    /** The layout's fields as FileMaker Server 17 has them, which has no other metadata. Later servers know it too. */
    oldMetadata(options?: CallOptions): Promise<readonly OldFieldMetadata[]>;
}
/** What holds for all calls on a layout. */
export interface LayoutOptions {
    /** On which session calls with scripts are made. @defaultValue what the client says; else 'shared' */
    readonly scripts?: ScriptSessions | undefined;
}
/** Where a layout's calls go: the client's exchanges, or a scope's. */
export interface LayoutPlace extends ScriptPlaces {
    /** `/fmi/data/vLatest` */
    readonly base: string;
    readonly database: string;
    readonly keepSession?: KeepSession | undefined;
    readonly containers: ContainersParts;
}
/** One layout. Nothing is sent. */
export declare function createLayout<Fields, Portals, Written, Rows>(place: LayoutPlace, layout: string, options?: LayoutOptions | LayoutDefinition): Layout<Fields, Portals, Written, Rows>;

// dist/log-to.d.ts
/** What lines are written to: `console`, winston, a `log4js` logger … Each method gets a sentence and an object. */
export interface Logger {
    debug(message: string, details: LogDetails): unknown;
    info(message: string, details: LogDetails): unknown;
    warn(message: string, details: LogDetails): unknown;
}
/** Names and numbers: no token, no account, no server, no record id, no field's value. */
export type LogDetails = Readonly<Record<string, string | number>>;
export interface LogOptions {
    /**
     * The least that is written. `debug`: every call and every change of a session; `info`: logins and repeats; `warn`: what
     * failed, and a cache that is away. @defaultValue 'info'
     */
    readonly level?: 'debug' | 'info' | 'warn' | undefined;
}
/**
 * Writes what the clients of this process do: calls, logins, repeats, changes of sessions, a cache that fails. A reader of
 * the same `node:diagnostics_channel` channels that anybody can read.
 *
 * @returns What ends it, by `stop()` or `using`.
 * @throws TypeError when a method of the logger is missing, or the level is none.
 * @example
 * using _log = logTo(console)
 */
export declare function logTo(logger: Logger, options?: LogOptions): Disposable & {
    stop(): void;
};

// dist/metadata.d.ts
import type { Call, Exchange } from './dist/exchange/call.ts';
import { type CallOptions } from './dist/call-options.ts';
import { type InFolders } from './dist/folders.ts';
/** What the server says about itself. Newer servers leave out `version` and `buildDate`. */
export interface ProductInfo {
    readonly name: string;
    readonly buildDate?: string;
    readonly version?: string;
    readonly dateFormat: string;
    readonly timeFormat: string;
    readonly timeStampFormat: string;
}
/** A layout, or a folder of layouts. */
export interface LayoutEntry {
    readonly name: string;
    readonly table?: string;
    readonly isFolder?: boolean;
    readonly folderLayoutNames?: readonly LayoutEntry[];
}
/** A script, or a folder of scripts. A separator is a script named `-`. */
export interface ScriptEntry {
    readonly name: string;
    readonly isFolder: boolean;
    readonly folderScriptNames?: readonly ScriptEntry[];
}
/** A layout, and the folders it stands in. */
export interface FlatLayoutEntry extends InFolders {
    readonly name: string;
    readonly table?: string;
}
/** A script, and the folders it stands in. */
export interface FlatScriptEntry extends InFolders {
    readonly name: string;
}
export interface FoldersOptions extends CallOptions {
    /** `tree`: folders with what is in them. `flat`: without folders, each entry told where it stood. @defaultValue 'tree' */
    readonly folders?: 'tree' | 'flat' | undefined;
}
/** What the server and the database consist of. */
export interface Metadata {
    /**
     * What the server says about itself. Needs no session.
     *
     * @see Claris FileMaker Data API Guide, "Get product information"
     */
    productInfo(options?: CallOptions): Promise<ProductInfo>;
    /**
     * Names of the databases that the server shows to this account. Needs no session. With `oauth` and `heldToken` the server is
     * asked without credentials, and shows what it shows to everybody: an OAuth pair would be used up.
     *
     * @see Claris FileMaker Data API Guide, "Get database names"
     */
    databases(options?: CallOptions): Promise<readonly {
        readonly name: string;
    }[]>;
    /**
     * The database's layouts in their order, folders as trees or flattened.
     *
     * @see Claris FileMaker Data API Guide, "Get layout names"
     */
    layouts(options: FoldersOptions & {
        readonly folders: 'flat';
    }): Promise<readonly FlatLayoutEntry[]>;
    layouts(options?: FoldersOptions & {
        readonly folders?: 'tree' | undefined;
    }): Promise<readonly LayoutEntry[]>;
    /**
     * The database's scripts in their order, folders as trees or flattened; separators are in the trees only.
     *
     * @see Claris FileMaker Data API Guide, "Get script names"
     */
    scripts(options: FoldersOptions & {
        readonly folders: 'flat';
    }): Promise<readonly FlatScriptEntry[]>;
    scripts(options?: FoldersOptions & {
        readonly folders?: 'tree' | undefined;
    }): Promise<readonly ScriptEntry[]>;
}
export declare function createMetadata(exchange: Exchange, base: string, database: string, credentials: Call['instead']): Metadata;

// dist/oauth.d.ts
import { type Auth } from './dist/auth.ts';
/** What signing in with an OAuth identity provider leaves in an application's hands. Good for one login. */
export interface OAuthPair {
    /** `X-FMS-Request-ID` of the answer to `/oauth/getoauthurl`. */
    readonly requestId: string;
    /** `identifier` in the URL to which the provider sends the browser back. */
    readonly identifier: string;
}
export interface IdentityOptions {
    /**
     * Who this is, in words that no other user has: lets processes share the session through the cache, together with
     * `cacheSecret`. Whoever gives this name gets that session without signing in, so give what your application has verified
     * (the user id of its own session), never what a visitor says. Left out, the session stays in this process.
     */
    readonly identity?: string | undefined;
}
/**
 * Signs in by way of an OAuth identity provider (Amazon, Google, Microsoft, or one of your own).
 *
 * The pair is good for one login. So the session is kept until the client is closed, there is one shared session, and when it
 * dies calls fail with a {@link SessionError} whose `reason` is `'credentials'`: somebody has to sign in again. A function is
 * asked for another pair before each login instead.
 *
 * @param pair - The pair, or where to get one. Where each costs a person a sign-in, set `sessions.shared` to 1.
 * @throws TypeError when a part of the pair is missing or can't be sent.
 * @see Claris FileMaker Data API Guide, "Log in to a database session using an OAuth identity provider"
 * @example
 * const fm = createClient({ server, database, auth: oauth({ requestId, identifier }) })
 */
export declare function oauth(pair: OAuthPair | (() => OAuthPair | Promise<OAuthPair>), options?: IdentityOptions): Auth;
export declare function readIdentity(where: string, options: IdentityOptions): {
    readonly principal: string;
    readonly isNamed: boolean;
};

// dist/options.d.ts
import type { Dispatcher } from 'undici';
import { type Auth } from './dist/auth.ts';
import { type DataSources } from './dist/data-sources.ts';
import type { DataSource } from './dist/exchange/data-source.ts';
import type { ScriptSessions } from './dist/script-options.ts';
import type { SessionCache } from './dist/session/cache.ts';
/** What a client needs to know: one server, one database, one account. */
export interface ClientOptions {
    /** Origin of the server: `https://fms.example.com`. Plain http is taken for loopback hosts only. */
    readonly server: string;
    /** Takes plain http to other hosts. Passwords and data then travel readable. @defaultValue false */
    readonly allowInsecure?: boolean | undefined;
    /** File name without `.fmp12`, in the case it has at the server. */
    readonly database: string;
    /** Who calls: `basic(account, password)`, `oauth(pair)`, `clarisId({ token })`, `heldToken(token)` or `proxyKey(key)`. */
    readonly auth: Auth;
    /** Where processes find each other's sessions. Left out: calls that overlap share a session, which ends with the last. */
    readonly cache?: SessionCache | undefined;
    /**
     * At least 32 bytes that all processes share and nobody else knows: names and seals the records in the cache. A list while
     * it is being changed: all open, the first seals, the last names. Required where the cache is on the network, unless
     * `'derive'` says that scrypt over the password has to do, as it does for caches of one machine.
     */
    readonly cacheSecret?: string | readonly string[] | undefined;
    readonly sessions?: SessionsOptions | undefined;
    readonly timeouts?: TimeoutOptions | undefined;
    /**
     * On which session calls with scripts are made: `shared` with other calls, which then meet what a script leaves behind
     * (`$$variables`, global fields, found sets), or one of their own, `exclusive`. @defaultValue 'shared'
     */
    readonly scripts?: ScriptSessions | undefined;
    readonly retry?: RetryChoices | undefined;
    /**
     * Other files on the same server that the database reads from, each with an account of its own, or an OAuth pair. A function
     * is asked before each login; with it, or with OAuth pairs, the session stays in this process unless `auth` has an `identity`.
     * @defaultValue none
     */
    readonly dataSources?: readonly DataSource[] | (() => readonly DataSource[] | Promise<readonly DataSource[]>) | undefined;
    /** Version of the Data API in the path. @defaultValue 'vLatest' */
    readonly version?: 'v1' | 'v2' | 'vLatest' | undefined;
    /** Connections to the server at the most. @defaultValue 64 */
    readonly connections?: number | undefined;
    /** An answer larger than this many bytes is an error. @defaultValue 268435456 (256 MiB) */
    readonly maxResponseBytes?: number | undefined;
    /**
     * Calls that go on at once; more wait for their turn, first come, first served. Clients made by `withAuth` count with the
     * one they were made from. @defaultValue no limit
     */
    readonly maxConcurrentCalls?: number | undefined;
    /** Calls that may wait for their turn; one more is refused with a `SessionError` of reason `queue`. @defaultValue 100000 */
    readonly maxQueuedCalls?: number | undefined;
    /** An undici dispatcher of your own (proxy, certificate authority). Whoever made it closes it. */
    readonly dispatcher?: Dispatcher | undefined;
}
/** How sessions are shared. Clients of one account over one cache must agree. */
export interface SessionsOptions {
    /** Sessions that all processes share, at the most. The server works one session's calls off in turn. @defaultValue 4 */
    readonly shared?: number | undefined;
    /** Sessions that belong to one exclusive scope each, in all processes, at the most. @defaultValue 2 */
    readonly exclusive?: number | undefined;
    /**
     * `never`: sessions stay for other processes and idle out at the server. `own`: ended when the last client here is closed.
     * @defaultValue 'never' where the cache is shared by processes, else 'own'
     */
    readonly end?: 'never' | 'own' | undefined;
    /** Keeps sessions of one account apart: a tenant, an end user. @defaultValue '' */
    readonly partition?: string | undefined;
    /** Milliseconds after which the server forgets an idle session. @defaultValue 900000 (15 minutes, FileMaker's own) */
    readonly idleTimeoutMs?: number | undefined;
    /** Calls of this process in flight on one session; more wait for their turn. @defaultValue no limit */
    readonly callsPerSession?: number | undefined;
    /** Calls of this process that may wait for a session; one more is refused. @defaultValue 100000 */
    readonly maxWaiting?: number | undefined;
    /** `localSessions`: sessions this process may open for itself while the cache is away and it has none. @defaultValue 1 */
    readonly degraded?: {
        readonly localSessions?: number | undefined;
    } | undefined;
}
/** Time limits in milliseconds. */
export interface TimeoutOptions {
    /** Opening a connection, TLS included; kept to within a second. A `dispatcher` of yours has its own. @defaultValue 10000 */
    readonly connectMs?: number | undefined;
    /** A login, a logout, or a question about a session. @defaultValue 10000 */
    readonly loginMs?: number | undefined;
    /** A whole call: waiting for a session, all attempts and pauses. Longer than your longest script. @defaultValue 60000 */
    readonly callMs?: number | undefined;
    /** Waiting for a turn where `maxConcurrentCalls` bounds the calls. @defaultValue as long as the call has */
    readonly queueMs?: number | undefined;
}
/** Moves the table of what is sent again. */
export interface RetryChoices {
    /** Sends writes again when the session's window vanished (112). A create may then be done twice. @defaultValue false */
    readonly repeatWritesOn112?: boolean | undefined;
    /** False: a dead token is an error. Only without a cache. @defaultValue true */
    readonly renewal?: boolean | undefined;
}
/** The options with their defaults, checked. */
export interface Settings {
    readonly origin: string;
    readonly database: string;
    readonly auth: Auth;
    readonly cache: SessionCache | undefined;
    readonly cacheSecrets: readonly [string, ...string[]] | 'derive' | undefined;
    readonly sessions: {
        readonly shared: number;
        readonly exclusive: number;
        readonly end: 'never' | 'own';
        readonly partition: string;
        readonly idleTimeoutMs: number;
        readonly callsPerSession: number;
        readonly maxWaiting: number;
        readonly localSessions: number;
    };
    readonly timeouts: {
        readonly connectMs: number;
        readonly loginMs: number;
        readonly callMs: number;
        readonly queueMs: number | undefined;
    };
    readonly retry: {
        readonly repeatWritesOn112: boolean;
        readonly renewal: boolean;
    };
    readonly scripts: ScriptSessions;
    readonly dataSources: DataSources;
    readonly version: string;
    readonly base: string;
    readonly connections: number;
    readonly maxResponseBytes: number;
    readonly maxConcurrentCalls: number;
    readonly maxQueuedCalls: number;
    readonly dispatcher: Dispatcher | undefined;
}
/** Checks what the caller gave. @throws TypeError that names the option, never its value where that may be a secret. */
export declare function readOptions(options: ClientOptions): Settings;
/** What follows from who calls: also for a client made from another. @throws TypeError that names `auth`. */
export declare function authSettings(version: string, given: unknown): Pick<Settings, 'auth' | 'version' | 'base'>;

// dist/portal-writes.d.ts
import type { WrittenFields } from './dist/layout-definition.ts';
import type { FieldData, PortalFields } from './dist/records.ts';
import { type JsonObject } from './dist/wire/shapes.ts';
/** Rows to be written, by portal. */
export type PortalWrites<Portals = PortalFields> = {
    readonly [Portal in keyof Portals]?: readonly PortalRowWrite<Portals[Portal]>[];
};
/**
 * A related row: values by full name, `Occurrence::field`. With `recordId` the row is edited, and only if `modId` is still
 * its own where that is given (else error 306); without, it is created, which the relationship has to allow.
 */
export type PortalRowWrite<Row = FieldData> = PortalRowIds & WrittenFields<Row>;
export interface PortalRowIds {
    readonly recordId?: string | number;
    readonly modId?: string;
}
/** A related record that a call created. */
export interface NewPortalRecord {
    /** The table occurrence. */
    readonly tableName: string;
    readonly recordId: string;
    readonly modId: string;
}
/** What an edit does to related records. */
export interface RelatedChanges {
    readonly portalData: Readonly<Record<string, readonly unknown[]>> | undefined;
    /** In the spelling of `fieldData.deleteRelated`. */
    readonly deleteRelated: string | readonly string[] | undefined;
}
/** @throws TypeError that names the portal and the row. */
export declare function readPortalData(method: string, portalData: unknown): RelatedChanges['portalData'];
/** `Lines.3`, or a list of such. @throws TypeError that names the occurrence. */
export declare function readDeleteRelated(method: string, given: unknown): RelatedChanges['deleteRelated'];
/** Whether some row is to be created, which done twice would be two. */
export declare function createsRows(portalData: RelatedChanges['portalData']): boolean;
/** One for each record: servers have an entry for each field of it. Some are said to write `Lines::recordId`. */
export declare function newPortalRecordsOf(response: JsonObject): readonly NewPortalRecord[] | undefined;

// dist/proxy-key.d.ts
import { type Auth } from './dist/auth.ts';
export interface ProxyKeyOptions {
    /** What stands before `/fmi/data`: `'/otto'` for OttoFMS, `''` for a proxy with a port of its own. @defaultValue '/otto' */
    readonly pathPrefix?: string | undefined;
}
/**
 * Calls through a proxy like OttoFMS, which takes an API key where a session's token would stand, and holds the sessions
 * itself. Nobody signs in, and nothing is to be ended.
 *
 * There are no exclusive scopes then; a shared one promises nothing, since the proxy chooses the session of each call. `cache`,
 * `cacheSecret` and `sessions` have no effect. A key that the proxy does not take is a {@link ProxyAuthError}.
 *
 * @param key - `dk_…` of OttoFMS, `KEY_…` of Otto 3 (there with `pathPrefix: ''`, and its port 3030 in `server`).
 * @throws TypeError when the key can't be sent, or the prefix is no path.
 * @example
 * const fm = createClient({ server, database, auth: proxyKey(process.env.OTTO_API_KEY) })
 */
export declare function proxyKey(key: string | undefined, options?: ProxyKeyOptions): Auth;

// dist/records.d.ts
import type { NewPortalRecord } from './dist/portal-writes.ts';
import type { ScriptResults } from './dist/script-options.ts';
/** A value as it travels: FileMaker knows no null and no boolean. An empty field, of numbers too, is `''`. */
export type FieldValue = string | number;
/** The fields of a layout by name; related ones are `Occurrence::field`, repetitions `field(2)`. */
export type FieldData = Readonly<Record<string, FieldValue>>;
/** The fields of portals' rows, by portal. */
export type PortalFields = Readonly<Record<string, FieldData>>;
/** One record. */
export interface RecordEntry<Fields = FieldData, Portals = PortalFields> {
    readonly fieldData: Fields;
    /** Related rows by portal: its object name, or the table occurrence where it has none. */
    readonly portalData: {
        readonly [Portal in keyof Portals]: readonly PortalRow<Portals[Portal]>[];
    };
    /** FileMaker's own id of the record. A text: it may exceed what a number holds. */
    readonly recordId: string;
    /** Grows with each commit; give it to {@link Layout.edit} to edit only what you have seen. */
    readonly modId: string;
    readonly portalDataInfo?: readonly PortalDataInfo[];
}
/** One record as the answer of a call, with the results of the call's scripts. */
export interface RecordAnswer<Fields = FieldData, Portals = PortalFields> extends RecordEntry<Fields, Portals>, ScriptResults {
}
/** A record that was created. */
export interface CreatedRecord extends EditedRecord {
    readonly recordId: string;
}
/** A record that was edited, with the results of the call's scripts. */
export interface EditedRecord extends ScriptResults {
    readonly modId: string;
    /** The related records that the call created, one entry each; left out where there are none. */
    readonly newPortalRecordInfo?: readonly NewPortalRecord[];
}
/** A related row: its fields by full name (`Occurrence::field`), and its own ids. */
export type PortalRow<Row = FieldData> = {
    readonly recordId: string;
    readonly modId: string;
} & Row;
export interface PortalDataInfo {
    readonly portalObjectName?: string;
    readonly database: string;
    readonly table: string;
    readonly foundCount: number;
    readonly returnedCount: number;
}
/** One page of records, with the results of the call's scripts; an empty page has none, since the server tells none. */
export interface RecordPage<Fields = FieldData, Portals = PortalFields> extends ScriptResults {
    readonly data: readonly RecordEntry<Fields, Portals>[];
    readonly dataInfo: DataInfo;
}
export interface DataInfo {
    readonly database: string;
    readonly layout: string;
    /** Table occurrence. Empty where nothing was found: FileMaker tells it with records only. */
    readonly table: string;
    /** Records in the table. Undefined where nothing was found, for the same reason. */
    readonly totalRecordCount: number | undefined;
    /** Records that match, whatever the limit. 0 on a page beyond the last of them, too: the server tells no more then. */
    readonly foundCount: number;
    /** Records on this page. */
    readonly returnedCount: number;
}

// dist/schema-error.d.ts
import { CallError, type CallDetails } from './dist/errors.ts';
import type { SchemaIssue } from './dist/values/standard-schema.ts';
/** Where a value is that does not fit. */
export interface SchemaErrorDetails extends CallDetails {
    readonly layout: string;
    /** Undefined for a record that is to be created. */
    readonly recordId: string | undefined;
    readonly paths: readonly string[];
    readonly issues: readonly SchemaIssue[];
}
/**
 * A value is not as the layout's schema wants it: `outcome` is `'executed'` for one that the server sent, and `'not-executed'`
 * for one that was to be written.
 */
export declare class SchemaError extends CallError {
    #private;
    readonly name = "SchemaError";
    readonly code = "FM_SCHEMA";
    readonly layout: string;
    readonly recordId: string | undefined;
    /** What does not fit: `fieldData.born`, `portalData.lines[2].Lines::price`. */
    readonly paths: readonly string[];
    constructor(message: string, details: SchemaErrorDetails, options?: ErrorOptions);
    /** What the schema said, with its own paths. Libraries quote values here: look at it, and keep it out of logs. */
    get issues(): readonly SchemaIssue[];
}

// dist/scope.d.ts
import type { Account } from './dist/account.ts';
import type { ExchangeParts } from './dist/exchange/call.ts';
import { type GlobalFields } from './dist/globals.ts';
import { type CallOptions } from './dist/call-options.ts';
import { type ContainersParts, type DownloadUrlOptions } from './dist/container.ts';
import type { ContainerFile } from './dist/container-file.ts';
import { type LayoutSource } from './dist/layout-source.ts';
import { type SessionCheck } from './dist/session-check.ts';
import type { ScriptSessions } from './dist/script-options.ts';
/**
 * Several calls on one session: what stands between FMDataAPI's `startCommunication` and `endCommunication`.
 *
 * A shared scope's session is used by others in between, and a renewal inside is not noticed. An exclusive scope's session
 * is its own, and ends with it.
 */
export interface Scope extends LayoutSource, SessionCheck, AsyncDisposable {
    /** As the client's, for URLs that this scope has read. */
    download(url: string, options?: DownloadUrlOptions): Promise<ContainerFile>;
    /**
     * Sets global fields for the rest of this session. Exclusive scopes only: on a shared session every other caller would see
     * them. They are set again when the session has to be replaced.
     *
     * @param globalFields - By full name, `Table::field`.
     * @throws TypeError in a scope that is not exclusive.
     * @see Claris FileMaker Data API Guide, "Set global field values"
     */
    setGlobals(globalFields: GlobalFields, options?: CallOptions): Promise<void>;
    /** Lets the session go. Ending twice is harmless; calls after it are refused. `await using` does it by itself. */
    endCommunication(): Promise<void>;
}
export interface ScopeOptions extends CallOptions {
    /** A session of the scope's own. @defaultValue false */
    readonly exclusive?: boolean | undefined;
    /**
     * Brings an exclusive session into the state that the scope relies on: called at its start, and again on the new session
     * when the first is lost. Without it, and without globals set through the scope, a lost session is a `SessionLostError`.
     */
    readonly setup?: ((scope: Scope) => unknown) | undefined;
}
/** What a scope has of its client. */
export interface ScopeParts {
    readonly parts: ExchangeParts;
    readonly base: string;
    readonly database: string;
    /** How many exclusive sessions there may be. */
    readonly exclusive: number;
    /** On which session calls with scripts are made, where neither they nor their layout say. */
    readonly scripts: ScriptSessions;
    readonly withSessions: Account['withSessions'];
    /** The scope itself keeps the session. */
    readonly containers: ContainersParts;
    readonly isOpen: () => boolean;
}
export declare function startScope(options: ScopeOptions, client: ScopeParts): Promise<Scope>;

// dist/script-error.d.ts
import type { ScriptResult, ScriptResults } from './dist/script-options.ts';
/** Which script of a call: the one before the action, between action and sort, or after both. Named like the options. */
export type ScriptStep = keyof ScriptResults;
/** An answer with the results of the scripts that ran, by step; or that of a script which ran by itself. */
export type ScriptAnswer = ScriptResults | ScriptResult;
/**
 * A script that ran with a call ended with an error. The call itself succeeded: nothing of it is undone, and `answer` has
 * what it brought. Thrown only where that was asked for, by {@link checkScripts}.
 */
export declare class ScriptError<Answer = unknown> extends Error {
    #private;
    readonly name = "ScriptError";
    /** Compare this and not the message: it is the same in every version and every copy of this package. */
    readonly code = "FM_SCRIPT_FAILED";
    readonly outcome = "executed";
    readonly step: ScriptStep;
    /** FileMaker's number at the script's end; 5000 to 5499 are the script's own. */
    readonly scriptError: number;
    /** What the number means, in words. Undefined for one that is not documented. */
    readonly meaning: string | undefined;
    constructor(step: ScriptStep, { error, result }: ScriptResult, answer: Answer);
    /** What the script gave to Exit Script. */
    get scriptResult(): string;
    /** The answer of the call, as it would have been returned. */
    get answer(): Answer;
}
/**
 * Passes an answer on if its scripts went well, and throws if one did not. For those who want a script's error thrown: a
 * failed script does not fail its call.
 *
 * @param options - `accept`: numbers that are no failure, as 401 where a script's own find may match nothing.
 * @throws {@link ScriptError} of the first script, in the order in which they ran, that ended with another number than 0.
 * @example
 * const { recordId } = checkScripts(await orders.create({ total: 9 }, { script: 'Confirm' }))
 */
export declare function checkScripts<Answer extends ScriptAnswer>(answer: Answer, options?: {
    readonly accept?: readonly number[];
}): Answer;

// dist/script-options.d.ts
import type { Call, Exchange } from './dist/exchange/call.ts';
import type { Verb } from './dist/exchange/retry.ts';
import type { Parameters, ScriptCall } from './dist/wire/parameters.ts';
import { type JsonObject } from './dist/wire/shapes.ts';
/**
 * On which session calls with scripts are made. `shared`: on one of those that all calls share, as every other client does
 * it; global variables, global fields, found sets and records left open then stay behind for the next call. `exclusive`: on
 * a session of the call's own, which costs a login and a logout.
 */
export type ScriptSessions = 'shared' | 'exclusive';
/**
 * Scripts that run within a call. Their results and errors are fields of its answer, under the names they have here; an
 * error of a script is no failure of the call. A call with a script is not sent again when its answer is lost.
 */
export interface ScriptOptions {
    /** Runs when all is done and sorted, before records are read for the answer. Its name, or with a parameter. */
    readonly script?: string | ScriptCall | undefined;
    /** Runs on the layout before anything else is done. */
    readonly scriptPrerequest?: string | ScriptCall | undefined;
    /** Runs after the action and before the sort. */
    readonly scriptPresort?: string | ScriptCall | undefined;
    /** @defaultValue what the layout says, else the client; else 'shared' */
    readonly scripts?: ScriptSessions | undefined;
    /** Says that the scripts may run twice without harm, even at the same time: the call is then repeated as if it had none. @defaultValue false */
    readonly idempotent?: boolean | undefined;
}
/** What a script left: both as `Exit Script` and `Get ( LastError )` had them at its end. */
export interface ScriptResult {
    /** `''` where it returned nothing. */
    readonly result: string;
    /** FileMaker's number, 0 for none; a script may set numbers of its own from 5000 to 5499. */
    readonly error: number;
}
/** One for each script that the call named, where the server told of it. */
export interface ScriptResults {
    readonly script?: ScriptResult;
    readonly scriptPrerequest?: ScriptResult;
    readonly scriptPresort?: ScriptResult;
}
declare const PHASES: readonly ['script', 'scriptPrerequest', 'scriptPresort'];
type Phase = (typeof PHASES)[number];
export declare const SCRIPT_OPTIONS: readonly string[];
/** Where calls with scripts go: the exchange of all calls, or one that gives each call a session of its own. */
export interface ScriptPlaces {
    readonly shared: Exchange;
    readonly exclusive: Exchange;
    /** What is meant where a call does not say. */
    readonly scripts: ScriptSessions;
}
/** The scripts of one call, checked. */
export interface ReadScripts {
    readonly parameters: Pick<Parameters, Phase>;
    /** Sends the call where it belongs, as what it is in the table of repeats. */
    readonly send: (call: Call) => Promise<JsonObject>;
}
/** @throws TypeError that names the option. */
export declare function readScripts(method: string, options: ScriptOptions & {
    readonly layoutResponse?: string | undefined;
}, places: ScriptPlaces): ReadScripts;
/** As {@link readScripts}, for a call that is nothing but a script. */
export declare function readScriptCall(method: string, options: Pick<ScriptOptions, 'scripts' | 'idempotent'>, places: ScriptPlaces): {
    readonly send: Exchange;
    readonly verb: Verb;
};
export declare function checkScriptSessions(option: string, scripts: unknown): asserts scripts is ScriptSessions;
/** A text, for a script knows nothing else: structures travel as JSON in it. */
export declare function readScriptParameter(option: string, param: unknown): string | undefined;
/** The results in an answer, under the names that the options have. */
export declare function scriptResultsOf(response: JsonObject): ScriptResults;
/** The key of a result is missing where the script returned nothing; a code that is none of FileMaker's is -1, unknown. */
export declare function readResult(result: unknown, error: unknown): ScriptResult;
export {};

// dist/session-check.d.ts
import { type CallOptions } from './dist/call-options.ts';
import type { Exchange } from './dist/exchange/call.ts';
/** A session as the server sees it. */
export interface SessionState {
    /** Whether a call is running on it. Undefined where the server does not tell: FileMaker Server 19.0. */
    readonly isSessionInUse?: boolean;
}
export interface SessionCheck {
    /**
     * Asks the server about the session that the next call would use. Calls need no such question: one that meets a dead
     * session renews it by itself, and so does this one. It keeps a session from idling out, and in an exclusive scope it tells
     * whether the session with its state is still there.
     *
     * @throws {@link SessionLostError} in an exclusive scope whose session is gone and can't be restored.
     * @see Claris FileMaker Data API Guide, "Validate database session"
     */
    validateSession(options?: CallOptions): Promise<SessionState>;
}
export declare function createSessionCheck(exchange: Exchange, base: string): SessionCheck;

// dist/session/cache.d.ts
/**
 * Where clients keep slots: a register for each key. Keys and values are opaque strings. Two methods make a backend.
 *
 * It is no ordinary cache: a value may be lost (that costs a login), but never be stale on purpose, and `compareAndSet`
 * is what keeps many processes at one login. Keys have at most 120 characters out of `[A-Za-z0-9._:-]`, values at most
 * 8 KiB. An expired entry is an absent one, for both methods.
 */
export interface SessionCache {
    /**
     * The value, or undefined when there is none or its time is over. `ttlMs`: what is left of it, where that is known for
     * free. Rejects when the cache can't tell.
     */
    get(key: string, options?: {
        signal?: AbortSignal;
    }): Promise<{
        value: string;
        ttlMs?: number;
    } | undefined>;
    /**
     * Replaces `expected` by `next` in one step, and gives it a fresh time to live: undefined as `expected` means "there is
     * none", as `next` "delete"; the same string twice renews its time to live.
     *
     * Resolves with whether it did; rejects on any doubt, never false because of an error.
     */
    compareAndSet(key: string, expected: string | undefined, next: string | undefined, ttlMs: number, options?: {
        signal?: AbortSignal;
    }): Promise<boolean>;
    /** Who sees the same values, and whether compareAndSet is one step for all of them. */
    readonly supports: {
        readonly sharedBy: 'process' | 'machine' | 'network';
        readonly atomic: boolean;
    };
    /** Closes what the cache itself opened. The client never calls it: whoever made the cache closes it. */
    close?(): Promise<void>;
}

// dist/session/calls-in-flight.d.ts
import type { SessionServer } from './dist/exchange/sign-in.ts';
import type { Time } from './dist/time.ts';
/** A call that is in flight. */
export interface Entry {
    /** Whether an older call of this process is in flight on the same token. */
    readonly isBehind: () => boolean;
    readonly leave: () => void;
}
/** This process's calls on a slot's tokens, and what holds a token up: the server works one session's calls off in turn. */
export interface CallsInFlight {
    count(token: string): number;
    enter(token: string): Entry;
    /** A call that ended here may still run at the server, or one has been in flight for a while. */
    isBlocked(token: string): boolean;
    /** The server answered a call that was `sentAt`. */
    answered(token: string, sentAt: number): void;
    /** A call ended here and may still run at the server. */
    abandoned(token: string, because: Abandonment): void;
}
/** `timeout`: it got no answer. `outrun`: another session was quicker, which proves little. */
export type Abandonment = 'timeout' | 'outrun';
export interface CallsEnvironment {
    readonly server: SessionServer;
    readonly time: Time;
    /** Whether the slot still stands on the token. */
    readonly isHeld: (token: string) => boolean;
    readonly onDead: (token: string) => void;
    /** A call without an answer has blocked the token for a minute. */
    readonly onHung: (token: string) => void;
}
/** A call in flight for longer holds up those behind it. */
export declare const BLOCKED_MS = 250;
export declare function createCallsInFlight({ server, time, isHeld, onDead, onHung }: CallsEnvironment): CallsInFlight;

// dist/session/coordinator.d.ts
import { type ExclusiveSession, type SessionSource } from './dist/exchange/session-source.ts';
import type { SessionServer } from './dist/exchange/sign-in.ts';
import type { Time } from './dist/time.ts';
import type { Stop } from './dist/wire/stop.ts';
import { type SlotEvent } from './dist/session/shared-slot.ts';
import type { Register } from './dist/session/register.ts';
/** Gives each call a session: which slot it uses, when another is opened, and when sessions end. */
export interface Coordinator extends SessionSource {
    /** Keeps one slot's session for several calls: it is not ended between them. */
    hold(stop: Stop): Promise<Hold>;
    /** A session for one scope alone. */
    exclusive(stop: Stop): Promise<ExclusiveSession>;
    inspect(): SessionsReport;
    /** Whether this process answers for the session: what it neither knows nor finds in a record is orphaned. */
    knows(token: string): boolean;
    /** Ends all sessions of this identity that the records know, other processes' too. */
    endAll(): Promise<void>;
    /** Resolves once no call and no scope uses it, or it is closed. */
    quiet(): Promise<void>;
    /** Refuses new calls, waits for those in flight, ends or leaves the sessions as `end` says. */
    close(deadlineMs: number): Promise<void>;
}
export interface Hold {
    readonly slot: number;
    /** Renews the record and lets the session go. */
    release(): Promise<void>;
}
/** What a process knows about its sessions. No tokens. */
export interface SessionsReport {
    /** Logins made by this process for this account, refused ones included. */
    readonly logins: number;
    /** Sessions that this process holds. */
    readonly live: number;
    /** Of these, sessions that belong to one exclusive scope each. */
    readonly exclusive: number;
    /** Calls that wait for a session. */
    readonly waiting: number;
    readonly slots: readonly SlotReport[];
}
export interface SlotReport {
    /** `s0`, `s1` … */
    readonly slot: string;
    readonly state: 'closed' | 'shared' | 'local';
    /** Grows with each login in the slot, in whichever process. */
    readonly generation: number;
    readonly inFlight: number;
}
/** When sessions are ended: never (others use them), when the last client closes, or as soon as no call uses them. */
export type EndPolicy = 'never' | 'own' | 'when idle';
export interface CoordinatorEnvironment {
    readonly shared: readonly Register[];
    readonly exclusive: readonly Register[];
    readonly server: SessionServer;
    readonly time: Time;
    readonly process: string;
    /** The time limit of a call that names none. */
    readonly callMs: number;
    readonly end: EndPolicy;
    readonly localSessions: number;
    /** Calls of this process in flight on one session; more wait for their turn. */
    readonly callsPerSession: number;
    readonly maxWaiting: number;
    readonly report: (event: SlotEvent, slot: string) => void;
}
export declare function createCoordinator(environment: CoordinatorEnvironment): Coordinator;

// dist/session/key.d.ts
/** All that makes two clients the same user of the same database, and so lets them share sessions. */
export interface Identity {
    /** Scheme, host and port, normalised by `URL`: `https://fms.example.com`. */
    readonly origin: string;
    readonly database: string;
    readonly authKind: string;
    /** The account, or another stable name of who signs in. */
    readonly principal: string;
    /** The password, or what stands in for it. A wrong one leads to another key, where no session lies. */
    readonly credential: string;
    /** External data sources with their credentials, in canonical order. */
    readonly dataSources: readonly string[];
    /** What the application wants kept apart: a tenant, an end user. */
    readonly partition: string;
}
/** Names an identity's slots in a cache, and seals what is written there. */
export interface Seal {
    /** `fm1:<HMAC>:<slot>`: says nothing about server, account or database. */
    keyOf(slot: string): string;
    /** AES-256-GCM; the key it is stored under is bound in, so that a value moved to another key does not open. */
    close(key: string, text: string): string;
    /** Undefined for anything that was not sealed with a known secret under this very key. */
    open(key: string, sealed: string): string | undefined;
}
/** A seal made from secrets: all of them open, the first closes, the last names. So a rolling change splits no fleet. */
export declare function sealWithSecrets(secrets: readonly [string | Buffer, ...(string | Buffer)[]], identity: Identity): Seal;
/**
 * A seal made from the password alone, for caches that stay on this machine: scrypt makes each guess by somebody who reads
 * the cache cost about a tenth of a second. Not enough for weak passwords on a network, hence `cacheSecret` there.
 */
export declare function sealWithPassword(identity: Identity): Promise<Seal>;
/** Tells identities apart inside this process. Made with a secret of the process: it can't be guessed back from outside. */
export declare function fingerprintIdentity(identity: Identity): string;
/** Tells lists of secrets apart without keeping them. */
export declare function fingerprintSecrets(secrets: readonly string[] | string | undefined): string;

// dist/session/register.d.ts
import { type Time } from './dist/time.ts';
import type { SessionCache } from './dist/session/cache.ts';
import type { Seal } from './dist/session/key.ts';
import type { Draft, SlotRecord } from './dist/session/slot.ts';
/** One slot's record as it was read: what lies there, what it says, and how old it is by the cache's own clock. */
export interface Reading {
    /** Exactly what the cache holds; compare-and-set compares it. */
    readonly raw: string | undefined;
    /** Undefined when there is none, or when what lies there can't be opened: then it is replaced. */
    readonly record: SlotRecord | undefined;
    /** Undefined where the cache does not tell how long it keeps the value. */
    readonly ageMs: number | undefined;
}
/** One slot's place in the cache. Every operation ends within a deadline; what fails rejects with {@link CacheFailure}. */
export interface Register {
    read(): Promise<Reading>;
    /** Writes `next` if `seen` still lies there; resolves with what was written, or undefined when something else lies there. */
    swap(seen: Reading, next: Draft): Promise<Reading | undefined>;
    /** Renews the time to live, if `seen` still lies there. */
    touch(seen: Reading): Promise<boolean>;
    /** False while the cache is left alone after failures in a row. */
    readonly available: boolean;
}
/** The cache did not do what it was asked. Never reaches a caller: calls go on without the cache. */
export declare class CacheFailure extends Error {
    readonly name = "CacheFailure";
}
export interface RegisterOptions {
    readonly cache: SessionCache;
    readonly seal: Seal;
    readonly slot: string;
    readonly breaker: Breaker;
    readonly time: Time;
    readonly ttlMs: number;
}
export declare function openRegister({ cache, seal, slot, breaker, time, ttlMs }: RegisterOptions): Register;
/** Leaves a failing cache alone: after 3 failures in a row for 5 s, doubling to 30 s, then one operation tries. */
export interface Breaker {
    /** Whether an operation would be let through. */
    readonly closed: boolean;
    run<Value>(operation: (deadlineMs: number) => Promise<Value>): Promise<Value>;
}
export declare function createBreaker(time: Time, onChange: (state: 'failing' | 'recovered') => void): Breaker;

// dist/session/shared-slot.d.ts
import type { SessionServer } from './dist/exchange/sign-in.ts';
import { type Time } from './dist/time.ts';
import { type Abandonment, type Entry } from './dist/session/calls-in-flight.ts';
import type { Register } from './dist/session/register.ts';
/** One slot as this process sees it: the session it holds, and its single search for one. */
export interface SharedSlot {
    readonly name: string;
    /** The token, when a call can use it at once, without I/O. */
    readonly token: string | undefined;
    readonly generation: number;
    /** Calls of this process that are in flight on the slot. */
    readonly inFlight: number;
    /**
     * Something holds the session at the server, which works its calls off in turn: a call that timed out and may still run
     * there, or one that has been in flight for a while. Others avoid the slot while they can.
     */
    readonly blocked: boolean;
    /** What this process holds: nothing, the record's session, or one that no cache knows because it was away. */
    readonly state: 'closed' | 'shared' | 'local';
    /**
     * Finds a session: adopts the record's, follows somebody's login, or logs in. One search at a time, whoever asks;
     * rejects with {@link NoSession}, and a rejection is never kept.
     */
    open(): Promise<void>;
    /** A call goes out on the token. */
    enter(token: string): Entry;
    /** The server answered a call that was `sentAt` on this token: time to renew the record once in a while, in the background. */
    answered(token: string, sentAt: number): void;
    /** The server refused the token. */
    refused(token: string): void;
    /** The token may be alive, and is to be replaced (112). */
    doubted(token: string): void;
    /** A call on this token ended here and may still run at the server. */
    abandoned(token: string, because: Abandonment): void;
    /** Renews the record now. */
    renew(): Promise<void>;
    /** Out of the record first, then ended at the server. */
    end(): Promise<void>;
    /** Ends every session that the record knows, whoever opened it. */
    endAny(): Promise<void>;
    /** Ends what only this process knows and lists what nobody does; the record's own session stays for others. */
    leaveToOthers(): Promise<void>;
    /** Ends at once what is waiting for calls to be over, or for another try. */
    endLeaving(): Promise<void>;
    /** Whether this process answers for the session: uses it, has yet to list it, or is about to end it. */
    knows(token: string): boolean;
}
export interface SlotEnvironment {
    readonly name: string;
    readonly register: Register;
    readonly server: SessionServer;
    readonly time: Time;
    /** This process, in leases. */
    readonly process: string;
    /** How long after this process lists a token others must not end it: it may still use it, or have a call running on it. */
    readonly graceMs: () => number;
    /** Whether another session may be opened that no cache knows. */
    readonly mayOpenLocal: () => boolean;
    /** Whether any call still waits for a session: a search that nobody waits for gives up instead of trying again. */
    readonly isWanted: () => boolean;
    readonly report: (event: SlotEvent) => void;
}
/** What happened to a session, as `fm:session` tells it. */
export type SlotEvent = 
/** This process begins to log in. */
'login'
/** Another session took the place of the one this process held. */
 | 'adopted'
/** The record was lost, and this process put its live session back. */
 | 'promoted'
/** Somebody took over while this process logged in; its session is ended. */
 | 'fenced'
/** A live session that the record had lost sight of is on its list of those to be ended. */
 | 'listed'
/** A session was ended at the server. */
 | 'ended'
/** A session was opened that no cache knows, because the cache is away. */
 | 'local';
/** The record's age at which it is renewed, by whoever calls next. */
export declare const TOUCH_MS = 60000;
/** Longer than that unlooked-at, a token is compared with the record before it is used: it may have been listed to be ended. */
export declare const UNSEEN_MS = 75000;
export declare function createSharedSlot(environment: SlotEnvironment): SharedSlot;

// dist/session/slot.d.ts
/**
 * The rules of sharing one session, as pure functions: what is written in the record, what this process knows, and how
 * long the record has stood so, give what to do next. No I/O, no clock, no randomness.
 *
 * One record in the cache is all that processes must agree on. It is changed only by compare-and-set, each time with a
 * new nonce, so that a process recognises its own write.
 */
export interface SlotRecord {
    readonly format: 1;
    /** New at each write: no two records are equal, even if they say the same. */
    readonly nonce: string;
    /** Grows with each lease and each publication. */
    readonly generation: number;
    /** The session's token, when there is one. */
    readonly token?: string;
    /** The token came in place of one that was only doubtful (112); see {@link DOUBT_PAUSE_MS}. */
    readonly afterDoubt?: true;
    /** Somebody is logging in. */
    readonly lease?: {
        readonly owner: string;
        readonly ms: number;
    };
    /** Exclusive slots only: whose session it is. */
    readonly hold?: {
        readonly owner: string;
        readonly ms: number;
    };
    /** Tokens believed alive that nobody shall use any more: to be ended at the server after a grace. */
    readonly old: readonly OldToken[];
    /** Fingerprints of tokens known dead or ended, newest last. */
    readonly gone: readonly string[];
    /** The last login was refused: nobody tries again for `ms`. */
    readonly deny?: Denial;
    /** The time to live this record was written with, so that its age is right whatever a reader's own options are. */
    readonly ttlMs: number;
}
export interface OldToken {
    readonly token: string;
    /** Nobody ends it sooner: the longest time a call of whoever listed it may still run on it. */
    readonly graceMs: number;
}
export interface Denial {
    /** FileMaker's code. */
    readonly code: number;
    /** The refusals in a row. */
    readonly count: number;
    readonly ms: number;
}
/** What one process knows about the slot that the record may not say. */
export interface Knowledge {
    /** Its name in leases. */
    readonly process: string;
    /** Whether the server refused the token to this process. */
    readonly isDead: (token: string) => boolean;
    /** A token that this process holds and believes alive. */
    readonly live?: string | undefined;
    /** A token to be replaced although it may be alive: its window vanished, or a call hangs on it. */
    readonly doubtful?: string | undefined;
    /** How long this process's calls may still run on a token it lists. */
    readonly graceMs: number;
}
/** What to do about a slot, given its record. `next` is to be written by compare-and-set against what was read. */
export type Step = 
/** The record's token is good as far as anybody knows. */
{
    readonly do: 'adopt';
    readonly token: string;
}
/** Another process is logging in, or has been for less than its lease: look again. */
 | {
    readonly do: 'follow';
    readonly forMs: number;
}
/** A login was refused a moment ago: it would be refused again. */
 | {
    readonly do: 'refuse';
    readonly denial: Denial;
    readonly forMs: number;
}
/** The record is lost and this process holds a live token: it goes back into the record, and nobody logs in. */
 | {
    readonly do: 'promote';
    readonly token: string;
    readonly next: Draft;
    readonly overflow: readonly string[];
}
/** Nobody has a session: take the lease and log in. */
 | {
    readonly do: 'lead';
    readonly next: Draft;
    readonly overflow: readonly string[];
};
/** A record before it is given its nonce and time to live. */
export type Draft = Omit<SlotRecord, 'nonce' | 'ttlMs' | 'format'>;
/** A lease is short, so that a crashed leader delays others by little more. It is renewed every `LEASE_BEAT_MS`. */
export declare const LEASE_MS = 3000;
export declare const LEASE_BEAT_MS = 1000;
/** A script that closes its own window must not burn sessions: 112 replaces a slot's token once in this time. */
export declare const DOUBT_PAUSE_MS = 10000;
/**
 * Decides about a slot.
 *
 * @param record - As read, or undefined when there is none.
 * @param ageMs - How long ago it was written: by the cache's remaining time, or for as long as this process has watched it
 *   unchanged on its own monotonic clock, whichever is longer.
 */
export declare function decide(record: SlotRecord | undefined, known: Knowledge, ageMs: number): Step;
/** The login's token takes the place of the lease. */
export declare function publish(leased: Draft, token: string): Draft;
/** The login failed. With a denial others need not try; without (no answer), the next leader may at once. */
export declare function giveUp(leased: Draft, denial: Denial | undefined): Draft;
/** Puts live tokens that the record does not know on the list of those to be ended. Undefined when it knows them all. */
export declare function list(record: SlotRecord, tokens: readonly string[], graceMs: number): {
    readonly next: Draft;
    readonly overflow: readonly string[];
} | undefined;
/** Takes tokens that were ended at the server off the list. */
export declare function strike(record: SlotRecord, ended: readonly string[]): Draft;
/** Takes the record's own token out before it is ended, so that nobody adopts what is being ended. */
export declare function retire(record: SlotRecord): Draft;
/** Takes every session out of the record before all of them are ended. */
export declare function empty(record: SlotRecord): Draft;
export declare const HOLD_BEAT_MS = 5000;
/** What to do about an exclusive slot that a scope wants. */
export type TakeStep = 
/** Another scope holds it. */
{
    readonly do: 'wait';
    readonly forMs: number;
}
/** A login was refused a moment ago: it would be refused again. */
 | {
    readonly do: 'refuse';
    readonly denial: Denial;
}
/** Nobody does: write `next`, end the tokens `toEnd` at the server, and only then log in. */
 | {
    readonly do: 'take';
    readonly next: Draft;
    readonly toEnd: readonly string[];
};
/**
 * Decides whether a scope can have an exclusive slot.
 *
 * A session is never inherited: whatever token lies there belonged to a holder that crashed, froze or could not let go, and
 * its state is anybody's guess. It is ended before the new one is opened, so the server itself fences the former holder,
 * and sessions never exceed slots.
 */
export declare function take(record: SlotRecord | undefined, owner: string, ageMs: number): TakeStep;
/**
 * The holder's own session enters the record; those that were ended before it leave. `unended`: the one before, when the
 * server did not say that it is over.
 */
export declare function occupy(taken: Draft, token: string, unended?: string): Draft;
/** The holder lets go. Its token stays listed unless it was ended; a refused login is told to the next. */
export declare function vacate(held: Draft, ended: 'ended' | 'unanswered', denial?: Denial): Draft;
/** Whether the record knows the token, in whichever place. */
export declare function isKnown(record: Pick<SlotRecord, 'token' | 'old' | 'gone'>, token: string): boolean;
/**
 * What a leader finds when its publication was not acknowledged. A swap's `false` means "look", never "lost": clients
 * send commands again, and the second one fails because the first succeeded.
 */
export declare function judgePublication(record: SlotRecord | undefined, token: string, leased: Draft): 'published' | 'still leased' | 'replaced' | 'fenced';
/**
 * How long a refused login keeps everybody from trying: a wrong password 2 s, doubling to 60 s, so that a fleet does not
 * lock its account; a full server 0.5 s, doubling to 8 s.
 */
export declare function denialFor(code: number, previous: Denial | undefined, kind: 'credentials' | 'capacity'): Denial;
/** Names a token without telling it. */
export declare function fingerprint(token: string): string;

// dist/time.d.ts
/** Clock, timers and chance, so that the simulator can turn them. Durations are monotonic; no wall clock decides anything. */
export interface Time {
    /** Milliseconds from an arbitrary beginning, never set back. */
    now(): number;
    /** Does something later. Keeps the process alive, since somebody awaits it. Returns what calls it off. */
    after(ms: number, action: () => void): () => void;
    /** The same in the background: never keeps the process alive. */
    afterUnawaited(ms: number, action: () => void): () => void;
    /** From 0 up to, not including, 1. */
    random(): number;
}
/** A timer that comes so late tells of a process that stood still: starved, frozen, or busy with itself. */
export declare const STALL_MS = 50;
export declare const systemTime: Time;
export declare function sleep(time: Time, ms: number): Promise<void>;
/** A pause somewhere in the range, so that many who wait for the same thing do not come back at once. */
export declare function between(time: Time, leastMs: number, mostMs: number): number;

// dist/upload-source.d.ts
import type { UploadPart } from './dist/wire/multipart.ts';
/**
 * What can be uploaded: the path of a file (as a text or a `file:` URL), bytes, a `Blob` or `File`, a download, or a stream of
 * bytes. A stream can be read once; a function that makes one can be asked again, so that the call can be repeated.
 */
export type UploadSource = string | URL | Uint8Array | Blob | ByteStream | (() => ByteStream | Promise<ByteStream>);
/** A stream of Node or of the web, or anything that gives bytes or texts one after the other. */
export type ByteStream = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;
/** What the caller says about the source. */
export interface SourceDescription {
    /** @defaultValue the name of the path, `File` or download */
    readonly fileName?: string | undefined;
    /** Media type. FileMaker itself goes by the name's extension. @defaultValue the `Blob`'s, else 'application/octet-stream' */
    readonly type?: string | undefined;
    /** Bytes of a stream, where they are known. Without it the body travels in chunks, which some front servers refuse. */
    readonly size?: number | undefined;
}
type SourcePart = Omit<UploadPart, 'onProgress'>;
/**
 * Looks at the source without reading it.
 *
 * @throws TypeError where it is none, has no name, or contradicts its description; {@link ContainerError} `source` where a
 * file can't be found.
 */
export declare function readSource(source: unknown, description: SourceDescription, operation: string): Promise<SourcePart>;
export {};

// dist/values.d.ts
export { codec, readOnly, required, type Codec, type ReadOnlySchema } from './dist/values/codec.ts';
export { boolean, choice, list, text } from './dist/values/texts.ts';
export { decimal, integer, number, type NumberOptions, type TextInNumbers } from './dist/values/numbers.ts';
export { date, timestamp, type DateOptions } from './dist/values/dates.ts';
export { duration, time } from './dist/values/times.ts';
export { fields, repetition, repetitions, type FieldSchemas, type FieldsRead, type FieldsSchema, type FieldsWritten, type Repetitions, } from './dist/values/fields.ts';
export { atLeast, atMost, between, contains, duplicated, empty, endsWith, exactly, lessThan, literal, moreThan, not, notEmpty, startsWith, today, wholeWords, words, type CriterionValue, } from './dist/values/criteria.ts';

// dist/values/codec.d.ts
import type { FieldValue } from './dist/records.ts';
import type { DateFormats } from './dist/wire/parameters.ts';
import { type SchemaIssue, type SchemaOptions, type SchemaResult, type StandardSchema } from './dist/values/standard-schema.ts';
/**
 * Takes a field's value from how it travels to how a program wants it, and back.
 *
 * A codec is a Standard Schema, so it stands wherever one does; and its two functions need no `this`, so that they fit into
 * schemas of a library: `z.codec(z.string(), z.iso.date().nullable(), date())`, `v.transform((wire: string) => born.decode(wire))`.
 */
export interface Codec<Value, Wire extends FieldValue = FieldValue> extends StandardSchema<FieldValue, Value> {
    /** @throws TypeError for what is no such value, without quoting it. */
    readonly decode: (wire: FieldValue) => Value;
    /** @throws TypeError for what can't be written so, without quoting it. */
    readonly encode: (value: Value) => Wire;
    /** As `encode`, for a call that says how dates are written. */
    readonly '~encode': (value: Value, dateformats: DateFormats | undefined) => Wire;
}
/** Both directions. Where a call is known, so is how it writes dates. */
interface CodecSteps<Value, Wire extends FieldValue> {
    readonly decode: (wire: FieldValue, dateformats: DateFormats | undefined) => Value;
    readonly encode: (value: Value, dateformats: DateFormats | undefined) => Wire;
}
/**
 * A codec of your own.
 *
 * What the functions throw makes the value invalid. The message is told in `issues` of the error, not in its own message:
 * it may quote the value.
 *
 * @example
 * const colour = codec({ decode: (wire) => String(wire).toLowerCase(), encode: (name: string) => name.toUpperCase() })
 */
export declare function codec<Value, Wire extends FieldValue>(steps: {
    readonly decode: (wire: FieldValue) => Value;
    readonly encode: (value: Value) => Wire;
}): Codec<Value, Wire>;
/** @internal */
export declare function createCodec<Value, Wire extends FieldValue>(steps: CodecSteps<Value, Wire>): Codec<Value, Wire>;
/** How a codec is told of a call's `dateformats`: Standard Schema hands options on, other libraries ignore them. */
export declare function optionsFor(dateformats: DateFormats): SchemaOptions;
/** What was wrong, in words that hold nothing of the value: they may stand in an error's message. */
export declare class ValueError extends TypeError {
    readonly name = "ValueError";
}
/** An issue of ours: its message says nothing of the value. */
interface OwnIssue extends SchemaIssue {
    readonly valueFree: true;
}
export declare function ownIssue(message: string, path?: readonly PropertyKey[]): OwnIssue;
export declare function isOwnIssue(issue: SchemaIssue): issue is OwnIssue;
export declare function failure(message: string): {
    readonly issues: readonly SchemaIssue[];
};
/** What is thrown makes the value invalid. */
export declare function attempt<Output>(make: () => Output): SchemaResult<Output>;
export declare function issueOf(error: unknown): SchemaIssue;
/** The same, for a field that is never empty: `required(date())` gives no null, and refuses to write an empty value. */
export declare function required<Value, Wire extends FieldValue>(inner: Codec<Value, Wire>): Codec<Exclude<Value, null>, Wire>;
/** @throws TypeError that names an option which the codec does not know: a slip of the pen is no choice. */
export declare function checkOptions(codecName: string, options: unknown, names: readonly string[]): void;
/** @throws TypeError that names what should have been one. */
export declare function checkCodec(option: string, inner: unknown): void;
/** A codec's two directions with `dateformats`, for codecs around it. */
export declare function directionsOf<Value, Wire extends FieldValue>(inner: Codec<Value, Wire>): [CodecSteps<Value, Wire>['decode'], CodecSteps<Value, Wire>['encode']];
/** A schema whose field is read and never written. */
export interface ReadOnlySchema<Output> extends StandardSchema<unknown, Output> {
    readonly '~readOnly': true;
}
/**
 * Marks a field of {@link fields} that is read and never written: a calculation, a summary, a global field, one whose
 * modification is prohibited. Writes have no such field, in their types and when they run.
 *
 * @param schema - A codec, or a schema of any library.
 */
export declare function readOnly<Output>(schema: StandardSchema<unknown, Output>): ReadOnlySchema<Output>;
export {};

// dist/values/criteria.d.ts
/** What criteria are made of. Dates are given as they travel: in the form of the find's `dateformats`. */
export type CriterionValue = string | number | bigint;
/**
 * The whole field is this, its case aside. Nothing in the text is taken for an operator.
 *
 * An empty text finds empty fields.
 */
export declare function exactly(value: CriterionValue): string;
/** The field holds these words as whole words, in any order. */
export declare function wholeWords(value: CriterionValue): string;
/** The field holds words that begin so, in any order: what a text without operators finds. */
export declare function words(value: CriterionValue): string;
/** The field holds this text anywhere, also within words. */
export declare function contains(value: CriterionValue): string;
/** The field begins with this text. */
export declare function startsWith(value: CriterionValue): string;
/** The field ends with this text. */
export declare function endsWith(value: CriterionValue): string;
/**
 * From the one to the other, both included.
 *
 * @example
 * await orders.find([{ ordered: between('2026-01-01', '2026-12-31') }], { dateformats: 2 }) // 2: dates in ISO form
 */
export declare function between(from: CriterionValue, to: CriterionValue): string;
/** This or less. */
export declare function atMost(value: CriterionValue): string;
/** This or more. */
export declare function atLeast(value: CriterionValue): string;
/** Less than this. */
export declare function lessThan(value: CriterionValue): string;
/** More than this. */
export declare function moreThan(value: CriterionValue): string;
/** Nothing is in the field. */
export declare function empty(): string;
/** Something is in the field. */
export declare function notEmpty(): string;
/** Other records have the same in this field. */
export declare function duplicated(): string;
/** Today's date where the server is. */
export declare function today(): string;
/**
 * A find request that takes what it finds out of what the requests before it found; as the first one, out of all records.
 *
 * @example
 * await people.find([{ city: startsWith('Oslo') }, not({ status: exactly('closed') })])
 */
export declare function not<const Request extends object>(request: Request): Request & {
    readonly omit: true;
};
/**
 * A text in which nothing is taken for an operator, for criteria that you put together yourself.
 *
 * @example
 * const criterion = `=${literal(name)}*`
 */
export declare function literal(value: CriterionValue): string;

// dist/values/dates.d.ts
import { type Codec } from './dist/values/codec.ts';
export interface DateOptions {
    /**
     * The file's own form of dates: `'dd.MM.yyyy'`. Needed for calls with `dateformats: 1`; the other two forms are known. The
     * codec's own `decode` and `encode`, which no call is known to, take it too (else the US form).
     * @defaultValue none
     */
    readonly format?: string | undefined;
}
/**
 * A date as ISO text, `'2026-12-31'`, which `Temporal.PlainDate.from` takes; null where the field is empty. It travels in the
 * form of the call's `dateformats`.
 *
 * With `as: 'Date'`, a `Date`: the day's beginning in the time zone `zone`. A date of the calendar is no instant, so the zone
 * has to be said, here and where the `Date` is shown.
 */
export declare function date(options?: DateOptions): Codec<string | null, string>;
export declare function date(options: DateOptions & {
    readonly as: 'Date';
    readonly zone: string;
}): Codec<Date | null, string>;
/**
 * A timestamp as ISO text, `'2026-12-31T19:57:12'`, which `Temporal.PlainDateTime.from` takes; null where the field is empty.
 * FileMaker's timestamps have no time zone: they are what a clock showed, mostly the server's.
 *
 * With `zone`, that clock's time zone, they become instants: `'2026-12-31T19:57:12+01:00[Europe/Oslo]'`, which
 * `Temporal.ZonedDateTime.from` takes, or with `as: 'Date'` a `Date`. Written are any instants, in the zone's time. Of a time
 * that clocks show twice in autumn the first is meant, and one that they skip in spring is as long after the gap.
 */
export declare function timestamp(options?: DateOptions & {
    readonly zone?: string | undefined;
}): Codec<string | null, string>;
export declare function timestamp(options: DateOptions & {
    readonly zone: string;
    readonly as: 'Date';
}): Codec<Date | null, string>;

// dist/values/fields.d.ts
import type { FieldData, FieldValue } from './dist/records.ts';
import type { DateFormats } from './dist/wire/parameters.ts';
import { type Codec, type ReadOnlySchema } from './dist/values/codec.ts';
import { type SchemaInput, type SchemaOptions, type SchemaOutput, type SchemaResult, type StandardSchema } from './dist/values/standard-schema.ts';
/** A schema for each field: codecs, schemas of any library, {@link readOnly} ones, {@link repetitions}. */
export type FieldSchemas = Readonly<Record<string, StandardSchema>>;
/** What reading gives: these fields, no others. */
export type FieldsRead<Schemas extends FieldSchemas> = {
    readonly [Field in keyof Schemas]: SchemaOutput<Schemas[Field]>;
};
/** What writing takes: any of the fields that are not read-only. */
export type FieldsWritten<Schemas extends FieldSchemas> = {
    readonly [Field in keyof Schemas as Schemas[Field] extends ReadOnlySchema<unknown> ? never : Field]?: FieldWritten<Schemas[Field]>;
};
/** A codec writes what it reads; of a schema that goes one way only, values are written as they travel. */
type FieldWritten<Schema extends StandardSchema> = Schema extends {
    readonly '~encode': (value: infer Value, dateformats: DateFormats) => unknown;
} ? Value : SchemaInput<Schema>;
/** The fields of a layout, or of a portal's rows, as one schema. Made by {@link fields}. */
export interface FieldsSchema<Schemas extends FieldSchemas> extends StandardSchema<FieldData, FieldsRead<Schemas>> {
    readonly fields: Schemas;
    /** As the fields travel. Fields that are not in the schema go as they are. */
    readonly '~write': (written: FieldsWritten<Schemas>, dateformats: DateFormats) => Written | Promise<Written>;
}
type Written = SchemaResult<Readonly<Record<string, unknown>>>;
/**
 * The fields of a layout, each with what reads and writes it: a codec of ours, or a schema of any library.
 *
 * Reading gives these fields and no others, and says which is missing on the layout or is not as it should be. Writing takes
 * any of them, and checks them before anything is sent: codecs write what they read, other schemas take values as they
 * travel.
 *
 * @throws TypeError that names the field whose schema is none.
 * @example
 * const people = fm.layout('People', {
 *   schema: fields({ name: text(), born: date(), age: readOnly(number()), mail: z.email(), phone: repetitions(text(), 3) }),
 * })
 */
export declare function fields<const Schemas extends FieldSchemas>(schemas: Schemas): FieldsSchema<Schemas>;
/**
 * A field that repeats, as a list of all its repetitions on the layout: `phone`, `phone(2)`, `phone(3)` on the wire. Writing
 * takes the whole field: repetitions that the list lacks are emptied. ({@link repetition} names a single one.)
 *
 * @param of - What each repetition is.
 * @param count - How many there are.
 */
export declare function repetitions<Value, Wire extends FieldValue>(of: Codec<Value, Wire>, count: number): Repetitions<Value>;
/** Made by {@link repetitions}. */
export interface Repetitions<Value> extends StandardSchema<readonly FieldValue[], readonly Value[]> {
    readonly '~repetitions': number;
    readonly '~encode': (values: readonly Value[], dateformats: DateFormats) => readonly FieldValue[];
}
/**
 * The name of one repetition of a field: `phone(2)`. The first is the field itself.
 *
 * @param number - Counted from 1.
 */
export declare function repetition<const Field extends string, const Count extends number>(field: Field, number: Count): Count extends 1 ? Field : `${Field}(${Count})`;
/** Asks a schema. What it throws makes the value invalid. */
export declare function validate(schema: StandardSchema, value: unknown, options?: SchemaOptions): SchemaResult<unknown> | Promise<SchemaResult<unknown>>;
/** Goes on at once where nothing has to be waited for. */
export declare function whenSettled<Result, Joined>(results: readonly (Result | Promise<Result>)[], join: (settled: readonly Result[]) => Joined): Joined | Promise<Joined>;
export {};

// dist/values/numbers.d.ts
import { type Codec } from './dist/values/codec.ts';
/** How a number field is read that holds text: FileMaker's fields take any. */
export interface TextInNumbers {
    /**
     * `'digits'`: as FileMaker calculates, by the digits in the text ("12 kg" is 12), and null where there are none.
     * `'refuse'`: such a value is not valid. @defaultValue 'digits'
     */
    readonly text?: 'digits' | 'refuse';
}
export interface NumberOptions extends TextInNumbers {
    /**
     * What becomes of a number with more digits than JavaScript's has: `'refuse'` makes it invalid, `'round'` takes the nearest.
     * {@link decimal} and {@link integer} keep all digits. @defaultValue 'refuse'
     */
    readonly inexact?: 'refuse' | 'round';
}
/** A number; null where the field is empty. */
export declare function number(options?: NumberOptions): Codec<number | null>;
/**
 * A number with every digit it has, as text: `'12345678901234567890'`, `'-0.5'`, `'1e400'`; null where the field is empty. For
 * money, long keys, and libraries that calculate with decimals.
 */
export declare function decimal(options?: TextInNumbers): Codec<string | null, string>;
/** A whole number of any length, as a bigint; null where the field is empty. */
export declare function integer(options?: TextInNumbers): Codec<bigint | null>;

// dist/values/standard-schema.d.ts
/**
 * A schema of any library that speaks Standard Schema, version 1: zod, valibot, arktype and others. Written down here as that
 * standard allows, so that core needs no package for it.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Input = unknown, Output = Input> {
    readonly '~standard': {
        readonly version: 1;
        readonly vendor: string;
        readonly validate: (value: unknown, options?: SchemaOptions) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
        /** Never there when the program runs. */
        readonly types?: {
            readonly input: Input;
            readonly output: Output;
        } | undefined;
    };
}
export interface SchemaOptions {
    readonly libraryOptions?: Record<string, unknown> | undefined;
}
/** With `issues`, the value is none of the schema's; without, it is as the schema wants it. */
export type SchemaResult<Output> = {
    readonly value: Output;
    readonly issues?: undefined;
} | {
    readonly issues: readonly SchemaIssue[];
};
/** One thing that is wrong with a value. Libraries quote the value in `message`: keep it out of logs. */
export interface SchemaIssue {
    readonly message: string;
    /** Where: names and numbers, or objects that hold one as `key`. */
    readonly path?: readonly (PropertyKey | {
        readonly key: PropertyKey;
    })[] | undefined;
}
/** What a schema takes: values as they travel. */
export type SchemaInput<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['input'];
/** What a schema gives. */
export type SchemaOutput<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['output'];
/** Some libraries' schemas are functions. */
export declare function isStandardSchema(value: unknown): value is StandardSchema;

// dist/values/texts.d.ts
import type { FieldValue } from './dist/records.ts';
import { type Codec } from './dist/values/codec.ts';
/**
 * Text. FileMaker breaks lines with CR; a program gets, and may give, LF (CR LF too).
 *
 * @param options - `breaks`: `'keep'` leaves them as they travel. @defaultValue 'lf'
 */
export declare function text(options?: {
    readonly breaks?: 'lf' | 'keep';
}): Codec<string, string>;
/**
 * The chosen entries of a value list (check boxes), or any text that is one value a line: FileMaker puts CR between them.
 * An empty field is an empty list.
 *
 * @param entry - What each entry is. @defaultValue text
 */
export declare function list(): Codec<readonly string[], string>;
export declare function list<Value>(entry: Codec<Value>): Codec<readonly Value[], string>;
/**
 * One of the given texts, or null where the field is empty.
 *
 * @example
 * const region = choice(['West', 'East']) // 'West' | 'East' | null
 */
export declare function choice<const Choice extends string>(choices: readonly Choice[]): Codec<Choice | null, Choice | ''>;
/**
 * True or false, by FileMaker's rule: a number other than zero is true; zero, an empty field and text without digits are false.
 * Written as 1 and 0. FileMaker itself has no such type.
 *
 * @param words - For text fields: what stands for true, and what for false. An empty field is false then, too.
 * @example
 * boolean({ true: 'Yes', false: 'No' })
 */
export declare function boolean(words?: {
    readonly true: FieldValue;
    readonly false: FieldValue;
}): Codec<boolean>;
export declare function expectText(value: unknown): string;
/** `null`, `a list`, `a Date`, or what typeof says: never the value. */
export declare function kindOf(value: unknown): string;

// dist/values/times.d.ts
import { type Codec } from './dist/values/codec.ts';
/**
 * A time of day as ISO text, `'19:57:12'`, which `Temporal.PlainTime.from` takes; null where the field is empty. FileMaker's
 * time fields hold counts of hours too, over 24 and below zero: {@link duration} is for those.
 */
export declare function time(): Codec<string | null, string>;
/**
 * How long something takes: a time field as ISO text, `'PT30H15M'` or `'-PT1H30M'`, which `Temporal.Duration.from` takes; null
 * where the field is empty. With `as: 'seconds'`, a number of seconds.
 */
export declare function duration(): Codec<string | null, string>;
export declare function duration(options: {
    readonly as: 'seconds';
}): Codec<number | null, string>;

// dist/walk.d.ts
import type { RecordEntry, RecordPage } from './dist/records.ts';
/**
 * A way through all records, page by page, as pure functions.
 *
 * The server knows pages by position only, and positions move when records vanish: whoever asks for the page after record
 * 500 when ten before it are gone misses ten. So each page is asked for with the last record of the one before, the anchor.
 * Where another record is in its place, the walk looks for where it stood. The Data API can't sort by record id, but without
 * a sort its order is that of creation, in which record ids grow: there the walk goes by the ids themselves, and misses and
 * repeats nothing. In a sort of the caller's it goes by the ids of the last pages, and by the counts.
 */
export interface Walk {
    /** Position of the next record, counted from 1, as far as is known. */
    readonly next: number;
    readonly pageSize: number;
    /** Records that are still wanted. */
    readonly left: number;
    /** Ids of the last records, in their order; the last one is the anchor. */
    readonly seen: readonly string[];
    /** Whether ids have grown so far, and nothing was said that would change that. */
    readonly ascending: boolean;
    /** How many records matched when the last page was read; undefined where the server does not tell. */
    readonly foundCount: number | undefined;
    /** How far before its expected place the anchor is looked for, and how often it has been. */
    readonly back: number;
    readonly looks: number;
}
/** A page as it is asked for. */
export interface Asked {
    readonly offset: number;
    readonly limit: number;
}
/** What a page brings. */
export interface Step<Fields> {
    /** Records that were not there before. */
    readonly fresh: readonly RecordEntry<Fields>[];
    readonly walk: Walk;
    readonly isDone: boolean;
}
export declare function beginWalk(offset: number, limit: number, pageSize: number, isSorted: boolean): Walk;
export declare function askNext({ next, pageSize, left, seen, back }: Walk): Asked;
export declare function takePage<Fields>(walk: Walk, asked: Asked, page: RecordPage<Fields>): Step<Fields>;
/** Undefined where nothing was found and on servers before FileMaker 18: they do not tell. */
export declare function foundCountOf<Fields>({ dataInfo }: RecordPage<Fields>): number | undefined;

// dist/wire/multipart.d.ts
/** A request's body that is made while it is sent. */
export interface StreamedBody {
    readonly contentType: string;
    /** In bytes, where it is known before; else the body travels in chunks. */
    readonly length: number | undefined;
    /** Whether it can be made again once reading it has begun. */
    readonly isRepeatable: boolean;
    /** Whether reading what it is made of has begun. */
    readonly isBegun: boolean;
    /** Why it could not be made, once that has happened. */
    readonly failure: {
        readonly cause: unknown;
    } | undefined;
    /** The bytes, from the beginning. `moved` is told whenever some have been taken. */
    start(moved: () => void): AsyncIterable<Uint8Array>;
    /** Nobody wants the rest: what waits for bytes ends at once. */
    close(): void;
}
/** A file on its way to a container field. */
export interface UploadPart {
    readonly fileName: string;
    readonly type: string;
    readonly size: number | undefined;
    readonly isRepeatable: boolean;
    readonly open: () => Reading | Promise<Reading>;
    readonly onProgress: ((progress: TransferProgress) => void) | undefined;
}
/** Bytes one after the other. */
export interface Reading {
    /** Undefined at the end. */
    next(): Promise<Uint8Array | undefined>;
    /** Frees what it reads from, also while a `next` is pending. */
    close(): void;
}
/** How far an upload or a download has come. */
export interface TransferProgress {
    /** Bytes of the file that have travelled so far. */
    readonly bytes: number;
    /** Bytes in all, where that is known. */
    readonly total: number | undefined;
}
/**
 * The one form that the Data API takes a file in: a single part named `upload`, with a file name in raw UTF-8 and the
 * quotation mark in it as browsers and curl write it, `%22`.
 *
 * @see Claris FileMaker Data API Guide, "Upload container data"
 */
export declare function multipartBody(part: UploadPart): StreamedBody;

// dist/wire/open.d.ts
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Stop } from './dist/wire/stop.ts';
/** An answer whose body is still on its way. */
export interface OpenAnswer {
    readonly phase: 'answered';
    readonly status: number;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    /** Destroying it frees the connection. The server is slowed down to the reader's pace. */
    readonly body: Readable;
    /** Resolves when nothing more can come: it is all here, or has been given up. Whether it has been read is another matter. */
    readonly over: Promise<void>;
}
export type OpenResult = OpenAnswer | {
    readonly phase: 'unsent' | 'lost';
    readonly reason: 'error' | 'stopped';
    readonly errorCode: string;
};
/** Why a body ends in the middle. */
export type BodyEnd = {
    readonly is: 'stopped';
} | {
    readonly is: 'lost';
    readonly errorCode: string;
};
export interface OpenRequest {
    readonly path: string;
    readonly headers: string[];
    /** Makes the error that whoever reads the body gets. */
    readonly bodyError: (end: BodyEnd) => Error;
    /** Told of each piece of the body as it comes. What it throws ends the body. */
    readonly arrived: (bytes: number, answer: Pick<OpenAnswer, 'status' | 'headers'>) => void;
}
/**
 * Sends a GET and resolves as soon as the answer begins; never rejects. `stop` ends it wherever it is, also in the body,
 * whose every piece begins the time limit anew.
 */
export declare function openAnswer(dispatcher: Dispatcher, origin: string, request: OpenRequest, stop: Stop): Promise<OpenResult>;

// dist/wire/parameters.d.ts
import type { WireRequest } from './dist/wire/request.ts';
/**
 * One operation of the Data API: its verb, its path below `/fmi/data/{version}`, and how it spells the parameters that it
 * takes: in the query of a GET and a DELETE, in the body of a POST and a PATCH. The pattern names it in errors.
 */
export interface Route {
    readonly method: WireRequest['method'];
    readonly pattern: string;
    readonly takes?: Readonly<Partial<Record<keyof Parameters, string>>>;
}
type RouteName = 'login' | 'logout' | 'validateSession' | 'productInfo' | 'databases' | 'layouts' | 'scripts' | 'layoutMetadata' | 'oldLayoutMetadata' | 'list' | 'get' | 'find' | 'create' | 'edit' | 'duplicate' | 'delete' | 'globals' | 'runScript' | 'upload' | 'uploadRepetition';
/**
 * Every route, spelled as on the wire.
 *
 * @see Claris FileMaker Data API Guide, "Write FileMaker Data API calls"
 */
export declare const ROUTES: Readonly<Record<RouteName, Route>>;
/** `GET /databases/{database}/layouts`: how errors and logs name a route. No value of a call is in it. */
export declare function operationOf(route: Route): string;
/** Names and numbers in a path, each one segment. */
export type PathValues = Readonly<Record<string, string>>;
/** The route's path with its values in place, each percent-encoded once. */
export declare function pathOf(route: Route, values: PathValues): string;
/** What a route's path adds to that of the route above it. */
export declare function pathBelow(above: Route, route: Route, values: PathValues): string;
/** What calls can say, in words of the API, before a route spells it. */
export interface Parameters {
    readonly query?: readonly unknown[] | undefined;
    readonly offset?: number | undefined;
    readonly limit?: number | undefined;
    readonly sort?: readonly SortOrder[] | undefined;
    readonly portal?: PortalSelection | undefined;
    /** The ranges in `portal`: each is a parameter of its own on the wire. */
    readonly portalOffset?: never;
    readonly portalLimit?: never;
    readonly layoutResponse?: string | undefined;
    readonly dateformats?: DateFormats | undefined;
    readonly fieldData?: Readonly<Record<string, unknown>> | undefined;
    readonly portalData?: Readonly<Record<string, unknown>> | undefined;
    readonly modId?: string | undefined;
    readonly options?: {
        readonly entrymode?: EntryMode | undefined;
        readonly prohibitmode?: EntryMode | undefined;
    };
    readonly script?: ScriptCall | undefined;
    readonly scriptPrerequest?: ScriptCall | undefined;
    readonly scriptPresort?: ScriptCall | undefined;
    readonly scriptParam?: string | undefined;
    readonly recordId?: string | undefined;
    readonly globalFields?: Readonly<Record<string, unknown>> | undefined;
    readonly dataSources?: readonly unknown[] | undefined;
}
/** A script by name, with its parameter. */
export interface ScriptCall {
    readonly name: string;
    /** What `Get(ScriptParameter)` gives in the script. @defaultValue none */
    readonly param?: string | undefined;
}
/** `user`: as for somebody at the keyboard (the server's default). `script`: as for a script, which may do more. */
export type EntryMode = 'user' | 'script';
/** `sortOrder`: `ascend` (default), `descend`, or the name of a value list. */
export interface SortOrder {
    readonly fieldName: string;
    readonly sortOrder?: string;
}
/** Names of the portals wanted; or each with the rows wanted of it: `offset` counted from 1, `limit` 50 by default. */
export type PortalSelection = readonly string[] | Readonly<Record<string, PortalRange>>;
export interface PortalRange {
    readonly offset?: number;
    readonly limit?: number;
}
/** 0: US, as in `12/31/2026` (the server's default). 1: the file's locale. 2: ISO 8601. FileMaker Server 2023 and later. */
export type DateFormats = 0 | 1 | 2;
export {};

// dist/wire/request.d.ts
import { type Dispatcher } from 'undici';
import type { StreamedBody } from './dist/wire/multipart.ts';
import { type OpenRequest, type OpenResult } from './dist/wire/open.ts';
import type { Stop, Stoppable } from './dist/wire/stop.ts';
/** One HTTP request, ready to be sent. */
export interface WireRequest {
    readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
    /** Path and query, encoded. */
    readonly path: string;
    /** Names and values in turn, as undici takes them fastest. */
    readonly headers: string[];
    readonly body?: string | StreamedBody | undefined;
    /** Told whenever bytes of a streamed body have been taken. */
    readonly moved?: () => void;
    /** How long it may wait for a connection, in milliseconds. @defaultValue as long as the dispatcher lets it */
    readonly connectMs?: number | undefined;
}
/**
 * What came of one request. `unsent`: no byte of it left; `lost`: it left, and no whole answer came. Of an error only its
 * code is kept (`ECONNREFUSED`): the messages of Node and undici name hosts.
 */
export type WireResult = {
    readonly phase: 'answered';
    readonly answer: WireAnswer;
} | {
    readonly phase: 'unsent' | 'lost';
    readonly reason: 'error' | 'stopped' | 'too-large';
    /** Where an answer had begun: its HTTP status. */
    readonly status?: number;
    readonly errorCode: string;
};
export interface WireAnswer {
    readonly status: number;
    readonly contentType: string;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly text: string;
}
export interface TransportOptions {
    /** Origin of the server, for example `https://fms.example.com`. */
    readonly origin: string;
    readonly connectMs: number;
    readonly maxResponseBytes: number;
    readonly connections: number;
    /** Used instead of a pool of our own; whoever made it closes it. */
    readonly dispatcher?: Dispatcher | undefined;
}
/** Sends requests to one server, and opens answers that are too large to be held. */
export interface StreamingTransport extends Transport {
    /** A GET whose body is read as it comes. Never rejects. */
    open(request: OpenRequest, stop: Stop): Promise<OpenResult>;
}
/** Sends requests to one server. */
export interface Transport {
    /** Never rejects. `stop` ends the request wherever it is. */
    send(request: WireRequest, stop: Stoppable): Promise<WireResult>;
    /** Whether nothing can be sent any more: somebody has closed or destroyed the dispatcher. */
    isOver?(): boolean;
    close(): Promise<void>;
}
/** Opens a pool of HTTP/1.1 connections to one server. Nothing is connected before the first request. */
export declare function createTransport(options: TransportOptions): StreamingTransport;

// dist/wire/shapes.d.ts
/** JSON as it travels. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
    readonly [key: string]: JsonValue | undefined;
}
export declare function isObject(value: unknown): value is JsonObject;
/** Ids and names are texts on the wire; a number is taken for one, all else is no id. */
export declare function textOf(value: unknown): string;

// dist/wire/stop.d.ts
import { type Time } from './dist/time.ts';
/** Why something under way has to end. */
export type StopReason = {
    readonly by: 'timeout';
} | {
    readonly by: 'caller';
    readonly reason: unknown;
};
/** What a request listens to. */
export interface Stoppable {
    /** Set once it is stopped. */
    readonly reason: StopReason | undefined;
    /** Told once when it stops; undefined takes the listener away. One listener at a time. */
    listen(listener: ((reason: StopReason) => void) | undefined): void;
}
/**
 * Ends one call wherever it is: waiting for a session, in a pause, in flight or in the body. One listener at a time, since
 * a call is in one place at a time; that makes it several times cheaper than an AbortSignal made from two.
 */
export declare class Stop implements Stoppable {
    #private;
    /** For the whole call. */
    readonly timeoutMs: number;
    /** @param afterMs - When it stops by itself, where that is sooner than the whole call's limit. */
    constructor(time: Time, timeoutMs: number, signal?: AbortSignal, afterMs?: number);
    get reason(): StopReason | undefined;
    listen(listener: ((reason: StopReason) => void) | undefined): void;
    /** The promise's own end, or a rejection with {@link Stopped} if this stops first. The promise itself goes on. */
    until<Value>(promise: Promise<Value>): Promise<Value>;
    /** Waits, and leaves no timer behind when it is stopped. */
    pause(time: Time, ms: number): Promise<void>;
    /** Something moved: the time limit begins anew, with what is given from now on. */
    restart(limitMs?: number): void;
    /**
     * A part of the call with a limit of its own. What stops the call stops the part, too; when the part's own time is over, it
     * rejects with {@link Stopped} while the call itself has no `reason`.
     */
    within<Value>(time: Time, limitMs: number, use: (part: Stop) => Value | Promise<Value>): Promise<Value>;
    /** The call is over: takes the timer and the listener away. */
    end(): void;
}
/** Something with a time limit of its own. */
export declare function withStop<Value>(time: Time, limitMs: number, use: (stop: Stop) => Promise<Value>): Promise<Value>;
/** One of several requests of a call: stopped with the call, or by itself when another was answered first. */
export declare class Part implements Stoppable {
    #private;
    get reason(): StopReason | undefined;
    listen(listener: ((reason: StopReason) => void) | undefined): void;
    stop(reason: StopReason): void;
}
/** What a wait rejects with when its call is stopped. */
export declare class Stopped extends Error {
    readonly why: StopReason;
    constructor(why: StopReason);
}
