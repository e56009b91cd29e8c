import { headerOfFrame } from '../flac/header.ts'
import { identify } from './codec.ts'
import { packetsIn } from './packets.ts'
import { bodyOf, isContinued } from './page.ts'

/** Returns the duration of a packet, in units of granule positions; 0 when it is not one of sound. */
type SamplesOf = (packet: Buffer) => number

/** Samples of an Opus frame by the configuration in the first byte of its packet (RFC 6716 3.1). */
const OPUS_FRAME_SAMPLES = [
  [480, 960, 1920, 2880],
  [480, 960],
  [120, 240, 480, 960],
]

/** Packets of Vorbis do not state their duration: it depends on tables in the headers. */
const SAMPLES_OF: ReadonlyMap<string | undefined, SamplesOf> = new Map([
  ['opus', opusSamples],
  ['flac', (packet) => headerOfFrame(packet)?.blockSize ?? 0],
])

/**
 * Returns a function that returns the position at which the sound of a page begins, given the position at its end; 0 when it is not
 * known.
 * @param first the first page of the logical stream
 */
export function pageStarts(first: Buffer): (page: Buffer, granule: number) => number {
  const samplesOf = SAMPLES_OF.get(identify(bodyOf(first)).mediaName)
  return (page, granule) => {
    if (samplesOf === undefined || isContinued(page)) return 0
    const samples = packetsIn([page]).reduce((sum, packet) => sum + samplesOf(packet), 0)
    return samples === 0 ? 0 : Math.max(0, granule - samples)
  }
}

/** Returns the duration of a packet of Opus, in samples at 48 kHz; 0 when it is not one. */
export function opusSamples(packet: Buffer): number {
  const first = packet[0] ?? 0
  const configuration = first >> 3
  const mode = configuration < 12 ? 0 : configuration < 16 ? 1 : 2
  const sizes = OPUS_FRAME_SAMPLES[mode] ?? []
  const size = sizes[configuration % sizes.length] ?? 0
  const code = first & 3
  return size * (code === 3 ? (packet[1] ?? 0) & 0x3f : Math.min(2, code + 1))
}
