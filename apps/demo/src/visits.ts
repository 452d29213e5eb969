// A record's life: created, edited with its modId, deleted, each exactly once whatever becomes of the answers.

import type { Layout } from '@fm/core'
import { expectThat, type Calls } from './calls.ts'
import type { VisitFields } from './world.ts'

export async function visitCity(calls: Calls, visits: Layout<VisitFields>, visit: VisitFields): Promise<void> {
  // By the key that it was given: the recordId was in the answer that is missing.
  const find = async () => {
    const { data } = await visits.find([{ visitKey: `==${visit.visitKey}` }])
    expectThat(data.length <= 1, `visit ${visit.visitKey} was created ${data.length} times`)
    return data[0]
  }

  const { recordId, modId } = await calls.write(
    'create',
    () => visits.create(visit),
    async () => (await find()) ?? 'not executed',
  )

  const rating = visit.rating + 1
  await calls.write(
    'edit',
    async () => {
      const edited = await visits.edit(recordId, { rating }, { modId })
      expectThat(edited.modId !== modId, `an edited visit kept its modId ${modId}`)
    },
    // Nobody else edits this record: the modId that it had means that it was not edited.
    async () => ((await visits.get(recordId)).modId === modId ? 'not executed' : undefined),
  )
  await calls.read('get', async () => {
    const { fieldData } = await visits.get(recordId)
    expectThat(fieldData.rating === rating, `visit ${visit.visitKey} is rated ${fieldData.rating} and not ${rating}`)
  })

  await calls.write(
    'delete',
    () => visits.delete(recordId),
    async () => ((await find()) === undefined ? undefined : 'not executed'),
  )
}
