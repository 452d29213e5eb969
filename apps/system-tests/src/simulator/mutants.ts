/** A rule of core broken on purpose, to see that the checker notices. */
export interface Mutant {
  readonly name: string
  readonly about: string
  /** Where it is noticed. */
  readonly scenario: string
  readonly edits: readonly Edit[]
}

export interface Edit {
  /** Below core's `src`. */
  readonly file: string
  /** What has to be there, exactly once. */
  readonly replace: string
  readonly by: string
}

const SLOT = 'session/slot.ts'
const SHARED = 'session/shared-slot.ts'
const EXCLUSIVE = 'session/exclusive-slots.ts'

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'unconditional-invalidation',
    about: 'a refused token empties the record, whichever token stands there by now',
    scenario: 'killed',
    edits: [
      {
        file: SHARED,
        replace: 'refused: (token) => {',
        by: `refused: (token) => {
      void register.read().then((seen) => register.swap(seen, { generation: 1, old: [], gone: [] })).catch(() => {})`,
      },
    ],
  },
  {
    name: 'publish-without-compare',
    about: 'a leader publishes over whatever stands in the record',
    scenario: 'frozen-leaders',
    edits: [
      {
        file: 'session/lead.ts',
        replace: 'const published = await register.swap(seen, rules.publish(leased, token))',
        by: 'const published = await register.swap(await register.read(), rules.publish(leased, token))',
      },
    ],
  },
  {
    name: 'touch-by-process-age',
    about: 'a record is renewed a minute after this process adopted it, however old it was then',
    scenario: 'short-lived',
    edits: [
      {
        file: SHARED,
        replace: 'renewedAt: now - Math.min(reading.ageMs ?? Number.POSITIVE_INFINITY, record.ttlMs)',
        by: 'renewedAt: now',
      },
    ],
  },
  {
    name: 'no-strays',
    about: 'a live token that the record has lost is forgotten',
    scenario: 'cache-losses',
    edits: [
      {
        file: SHARED,
        replace: 'else if (!rules.isKnown(record, former.token)) strays.add(former.token)',
        by: 'else strays.delete(former.token)',
      },
      {
        file: SHARED,
        replace: 'holding?.reading !== undefined && isAlive(holding.token) ? [holding.token] : []',
        by: '[]',
      },
    ],
  },
  {
    name: 'false-is-a-verdict',
    about: 'a publication that was answered with false is taken for lost, and its session is ended',
    scenario: 'twice',
    edits: [
      {
        file: 'session/lead.ts',
        replace: "if (published !== undefined) return { is: 'published', reading: published }",
        by: `if (published !== undefined) return { is: 'published', reading: published }
      return { is: 'fenced', token }`,
      },
    ],
  },
  {
    name: 'no-lease',
    about: 'somebody else’s login is not waited for',
    scenario: 'cold-few',
    edits: [
      {
        file: SLOT,
        replace: 'record?.lease !== undefined && record.lease.owner !== known.process && ageMs < record.lease.ms',
        by: 'record?.lease !== undefined && record.lease.ms === 0',
      },
    ],
  },
  {
    name: 'lease-for-ever',
    about: 'a dead leader is waited for',
    scenario: 'crashed-logins',
    edits: [
      {
        file: SLOT,
        replace: 'record.lease.owner !== known.process && ageMs < record.lease.ms',
        by: 'record.lease.owner !== known.process && record.lease.ms > 0',
      },
    ],
  },
  {
    name: 'no-heartbeat',
    about: 'a lease is not renewed while its holder logs in',
    scenario: 'slow-logins',
    edits: [
      { file: SLOT, replace: 'export const LEASE_BEAT_MS = 1_000', by: 'export const LEASE_BEAT_MS = 1_000_000' },
    ],
  },
  {
    name: 'ttl-840',
    about: 'the record is over before the session is, as in FMDataAPI',
    scenario: 'one-shots',
    edits: [{ file: 'session/register.ts', replace: 'atomic ? ttlMs :', by: 'atomic ? 840_000 :' }],
  },
  {
    name: 'late-refusal-replaces',
    about: 'a late 952 for an old token counts against the newer one',
    scenario: 'killed',
    edits: [
      { file: SHARED, replace: 'dead.add(token)\n      strays', by: 'dead.add(holding?.token ?? token)\n      strays' },
    ],
  },
  {
    name: 'doubtful-is-dead',
    about: 'a token that may live is not listed to be ended',
    scenario: 'hung-calls',
    edits: [
      {
        file: SLOT,
        replace: '? { generation, old, gone: [...gone, fingerprint(token)] }',
        by: '|| true ? { generation, old, gone: [...gone, fingerprint(token)] }',
      },
    ],
  },
  {
    name: 'no-grace',
    about: 'a listed token is ended at once, while others still use it',
    scenario: 'cache-losses',
    edits: [
      {
        file: SHARED,
        replace: 'return now - since >= Math.max(theirs, environment.graceMs())',
        by: 'return now - since >= theirs * 0',
      },
    ],
  },
  {
    name: 'end-before-out',
    about: 'a session is ended before it leaves the record',
    scenario: 'ending',
    edits: [
      {
        file: SHARED,
        replace: 'ending = strikeOut(held)',
        by: 'ending = server.logout(held.token).then(() => strikeOut(held))',
      },
    ],
  },
  {
    name: 'denial-not-shared',
    about: 'a refused login is tried again by everybody',
    scenario: 'wrong-password',
    edits: [
      {
        file: SLOT,
        replace: 'if (record?.deny !== undefined && ageMs < record.deny.ms) {',
        by: 'if (record?.deny !== undefined && record.deny.ms === 0) {',
      },
    ],
  },
  {
    name: 'no-degraded-mode',
    about: 'without the cache there is no session',
    scenario: 'cache-outages',
    edits: [
      {
        file: SHARED,
        replace: 'if (!environment.mayOpenLocal()) {',
        by: 'if (environment.mayOpenLocal !== undefined) {',
      },
    ],
  },
  {
    name: 'no-deadline',
    about: 'a cache that does not answer is waited for',
    scenario: 'cache-outages',
    edits: [{ file: 'session/register.ts', replace: 'const OPERATION_MS = 250', by: 'const OPERATION_MS = 60_000' }],
  },
  {
    name: 'one-name-for-all',
    about: 'the account has no part in a slot’s key',
    scenario: 'identities',
    edits: [
      {
        file: 'session/key.ts',
        replace: ".update(canonical(identity, nameKey)).digest('base64url')\n  return {",
        by: ".update(identity.origin).digest('base64url')\n  return {",
      },
    ],
  },
  {
    name: 'inherited-session',
    about: 'a scope goes on in the session of the one before it',
    scenario: 'exclusive',
    edits: [
      {
        file: EXCLUSIVE,
        replace: 'const holding = hold(register, written, step.next, owner)',
        by: `const holding = hold(register, written, step.next, owner)
    const inherited = seen.record?.token
    if (inherited !== undefined && (await holding.publish(inherited)) === 'held') return sessionOf(holding, inherited)`,
      },
    ],
  },
  {
    name: 'nothing-ended-before',
    about: 'a slot is taken without ending what was left in it',
    scenario: 'exclusive',
    edits: [
      {
        file: EXCLUSIVE,
        replace: 'await Promise.all(step.toEnd.map((token) => environment.server.logout(token)))',
        by: 'step.toEnd.map(() => true)',
      },
    ],
  },
  {
    name: 'state-not-restored',
    about: 'a lost scope goes on without its setup',
    scenario: 'exclusive',
    edits: [{ file: 'session/exclusive-source.ts', replace: 'await bring(session)\n', by: '\n' }],
  },
  {
    name: 'scope-forgets-token',
    about: 'a holder’s heartbeat writes the record without its token',
    scenario: 'exclusive-chaos',
    edits: [{ file: EXCLUSIVE, replace: 'draft = next\n        beating = beat(latest)', by: 'beating = beat(latest)' }],
  },
  {
    name: 'one-try-to-end',
    about: 'a session that nobody lists is forgotten when its end gets no answer',
    scenario: 'exclusive-chaos',
    edits: [{ file: 'session/end-unlisted.ts', replace: 'attempt < 5', by: 'attempt < 0' }],
  },
  {
    name: 'write-again',
    about: 'a write is sent again after 112',
    scenario: 'killed',
    edits: [
      {
        file: 'exchange/retry.ts',
        replace: 'repeats: { read: 1, edit: 0, delete: 0, write: 0 }',
        by: 'repeats: every(1)',
      },
    ],
  },
  {
    name: 'no-renewal',
    about: 'a refused token is an error',
    scenario: 'killed',
    edits: [
      {
        file: 'exchange/retry.ts',
        replace: "'token refused': { repeats: every(3)",
        by: "'token refused': { repeats: every(0)",
      },
    ],
  },
  {
    name: 'local-session-out-of-sight',
    about: 'a process that is merely crowded opens a session of its own, and does not find it when it needs one',
    scenario: 'partitions',
    edits: [
      { file: 'session/coordinator.ts', replace: 'slots.every((slot) => slot.token === undefined) &&', by: '' },
      { file: 'session/coordinator.ts', replace: 'if (unseen === undefined ||', by: 'if (unseen !== slot ||' },
    ],
  },
  {
    name: 'leader-not-followed',
    about: 'a search whose time is over opens a session besides the one that is being opened',
    scenario: 'cap',
    edits: [
      {
        file: SHARED,
        replace: "case 'follow':",
        by: "case 'follow':\n            if (time.now() > until) return await withoutCache()",
      },
    ],
  },
  {
    name: 'forgotten-rejection',
    about: 'a search in the background fails, and nobody catches it',
    scenario: 'cache-outages',
    edits: [{ file: 'session/coordinator.ts', replace: 'search(next).catch(() => {})', by: 'void search(next)' }],
  },
  {
    name: 'no-hedge',
    about: 'a read stays behind the call that hangs',
    scenario: 'hung-calls',
    edits: [{ file: 'exchange/hedge.ts', replace: 'const HEDGE_MS = 2_000', by: 'const HEDGE_MS = 2_000_000' }],
  },
  {
    name: 'close-leaves-behind',
    about: 'a process closes while sessions wait to be ended',
    scenario: 'closing',
    edits: [
      {
        file: 'session/coordinator.ts',
        replace: 'await Promise.all(slots.map((slot) => slot.endLeaving()))',
        by: '',
      },
    ],
  },
  {
    name: 'record-keeps-ended',
    about: 'a token stays in the record when all sessions are ended',
    scenario: 'ending',
    edits: [
      {
        file: SLOT,
        replace: 'return fit({ ...rest, old: [], gone:',
        by: 'return fit({ ...rest, ...(token === undefined ? {} : { token }), old: [], gone:',
      },
    ],
  },
  {
    name: 'busy-is-hung',
    about: 'a session under load is replaced, as if a call hung on it',
    scenario: 'busy',
    edits: [
      {
        file: 'session/calls-in-flight.ts',
        replace: " && because === 'timeout') onHung(token)",
        by: ') onHung(token)',
      },
    ],
  },
]
