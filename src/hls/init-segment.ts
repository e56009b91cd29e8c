import { box, fullBox, uint16, uint32 } from './boxes.ts'

/** A track of sound. */
export interface Track {
  /** Type of its sample entry: `Opus`, `fLaC`. */
  readonly type: string
  /** Sampling rate and unit of time, in Hz. */
  readonly rate: number
  readonly channels: number
  readonly bitsPerSample: number
  /** Box with the configuration of its decoder. */
  readonly configuration: Buffer
}

/** Number of the only track. */
export const TRACK_ID = 1

/** Volume, and the matrix that leaves pictures as they are (ISO/IEC 14496-12, sections 8.2.2 and 8.3.2). */
const UNITY = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000]
const RATE_1 = 0x10000
const VOLUME_1 = 0x0100
const UNDETERMINED_LANGUAGE = 0x55c4
/** The track is enabled, and used in the presentation. */
const TRACK_IN_USE = 0x000003
/** The media are in the same file. */
const SELF_CONTAINED = 0x000001
/** Unit of times that are not of the track, in Hz. */
const MOVIE_RATE = 1000
/** Every packet can be decoded first. */
const SYNC_SAMPLE = 0x02000000
/** The rate in a sample entry has 16 bits; a higher one is divided. */
const MAX_ENTRY_RATE = 0xffff

/** Returns a Media Initialization Section (RFC 8216, section 3.3): always the same for the same track. */
export function initSegment(track: Track): Buffer {
  const ftyp = box('ftyp', Buffer.from('iso6\0\0\0\x01iso6mp41', 'latin1'))
  const times = uint32(0, 0, MOVIE_RATE, 0)
  const end = [uint32(0, 0, ...UNITY, 0, 0, 0, 0, 0, 0), uint32(TRACK_ID + 1)]
  const mvhd = fullBox('mvhd', 0, 0, times, uint32(RATE_1), uint16(VOLUME_1, 0), ...end)
  const trex = fullBox('trex', 0, 0, uint32(TRACK_ID, 1, 0, 0, SYNC_SAMPLE))
  return Buffer.concat([ftyp, box('moov', mvhd, trak(track), box('mvex', trex))])
}

function trak(track: Track): Buffer {
  const place = [uint32(0, 0), uint16(0, 0, VOLUME_1, 0), uint32(...UNITY, 0, 0)]
  const tkhd = fullBox('tkhd', 0, TRACK_IN_USE, uint32(0, 0, TRACK_ID, 0, 0), ...place)
  const mdhd = fullBox('mdhd', 0, 0, uint32(0, 0, track.rate, 0), uint16(UNDETERMINED_LANGUAGE, 0))
  const hdlr = fullBox('hdlr', 0, 0, uint32(0), Buffer.from('soun'), uint32(0, 0, 0), Buffer.alloc(1))
  return box('trak', tkhd, box('mdia', mdhd, hdlr, minf(track)))
}

function minf(track: Track): Buffer {
  const smhd = fullBox('smhd', 0, 0, uint16(0, 0))
  const url = fullBox('url ', 0, SELF_CONTAINED)
  const dinf = box('dinf', fullBox('dref', 0, 0, uint32(1), url))
  const stsd = fullBox('stsd', 0, 0, uint32(1), sampleEntry(track))
  const noChunks = [
    fullBox('stsc', 0, 0, uint32(0)),
    fullBox('stsz', 0, 0, uint32(0, 0)),
    fullBox('stco', 0, 0, uint32(0)),
  ]
  const stbl = box('stbl', stsd, fullBox('stts', 0, 0, uint32(0)), ...noChunks)
  return box('minf', smhd, dinf, stbl)
}

/** AudioSampleEntry: ISO/IEC 14496-12, section 12.2.3. */
function sampleEntry({ type, rate, channels, bitsPerSample, configuration }: Track): Buffer {
  let entryRate = rate
  while (entryRate > MAX_ENTRY_RATE) entryRate /= 2
  const entry = [
    uint16(0, 0, 0, 1),
    uint32(0, 0),
    uint16(channels, bitsPerSample, 0, 0),
    uint16(Math.floor(entryRate), 0),
  ]
  return box(type, ...entry, configuration)
}
