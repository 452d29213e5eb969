import { expect, test } from 'vitest'
import { NoTurn } from '../../src/exchange/session-source.ts'
import { createTurns } from '../../src/exchange/turns.ts'
import { systemTime as time } from '../../src/time.ts'
import { Stop, Stopped } from '../../src/wire/stop.ts'

const NO_LIMIT = { time, queueMs: undefined }

test('a call that is stopped in the moment of its turn passes it on', async () => {
  const turns = createTurns({ maxConcurrent: 1, maxQueued: 10 })
  const stops = Array.from({ length: 3 }, () => new AbortController())
  const [first, second, third] = stops.map(({ signal }) => turns.take(new Stop(time, 60_000, signal), NO_LIMIT))
  const end = await first
  end?.()
  // The turn is the second one's by now, and it has not heard of it yet.
  stops[1]?.abort()
  await expect(second).rejects.toBeInstanceOf(Stopped)
  const endThird = await third
  endThird?.()
  expect(turns.take(new Stop(time, 60_000, AbortSignal.abort()), NO_LIMIT)).toBeTypeOf('function')
})

test('a turn that is ended twice is given back once', async () => {
  const turns = createTurns({ maxConcurrent: 1, maxQueued: 1 })
  const stop = (): Stop => new Stop(time, 60_000, AbortSignal.timeout(20))
  const end = await turns.take(stop(), NO_LIMIT)
  end()
  end()
  await turns.take(stop(), NO_LIMIT)
  const waiting = turns.take(stop(), NO_LIMIT)
  expect(() => turns.take(stop(), NO_LIMIT)).toThrow(NoTurn)
  await expect(waiting).rejects.toBeInstanceOf(Stopped)
})
