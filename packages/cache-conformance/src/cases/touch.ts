import assert from 'node:assert/strict'
import type { Case } from '../case.ts'
import { hourMs, shortMs, untilExpired, write } from './steps.ts'

/** The same string as expected and as next renews the time to live. */
export const touch: readonly Case[] = [
  {
    name: 'the same value twice renews its time, and says true',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', shortMs)
      assert.equal(await cache.compareAndSet(key(), 'there', 'there', hourMs), true)
      await untilExpired()
      assert.equal((await cache.get(key()))?.value, 'there')
    },
  },
  {
    name: 'a touch can shorten the time',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', hourMs)
      await cache.compareAndSet(key(), 'there', 'there', shortMs)
      await untilExpired()
      assert.equal(await cache.get(key()), undefined)
    },
  },
  {
    name: 'a touch where nothing is says false, and writes nothing',
    run: async ({ cache, key }) => {
      assert.equal(await cache.compareAndSet(key(), 'there', 'there', hourMs), false)
      assert.equal(await cache.get(key()), undefined)
    },
  },
  {
    name: 'a touch where another value is says false, and does not renew that one',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'another', shortMs)
      assert.equal(await cache.compareAndSet(key(), 'there', 'there', hourMs), false)
      await untilExpired()
      assert.equal(await cache.get(key()), undefined)
    },
  },
  {
    name: 'a touch does not revive what has expired',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', shortMs)
      await untilExpired()
      assert.equal(await cache.compareAndSet(key(), 'there', 'there', hourMs), false)
      assert.equal(await cache.get(key()), undefined)
    },
  },
]
