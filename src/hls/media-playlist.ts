import type { ListedSegment } from './segment-window.ts'

/** In place of a query, and of one that is added to another, until it is known. */
const QUERY = '\0'
const FURTHER_QUERY = '\x01'
/** EXT-X-MAP needs it (RFC 8216, section 7). */
const VERSION = 6

/** A playlist without the queries of its URIs. */
export type PlaylistText = string

/**
 * Writes a Media Playlist (RFC 8216, section 4.3.3). URIs are relative to it. Every epoch begins with a discontinuity, the first one
 * too: a client of the origin before, which was ended, sees it.
 * @param targetSeconds the longest duration of a segment, rounded
 */
export function mediaPlaylist(
  listed: readonly ListedSegment[],
  targetSeconds: number,
  hasEnded: boolean,
): PlaylistText {
  const [first] = listed
  const { sequence, discontinuity, isFirst } = first ?? { sequence: 0, discontinuity: 0, isFirst: false }
  const lines = [
    '#EXTM3U',
    `#EXT-X-VERSION:${VERSION}`,
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    `#EXT-X-MEDIA-SEQUENCE:${sequence}`,
    `#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuity - (isFirst ? 1 : 0)}`,
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...listed.flatMap((one, index) => segmentLines(one, index === 0)),
    ...(hasEnded ? ['#EXT-X-ENDLIST'] : []),
  ]
  return `${lines.join('\n')}\n`
}

/** Adds a query to each URI. @param query encoded; empty: none */
export function withQuery(text: PlaylistText, query: string): string {
  const [whole, further] = query === '' ? ['', ''] : [`?${query}`, `&${query}`]
  return text.replaceAll(QUERY, () => whole).replaceAll(FURTHER_QUERY, () => further)
}

function segmentLines({ segment, isFirst }: ListedSegment, needsMap: boolean): string[] {
  const { epoch, number, tag, durationUs, wallMs } = segment
  const { extension, init } = epoch.packaging ?? { extension: 'mp3', init: undefined }
  const map = init !== undefined && (isFirst || needsMap)
  return [
    ...(isFirst ? ['#EXT-X-DISCONTINUITY'] : []),
    ...(map ? [`#EXT-X-MAP:URI="${epoch.name}/init.mp4${QUERY}"`] : []),
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(wallMs)).toISOString()}`,
    `#EXTINF:${(durationUs / 1e6).toFixed(5)},`,
    `${epoch.name}/${number}.${extension}?h=${tag}${FURTHER_QUERY}`,
  ]
}
