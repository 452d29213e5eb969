export { cacheConformance, type ConformanceOptions, type TestRunner } from './cache-conformance.ts'
export type { ChildCache } from './children.ts'
export type { Outage } from './bench.ts'
