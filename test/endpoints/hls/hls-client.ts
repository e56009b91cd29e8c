import { type ReadPlaylist, readPlaylist } from './hls-server.ts'

/** A client that plays a stream as RFC 8216, section 6.3, wants it. */
export interface HlsClient {
  /** What it has played, in order. */
  readonly played: { readonly sequence: number; readonly uri: string; readonly bytes: Buffer }[]
  /** Discontinuities between what it has played. */
  discontinuities(): number
  /** Whatever is wrong with playlists and segments. */
  readonly faults: string[]
  /** Loads the playlist once, and the segments that it has not played. */
  step(): Promise<void>
}

export function createHlsClient(url: string): HlsClient {
  const played: HlsClient['played'] = []
  const faults: string[] = []
  const discontinuitiesPlayed: number[] = []
  let last: ReadPlaylist | undefined
  const check = (next: ReadPlaylist) => {
    if (last === undefined) return
    if (next.sequence < last.sequence) faults.push(`MEDIA-SEQUENCE goes back: ${last.sequence}, ${next.sequence}`)
    if (next.discontinuity < last.discontinuity)
      faults.push(`DISCONTINUITY-SEQUENCE goes back to ${next.discontinuity}`)
    for (const [at, { uri }] of next.segments.entries()) {
      const before = last.segments[next.sequence + at - last.sequence]
      if (before !== undefined && before.uri !== uri) faults.push(`${next.sequence + at}: ${before.uri} became ${uri}`)
    }
  }
  return {
    played,
    faults,
    discontinuities: () => new Set(discontinuitiesPlayed).size - 1,
    async step() {
      const response = await fetch(url)
      if (response.status !== 200) faults.push(`playlist: ${response.status}`)
      if (response.status !== 200) return
      const playlist = readPlaylist(await response.text())
      check(playlist)
      last = playlist
      const { segments, sequence, discontinuity } = playlist
      let breaks = discontinuity
      for (const [at, { uri, isFirst }] of segments.entries()) {
        if (isFirst) breaks++
        if (sequence + at <= (played.at(-1)?.sequence ?? -1)) continue
        const segment = await fetch(new URL(uri, url))
        if (segment.status !== 200) faults.push(`${uri}: ${segment.status}`)
        played.push({ sequence: sequence + at, uri, bytes: Buffer.from(await segment.arrayBuffer()) })
        discontinuitiesPlayed.push(breaks)
      }
    },
  }
}
