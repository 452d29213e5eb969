import type { Case } from './case.ts'
import { closing } from './cases/closing.ts'
import { contention } from './cases/contention.ts'
import { expiry } from './cases/expiry.ts'
import { keysAndValues } from './cases/keys-and-values.ts'
import { processes } from './cases/processes.ts'
import { sharing } from './cases/sharing.ts'
import { signals } from './cases/signals.ts'
import { swaps } from './cases/swaps.ts'
import { timeLeft } from './cases/time-left.ts'
import { touch } from './cases/touch.ts'

/** All cases but those of outages, which are run once for each way to break the store. */
export const allCases: readonly (readonly [chapter: string, cases: readonly Case[]])[] = [
  ['keys and values', keysAndValues],
  ['compareAndSet', swaps],
  ['expiry', expiry],
  ['touch', touch],
  ['ttlMs', timeLeft],
  ['contention in one process', contention],
  ['several caches on one store', sharing],
  ['several processes', processes],
  ['signals', signals],
  ['close', closing],
]
