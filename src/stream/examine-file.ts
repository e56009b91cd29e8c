import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Frame } from '../../filters/frame-filter.ts'
import type { Finding } from '../source/files/sound.ts'
import { systemPath } from '../text/byte-path.ts'
import { formatName, isRaw } from './format-guard.ts'
import { formatText } from './format-text.ts'
import { makeFilter, type OpeningOptions } from './opening-session.ts'

/** Size of one read, and of the sound from which the length of a file is estimated, in bytes. */
const CHUNK_BYTES = 64 * 1024
/** Maximum number of bytes examined when sound does not begin early, as behind a cover in Ogg. */
const MAX_BYTES = 4 * 2 ** 20
/** Codecs that the format text does not name, by media type. */
const CODECS: ReadonlyMap<string | undefined, string> = new Map([
  ['audio/flac', 'FLAC'],
  ['audio/wav', 'WAV'],
])
/** Maximum number of FLAC metadata blocks that are skipped. */
const MAX_BLOCKS = 200

/**
 * Examines a file as a stream would: through a filter of its own, up to the first 64 KiB of sound. Pictures before it are
 * skipped without being read where possible.
 */
export async function examineFile(path: string, options: OpeningOptions): Promise<Finding> {
  const file = await open(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const entry = await file.stat()
    if (!entry.isFile()) return 'none'
    const { head, at } = await behindPictures(file, options.headerBytes)
    const found = await soundIn(file, head, at, entry.size, options)
    // A tag that claims more bytes than it has points past the sound.
    return found === 'none' && at > options.headerBytes
      ? soundIn(file, NOTHING, options.headerBytes, entry.size, options)
      : found
  } finally {
    await file.close()
  }
}

const NOTHING = Buffer.alloc(0)

/** @param start position after `head`. @param size of the file. */
async function soundIn(
  file: FileHandle,
  head: Buffer,
  start: number,
  size: number,
  options: OpeningOptions,
): Promise<Finding> {
  const sound = new FilteredSound(options)
  try {
    if (head.length > 0) sound.push(head)
    for (let at = start; at < start + MAX_BYTES; ) {
      const chunk = await readAt(file, at, CHUNK_BYTES)
      if (chunk.length === 0) {
        sound.end()
        return sound.finding(size - start)
      }
      sound.push(chunk)
      at += chunk.length
      if (sound.isRefused) return 'none'
      if (sound.frames > 1 && (at - start >= CHUNK_BYTES || at >= size)) return sound.finding(size - start)
    }
    return sound.frames === 0 ? 'unclear' : sound.finding(size - start)
  } catch {
    // A user's filter: its failure is logged when the file is played.
    return 'unclear'
  }
}

/** Counts the frames that a filter emits of a file. */
class FilteredSound {
  frames = 0
  readonly #filter
  #first: Frame | undefined
  #bytes = 0
  #us = 0

  constructor(options: OpeningOptions) {
    this.#filter = makeFilter(options)
  }

  get isRefused(): boolean {
    return this.#filter.refusal !== undefined
  }

  push(chunk: Buffer): void {
    this.#filter.push(chunk, this.#count)
  }

  end(): void {
    this.#filter.end(this.#count)
  }

  /** @param fileBytes number of bytes that the sound takes if all of the file is like the frames counted up to now. */
  finding(fileBytes: number): Finding {
    if (this.#first === undefined || (isRaw(this.#filter) && this.#first.durationUs === 0)) return 'none'
    const seconds = this.#bytes === 0 ? 0 : ((fileBytes / this.#bytes) * this.#us) / 1e6
    const format = formatName(this.#filter)
    const codec = CODECS.get(this.#filter.contentType)
    const parts = [codec, formatText(this.#filter.format, undefined)].filter((part) => part)
    return { format, name: parts.join(', ') || format, seconds }
  }

  readonly #count = (frame: Frame): void => {
    this.#first ??= frame
    this.frames++
    this.#bytes += frame.bytes.length
    this.#us += frame.durationUs
  }
}

/** Returns where sound may begin: `head` is to be filtered before the bytes at position `at`. */
async function behindPictures(file: FileHandle, from: number): Promise<{ readonly head: Buffer; readonly at: number }> {
  const start = await readAt(file, from, 10)
  if (start.length === 10 && start.toString('latin1', 0, 3) === 'ID3')
    return { head: NOTHING, at: from + tagBytes(start) }
  if (start.toString('latin1', 0, 4) === 'fLaC') return behindMetadata(file, from)
  return { head: NOTHING, at: from }
}

/** ID3v2 section 3.1: seven bits a byte. */
function tagBytes(head: Buffer): number {
  let size = 0
  for (let i = 6; i < 10; i++) size = (size << 7) | ((head[i] ?? 0) & 0x7f)
  return 10 + size + (((head[5] ?? 0) & 0x10) === 0 ? 0 : 10)
}

/** RFC 9639 section 8: the first block has everything about the stream; it becomes the last. */
async function behindMetadata(file: FileHandle, from: number): Promise<{ readonly head: Buffer; readonly at: number }> {
  const head = await readAt(file, from, 4 + 4 + 34)
  if (head.length < 42 || ((head[4] ?? 0) & 0x7f) !== 0) return { head: NOTHING, at: from }
  let isLast = ((head[4] ?? 0) & 0x80) !== 0
  let at = from + 42
  for (let i = 0; i < MAX_BLOCKS && !isLast; i++) {
    const block = await readAt(file, at, 4)
    if (block.length < 4) return { head: NOTHING, at: from }
    isLast = ((block[0] ?? 0) & 0x80) !== 0
    at += 4 + block.readUIntBE(1, 3)
  }
  head[4] = 0x80
  return { head, at }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
