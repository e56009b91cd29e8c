import { beginsStream, granuleOf, pageBytes, seal } from '../../filters/ogg/page.ts'
import { encode } from '../filters/ogg/encoded-ogg.ts'
import type { Piece } from './long-run.ts'

/** Numbers of the pages of a link. */
export interface LinkNumbers {
  readonly serial: number
  /** Sequence number of its first page. */
  readonly sequence: number
  /** Granule position at which its sound begins, in samples at 48 kHz. */
  readonly granule: number
}

/** Flag of the last page of a stream. */
export const ENDS_STREAM = 0x04
const OPUS_RATE = 48_000

/** Some seconds of Opus in pages of 100 ms, and the headers before them. */
export interface OpusPages {
  readonly headers: readonly Buffer[]
  readonly sound: readonly Buffer[]
  /** Duration of the sound, in samples. */
  readonly samples: number
}

export function encodeOpus(seconds: number): OpusPages {
  const all = pagesOf(encode('opusenc', seconds, '--max-delay', '100', '--bitrate', '24'))
  const headers = all.slice(0, 2)
  // The last page ends in the middle of a packet, where the sound ends.
  const sound = all.slice(2, -1)
  return { headers, sound, samples: granuleOf(sound.at(-1) ?? Buffer.alloc(27)) ?? 0 }
}

/** Splits bytes into pages. */
export function pagesOf(bytes: Buffer): Buffer[] {
  const pages: Buffer[] = []
  for (let rest = bytes; rest.length > 0; rest = rest.subarray(pages.at(-1)?.length)) {
    pages.push(rest.subarray(0, pageBytes(rest, 0) || rest.length))
  }
  return pages
}

/** The pages of one link of a chain, which repeats the same sound `times` times. */
export function* opusLink(
  { headers, sound, samples }: OpusPages,
  times: number,
  numbers: LinkNumbers,
): Iterable<Piece> {
  let sequence = numbers.sequence
  for (const page of headers) yield { bytes: renumbered(page, numbers.serial, sequence++, 0), ms: 0 }
  for (let time = 0, before = 0; time < times; time++, before = 0) {
    for (const page of sound) {
      const granule = granuleOf(page) ?? 0
      const isLast = time === times - 1 && page === sound.at(-1)
      const bytes = renumbered(page, numbers.serial, sequence++, numbers.granule + time * samples + granule, isLast)
      yield { bytes, ms: ((granule - before) * 1000) / OPUS_RATE }
      before = granule
    }
  }
}

function renumbered(page: Buffer, serial: number, sequence: number, granule: number, isLast = false): Buffer {
  const copy = Buffer.from(page)
  copy[5] = (beginsStream(page) ? 0x02 : 0) | (isLast ? ENDS_STREAM : 0)
  copy.writeBigInt64LE(BigInt(granule), 6)
  copy.writeUInt32LE(serial, 14)
  copy.writeUInt32LE(sequence % 2 ** 32, 18)
  seal(copy)
  return copy
}
