import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, scrypt } from 'node:crypto'

/** All that makes two clients the same user of the same database, and so lets them share sessions. */
export interface Identity {
  /** Scheme, host and port, normalised by `URL`: `https://fms.example.com`. */
  readonly origin: string
  readonly database: string
  readonly authKind: string
  /** The account, or another stable name of who signs in. */
  readonly principal: string
  /** The password, or what stands in for it. A wrong one leads to another key, where no session lies. */
  readonly credential: string
  /** External data sources with their credentials, in canonical order. */
  readonly dataSources: readonly string[]
  /** What the application wants kept apart: a tenant, an end user. */
  readonly partition: string
}

/** Names an identity's slots in a cache, and seals what is written there. */
export interface Seal {
  /** `fm1:<HMAC>:<slot>`: says nothing about server, account or database. */
  keyOf(slot: string): string
  /** AES-256-GCM; the key it is stored under is bound in, so that a value moved to another key does not open. */
  close(key: string, text: string): string
  /** Undefined for anything that was not sealed with a known secret under this very key. */
  open(key: string, sealed: string): string | undefined
}

/** A seal made from secrets: all of them open, the first closes, the last names. So a rolling change splits no fleet. */
export function sealWithSecrets(secrets: readonly [string | Buffer, ...(string | Buffer)[]], identity: Identity): Seal {
  const recordKeys = secrets.map((secret) => {
    const key = expand(secret, 'record')
    return { id: createHash('sha256').update(key).digest('base64url').slice(0, 6), key }
  })
  const nameKey = expand(secrets.at(-1) ?? secrets[0], 'name')
  const name = createHmac('sha256', nameKey).update(canonical(identity, nameKey)).digest('base64url')
  return {
    keyOf: (slot) => `fm1:${name}:${slot}`,
    close: (key, text) => {
      const [first] = recordKeys
      if (first === undefined) throw new TypeError('cacheSecret: the list is empty')
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(Buffer.from(key))
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `fm1.${first.id}.${sealed.toString('base64url')}`
    },
    open: (key, sealed) => {
      const [format, id, body] = sealed.split('.')
      const recordKey = recordKeys.find((candidate) => candidate.id === id)
      if (format !== 'fm1' || recordKey === undefined || body === undefined) return undefined
      const bytes = Buffer.from(body, 'base64url')
      if (bytes.length < 28) return undefined
      const decipher = createDecipheriv('aes-256-gcm', recordKey.key, bytes.subarray(0, 12))
        .setAAD(Buffer.from(key))
        .setAuthTag(bytes.subarray(-16))
      try {
        return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
      } catch {
        // Not ours, moved or damaged: all the same to the rules, which replace what they can't read.
        return undefined
      }
    },
  }
}

/**
 * A seal made from the password alone, for caches that stay on this machine: scrypt makes each guess by somebody who reads
 * the cache cost about a tenth of a second. Not enough for weak passwords on a network, hence `cacheSecret` there.
 */
export async function sealWithPassword(identity: Identity): Promise<Seal> {
  const salt = createHash('sha256').update(JSON.stringify([identity.origin, identity.database, identity.principal]))
  const derived = await derivations.run(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
        scrypt(identity.credential, salt.digest(), 32, cost, (error, key) => (error ? reject(error) : resolve(key)))
      }),
  )
  return sealWithSecrets([derived], identity)
}

/** One scrypt at a time: many at once fill libuv's pool and hold up name resolution for everybody. */
const derivations = {
  last: Promise.resolve() as Promise<unknown>,
  run<Value>(derive: () => Promise<Value>): Promise<Value> {
    const mine = this.last.then(derive, derive)
    this.last = mine
    return mine
  },
}

/** Tells identities apart inside this process. Made with a secret of the process: it can't be guessed back from outside. */
export function fingerprintIdentity(identity: Identity): string {
  return createHmac('sha256', PROCESS_SECRET).update(canonical(identity, PROCESS_SECRET)).digest('base64url')
}

/** Tells lists of secrets apart without keeping them. */
export function fingerprintSecrets(secrets: readonly string[] | string | undefined): string {
  return createHmac('sha256', PROCESS_SECRET)
    .update(JSON.stringify(secrets ?? null))
    .digest('base64url')
}

const PROCESS_SECRET = randomBytes(32)

/** JSON of a list in fixed order; the credential goes in as its HMAC, so that no plain password is ever concatenated. */
function canonical(identity: Identity, key: Buffer): string {
  const { origin, database, authKind, principal, credential, dataSources, partition } = identity
  const tag = createHmac('sha256', key).update(`${authKind}\0${credential}`).digest('base64url')
  return JSON.stringify([origin, database, authKind, principal, tag, dataSources, partition])
}

function expand(secret: string | Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'fm-session-cache', purpose, 32))
}
