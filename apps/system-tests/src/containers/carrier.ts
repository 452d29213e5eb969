// A process that carries one large file into a container field and out again, and tells what that cost it.

import { createHash, randomFillSync } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { basic, createClient } from '@fm/core'
import { memoryCache } from '@fm/cache-memory'
import type { Journey, JourneyReport } from './messages.ts'

const { server, bytes, path } = JSON.parse(process.argv[2] ?? '') as Journey

const fm = createClient({ server, database: 'Demo', auth: basic('web', 'secret'), cache: memoryCache() })
const files = fm.layout('Files')

// All code has run once before the measuring begins.
await files.upload(1, 'file', Buffer.alloc(1_000_000), { fileName: 'small.bin' })
for await (const _ of (await files.download(1, 'file')) ?? []);
globalThis.gc?.()
const startBytes = process.memoryUsage.rss()
/** The highest so far, which compiling the code may have been. */
const formerPeakBytes = process.resourceUsage().maxRSS * 1024
let peakBytes = startBytes
const watch = setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss())
}, 10)

const sent = createHash('sha256')
const startedAt = performance.now()
// The same memory again and again, so that the source itself costs none, and of a length that fits no piece on the way: what is
// lost, doubled or misplaced shows in the hash.
const block = randomFillSync(Buffer.alloc(65_521))
const source = async function* (): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes; at += block.length) {
    const piece = block.subarray(0, Math.min(block.length, bytes - at))
    sent.update(piece)
    yield piece
  }
}
await files.upload(1, 'file', source, { fileName: 'large.bin', size: bytes })
const uploadedAt = performance.now()

const received = createHash('sha256')
const file = await files.download(1, 'file')
if (file === undefined) throw new Error('the field is empty')
for await (const chunk of file) received.update(chunk)
const downloadedAt = performance.now()

await (await files.download(1, 'file'))?.saveTo(path)
const savedBytes = (await stat(path)).size
await files.upload(1, 'file', path)
await rm(path)
clearInterval(watch)
const highestBytes = process.resourceUsage().maxRSS * 1024
if (highestBytes > formerPeakBytes) peakBytes = Math.max(peakBytes, highestBytes)

const report: JourneyReport = {
  isSame: sent.digest('hex') === received.digest('hex'),
  savedBytes,
  growthBytes: peakBytes - startBytes,
  upMs: Math.round(uploadedAt - startedAt),
  downMs: Math.round(downloadedAt - uploadedAt),
}
process.stdout.write(JSON.stringify(report))
await fm.close()
