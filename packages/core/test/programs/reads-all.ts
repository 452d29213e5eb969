// Reads all records of a layout in a process of its own, and writes down what memory that took. Arguments: server, page size.

import { basic, createClient } from '@fm/core'

const [, , server = '', pageSize = '500'] = process.argv
const fm = createClient({ server, database: 'Demo', auth: basic('web', 'secret') })
const scope = await fm.startCommunication()
const people = scope.layout<{ readonly id: number }>('People')
await people.list({ limit: Number(pageSize) })

const megabytes = (bytes: number): number => Math.round(bytes / 1_048_576)
const startRss = process.memoryUsage.rss()
const startedAt = performance.now()
let peakRss = startRss
let records = 0
let sum = 0
for await (const page of people.listAll({ pageSize: Number(pageSize) }).pages()) {
  for (const { fieldData } of page.data) sum += fieldData.id
  records += page.data.length
  peakRss = Math.max(peakRss, process.memoryUsage.rss())
}
// The kernel's own peak sees what came and went between two pages.
peakRss = Math.max(peakRss, process.resourceUsage().maxRSS * 1024)
const seconds = (performance.now() - startedAt) / 1_000
await scope.endCommunication()
await fm.close()
process.stdout.write(
  JSON.stringify({ records, sum, startMb: megabytes(startRss), overStartMb: megabytes(peakRss - startRss), seconds }),
)
