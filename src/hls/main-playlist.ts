import type { Rates } from './live-playlist.ts'

/** A stream of a group. */
export interface Variant extends Rates {
  /** Relative to the playlist, with a query; encoded. */
  readonly uri: string
  readonly name: string
}

/** Writes a Multivariant Playlist (RFC 8216, section 4.3.4). NAME is not in the RFC; players show it where they list qualities. */
export function mainPlaylist(variants: readonly Variant[]): string {
  const lines = variants.flatMap(({ peak, average, codecs, name, uri }) => [
    `#EXT-X-STREAM-INF:BANDWIDTH=${peak},AVERAGE-BANDWIDTH=${average},CODECS="${codecs}",NAME="${quotable(name)}"`,
    uri,
  ])
  return `${['#EXTM3U', '#EXT-X-VERSION:6', '#EXT-X-INDEPENDENT-SEGMENTS', ...lines].join('\n')}\n`
}

/** A quoted string has no quotation marks and no line ends (RFC 8216, section 4.2). */
function quotable(name: string): string {
  return name.replaceAll(/["\p{Cc}]/gu, "'")
}
