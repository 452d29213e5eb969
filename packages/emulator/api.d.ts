// dist/answer.d.ts
import type { Content } from './dist/content.ts';
import type { JsonText } from './dist/json.ts';
/** What goes back to the client. */
export interface Answer {
    readonly status: number;
    /** FileMaker's code in the envelope, undefined when the body is no envelope. */
    readonly code: number | undefined;
    readonly body: string | Content;
    /** Beside those that every answer of its kind has. */
    readonly headers?: Readonly<Record<string, string>>;
    /**
     * `engine`: JSON with the headers of section 1.3; `engine-uncached` without those about caching. `front`: what the web
     * server in front says by itself.
     */
    readonly from: 'engine' | 'engine-uncached' | 'front';
}
/** Why a request is refused. Thrown anywhere below the server, which makes an answer of it. */
export declare class Refusal extends Error {
    readonly name = "Refusal";
    readonly code: number;
    readonly status: number;
    readonly keyOrder: 'code-first' | 'message-first';
    constructor(code: number, options?: RefusalOptions);
}
export interface RefusalOptions {
    /** 500 unless given: every code of FileMaker itself comes with that status (section 7.1). */
    readonly status?: number;
    /** FileMaker's own text for the code unless given. */
    readonly message?: string;
    /** Some errors of the HTTP layer have their two keys swapped (section 1.4). */
    readonly keyOrder?: 'code-first' | 'message-first';
}
/** A request that does not fit the description of its route (section 7.2). */
export declare function malformed(problem: string): Refusal;
/** A parameter with a value it can't have (section 7.2). */
export declare function invalidParameter(): Refusal;
export declare function success(response: JsonText, headers?: Readonly<Record<string, string>>): Answer;
export declare function refused(refusal: Refusal): Answer;
/** A page of the web server in front of the engine: no JSON (section 7.3). */
export declare function htmlPage(status: number, title: string): Answer;

// dist/clock.d.ts
/** The emulator's own time. It runs like the machine's and can be turned forward. */
export interface Clock {
    /** Milliseconds since 1970, with fractions. */
    now(): number;
    advance(ms: number): void;
}
export declare function createClock(): Clock;

// dist/container-urls.d.ts
import type { IncomingHttpHeaders } from 'node:http';
import type { HostedDatabase } from './dist/hosted-database.ts';
import type { Session } from './dist/sessions.ts';
import type { StoredContainer } from './dist/store.ts';
import type { StoredValue } from './dist/values.ts';
export interface ContainerUrls {
    /** A URL that nobody was given before: each read of a record makes new ones. */
    issue(origin: string, session: Session, database: HostedDatabase, key: StoredValue): string;
    /** What a GET of that path gives. */
    take(path: string, headers: IncomingHttpHeaders): ContainerAnswer;
}
/**
 * What a URL wants: `cookie` the cookie that its first GET sets; `strict` at that first GET also the bearer token of the
 * session that read it, as servers since 19.3.2 can be told to; `open` nothing.
 */
export type ContainerMode = 'cookie' | 'strict' | 'open';
export type ContainerAnswer = {
    readonly kind: 'content';
    readonly container: StoredContainer;
}
/** Come again with this cookie. */
 | {
    readonly kind: 'redirect';
    readonly cookie: string;
} | {
    readonly kind: 'refused';
};
export declare const CONTAINER_PATH = "/Streaming_SSL/MainDB/";
export declare const CONTAINER_COOKIE = "X-FMS-Session-Key";
export declare function createContainerUrls(mode: ContainerMode): ContainerUrls;

// dist/content.d.ts
import type { Readable } from 'node:stream';
/** Bytes at hand, or a file that is read when it is asked for. */
export type Content = Uint8Array | FileContent;
export interface FileContent {
    readonly file: string;
    /** Bytes. */
    readonly size: number;
}
/** The first `length` bytes of a file's content; all of them unless given. */
export declare function readContent({ file, size }: FileContent, length?: number): Readable;
/** Takes a content whose size nobody knows yet. */
export interface ContentSink {
    write(chunk: Uint8Array): Promise<void>;
    end(): Promise<Content>;
    /** From now on it is a record's. */
    keep(): void;
    /** Leaves nothing behind, unless it was kept. */
    discard(): Promise<void>;
}
/** Where uploads go. Nothing is on disk before the first large one. */
export interface ContentStore {
    sink(): ContentSink;
    /** Deletes a file of its own; others are left alone. */
    delete(file: string): Promise<void>;
    close(): Promise<void>;
}
export declare function createContentStore(): ContentStore;

// dist/dates.d.ts
/** An order of `MM`, `dd` and `yyyy` with separators. */
export type DateFormat = string;
export declare const US_DATES: DateFormat;
export declare const ISO_DATES: DateFormat;
/** Stored form of a date written in the given format, or undefined when it is no such date. */
export declare function parseDate(text: string, format: DateFormat): string | undefined;
/** The calendar day in stored form, or undefined when there is none such. */
export declare function storedDate(year: number, month: number, day: number): string | undefined;
export declare function formatDate(stored: string, format: DateFormat): string;
/** Seconds, or undefined when the text is no time. More than 24 hours are a time too. */
export declare function parseTime(text: string): number | undefined;
export declare function formatTime(stored: number): string;
/** Stored form, or undefined when the text is neither a timestamp nor a date. */
export declare function parseTimestamp(text: string, format: DateFormat): string | undefined;
export declare function formatTimestamp(stored: string, format: DateFormat): string;
/** Today, in stored form, where this server is. */
export declare function today(now: number): string;
/** `yyyy`, `MM` and `dd` in the format's order. */
export declare function partsOf(format: DateFormat): string[];

// dist/definition.d.ts
/** A hosted file: its tables, how they hang together, and what the Data API shows of them. */
export interface DatabaseDefinition {
    /** Who may log in. @defaultValue one account, `web` with the password `secret` */
    readonly accounts?: readonly AccountDefinition[];
    readonly tables: Readonly<Record<string, TableDefinition>>;
    /** Further table occurrences: occurrence → table. Every table is an occurrence of its own name anyway. */
    readonly tableOccurrences?: Readonly<Record<string, string>>;
    readonly relationships?: readonly RelationshipDefinition[];
    /** In the order of the layout list. @defaultValue one layout per table, named like it, with all its fields */
    readonly layouts?: readonly (LayoutDefinition | LayoutFolder)[];
    readonly valueLists?: Readonly<Record<string, readonly ValueListItem[]>>;
    /** In the order of the script list. A script named `-` is a separator. */
    readonly scripts?: readonly (ScriptDefinition | ScriptFolder)[];
    /** What `dateformats: 1`, the file's locale, means. @defaultValue 'MM/dd/yyyy' */
    readonly dateFormat?: string;
    /**
     * How numbers travel that a double can't hold: with their digits as JSON text or as a JSON number. At which size servers turn
     * to text is not known. @defaultValue 'text'
     */
    readonly longNumbers?: LongNumbers;
}
export type LongNumbers = 'text' | 'number';
/** A table, a layout of the same name, and the records: field names are the keys, types follow from the values. */
export type ShorthandDefinition = Readonly<Record<string, Iterable<RecordDefinition>>>;
export interface AccountDefinition {
    readonly name: string;
    /** For accounts that sign in with one, and only for these. */
    readonly password?: string;
    /**
     * Whether it signs in with its password, an OAuth identity provider or a Claris ID. Pairs and identity tokens come from
     * the emulator's `issueOAuth()` and `issueIdentityToken()`. @defaultValue 'password'
     */
    readonly signsInWith?: 'password' | 'oauth' | 'clarisId';
    /** Whether it has the extended privilege `fmrest`, without which no log-in works. @defaultValue true */
    readonly fmrest?: boolean;
}
export interface TableDefinition {
    readonly fields: Readonly<Record<string, FieldType | FieldDefinition>>;
    /** Read once, at the start, in this order; record ids count from 1. @defaultValue none */
    readonly records?: Iterable<RecordDefinition>;
}
export type FieldType = 'text' | 'number' | 'date' | 'time' | 'timestamp' | 'container';
export interface FieldDefinition {
    readonly type: FieldType;
    /** One value for the whole file, and one of its own for each session that sets it. @defaultValue false */
    readonly global?: boolean;
    /** What a global field holds before a session sets it. @defaultValue empty */
    readonly value?: ValueDefinition;
    /** Auto-enter: new records get this number and those after it. Without it, nothing is entered. */
    readonly serial?: {
        readonly next?: number;
        readonly increment?: number;
    };
    /** Number of repetitions. @defaultValue 1 */
    readonly maxRepeat?: number;
}
/**
 * Values by field name, `field(2)` for a repetition. Dates and timestamps are taken as `MM/dd/yyyy` and `yyyy-MM-dd`.
 * Fields left out, null and undefined are empty.
 */
export type RecordDefinition = Readonly<Record<string, ValueDefinition | null | undefined>>;
export type ValueDefinition = string | number | ContainerDefinition;
/** A file in a container field. */
export interface ContainerDefinition {
    readonly name: string;
    /** Media type. @defaultValue by the name's extension */
    readonly type?: string;
    /** Bytes, a text in UTF-8, or a file on disk that is read each time it is asked for. */
    readonly content: Uint8Array | string | {
        readonly file: string;
    };
}
/** Two table occurrences whose records belong together where fields are equal; it works in both directions. */
export interface RelationshipDefinition {
    readonly from: string;
    readonly to: string;
    /** Fields of `from` → the fields of `to` that equal them. */
    readonly match: Readonly<Record<string, string>>;
    /** Whether records of `to` can be created through it, as portal rows. @defaultValue false */
    readonly allowCreate?: boolean;
}
export interface LayoutDefinition {
    readonly name: string;
    /** The table occurrence it shows. */
    readonly table: string;
    /** Own fields by name, related ones as `TO::field`. @defaultValue all fields of the table */
    readonly fields?: readonly (string | LayoutFieldDefinition)[];
    readonly portals?: readonly PortalDefinition[];
}
export interface LayoutFieldDefinition {
    readonly field: string;
    readonly valueList?: string;
    /** @defaultValue 'editText' */
    readonly displayType?: DisplayType;
}
export type DisplayType = 'editText' | 'popupList' | 'popupMenu' | 'checkBox' | 'radioButtons' | 'selectionList' | 'calendar' | 'secureText';
export interface PortalDefinition {
    /** The table occurrence whose records it shows. */
    readonly table: string;
    /** The portal's object name, its key in `portalData`. @defaultValue none: the occurrence's name is the key */
    readonly name?: string;
    /** As `TO::field`, or by name for fields of its own table. @defaultValue all fields of its table */
    readonly fields?: readonly (string | LayoutFieldDefinition)[];
    /** Fields of its own table. @defaultValue in the order of creation */
    readonly sort?: readonly SortDefinition[];
}
export interface SortDefinition {
    readonly fieldName: string;
    /** `ascend`, `descend`, or the name of a value list. @defaultValue 'ascend' */
    readonly sortOrder?: string;
}
export interface LayoutFolder {
    readonly folder: string;
    readonly layouts: readonly (LayoutDefinition | LayoutFolder)[];
}
export type ValueListItem = string | {
    readonly value: string;
    readonly displayValue: string;
};
export interface ScriptDefinition {
    readonly name: string;
    /** What it does. @defaultValue nothing: no result, error 0 */
    readonly run?: (call: ScriptCall) => ScriptOutcome | Promise<ScriptOutcome>;
    /** Milliseconds that it takes beside that; the session is busy meanwhile. @defaultValue 0 */
    readonly durationMs?: number;
}
export interface ScriptFolder {
    readonly folder: string;
    readonly scripts: readonly (ScriptDefinition | ScriptFolder)[];
}
/** What a script sees. */
export interface ScriptCall {
    readonly parameter: string;
    readonly database: string;
    readonly layout: string;
    readonly account: string;
    /** The record that the call is about, where it is about one. */
    readonly recordId: string | undefined;
}
/** Its result as text, or result and error code. Without a result the answer has no `scriptResult` key. */
export type ScriptOutcome = string | undefined | void | {
    readonly result?: string;
    readonly error?: number;
};

// dist/emulator.d.ts
import type { ContainerMode } from './dist/container-urls.ts';
import type { DatabaseDefinition, ShorthandDefinition } from './dist/definition.ts';
import type { FaultRule } from './dist/faults.ts';
import type { OAuthPair } from './dist/identity-providers.ts';
import type { ProxyOptions } from './dist/proxy.ts';
import type { RequestEntry, RequestFilter } from './dist/request-log.ts';
import type { SessionOptions, SessionSummary } from './dist/sessions.ts';
import type { StoredRecord } from './dist/stored-records.ts';
export interface EmulatorOptions {
    /** What the server hosts, by file name without `.fmp12`. @defaultValue nothing */
    readonly databases?: Readonly<Record<string, DatabaseDefinition | ShorthandDefinition>>;
    /** @defaultValue '127.0.0.1' */
    readonly host?: string;
    /** 0 takes a free one. @defaultValue 0 */
    readonly port?: number;
    readonly sessions?: SessionOptions;
    /** Milliseconds that a log-in takes before there is a session. @defaultValue 0 */
    readonly loginDelayMs?: number;
    /** Milliseconds that every call with a session still takes when its work is done, in its turn. @defaultValue 0 */
    readonly responseDelayMs?: number;
    /** Larger bodies are refused with 413. @defaultValue 16 MiB */
    readonly maxBodyBytes?: number;
    /** Larger uploads are refused with 413. @defaultValue no limit */
    readonly maxUploadBytes?: number;
    /** Whether the answer to an upload has the new modId, as real servers' have and Claris' guide does not. @defaultValue true */
    readonly uploadReturnsModId?: boolean;
    /**
     * What a container's URL wants: `cookie` a cookie that its first GET sets, `strict` also the token of the session that
     * read it, `open` nothing. @defaultValue 'cookie'
     */
    readonly containerMode?: ContainerMode;
    /** Takes log-ins as FileMaker Cloud does: identity tokens only, and a page instead of an error. @defaultValue false */
    readonly cloud?: boolean;
    /** An Otto-style proxy in front, which takes API keys and holds the sessions. @defaultValue none */
    readonly proxy?: ProxyOptions;
}
/** A running server, and what tests want to do with it. */
export interface Emulator extends AsyncDisposable {
    /** `http://host:port`, without a slash at the end. */
    readonly url: string;
    /** The newest 10,000 requests, oldest first. A text takes an operation with those below it. */
    requests(filter?: RequestFilter): RequestEntry[];
    /** How many requests of an operation, with those below it, there were since the start; of all without one. */
    count(operation?: string): number;
    /** The living sessions, oldest first. */
    sessions(): SessionSummary[];
    /**
     * Disconnects sessions like an administrator, all of them without a filter: a running call answers 112, later ones 952.
     *
     * @returns how many there were
     */
    killSessions(filter?: (session: SessionSummary) => boolean): number;
    /** Turns the emulator's clock forward, and with it the idle time of sessions. */
    advance(ms: number): void;
    /** What somebody's browser brings back from an OAuth identity provider: good for one log-in. */
    issueOAuth(account: string): OAuthPair;
    /**
     * An identity token as Claris ID gives it.
     *
     * @param options - `lifetimeMs`: by the emulator's clock; an hour by default.
     */
    issueIdentityToken(account: string, options?: {
        readonly lifetimeMs?: number;
    }): string;
    /** Makes requests go wrong until the rule is used up or disposed of. */
    fault(rule: FaultRule): Disposable;
    /**
     * Restarts the engine: all sessions are gone, running calls answer 502, and for `downMs` everything answers 503.
     *
     * @param options - `downMs`: 0 by default.
     * @returns when the engine is up again
     */
    restart(options?: {
        readonly downMs?: number;
    }): Promise<void>;
    /** A table's records as they are stored, in the order of creation. @throws TypeError without such a table */
    records(database: string, table: string): StoredRecord[];
    /** Stops listening and ends all connections. */
    close(): Promise<void>;
}
/**
 * Starts a local FileMaker Data API server over HTTP.
 *
 * Databases live in memory and are gone when it closes.
 *
 * @throws TypeError that names the place in a definition that is wrong, and the system's error when host and port can't
 * be listened on.
 * @example
 * const server = await startEmulator({ databases: { Demo: { People: [{ name: 'Ada', age: 36 }] } } })
 * const answer = await fetch(`${server.url}/fmi/data/vLatest/productInfo`)
 */
export declare function startEmulator(options?: EmulatorOptions): Promise<Emulator>;

// dist/faults.d.ts
/** Which requests go wrong, how often, and how. */
export interface FaultRule {
    /** An operation as in the log, with those below it: `GET /records`, `POST /sessions`. @defaultValue every request */
    readonly on?: string;
    /** How many requests it meets; then it is over. @defaultValue until it is disposed of */
    readonly count?: number;
    /** How many requests it lets pass first. @defaultValue 0 */
    readonly after?: number;
    readonly do: FaultAction;
}
/** Delays can stand alone, or beside one of the others. */
export type FaultAction = DelayAction | (DelayAction & (PageAction | DropAction | RefusalAction | TruncateAction | StallAction));
export interface DelayAction {
    /** Milliseconds before the request is worked on, in its session's turn. @defaultValue 0 */
    readonly delayMs?: number;
    /** Milliseconds after it was worked on, still in the turn. @defaultValue 0 */
    readonly delayAfterCommitMs?: number;
}
/** The request is not worked on; a server in front answers with a page, or whatever is given. */
export interface PageAction {
    readonly status: number;
    /** @defaultValue a page with the status */
    readonly body?: string;
    /** @defaultValue 'text/html' */
    readonly contentType?: string;
}
/** The connection is destroyed: `before` the request is worked on, or `after-commit`, when all is done but the answer. */
export interface DropAction {
    readonly drop: 'before' | 'after-commit';
}
/** The request is not worked on; the engine answers with this code. */
export interface RefusalAction {
    /** FileMaker's code. */
    readonly code: number;
    /** @defaultValue 401 for 952 and 212, 500 for all others */
    readonly httpStatus?: number;
}
/** The request is worked on; of the answer's body only so many bytes are sent, then the connection is destroyed. */
export interface TruncateAction {
    readonly truncateTo: number;
}
/** The request is worked on; of the answer's body only so many bytes are sent, and nothing after them. */
export interface StallAction {
    readonly stallAfter: number;
}
export interface Faults {
    /** The rule holds until it is used up or disposed of. @throws TypeError when the rule says nothing that can be done. */
    add(rule: FaultRule): Disposable;
    /** What happens to a request, taking it off the count. The first rule that fits decides. */
    take(operation: string): FaultAction | undefined;
    clear(): void;
}
export declare function createFaults(): Faults;

// dist/hosted-database.d.ts
import type { ContentStore } from './dist/content.ts';
import type { DatabaseDefinition, ShorthandDefinition } from './dist/definition.ts';
import type { Layout, LayoutField, Solution } from './dist/solution.ts';
import type { Store } from './dist/store.ts';
/** A file as the server has it open. */
export interface HostedDatabase {
    readonly solution: Solution;
    readonly store: Store;
}
/**
 * Opens a database from its definition.
 *
 * @throws TypeError that names the place in the definition that is wrong.
 */
export declare function openDatabase(name: string, definition: DatabaseDefinition | ShorthandDefinition, contents: ContentStore): HostedDatabase;
/**
 * A log-in may spell the database's name in another case; the session then belongs to that spelling (section 1.1).
 *
 * @throws Refusal 802
 */
export declare function databaseNamed(databases: ReadonlyMap<string, HostedDatabase>, spelled: string): HostedDatabase;
/** @throws Refusal 105 */
export declare function layoutNamed(database: HostedDatabase, name: string): Layout;
/** A field and which of its repetitions, counted from 0. */
export interface FieldPlace<Named> {
    readonly field: Named;
    readonly repetition: number;
}
/**
 * The field on the layout, in its body or in a portal, that a name like `city`, `phone(2)` or `Lines::quantity` means.
 *
 * @throws Refusal 102 when it is not there (section 8.7), 111 when it has fewer repetitions.
 */
export declare function fieldOnLayout(layout: Layout, name: string): FieldPlace<LayoutField>;
/** `phone(2)` → `phone`, 1. Repetitions are counted from 0 here, and `phone(1)` is `phone` (section 8.6). */
export declare function splitRepetition(name: string): {
    base: string;
    repetition: number;
};

// dist/identity-providers.d.ts
import type { Clock } from './dist/clock.ts';
/** Request id and identifier of one sign-in. Good for one log-in. */
export interface OAuthPair {
    readonly requestId: string;
    readonly identifier: string;
}
export interface IdentityProviders {
    issuePair(account: string): OAuthPair;
    /** Whose pair it is. Undefined for one that is not, or no more, good. */
    accountOfPair(pair: OAuthPair): string | undefined;
    /** It has opened a session, and is good for no other. */
    useUp(pair: OAuthPair): void;
    issueToken(account: string, lifetimeMs: number): string;
    /** Whose token it is. Undefined for one that is unknown or has expired. */
    accountOf(token: string): string | undefined;
}
export declare function createIdentityProviders(clock: Clock): IdentityProviders;

// dist/index.d.ts
export { startEmulator } from './dist/emulator.ts';
export type { Emulator, EmulatorOptions } from './dist/emulator.ts';
export type { AccountDefinition, ContainerDefinition, DatabaseDefinition, DisplayType, FieldDefinition, FieldType, LayoutDefinition, LayoutFieldDefinition, LayoutFolder, LongNumbers, PortalDefinition, RecordDefinition, RelationshipDefinition, ScriptCall, ScriptDefinition, ScriptFolder, ScriptOutcome, ShorthandDefinition, SortDefinition, TableDefinition, ValueDefinition, ValueListItem, } from './dist/definition.ts';
export type { ContainerMode } from './dist/container-urls.ts';
export type { DelayAction, DropAction, FaultAction, FaultRule, PageAction, RefusalAction, StallAction, TruncateAction, } from './dist/faults.ts';
export type { OAuthPair } from './dist/identity-providers.ts';
export type { ProxyOptions } from './dist/proxy.ts';
export type { RequestEntry, RequestFilter } from './dist/request-log.ts';
export type { DataSourceSummary, SessionOptions, SessionSummary } from './dist/sessions.ts';
export type { StoredRecord } from './dist/stored-records.ts';

// dist/json.d.ts
/** A piece of compact JSON. */
export type JsonText = string;
/** An object with its keys in the order given, each value being JSON already. */
export declare function jsonObject(entries: readonly (readonly [key: string, value: JsonText])[]): JsonText;
/** An array of values that are JSON already. */
export declare function jsonArray(items: readonly JsonText[]): JsonText;
/**
 * Parses JSON, with numbers that a double can't hold kept as the digits that were sent.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export declare function parseJson(text: string): unknown;
/** Whether a number is neither too large for a double nor so small that it would be zero. */
export declare function isWithinDouble(value: number, digits: string): boolean;
/** Whether a parsed value is an object with keys: neither null nor an array. */
export declare function isJsonObject(value: unknown): value is Record<string, unknown>;

// dist/proxy.d.ts
import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './dist/answer.ts';
import type { HostedDatabase } from './dist/hosted-database.ts';
import type { Session, Sessions } from './dist/sessions.ts';
export interface ProxyOptions {
    /** What stands before `/fmi/data`. @defaultValue '/otto' */
    readonly pathPrefix?: string;
    /** Each key with the account that the proxy uses for it. */
    readonly keys: readonly {
        readonly key: string;
        readonly account: string;
    }[];
}
export interface Proxy {
    /** The path and query behind the proxy; undefined for a request that does not go through it. */
    behind(url: string): string | undefined;
    /**
     * The session that the proxy holds for the request's key, opened where there is none.
     *
     * @throws ProxyRefusal without a key that it knows.
     */
    session(headers: IncomingHttpHeaders, database: string): Session;
    /** @throws ProxyRefusal without a key that it knows. */
    check(headers: IncomingHttpHeaders): void;
}
/** The proxy's own no: none of FileMaker's answers. What Otto's looks like is not published. */
export declare class ProxyRefusal extends Error {
    readonly name = "ProxyRefusal";
    readonly answer: Answer;
}
export declare function createProxy({ pathPrefix, keys }: ProxyOptions, sessions: Sessions, databases: ReadonlyMap<string, HostedDatabase>): Proxy;

// dist/request-log.d.ts
/** A request as it was taken and answered. Neither password nor token is in it. */
export interface RequestEntry {
    /** Counts from 1 in the order of arrival. */
    readonly number: number;
    readonly method: string;
    /** Method and path pattern: `POST /sessions`, `PATCH /records/{recordId}`. `GET (unknown)` for a path that is none. */
    readonly operation: string;
    readonly database: string | undefined;
    readonly layout: string | undefined;
    /** Milliseconds since 1970 by the emulator's clock: when its head was there. */
    readonly arrivedAt: number;
    /** When its turn among the calls of its session came; `arrivedAt` where there is no session. */
    readonly startedAt: number;
    /** Undefined while it is being worked on. */
    readonly endedAt: number | undefined;
    /** HTTP status; undefined while it is being worked on, and when the connection was dropped instead. */
    readonly status: number | undefined;
    /** FileMaker's code, as a number. Undefined without an envelope. */
    readonly code: number | undefined;
    /** The id that `sessions()` has, not the token. */
    readonly session: string | undefined;
    readonly account: string | undefined;
    /** What went wrong inside: a script of the definition that threw, or a mistake of the emulator's. Answered as 951. */
    readonly error: unknown;
}
/** An entry while it is being filled in. */
export type OpenRequestEntry = {
    -readonly [Key in keyof RequestEntry]: RequestEntry[Key];
};
/**
 * Which requests are meant: an operation with or without what follows it (`GET /records` takes `GET /records/{recordId}`
 * too), or a function that says so.
 */
export type RequestFilter = string | ((entry: RequestEntry) => boolean);
export interface RequestLog {
    open(entry: OpenRequestEntry): void;
    nextNumber(): number;
    /** The newest ones, oldest first, as copies. */
    entries(filter?: RequestFilter): RequestEntry[];
    /** All there ever were, also those that the log has dropped. */
    count(operation?: string): number;
}
export declare function createRequestLog(): RequestLog;
/** Whether an operation is the named one or lies below it. */
export declare function operationMatches(operation: string, wanted: string): boolean;

// dist/sessions.d.ts
import type { Clock } from './dist/clock.ts';
import type { Field } from './dist/solution.ts';
import type { StoredValue } from './dist/values.ts';
export interface SessionOptions {
    /** Milliseconds without a call until a session ends. @defaultValue 900_000, FileMaker's 15 minutes */
    readonly idleTimeoutMs?: number;
    /** Sessions at one time, over all databases; a log-in beyond them is refused. @defaultValue no limit */
    readonly max?: number | undefined;
    /** The code of that refusal: 812 is observed, 956 documented. @defaultValue 812 */
    readonly capCode?: number;
    /** Whether a log-in's token comes in the body as well as in the header. @defaultValue true */
    readonly tokenInBody?: boolean;
    /** What an entry of `fmDataSource` with wrong credentials does to the log-in. @defaultValue 'ignored' */
    readonly wrongDataSource?: 'ignored' | 'refused';
}
/** Another file that a session is signed in to. */
export interface DataSourceSummary {
    readonly database: string;
    readonly account: string;
    readonly by: 'password' | 'oauth' | 'clarisId';
}
/** A session as tests and administrators see it. The token is not among it. */
export interface SessionSummary {
    /** Names the session in the log too. */
    readonly id: string;
    readonly database: string;
    readonly account: string;
    /** The files of `fmDataSource` whose credentials were right. */
    readonly dataSources: readonly DataSourceSummary[];
    /** Milliseconds since 1970, by the emulator's clock. */
    readonly createdAt: number;
    readonly lastUsedAt: number;
    /** Whether a call is running or waiting for its turn. */
    readonly inUse: boolean;
}
export interface Session {
    readonly id: string;
    readonly token: string;
    /** As the log-in spelled it. Another spelling counts as another database (section 1.1). */
    readonly database: string;
    readonly account: string;
    readonly dataSources: readonly DataSourceSummary[];
    readonly createdAt: number;
    lastUsedAt: number;
    /** Running and waiting ones. */
    calls: number;
    /** Global fields that the session has set, by repetition. */
    readonly globals: Map<Field, StoredValue[]>;
    /** Why it ended; undefined while it lives. */
    end: SessionEnd | undefined;
    /** Resolves when the last call in the queue is done. */
    turn: Promise<void>;
    /** Makes the running call fail at once. */
    interrupt: ((reason: Error) => void) | undefined;
}
/** `engine-restart` is a death that the client does not hear of from the engine. */
export type SessionEnd = 'log-out' | 'idle' | 'disconnected' | 'engine-restart';
/** What a call fails with when the engine goes away under it: the web server in front answers in its place. */
export declare class EngineGone extends Error {
    readonly name = "EngineGone";
}
export interface Sessions {
    /** @throws Refusal with the cap's code when there are as many as may be. */
    open(database: string, account: string, dataSources?: readonly DataSourceSummary[]): Session;
    /** @throws Refusal 952 when the token is none of a living session, or of one of another database. */
    find(token: string, database?: string): Session;
    /** Ends those that the filter takes; a running call of theirs answers 112. Returns how many. */
    end(reason: SessionEnd, filter?: (session: SessionSummary) => boolean): number;
    /** Runs a call when those before it are done. @throws Refusal 112 when the session ends meanwhile, 952 before. */
    inTurn<Result>(session: Session, work: () => Promise<Result>): Promise<Result>;
    /** Restarts the idle time. */
    touch(session: Session): void;
    list(): SessionSummary[];
}
export declare function createSessions(clock: Clock, options?: SessionOptions): Sessions;
/** What a call must fail with whose session has ended under it (section 5.5). */
export declare function endedUnderCall(reason: SessionEnd): Error;

// dist/solution.d.ts
import type { DateFormat } from './dist/dates.ts';
import type { DisplayType, FieldDefinition, FieldType, LongNumbers, RecordDefinition, ScriptDefinition, SortDefinition, ValueListItem } from './dist/definition.ts';
export interface Solution {
    readonly name: string;
    readonly accounts: readonly Account[];
    readonly tables: readonly Table[];
    readonly occurrences: ReadonlyMap<string, Occurrence>;
    readonly relationships: readonly Relationship[];
    readonly layoutList: readonly (Layout | Folder<Layout>)[];
    readonly layouts: ReadonlyMap<string, Layout>;
    readonly scriptList: readonly (ScriptDefinition | Folder<ScriptDefinition>)[];
    /** The first script of each name. */
    readonly scripts: ReadonlyMap<string, ScriptDefinition>;
    readonly valueLists: ReadonlyMap<string, readonly ValueListItem[]>;
    /** What `dateformats: 1` means. */
    readonly dateFormat: DateFormat;
    readonly longNumbers: LongNumbers;
}
export interface Account {
    readonly name: string;
    /** Undefined for accounts that sign in with something else. */
    readonly password: string | undefined;
    readonly signsInWith: 'password' | 'oauth' | 'clarisId';
    readonly fmrest: boolean;
}
export interface Folder<Item> {
    readonly folder: string;
    readonly items: readonly (Item | Folder<Item>)[];
}
export interface Table {
    readonly name: string;
    /** Its name in SQLite. Numbered, since SQLite would hold names that differ in ASCII case only for one. */
    readonly sqlName: string;
    readonly fields: readonly Field[];
    readonly records: Iterable<RecordDefinition>;
}
export interface Field {
    readonly table: Table;
    readonly name: string;
    readonly type: FieldType;
    readonly global: boolean;
    readonly definition: FieldDefinition;
    /** A column for each repetition. */
    readonly columns: readonly string[];
}
/** A table as the relationship graph knows it. */
export interface Occurrence {
    readonly name: string;
    readonly table: Table;
}
export interface Relationship {
    readonly from: Occurrence;
    readonly to: Occurrence;
    readonly match: readonly {
        readonly from: Field;
        readonly to: Field;
    }[];
    readonly allowCreate: boolean;
}
/** One step through the graph, from a known occurrence to the next. */
export interface Hop {
    readonly to: Occurrence;
    readonly match: readonly {
        readonly near: Field;
        readonly far: Field;
    }[];
    /** Whether a record of `to` can be created from the near side. */
    readonly allowCreate: boolean;
}
export interface Layout {
    readonly name: string;
    readonly occurrence: Occurrence;
    readonly fields: readonly LayoutField[];
    readonly portals: readonly Portal[];
}
export interface LayoutField {
    /** As it stands in answers: `field`, or `TO::field`. */
    readonly name: string;
    readonly field: Field;
    /** From the layout's (in a portal: the portal's) occurrence; empty for own fields. */
    readonly path: readonly Hop[];
    readonly occurrence: Occurrence;
    readonly valueList: string | undefined;
    readonly displayType: DisplayType;
}
export interface Portal {
    readonly objectName: string | undefined;
    /** Object name or occurrence: its key in `portalData`. */
    readonly key: string;
    readonly occurrence: Occurrence;
    readonly path: readonly Hop[];
    readonly fields: readonly LayoutField[];
    readonly sort: readonly SortDefinition[];
}
/** A field by its name; names differ in more than case (section 8.6). */
export declare function fieldNamed<Named extends {
    readonly name: string;
}>(fields: readonly Named[], name: string): Named | undefined;

// dist/store.d.ts
import type { Content, ContentStore } from './dist/content.ts';
import type { Field, Solution, Table } from './dist/solution.ts';
import type { StoredValue } from './dist/values.ts';
/** A row as SQLite gives it: values in the order of the SELECT. */
export type Row = readonly StoredValue[];
export interface StoredContainer {
    readonly name: string;
    readonly type: string;
    readonly content: Content;
}
export interface Store {
    /** The rows one after the other; nothing is read ahead. */
    rows(sql: string, values: readonly StoredValue[]): Iterable<Row>;
    row(sql: string, values: readonly StoredValue[]): Row | undefined;
    /** Number of records in a table, without counting them. */
    count(table: Table): number;
    /** Adds a record and returns its id. Ids are never used again. */
    insert(table: Table, values: ReadonlyMap<string, StoredValue>): number;
    /** Sets columns of a record and raises its modId by one. */
    update(table: Table, recordId: number, values: ReadonlyMap<string, StoredValue>): void;
    delete(table: Table, recordId: number): void;
    modId(table: Table, recordId: number): number | undefined;
    /** The next number of an auto-enter serial. */
    takeSerial(field: Field): StoredValue | undefined;
    /** All of it happens, or nothing (section 3.13: one commit). */
    transaction<Result>(work: () => Result): Result;
    /** Makes an index on what the column is compared by, where the table is large enough to want one. */
    wantIndex(field: Field, column: string, kind: 'value' | 'order'): void;
    container(key: StoredValue): StoredContainer | undefined;
    /** Stores a file and returns its key. */
    addContainer(name: string, content: Content): StoredValue;
    /** Forgets the content under the key, if there is one. */
    deleteContainer(key: StoredValue): void;
    /** Stores the content once more and returns the copy's key. */
    copyContainer(key: StoredValue): StoredValue;
    /** What global fields hold for sessions that have not set them, by column. */
    readonly globals: ReadonlyMap<Field, readonly StoredValue[]>;
    close(): void;
}
/**
 * Builds the tables in memory and loads the definition's records.
 *
 * @throws TypeError that names table, record and field when a record does not fit its table.
 */
export declare function openStore(solution: Solution, contents: ContentStore): Store;

// dist/stored-records.d.ts
import type { HostedDatabase } from './dist/hosted-database.ts';
/** A record as it is stored, for assertions. */
export interface StoredRecord {
    readonly recordId: string;
    readonly modId: string;
    /** As the Data API gives values, with US dates; a container field has the file's name. Empty is ''. */
    readonly fieldData: Readonly<Record<string, string | number>>;
}
/** All records of a table. @throws TypeError without such a table */
export declare function storedRecords({ solution, store }: HostedDatabase, tableName: string): StoredRecord[];

// dist/values.d.ts
import type { DateFormat } from './dist/dates.ts';
import type { FieldType, LongNumbers } from './dist/definition.ts';
import type { JsonText } from './dist/json.ts';
/**
 * What SQLite holds; null is empty. Numbers that a double can't hold and text in number fields are text; a container
 * is the key of its row among the containers.
 */
export type StoredValue = null | string | number | bigint;
/**
 * The stored form of a value that a client sends.
 *
 * @throws Refusal 500 or 501 when a date or time is none in that format.
 */
export declare function storedValue(type: FieldType, input: string | number, dates: DateFormat): StoredValue;
/** As `storedValue`, for values in a definition: dates in the US form or the ISO form, undefined when it is neither. */
export declare function storedFromDefinition(type: FieldType, input: string | number): StoredValue | undefined;
/** The value as it stands in `fieldData`. Containers are not for this function: their URL is made for each read. */
export declare function wireValue(type: FieldType, stored: StoredValue, dates: DateFormat, longNumbers?: LongNumbers): JsonText;
/** The number that a text in a number field counts as: its digits, whatever stands between them. Null without any. */
export declare function numberIn(text: string): number | null;
