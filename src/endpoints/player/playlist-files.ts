import { encodePath } from '../../stream/encode-path.ts'
/** Playlist files with the address of a stream, which players of all kinds open. */

/** M3U with a title line, and PLS version 2: neither is standardized, and all players read both. */
export type PlaylistKind = 'm3u' | 'pls'

export const PLAYLIST_TYPES: Readonly<Record<PlaylistKind, string>> = {
  m3u: 'audio/x-mpegurl; charset=utf-8',
  pls: 'audio/x-scpls; charset=utf-8',
}

const PREFIX = '/player/'
/** Name of the playlist of the stream at `/`. */
const NAMELESS = 'live'

/** Returns the encoded path of a stream's playlist. @param stream decoded path of the stream */
export function playlistPath(stream: string, kind: PlaylistKind): string {
  return encodePath(`${PREFIX}${stream.slice(1) || NAMELESS}.${kind}`)
}

/** Returns the streams of which a path may be the playlist; undefined: it is not one. */
export function playlistAt(
  path: string,
): { readonly streams: readonly string[]; readonly kind: PlaylistKind } | undefined {
  const [, name, kind] = /^\/player\/(.+)\.(m3u|pls)$/.exec(path) ?? []
  if (name === undefined) return undefined
  return { streams: name === NAMELESS ? ['/live', '/'] : [`/${name}`], kind: kind as PlaylistKind }
}

/** @param url of the stream. @param title one line, shown by players. */
export function playlistFile(kind: PlaylistKind, url: string, title: string): string {
  if (kind === 'm3u') return `#EXTM3U\n#EXTINF:-1,${title}\n${url}\n`
  return `[playlist]\nNumberOfEntries=1\nFile1=${url}\nTitle1=${title}\nLength1=-1\nVersion=2\n`
}
