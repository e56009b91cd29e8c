import { setImmediate } from 'node:timers/promises'
import type { FrameFile, Patch } from '../../../filters/frame-file.ts'
import type { ClipFrames } from './clip-frames.ts'

/** Bytes that are made at once: sound goes on between two parts, and a client that reads slowly keeps no more than one waiting. */
const PART_BYTES = 64 * 1024

/** Makes callers wait, so that each continues in a turn of the event loop of its own: all clips together delay the sound by one part. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  next(): Promise<unknown> {
    this.#last = this.#last.then(() => setImmediate())
    return this.#last
  }
}

/** A complete file, as far as it is known before it is sent. */
interface Measured {
  /** Length, in bytes. */
  readonly length: number
  readonly tail: Buffer
  readonly patches: readonly Patch[]
}

/**
 * Makes the file once to learn its length and what replaces its bytes, because some of these are in front. The bytes themselves are not
 * kept: they are made again when they are sent.
 * @param isWanted asked between two parts @returns undefined: it is not wanted any more
 */
export async function measure(clip: ClipFrames, turns: Turns, isWanted: () => boolean): Promise<Measured | undefined> {
  const [file] = clip.files
  let length = 0
  for (const part of partsOf(file, clip.frames)) {
    for (const bytes of part) length += bytes.length
    await turns.next()
    if (!isWanted()) return undefined
  }
  const { tail, patches } = file.end()
  return { length: length + tail.length, tail, patches }
}

/** Yields the bytes of the complete file. */
export function* bytesOf(clip: ClipFrames, { tail, patches }: Measured): Generator<Buffer> {
  const [, file] = clip.files
  let at = 0
  for (const part of partsOf(file, clip.frames)) {
    // A copy: frames belong to the ring.
    const bytes = Buffer.concat(part)
    applyTo(bytes, at, patches)
    at += bytes.length
    yield bytes
  }
  if (tail.length > 0) yield tail
}

function* partsOf(file: FrameFile, frames: readonly Buffer[]): Generator<readonly Buffer[]> {
  yield [file.head]
  for (let at = 0, end = 0; at < frames.length; at = end) {
    for (let bytes = 0; end < frames.length && bytes < PART_BYTES; end++) bytes += frames[end]?.length ?? 0
    yield file.add(frames.slice(at, end))
  }
}

/** Replaces what is to be replaced of some bytes. @param start their position in the file */
function applyTo(bytes: Buffer, start: number, patches: readonly Patch[]): void {
  for (const { at, bytes: others } of patches) {
    if (at >= start + bytes.length || at + others.length <= start) continue
    const from = Math.max(0, start - at)
    others.copy(bytes, at + from - start, from)
  }
}
