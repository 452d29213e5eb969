export { memoryCache, type MemoryCacheOptions } from './memory-cache.ts'
