import type { SessionCache } from '@fm/core'
import { Keyv } from 'keyv'
import { Keyv as Keyv5 } from 'keyv5'
import { keyvCache } from '../src/index.ts'
import { SqliteStore } from './sqlite-store.ts'

/**
 * How the conformance kit's child processes make the cache, and the tests too.
 *
 * @param argument - Version of Keyv, 'weak' or 'atomic', and the path of the SQLite file: `6 weak sessions.db`.
 */
export function createCache(argument: string): SessionCache {
  const [version = '', manner = '', path = ''] = argument.split(' ')
  const store = new SqliteStore(path)
  // Without a namespace, so that the store's compare-and-set meets the same keys.
  const keyv = version === '5' ? new Keyv5({ store, namespace: '' }) : new Keyv({ store, namespace: '' })
  const { compareAndSet } = store
  return keyvCache(keyv, { sharedBy: 'machine', ...(manner === 'atomic' ? { compareAndSet } : {}) })
}
