/** A segment in a Media Playlist (RFC 8216, section 4.3.2). */
export interface ListedSegment {
  /** Media Sequence Number. */
  readonly sequence: number
  readonly uri: string
  /** EXTINF, in seconds. */
  readonly duration: number
  /** EXT-X-DISCONTINUITY precedes it. */
  readonly isDiscontinuity: boolean
  /** URI of the Media Initialization Section that applies to it. */
  readonly map: string | undefined
  /** EXT-X-PROGRAM-DATE-TIME, in milliseconds since 1970. */
  readonly programTime: number | undefined
}

/** A Media Playlist. */
export interface ParsedPlaylist {
  readonly version: number
  /** In seconds. */
  readonly targetDuration: number
  readonly discontinuitySequence: number
  readonly hasEnded: boolean
  readonly segments: readonly ListedSegment[]
  /** Rules of syntax that it breaks. */
  readonly faults: readonly string[]
}

/** Tags of a whole Media Playlist, once at most, before the first segment; the last one may be anywhere. */
const OF_PLAYLIST = new Set([
  'EXT-X-VERSION',
  'EXT-X-TARGETDURATION',
  'EXT-X-MEDIA-SEQUENCE',
  'EXT-X-DISCONTINUITY-SEQUENCE',
  'EXT-X-PLAYLIST-TYPE',
  'EXT-X-INDEPENDENT-SEGMENTS',
  'EXT-X-START',
  'EXT-X-SERVER-CONTROL',
  'EXT-X-ENDLIST',
])
const OF_SEGMENTS = new Set([
  'EXTINF',
  'EXT-X-DISCONTINUITY',
  'EXT-X-MAP',
  'EXT-X-PROGRAM-DATE-TIME',
  'EXT-X-GAP',
  'EXT-X-DATERANGE',
])
/** EXT-X-MAP in a playlist of more than I-frames (section 7); decimal EXTINF. */
const MAP_VERSION = 6
const DECIMAL_VERSION = 3

/** Reads a playlist, and checks what one alone must fulfil. */
export function parsePlaylist(text: string): ParsedPlaylist {
  const faults: string[] = []
  const lines = text.split(/\r?\n/)
  if (lines[0] !== '#EXTM3U') faults.push('does not begin with #EXTM3U')
  const ofPlaylist = new Map<string, string>()
  const segments: Omit<ListedSegment, 'sequence'>[] = []
  let map: string | undefined
  let pending = new Map<string, string>()
  for (const line of lines.slice(1).filter((one) => one.trim() !== '')) {
    const [, name = '', value = ''] = /^#(EXT[^:]*):?(.*)$/.exec(line) ?? []
    if (name === '' && line.startsWith('#')) continue
    if (OF_PLAYLIST.has(name)) {
      if (ofPlaylist.has(name)) faults.push(`${name} twice`)
      if (segments.length > 0 && name !== 'EXT-X-ENDLIST') faults.push(`${name} behind a segment`)
      ofPlaylist.set(name, value)
    } else if (OF_SEGMENTS.has(name)) {
      if (name === 'EXT-X-MAP') map = /URI="([^"]*)"/.exec(value)?.[1]
      pending.set(name, value)
    } else if (name !== '') faults.push(`unknown tag ${name}`)
    else {
      segments.push(segmentOf(line, pending, map, faults))
      pending = new Map()
    }
  }
  if (pending.size > 0) faults.push(`${[...pending.keys()].join(', ')} without a segment`)
  const number = (name: string, unless: number) => integer(name, ofPlaylist.get(name), unless, faults)
  const [version, targetDuration] = [number('EXT-X-VERSION', 1), number('EXT-X-TARGETDURATION', Number.NaN)]
  const first = number('EXT-X-MEDIA-SEQUENCE', 0)
  const discontinuitySequence = number('EXT-X-DISCONTINUITY-SEQUENCE', 0)
  faults.push(...versionFaults(version, map, segments), ...tooLong(targetDuration, segments))
  const hasEnded = ofPlaylist.has('EXT-X-ENDLIST')
  const listed = segments.map((segment, at) => Object.assign(segment, { sequence: first + at }))
  return { version, targetDuration, discontinuitySequence, hasEnded, segments: listed, faults }
}

function segmentOf(uri: string, tags: ReadonlyMap<string, string>, map: string | undefined, faults: string[]) {
  const [, seconds] = /^(\d+(?:\.\d+)?),/.exec(tags.get('EXTINF') ?? '') ?? []
  if (seconds === undefined) faults.push(`no EXTINF before ${uri}`)
  const time = tags.get('EXT-X-PROGRAM-DATE-TIME')
  const programTime = time === undefined ? undefined : Date.parse(time)
  if (Number.isNaN(programTime)) faults.push(`EXT-X-PROGRAM-DATE-TIME:${time} is not a time`)
  const isDiscontinuity = tags.has('EXT-X-DISCONTINUITY')
  return { uri, duration: Number(seconds ?? 0), isDiscontinuity, map, programTime }
}

function integer(name: string, value: string | undefined, unless: number, faults: string[]): number {
  if (value === undefined && Number.isNaN(unless)) faults.push(`no ${name}`)
  if (value !== undefined && !/^\d+$/.test(value)) faults.push(`${name}:${value} is not a number`)
  return value === undefined ? unless : Number(value)
}

function versionFaults(version: number, map: string | undefined, segments: readonly { duration: number }[]): string[] {
  const isDecimal = segments.some(({ duration }) => !Number.isInteger(duration))
  const least = map === undefined ? (isDecimal ? DECIMAL_VERSION : 1) : MAP_VERSION
  return version < least ? [`EXT-X-VERSION is ${version}, and must be ${least}`] : []
}

/** Section 4.3.3.1. */
function tooLong(targetDuration: number, segments: readonly { uri: string; duration: number }[]): string[] {
  return segments
    .filter(({ duration }) => Math.round(duration) > targetDuration)
    .map(({ uri, duration }) => `${uri} has ${duration} s; the target duration is ${targetDuration} s`)
}
