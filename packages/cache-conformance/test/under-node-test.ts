import { describe, it } from 'node:test'
import { cacheConformance } from '../src/index.ts'
import { createStore, modelCache } from './model-cache.ts'

cacheConformance({ describe, it }, { create: () => modelCache(createStore(), { sharedBy: 'process', atomic: true }) })
