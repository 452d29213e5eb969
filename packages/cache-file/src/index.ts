export { fileCache, type FileCacheOptions } from './file-cache.ts'
