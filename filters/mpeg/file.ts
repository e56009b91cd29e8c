import { lameCrc } from '../bytes/crc.ts'
import type { FilePlace, FrameFile } from '../frame-file.ts'
import { createPlainFile } from '../plain-file.ts'
import { MPEG_HEADER_BYTES, mpegFrameBytes, mpegKind, readMpegHeader } from './header.ts'
import { infoFrame } from './info-tag.ts'
import { isLayer3 } from './layer-3.ts'
import { SeekPoints } from './seek-points.ts'
import { silentFrameWithRoom } from './silence.ts'

/**
 * MP3 files. The sound of a Layer III frame needs the frame before it, whose second half overlaps with it, and a filter that
 * remembers 481 samples (ISO 11172-3 2.4.3.4). So a file begins earlier, and its first frame states how many samples decoders leave out:
 *
 * ```
 *   stream     ... [f3][f4][f5][f6][f7] ...
 *   file from 5    [Info][lead-in][f4][f5][f6][f7] ...        f4: two frames in MPEG-2 and 2.5, which are half as long
 *   heard                             [f5][f6][f7] ...        what a decoder of the stream plays for these frames
 * ```
 *
 * Without an earlier frame the file begins with silence, because decoders leave out 529 samples in any case.
 */

const NOTHING = Buffer.alloc(0)
/** Samples after which a decoder that has begun is exact. */
const WARM_UP_SAMPLES = 1056
const BIT_RATE_BITS = 0xf0

class Mp3File implements FrameFile {
  readonly extension = '.mp3'
  readonly contentType = 'audio/mpeg'
  readonly head: Buffer
  readonly #model: Buffer
  readonly #skippedSamples: number
  readonly #points = new SeekPoints()
  #frames = 0
  #bytes: number
  #crc = 0
  /** Bit rate of the frames, as in their headers; -1: it varies. */
  #bitRate: number

  /** @param warmUp frames that decoders leave out */
  constructor(model: Buffer, warmUp: readonly Buffer[]) {
    this.#model = model
    this.#bitRate = bitRateOf(model)
    this.#skippedSamples = warmUp.length * samplesOf(model)
    const info = infoFrame(model, this.#skippedSamples)
    this.#bytes = info.length
    for (const frame of warmUp) this.#count(frame)
    this.head = Buffer.concat([info, ...warmUp])
  }

  add(frames: readonly Buffer[]): readonly Buffer[] {
    for (const frame of frames) {
      this.#count(frame)
      if (bitRateOf(frame) !== this.#bitRate) this.#bitRate = -1
    }
    return frames
  }

  rejoin({ frames, ring, at }: FilePlace, missedFrom: number): Buffer | null {
    const leadIn = frames.preamble(at, ring, false, missedFrom)
    if (leadIn !== null && leadIn.length > 0) this.#count(leadIn)
    return leadIn
  }

  end() {
    const totals = {
      frames: this.#frames,
      bytes: this.#bytes,
      table: this.#points.table(this.#frames, this.#bytes),
      isConstant: this.#bitRate >= 0,
      crc: this.#crc,
    }
    return { tail: NOTHING, patches: [{ at: 0, bytes: infoFrame(this.#model, this.#skippedSamples, totals) }] }
  }

  #count(frame: Buffer): void {
    this.#points.add(this.#frames, this.#bytes)
    this.#frames++
    this.#bytes += frame.length
    this.#crc = lameCrc(frame, 0, frame.length, this.#crc)
  }
}

/** Makes a file of MPEG audio: MP3, or a plain one of Layers I and II, which have no such tag. */
export function createMpegFile(place: FilePlace, preamble: Buffer): FrameFile {
  const first = place.ring.at(place.at)?.bytes ?? NOTHING
  if (!isWholeFrame(first)) return createPlainFile(place, preamble)
  if (!isLayer3(first)) return createPlainFile(place, preamble, `.mp${readMpegHeader(first, 0)?.layer ?? 2}`)
  return new Mp3File(first, warmUpOf(place, first, preamble))
}

/** Returns the frames that a decoder needs before the first one. */
function warmUpOf({ frames, ring, at }: FilePlace, first: Buffer, preamble: Buffer): readonly Buffer[] {
  const from = at - Math.ceil(WARM_UP_SAMPLES / samplesOf(first))
  const before = Array.from({ length: at - from }, (_, i) => ring.at(from + i)?.bytes ?? NOTHING)
  const areAlike = before.every((frame) => isWholeFrame(frame) && mpegKind(frame, 0) === mpegKind(first, 0))
  const earlier = areAlike ? frames.preamble(from, ring, true, from) : null
  const all = earlier === null ? [preamble] : [earlier, ...before]
  const found = all.filter((frame) => frame.length > 0)
  return found.length > 0 ? found : [silentFrameWithRoom(first, 0)]
}

function isWholeFrame(frame: Buffer): boolean {
  return frame.length >= MPEG_HEADER_BYTES && mpegFrameBytes(frame, 0) === frame.length
}

function samplesOf(frame: Buffer): number {
  return readMpegHeader(frame, 0)?.samples ?? 0
}

function bitRateOf(frame: Buffer): number {
  return (frame[2] ?? 0) & BIT_RATE_BITS
}
