import assert from 'node:assert/strict'
import type { Case } from '../case.ts'
import { hourMs, write } from './steps.ts'

/** Every combination of what is expected, what comes next and what is there; for what has expired see expiry.ts. */
export const swaps: readonly Case[] = [
  {
    name: 'nothing expected, nothing there: writes, and says true',
    run: async ({ cache, key }) => {
      assert.equal(await cache.compareAndSet(key(), undefined, 'next', hourMs), true)
      assert.equal((await cache.get(key()))?.value, 'next')
    },
  },
  {
    name: 'nothing expected, something there: leaves it, and says false',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there')
      assert.equal(await cache.compareAndSet(key(), undefined, 'next', hourMs), false)
      assert.equal((await cache.get(key()))?.value, 'there')
    },
  },
  {
    name: 'a value expected, that value there: replaces it, and says true',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there')
      assert.equal(await cache.compareAndSet(key(), 'there', 'next', hourMs), true)
      assert.equal((await cache.get(key()))?.value, 'next')
    },
  },
  {
    name: 'a value expected, another there: leaves it, and says false',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there')
      assert.equal(await cache.compareAndSet(key(), 'expected', 'next', hourMs), false)
      assert.equal((await cache.get(key()))?.value, 'there')
    },
  },
  {
    name: 'a value expected, nothing there: writes nothing, and says false',
    run: async ({ cache, key }) => {
      assert.equal(await cache.compareAndSet(key(), 'expected', 'next', hourMs), false)
      assert.equal(await cache.get(key()), undefined)
    },
  },
  {
    name: 'to be deleted, that value there: deletes it, and says true',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there')
      assert.equal(await cache.compareAndSet(key(), 'there', undefined, hourMs), true)
      assert.equal(await cache.get(key()), undefined)
    },
  },
  {
    name: 'to be deleted, another there: leaves it, and says false',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there')
      assert.equal(await cache.compareAndSet(key(), 'expected', undefined, hourMs), false)
      assert.equal((await cache.get(key()))?.value, 'there')
    },
  },
  {
    name: 'to be deleted, nothing there: says false',
    run: async ({ cache, key }) => {
      assert.equal(await cache.compareAndSet(key(), 'expected', undefined, hourMs), false)
    },
  },
  {
    name: 'nothing expected and nothing next, nothing there: says true',
    run: async ({ cache, key }) => {
      assert.equal(await cache.compareAndSet(key(), undefined, undefined, hourMs), true)
      assert.equal(await cache.get(key()), undefined)
    },
  },
  {
    name: 'nothing expected and nothing next, something there: leaves it, and says false',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'there')
      assert.equal(await cache.compareAndSet(key(), undefined, undefined, hourMs), false)
      assert.equal((await cache.get(key()))?.value, 'there')
    },
  },
  {
    name: 'after a delete the key can be written again',
    run: async ({ cache, key }) => {
      await write(cache, key(), 'first')
      await cache.compareAndSet(key(), 'first', undefined, hourMs)
      await write(cache, key(), 'second')
      assert.equal((await cache.get(key()))?.value, 'second')
    },
  },
]
