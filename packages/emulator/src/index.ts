export { startEmulator } from './emulator.ts'
export type { Emulator, EmulatorOptions } from './emulator.ts'
export type {
  AccountDefinition,
  ContainerDefinition,
  DatabaseDefinition,
  DisplayType,
  FieldDefinition,
  FieldType,
  LayoutDefinition,
  LayoutFieldDefinition,
  LayoutFolder,
  PortalDefinition,
  RecordDefinition,
  RelationshipDefinition,
  ScriptCall,
  ScriptDefinition,
  ScriptFolder,
  ScriptOutcome,
  ShorthandDefinition,
  SortDefinition,
  TableDefinition,
  ValueDefinition,
  ValueListItem,
} from './definition.ts'
export type { ContainerMode } from './container-urls.ts'
export type {
  DelayAction,
  DropAction,
  FaultAction,
  FaultRule,
  PageAction,
  RefusalAction,
  StallAction,
  TruncateAction,
} from './faults.ts'
export type { OAuthPair } from './identity-providers.ts'
export type { ProxyOptions } from './proxy.ts'
export type { RequestEntry, RequestFilter } from './request-log.ts'
export type { DataSourceSummary, SessionOptions, SessionSummary } from './sessions.ts'
export type { StoredRecord } from './stored-records.ts'
