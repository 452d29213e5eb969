// What a container field holds: a small file in memory, a large one on disk (sections 3.17 and 3.18).

import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** Bytes at hand, or a file that is read when it is asked for. */
export type Content = Uint8Array | FileContent

export interface FileContent {
  readonly file: string
  /** Bytes. */
  readonly size: number
}

/** The first `length` bytes of a file's content; all of them unless given. */
export function readContent({ file, size }: FileContent, length: number = size): Readable {
  return createReadStream(file, { end: Math.max(0, Math.min(length, size) - 1) })
}

/** Takes a content whose size nobody knows yet. */
export interface ContentSink {
  write(chunk: Uint8Array): Promise<void>
  end(): Promise<Content>
  /** From now on it is a record's. */
  keep(): void
  /** Leaves nothing behind, unless it was kept. */
  discard(): Promise<void>
}

/** Where uploads go. Nothing is on disk before the first large one. */
export interface ContentStore {
  sink(): ContentSink
  /** Deletes a file of its own; others are left alone. */
  delete(file: string): Promise<void>
  close(): Promise<void>
}

/** Smaller contents stay in memory. */
const IN_MEMORY_BYTES = 1024 * 1024

export function createContentStore(): ContentStore {
  let directory: Promise<string> | undefined
  let files = 0
  const own = new Set<string>()

  async function newFile(): Promise<{ path: string; handle: FileHandle }> {
    directory ??= mkdtemp(join(tmpdir(), 'fm-emulator-'))
    files += 1
    const path = join(await directory, String(files))
    own.add(path)
    return { path, handle: await open(path, 'wx', 0o600) }
  }

  async function remove(path: string): Promise<void> {
    if (own.delete(path)) await rm(path, { force: true })
  }

  return {
    sink: () => {
      let chunks: Uint8Array[] = []
      let size = 0
      let isKept = false
      let onDisk: { readonly path: string; readonly handle: FileHandle } | undefined
      return {
        write: async (chunk) => {
          size += chunk.byteLength
          if (onDisk === undefined) {
            chunks.push(chunk)
            if (size <= IN_MEMORY_BYTES) return
            onDisk = await newFile()
            await writeAll(onDisk.handle, Buffer.concat(chunks))
            chunks = []
          } else await writeAll(onDisk.handle, chunk)
        },
        end: async () => {
          if (onDisk === undefined) return Buffer.concat(chunks)
          await onDisk.handle.close()
          return { file: onDisk.path, size }
        },
        keep: () => {
          isKept = true
        },
        discard: async () => {
          chunks = []
          if (onDisk === undefined || isKept) return
          await onDisk.handle.close().catch(() => {})
          await remove(onDisk.path)
        },
      }
    },
    delete: remove,
    close: async () => {
      if (directory !== undefined) await rm(await directory, { recursive: true, force: true })
    },
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength;) at += (await handle.write(chunk, at)).bytesWritten
}
