import assert from 'node:assert/strict'
import type { Case } from '../case.ts'
import { hourMs, shortMs, untilExpired, write } from './steps.ts'

/** An expired value is an absent one, for both methods. */
export const expiry: readonly Case[] = [
  {
    name: 'a value is gone when its time is over',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', shortMs)
      await untilExpired()
      assert.equal(await cache.get(key()), undefined)
    },
  },
  {
    name: 'a value with a short time is there before it is over',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', shortMs)
      assert.equal((await cache.get(key()))?.value, 'there')
    },
  },
  {
    name: 'a value with a day to live is there',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', 24 * hourMs)
      assert.equal((await cache.get(key()))?.value, 'there')
    },
  },
  {
    name: 'where a value has expired, a new one can be written',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', shortMs)
      await untilExpired()
      assert.equal(await cache.compareAndSet(key(), undefined, 'next', hourMs), true)
      assert.equal((await cache.get(key()))?.value, 'next')
    },
  },
  {
    name: 'a value that has expired is not there to be replaced',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', shortMs)
      await untilExpired()
      assert.equal(await cache.compareAndSet(key(), 'there', 'next', hourMs), false)
      assert.equal(await cache.get(key()), undefined)
    },
  },
  {
    name: 'a value that has expired is not there to be deleted',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', shortMs)
      await untilExpired()
      assert.equal(await cache.compareAndSet(key(), 'there', undefined, hourMs), false)
    },
  },
  {
    name: 'where a value has expired, nothing expected and nothing next is true',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', shortMs)
      await untilExpired()
      assert.equal(await cache.compareAndSet(key(), undefined, undefined, hourMs), true)
    },
  },
  {
    name: 'a value that replaces another has its own, longer time',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', shortMs)
      await cache.compareAndSet(key(), 'there', 'next', hourMs)
      await untilExpired()
      assert.equal((await cache.get(key()))?.value, 'next')
    },
  },
  {
    name: 'a value that replaces another has its own, shorter time',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', hourMs)
      await cache.compareAndSet(key(), 'there', 'next', shortMs)
      await untilExpired()
      assert.equal(await cache.get(key()), undefined)
    },
  },
  {
    name: 'a swap that says false leaves the time of what is there',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there', shortMs)
      await cache.compareAndSet(key(), 'expected', 'next', hourMs)
      await untilExpired()
      assert.equal(await cache.get(key()), undefined)
    },
  },
]
