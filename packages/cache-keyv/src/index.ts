export { keyvCache, type KeyvCacheOptions } from './keyv-cache.ts'
export type { KeyvStore } from './keyv-store.ts'
