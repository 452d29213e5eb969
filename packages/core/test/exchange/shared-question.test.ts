import { expect, test } from 'vitest'
import { createSharedQuestion } from '../../src/exchange/shared-question.ts'
import { pause } from '../support.ts'

test('who asks at the same time gets one answer, who asks later another', async () => {
  const ask = createSharedQuestion<number>()
  let asked = 0
  const question = async (): Promise<number> => {
    await pause(5)
    return ++asked
  }
  expect(await Promise.all([ask(question), ask(question), ask(question)])).toEqual([1, 1, 1])
  expect(await ask(question)).toBe(2)
})

test('a failure is kept for nobody', async () => {
  const ask = createSharedQuestion<string>()
  await expect(ask(() => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await ask(async () => 'back')).toBe('back')
})

test('a question that is never answered is put once more, and its late answer takes nobody’s place', async () => {
  const ask = createSharedQuestion<string>(30)
  let answerLate = (_answer: string): void => {}
  const late = ask(() => new Promise((resolve) => (answerLate = resolve)))
  await pause(40)
  const hanging = Promise.withResolvers<string>()
  const second = ask(() => hanging.promise)
  answerLate('late')
  expect(await late).toBe('late')
  expect(ask(async () => 'third')).toBe(second)
  hanging.resolve('second')
  expect(await second).toBe('second')
})
