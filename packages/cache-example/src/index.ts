export { exampleCache, type ExampleCacheOptions } from './example-cache.ts'
