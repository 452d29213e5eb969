import { sealWithSecrets } from '@fm/core/simulation'
import * as faults from './faults.ts'
import { usualLoad } from './load.ts'
import { coldStart, exclusiveLoad, hangingLoad, oneShots, sparseLoad, stampede } from './loads.ts'
import { USUAL, type Scenario } from './scenario.ts'

/** The table of the protocol page, and what was added to the design since. */
export const SCENARIOS: readonly Scenario[] = [
  {
    ...USUAL,
    name: 'quiet',
    about: 'nothing goes wrong',
    bounds: { ...USUAL.bounds, waitMs: 5_000 },
  },
  {
    ...USUAL,
    name: 'cold',
    about: '1000 processes begin at once',
    accounts: ['A'],
    processes: [1_000, 1_000],
    shared: [1, 1],
    faultsMs: 5_000,
    quietMs: 0,
    load: coldStart,
    bounds: { ...USUAL.bounds, waitMs: 1_500 },
  },
  {
    ...USUAL,
    name: 'stampede',
    about: 'up to 10000 calls of one process meet a dead token at once',
    accounts: ['A'],
    processes: [1, 1],
    shared: [1, 1],
    faultsMs: 20_000,
    quietMs: 0,
    load: stampede,
    bounds: { ...USUAL.bounds, waitMs: 1_500 },
  },
  {
    ...USUAL,
    name: 'cold-few',
    about: 'a few processes begin at once, two accounts, several slots, and go on',
    processes: [8, 30],
    shared: [1, 4],
    faultsMs: 60_000,
    quietMs: 120_000,
    load: (stage, load) => {
      coldStart(stage, load)
      usualLoad(stage, load)
    },
  },
  {
    ...USUAL,
    name: 'busy',
    about: 'as many calls as two sessions can work off',
    accounts: ['A'],
    processes: [16, 20],
    shared: [2, 2],
    faultsMs: 300_000,
  },
  {
    ...USUAL,
    name: 'killed',
    about: 'sessions are killed at the server',
    faults: faults.killSessions(5_000, 60_000),
  },
  {
    ...USUAL,
    name: 'restarts',
    about: 'the server restarts',
    faults: faults.restartServer(20_000, 200_000),
  },
  {
    ...USUAL,
    name: 'crashes',
    about: 'processes crash',
    faults: faults.crashProcesses(2_000, 30_000),
    // A leader that dies is waited for as long as its lease lasts.
    bounds: { ...USUAL.bounds, waitMs: 5_000 },
  },
  {
    ...USUAL,
    name: 'crashed-logins',
    about: 'processes crash while they log in',
    faults: (stage) => {
      faults.crashLeaders(stage)
      faults.killSessions(2_000, 20_000)(stage)
    },
    // Crash upon crash: leader after leader is waited for.
    bounds: { ...USUAL.bounds, waitMs: 10_000 },
  },
  {
    ...USUAL,
    name: 'frozen-leaders',
    about: 'processes freeze while they log in',
    faults: (stage) => {
      faults.freezeLeaders(stage)
      faults.killSessions(5_000, 40_000)(stage)
    },
  },
  {
    ...USUAL,
    name: 'frozen',
    about: 'processes freeze at any time',
    faults: (stage) => {
      faults.freezeProcesses(1_000, 30_000)(stage)
      faults.killSessions(5_000, 60_000)(stage)
    },
  },
  {
    ...USUAL,
    name: 'twice',
    about: 'every fifth operation of the cache is executed twice',
    faults: (stage) => {
      stage.cache.faults.twice = 0.2
      faults.killSessions(3_000, 30_000)(stage)
    },
  },
  {
    ...USUAL,
    name: 'cache-outages',
    about: 'the cache is away for up to two minutes',
    faults: (stage) => faults.cacheOutages(stage, 120_000),
    // A process without a token insists on the cache for a second.
    bounds: { live: 'known', orphans: 0, waitMs: 5_000 },
  },
  {
    ...USUAL,
    name: 'partitions',
    about: 'some processes do not reach the cache',
    faults: faults.partitions,
    bounds: { live: 'known', orphans: 0 },
  },
  {
    ...USUAL,
    name: 'lossy',
    about: '5 to 25 % of the cache’s answers are lost, some hang',
    faults: (stage) => {
      stage.cache.faults.loseAnswer = 0.05 + stage.random.next() * 0.2
      stage.cache.faults.late = 0.05 + stage.random.next() * 0.1
      faults.killSessions(10_000, 100_000)(stage)
    },
    bounds: { live: 'known', orphans: 0 },
  },
  {
    ...USUAL,
    name: 'slow-cache',
    about: 'the cache takes up to a second',
    faults: faults.slowCache,
    bounds: { live: 'known', orphans: 0 },
  },
  {
    ...USUAL,
    name: 'cache-losses',
    about: 'the cache loses its last writes, or entries',
    faults: (stage) => {
      faults.cacheLosses(3_000, 60_000)(stage)
      faults.killSessions(5_000, 60_000)(stage)
    },
    bounds: { live: 'known', orphans: 0 },
  },
  {
    ...USUAL,
    name: 'one-shots',
    about: 'processes of one call each, 13 to 16 minutes apart',
    accounts: ['A'],
    processes: [0, 0],
    shared: [1, 1],
    faultsMs: 36_000_000,
    quietMs: 0,
    load: oneShots,
  },
  {
    ...USUAL,
    name: 'short-lived',
    about: 'processes live for less than a minute',
    accounts: ['A'],
    processes: [1, 2],
    shared: [1, 1],
    faultsMs: 3_600_000,
    faults: (stage) => faults.replaceInTurn(stage, 15_000, 25_000),
    bounds: { ...USUAL.bounds, waitMs: 5_000 },
  },
  {
    ...USUAL,
    name: 'sparse',
    about: 'a call of two processes every quarter of an hour',
    accounts: ['A'],
    processes: [2, 2],
    shared: [1, 1],
    faultsMs: 36_000_000,
    quietMs: 0,
    load: sparseLoad,
  },
  {
    ...USUAL,
    name: 'slow-logins',
    about: 'logins fail, take long, or lose their answer',
    faults: (stage) => {
      Object.assign(stage.server.faults, { loseLogin: 0.05, failLogin: 0.05, slowLogin: 0.3 })
      faults.killSessions(5_000, 60_000)(stage)
    },
    bounds: { ...USUAL.bounds, live: 'listed' },
  },
  {
    ...USUAL,
    name: 'lost-answers',
    about: 'connections end before the answers of calls',
    faults: (stage) => {
      stage.server.faults.loseAnswer = 0.05
      faults.killSessions(20_000, 120_000)(stage)
    },
  },
  {
    ...USUAL,
    name: 'hung-calls',
    about: 'a write after the other hangs at the server for a minute or two',
    shared: [2, 3],
    callMs: 20_000,
    quietMs: 700_000,
    load: (stage, load) => hangingLoad(stage, load, 'write'),
    bounds: { live: 'listed', orphans: 0, readsPassHung: true },
  },
  {
    ...USUAL,
    name: 'hung-reads',
    about: 'a read after the other hangs, and is asked again on another session',
    shared: [2, 3],
    callMs: 20_000,
    quietMs: 1_000_000,
    load: (stage, load) => hangingLoad(stage, load, 'read'),
    bounds: { live: 'listed', orphans: 0 },
  },
  {
    ...USUAL,
    name: 'chaos',
    about: 'all of it at once',
    faults: faults.chaos,
    bounds: { live: 'known', orphans: 0 },
  },
  {
    ...USUAL,
    name: 'weak-cache',
    about: 'a cache that can only read and write, and sessions killed',
    cache: { atomic: false, tellsTtl: false },
    faults: faults.killSessions(5_000, 60_000),
  },
  {
    ...USUAL,
    name: 'weak-chaos',
    about: 'a cache that can only read and write, and all at once',
    cache: { atomic: false, tellsTtl: false },
    faults: faults.chaos,
    bounds: { live: 'known', orphans: Number.POSITIVE_INFINITY },
  },
  {
    ...USUAL,
    name: 'no-ttl',
    about: 'a cache that does not tell how old an entry is, and all at once',
    cache: { tellsTtl: false },
    faults: faults.chaos,
    bounds: { live: 'known', orphans: 0 },
  },
  {
    ...USUAL,
    name: 'exclusive',
    about: 'exclusive scopes, and processes crash',
    accounts: ['A'],
    exclusive: [1, 4],
    shared: [1, 1],
    // A hundred scopes a seed: many seeds show more than many scopes of one.
    faultsMs: 180_000,
    quietMs: 180_000,
    load: exclusiveLoad,
    faults: (stage) => {
      faults.crashProcesses(2_000, 30_000)(stage)
      faults.killSessions(10_000, 60_000)(stage)
    },
  },
  {
    ...USUAL,
    name: 'exclusive-chaos',
    about: 'exclusive scopes, and all at once',
    accounts: ['A'],
    exclusive: [1, 4],
    shared: [1, 1],
    faultsMs: 180_000,
    load: exclusiveLoad,
    faults: faults.chaos,
    bounds: { live: 'known', orphans: 0 },
  },
  {
    ...USUAL,
    name: 'wrong-password',
    about: '50 processes with a wrong password',
    accounts: ['A'],
    processes: [50, 50],
    shared: [1, 1],
    password: 'wrong',
    faultsMs: 300_000,
    quietMs: 0,
  },
  {
    ...USUAL,
    name: 'cap',
    about: 'the server has no room for another session, now and then',
    accounts: ['A', 'B'],
    shared: [1, 1],
    faults: faults.fillServer,
  },
  {
    ...USUAL,
    name: 'identities',
    about: 'four identities over one cache, sealed',
    accounts: ['A', 'B', 'C', 'D'],
    // A process calls as each of them once in a while only: what it knows gets into the records late.
    quietMs: 1_000_000,
    seal: (account) =>
      sealWithSecrets(['a secret of this simulation, long enough'], {
        origin: 'https://simulated.example',
        database: account < 'C' ? 'One' : 'Other',
        authKind: 'basic',
        principal: account < 'B' ? 'web' : 'report',
        credential: 'right',
        dataSources: [],
        partition: account === 'D' ? 'tenant' : '',
      }),
    faults: (stage) => {
      faults.killSessions(3_000, 30_000)(stage)
      faults.cacheLosses(10_000, 60_000)(stage)
    },
    // Records are sealed: the checker sees the server's side only.
    bounds: { live: 'known', orphans: Number.POSITIVE_INFINITY },
  },
  {
    ...USUAL,
    name: 'closing',
    about: 'processes close their clients and others begin, and the cache is away now and then',
    faults: (stage) => {
      faults.closeProcesses(stage, 2_000, 15_000)
      faults.cacheOutages(stage, 40_000)
    },
    bounds: { live: 'known', orphans: 0 },
  },
  {
    ...USUAL,
    name: 'ending',
    about: 'processes end their sessions when they close, and administrators end them all',
    end: 'own',
    faults: (stage) => {
      faults.closeProcesses(stage, 5_000, 60_000)
      faults.endAll(stage)
    },
    bounds: { ...USUAL.bounds, orphans: 0 },
  },
]
