import { expect, test } from 'vitest'
import { fingerprintIdentity, sealWithPassword, sealWithSecrets, type Identity } from '../../src/session/key.ts'

const SECRET = 'a secret of at least thirty-two bytes'
const OTHER = 'another secret of at least 32 bytes, too'
const identity: Identity = {
  origin: 'https://fms.example.com',
  database: 'Contacts',
  authKind: 'basic',
  principal: 'web',
  credential: 'hunter2',
  dataSources: [],
  partition: '',
}

test('a key says nothing about server, database, account or password', () => {
  const key = sealWithSecrets([SECRET], identity).keyOf('s0')
  expect(key).toMatch(/^fm1:[A-Za-z0-9_-]{43}:s0$/)
  for (const word of ['example', 'Contacts', 'web', 'hunter2']) expect(key).not.toContain(word)
})

test('whatever tells two users apart leads to another key', () => {
  const keys = new Set<string>()
  const variants: Partial<Identity>[] = [
    {},
    { origin: 'https://other.example.com' },
    { database: 'contacts' },
    { principal: 'Web' },
    { credential: 'hunter3' },
    { dataSources: ['x'] },
    { partition: 'tenant' },
    // Fields that run into each other must not come out the same.
    { database: 'Contactsbasic', authKind: 'basic' },
    { principal: '', partition: 'web' },
  ]
  for (const variant of variants) keys.add(sealWithSecrets([SECRET], { ...identity, ...variant }).keyOf('s0'))
  expect(keys.size).toBe(variants.length)
  expect(new Set(variants.map((variant) => fingerprintIdentity({ ...identity, ...variant }))).size).toBe(
    variants.length,
  )
})

test('a sealed record opens under its own key, and under no other key, secret or change', () => {
  const seal = sealWithSecrets([SECRET], identity)
  const sealed = seal.close('k', 'token 123')
  expect(sealed).not.toContain('token')
  expect(seal.open('k', sealed)).toBe('token 123')
  expect(seal.open('other', sealed)).toBeUndefined()
  expect(sealWithSecrets([OTHER], identity).open('k', sealed)).toBeUndefined()
  // The last character of base64url carries unused bits; nothing before it may change unnoticed.
  for (let index = 0; index < sealed.length - 1; index++) {
    const changed = sealed.slice(0, index) + (sealed[index] === 'A' ? 'B' : 'A') + sealed.slice(index + 1)
    expect(seal.open('k', changed), `character ${index}`).toBeUndefined()
  }
  for (const junk of ['', 'fm1', 'fm1..', 'fm2.a.b', `fm1.${sealed.split('.')[1]}.AAAA`])
    expect(seal.open('k', junk)).toBeUndefined()
})

test('a rolling change of the secret splits no fleet: new and old processes open and find each other', () => {
  const before = sealWithSecrets([OTHER], identity)
  const during = sealWithSecrets([SECRET, OTHER], identity)
  expect(during.keyOf('s0')).toBe(before.keyOf('s0'))
  expect(during.open('k', before.close('k', 'x'))).toBe('x')
  const after = sealWithSecrets([SECRET], identity)
  expect(after.open('k', during.close('k', 'y'))).toBe('y')
})

test('without a secret the password opens, and another password does not', async () => {
  const [right, again, wrong] = await Promise.all([
    sealWithPassword(identity),
    sealWithPassword(identity),
    sealWithPassword({ ...identity, credential: 'wrong' }),
  ])
  const sealed = right.close('k', 'x')
  expect(again.open('k', sealed)).toBe('x')
  expect(wrong.open('k', sealed)).toBeUndefined()
  expect(wrong.keyOf('s0')).not.toBe(right.keyOf('s0'))
})
