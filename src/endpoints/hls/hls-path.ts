/** A request of HLS, by its path. */
export type HlsTarget =
  /** `/hls/radio/live.m3u8`; of the stream at `/`: `/hls/live.m3u8`. */
  | { readonly kind: 'playlist'; readonly path: string }
  /** `/hls/NAME/main.m3u8`. */
  | { readonly kind: 'group'; readonly name: string }
  /** `/hls/radio/EPOCH/init.mp4`. */
  | { readonly kind: 'init'; readonly path: string; readonly epoch: string }
  /** `/hls/radio/EPOCH/17.mp3`. */
  | {
      readonly kind: 'segment'
      readonly path: string
      readonly epoch: string
      readonly number: string
      readonly extension: string
    }

const PLAYLIST = /^\/hls(\/.*)?\/live\.m3u8$/s
const GROUP = /^\/hls\/([^/]+)\/main\.m3u8$/
const FILE = /^\/hls(\/.*)?\/([0-9a-f]{12})\/(?:(init)\.mp4|(0|[1-9]\d{0,15})\.(mp3|aac|m4s))$/s

/** Returns what a decoded path requests; undefined: nothing of HLS. */
export function hlsTargetOf(path: string): HlsTarget | undefined {
  const playlist = PLAYLIST.exec(path)
  if (playlist !== null) return { kind: 'playlist', path: playlist[1] ?? '/' }
  const [, name] = GROUP.exec(path) ?? []
  if (name !== undefined) return { kind: 'group', name }
  const [, stream = '/', epoch, init, number, extension] = FILE.exec(path) ?? []
  if (epoch === undefined) return undefined
  if (init !== undefined) return { kind: 'init', path: stream, epoch }
  return number === undefined || extension === undefined
    ? undefined
    : { kind: 'segment', path: stream, epoch, number, extension }
}
