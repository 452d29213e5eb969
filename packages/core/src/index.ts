export {
  basic,
  type Auth,
  type HeldTokenAuth,
  type IdentityAuth,
  type Password,
  type PasswordAuth,
  type ProxyKeyAuth,
} from './auth.ts'
export { clarisId, type ClarisIdOptions } from './claris-id.ts'
export { createClient, type Client, type Sessions } from './client.ts'
export { errorMeaning } from './error-meanings.ts'
export {
  CallAbortedError,
  CallError,
  ContainerError,
  FileMakerError,
  ProxyAuthError,
  SessionError,
  SessionLostError,
  TransportError,
  isFileMakerError,
  type Attempt,
  type CallDetails,
  type ContainerErrorReason,
  type FileMakerMessage,
  type ModIdConflict,
  type Outcome,
  type SessionErrorReason,
  type TransportErrorReason,
  type ValidationFailure,
} from './errors.ts'
export type { CacheMessage, SessionMessage } from './events.ts'
export type {
  AttemptMessage,
  CallMessage,
  CallPlace,
  LoginMessage,
  Place,
  RetryMessage,
  Traced,
} from './exchange/channels.ts'
export type { Credentials } from './exchange/credentials.ts'
export type { DataSource, OAuthDataSource, PasswordDataSource } from './exchange/data-source.ts'
export { heldToken } from './held-token.ts'
export type { AllRecords, AllRecordsOptions } from './all-records.ts'
export type {
  CallOptions,
  CallTimeouts,
  EditOptions,
  FindRequest,
  GetOptions,
  LayoutMetadataOptions,
  ListOptions,
  RunScriptOptions,
  ScriptedOptions,
  ShownOptions,
  WriteOptions,
} from './call-options.ts'
export type { DownloadOptions, DownloadUrlOptions, LayoutContainers, UploadOptions } from './container.ts'
export type { ContainerFile } from './container-file.ts'
export type { InFolders } from './folders.ts'
export type { Layout, LayoutOptions } from './layout.ts'
export type { FieldMetadata, LayoutMetadata, OldFieldMetadata, ValueList } from './layout-metadata.ts'
export type { NewPortalRecord, PortalRowWrite, PortalWrites } from './portal-writes.ts'
export type {
  CreatedRecord,
  DataInfo,
  EditedRecord,
  FieldData,
  FieldValue,
  PortalDataInfo,
  PortalRow,
  RecordAnswer,
  RecordEntry,
  RecordPage,
} from './records.ts'
export type {
  FlatLayoutEntry,
  FlatScriptEntry,
  FoldersOptions,
  LayoutEntry,
  Metadata,
  ProductInfo,
  ScriptEntry,
} from './metadata.ts'
export type { ScriptOptions, ScriptResult, ScriptResults, ScriptSessions } from './script-options.ts'
export type { SessionCheck, SessionState } from './session-check.ts'
export { logTo, type LogDetails, type Logger, type LogOptions } from './log-to.ts'
export { oauth, type IdentityOptions, type OAuthPair } from './oauth.ts'
export { proxyKey, type ProxyKeyOptions } from './proxy-key.ts'
export type { ClientOptions, RetryChoices, SessionsOptions, TimeoutOptions } from './options.ts'
export type { Scope, ScopeOptions } from './scope.ts'
export { checkScripts, ScriptError, type ScriptAnswer, type ScriptStep } from './script-error.ts'
export type { SessionCache } from './session/cache.ts'
export type { SessionsReport, SlotReport } from './session/coordinator.ts'
export type { SlotEvent } from './session/shared-slot.ts'
export type { ByteStream, SourceDescription, UploadSource } from './upload-source.ts'
export type { TransferProgress } from './wire/multipart.ts'
export type { DateFormats, EntryMode, PortalRange, PortalSelection, ScriptCall, SortOrder } from './wire/parameters.ts'
