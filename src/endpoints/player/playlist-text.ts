import { inOneLine } from '../../text/in-one-line.ts'
import { element, type XmlElement, xmlDocument } from '../../text/xml.ts'
import type { PlaylistKind } from './playlist-files.ts'

/** A playlist, before it is written in one of the formats. */
export interface Playlist {
  /** What is listed: name of the stream or of the station. */
  readonly title: string
  readonly tracks: readonly PlaylistTrack[]
}

/** A stream in a playlist. */
interface PlaylistTrack {
  /** Address at which players get its sound. */
  readonly url: string
  /** Name of the stream and of the station. */
  readonly name: string
  /** Name of the station; undefined: none. Only XSPF has this, and what follows. */
  readonly creator: string | undefined
  /** What is playing; undefined: it is not known. */
  readonly playing: string | undefined
  /** Lines of any text. */
  readonly notes: readonly string[]
  /** Web page; undefined: none. */
  readonly page: string | undefined
}

/** Media types of the formats. All are in UTF-8, which players read although M3U and PLS have no standard. */
export const PLAYLIST_TYPES: Readonly<Record<PlaylistKind, string>> = {
  m3u: 'audio/x-mpegurl; charset=utf-8',
  pls: 'audio/x-scpls; charset=utf-8',
  xspf: 'application/xspf+xml; charset=utf-8',
}

const WRITERS: Readonly<Record<PlaylistKind, (list: Playlist) => string>> = { m3u, pls, xspf }

export function playlistText(kind: PlaylistKind, list: Playlist): string {
  return WRITERS[kind](list)
}

function m3u({ tracks }: Playlist): string {
  return `#EXTM3U\n${tracks.map(({ url, name }) => `#EXTINF:-1,${inOneLine(name)}\n${url}\n`).join('')}`
}

function pls({ tracks }: Playlist): string {
  const entries = tracks.map(
    ({ url, name }, i) => `File${i + 1}=${url}\nTitle${i + 1}=${inOneLine(name)}\nLength${i + 1}=-1\n`,
  )
  return `[playlist]\nNumberOfEntries=${tracks.length}\n${entries.join('')}Version=2\n`
}

/** @see https://www.xspf.org/spec */
function xspf({ title, tracks }: Playlist): string {
  const content = [element('title', inOneLine(title)), element('trackList', tracks.map(trackElement))]
  return xmlDocument(element('playlist', content, { version: '1', xmlns: 'http://xspf.org/ns/0/' }))
}

function trackElement({ url, name, creator, playing, notes, page }: PlaylistTrack): XmlElement {
  return element('track', [
    element('location', url),
    element('title', inOneLine(playing) || inOneLine(name)),
    ...optional('creator', inOneLine(creator)),
    ...optional('annotation', notes.join('\n')),
    ...optional('info', page),
  ])
}

function optional(name: string, text: string | undefined = ''): readonly XmlElement[] {
  return text === '' ? [] : [element(name, text)]
}
