import { cacheConformance } from '@fm/cache-conformance'
import { describe, it } from 'vitest'
import { memoryCache } from '../src/index.ts'

cacheConformance({ describe, it }, { create: () => memoryCache() })
