import { cacheConformance } from '@fm/cache-conformance'
import { afterAll, describe, it } from 'vitest'
import { exampleCache } from '../src/index.ts'
import { startRegister } from './register-server.ts'

const register = await startRegister()
afterAll(() => register.stop())

function outage(state: 'refuses' | 'hangs') {
  return async () => {
    register.become(state)
    return async () => register.become('answers')
  }
}

cacheConformance(
  { describe, it },
  {
    create: () => exampleCache({ address: register.address, timeoutMs: 5000 }),
    child: { module: new URL('./create-cache.ts', import.meta.url), argument: register.address },
    outages: { 'connections are cut': outage('refuses'), 'nothing is answered': outage('hangs') },
  },
)
