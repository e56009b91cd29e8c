import { encodePath } from '../stream/encode-path.ts'
/** Small files that players of all kinds open, with the address of a stream in them. */

/** M3U with the line of text that players show, and PLS version 2: neither has a standard, all players read both. */
export type PlaylistKind = 'm3u' | 'pls'

export const PLAYLIST_TYPES: Readonly<Record<PlaylistKind, string>> = {
  m3u: 'audio/x-mpegurl; charset=utf-8',
  pls: 'audio/x-scpls; charset=utf-8',
}

const PREFIX = '/player/'
/** What the stream at `/`, which has no name, is called. */
const NAMELESS = 'live'

/** Where the playlist of a stream is. @param stream its path, decoded. @returns a path, encoded */
export function playlistPath(stream: string, kind: PlaylistKind): string {
  return encodePath(`${PREFIX}${stream.slice(1) || NAMELESS}.${kind}`)
}

/** What a path may be the playlist of; undefined: it is none. */
export function playlistAt(
  path: string,
): { readonly streams: readonly string[]; readonly kind: PlaylistKind } | undefined {
  const [, name, kind] = /^\/player\/(.+)\.(m3u|pls)$/.exec(path) ?? []
  if (name === undefined) return undefined
  return { streams: name === NAMELESS ? ['/live', '/'] : [`/${name}`], kind: kind as PlaylistKind }
}

/** @param url of the stream. @param title one line for people. */
export function playlistFile(kind: PlaylistKind, url: string, title: string): string {
  if (kind === 'm3u') return `#EXTM3U\n#EXTINF:-1,${title}\n${url}\n`
  return `[playlist]\nNumberOfEntries=1\nFile1=${url}\nTitle1=${title}\nLength1=-1\nVersion=2\n`
}
