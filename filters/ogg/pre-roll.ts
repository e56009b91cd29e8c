import type { RingView } from '../frame-filter.ts'
import { isOggFrame } from './lead-in.ts'
import type { Link } from './link.ts'
import { opusSamples } from './packet-samples.ts'
import { headerPagesWith, packetsIn } from './packets.ts'
import { bodyOf, seal, setGranule } from './page.ts'

/**
 * Pre-roll of a file: packets before its first page, of which decoders play nothing, but without which they would not play all of the
 * first page. A Vorbis packet overlaps with the one before it (Vorbis I 4.3.8). An Opus decoder continues from the state that earlier
 * packets have left (RFC 7845 4.6), and leaves out the number of samples that the header states.
 *
 * ```
 *   in the stream  [ A ][ B ][ C ] | [ D ][ E ] ...
 *   in the file    (headers) [ B ][ C ] [ D ][ E ] ...    each packet of the pre-roll in a page of its own
 * ```
 */
export interface PreRoll {
  /** Of one stream, without sequence numbers. */
  readonly pages: readonly Buffer[]
  /** Duration of the packets that are left out, in samples. */
  readonly samples: number
}

/**
 * Duration of an Opus pre-roll, in samples at 48 kHz. After the 80 ms of RFC 7845 samples differ by up to 9 % of full scale from those
 * of an uninterrupted decode, after 300 ms by 4 of 32768, after half a second by rounding.
 */
const OPUS_SAMPLES = 24_000
/** Position of the number of samples to leave out in the first packet of Opus (RFC 7845 5.1), in bytes. */
const PRE_SKIP_AT = 10
/** Returns the pre-roll of the frame `at`, a page of sound of a link with one logical stream. */
export function preRollOf(at: number, link: Link, ring: RingView): PreRoll {
  const [stream] = link.streams.values()
  if (stream?.codec.mediaName === 'vorbis')
    return pagesOf(
      packetsBefore(at, link, ring, 1, () => 1),
      stream.serial,
      () => 0,
    )
  if (stream?.codec.mediaName !== 'opus') return { pages: [], samples: 0 }
  return pagesOf(packetsBefore(at, link, ring, OPUS_SAMPLES, opusSamples), stream.serial, opusSamples)
}

/** Returns the first page of a logical stream of Opus that states how many samples decoders leave out. */
export function withPreSkip(page: Buffer, samples: number): Buffer {
  const copy = Buffer.from(page)
  bodyOf(copy).writeUInt16LE(samples, PRE_SKIP_AT)
  seal(copy)
  return copy
}

/** Returns the last packets that end before frame `at`: enough of them, or all that the ring has. */
function packetsBefore(
  at: number,
  link: Link,
  ring: RingView,
  enough: number,
  samplesOf: (packet: Buffer) => number,
): readonly Buffer[] {
  const pages: Buffer[] = []
  for (let seq = at - 1; seq >= ring.first; seq--) {
    const frame = ring.at(seq)
    if (!isOggFrame(frame) || frame.link !== link || frame.place < link.headerPages.length) break
    pages.unshift(frame.bytes)
    const packets = packetsIn(pages)
    let sum = 0
    const from = packets.findLastIndex((packet) => (sum += samplesOf(packet)) >= enough)
    if (from >= 0) return packets.slice(from)
  }
  return packetsIn(pages)
}

function pagesOf(packets: readonly Buffer[], serial: number, samplesOf: (packet: Buffer) => number): PreRoll {
  let samples = 0
  const pages = packets.flatMap((packet) => {
    samples += samplesOf(packet)
    const own = headerPagesWith([packet], serial, 0)
    const last = own.at(-1)
    if (last !== undefined) setGranule(last, samples)
    return own
  })
  return { pages, samples }
}
