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
export {
  CallAbortedError,
  CallError,
  FileMakerError,
  ProxyAuthError,
  SessionError,
  SessionLostError,
  TransportError,
  type Attempt,
  type CallDetails,
  type FileMakerMessage,
  type Outcome,
  type SessionErrorReason,
  type TransportErrorReason,
} from './errors.ts'
export type { CacheMessage, SessionMessage } from './events.ts'
export type { Credentials } from './exchange/credentials.ts'
export type { DataSource, OAuthDataSource, PasswordDataSource } from './exchange/data-source.ts'
export { heldToken } from './held-token.ts'
export type {
  CallOptions,
  CallTimeouts,
  EditOptions,
  FindRequest,
  GetOptions,
  ListOptions,
  WriteOptions,
} from './call-options.ts'
export type { FieldMetadata, Layout, LayoutMetadata, ValueList } from './layout.ts'
export type { DataInfo, FieldData, FieldValue, PortalDataInfo, PortalRow, RecordEntry, RecordPage } from './records.ts'
export type { LayoutEntry, Metadata, ProductInfo, ScriptEntry } from './metadata.ts'
export { oauth, type IdentityOptions, type OAuthPair } from './oauth.ts'
export { proxyKey, type ProxyKeyOptions } from './proxy-key.ts'
export type { ClientOptions, RetryChoices, SessionsOptions, TimeoutOptions } from './options.ts'
export type { Scope, ScopeOptions } from './scope.ts'
export type { SessionCache } from './session/cache.ts'
export type { SessionsReport, SlotReport } from './session/coordinator.ts'
export type { SlotEvent } from './session/shared-slot.ts'
export type { DateFormats, PortalRange, PortalSelection, SortOrder } from './wire/parameters.ts'
