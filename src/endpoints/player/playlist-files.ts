/**
 * Files about streams, at the path of the stream with another end: `/cd.m3u`, `/cd.pls` and `/cd.xspf` are lists that players open,
 * `/cd.titles.json` has its last titles. A stream at the whole path is found before.
 */
import { fileOf, streamsWith } from './stream-files.ts'

/** M3U with a title line, PLS version 2, and XSPF version 1. */
export type PlaylistKind = 'm3u' | 'pls' | 'xspf'

/** End of the path of a file, without its first dot. */
type FileKind = PlaylistKind | 'titles.json'

const FILE = /^\/(.+)\.(m3u|pls|xspf|titles\.json)$/s
/** Name of the lists of all streams; a stream of that name comes first. */
const OF_ALL = 'all'

/** Returns the encoded path of a stream's playlist. @param stream decoded path of the stream */
export function playlistPath(stream: string, kind: PlaylistKind): string {
  return fileOf(stream, `.${kind}`)
}

/** A path at which there may be a file. */
interface FilePath {
  readonly kind: FileKind
  /** Decoded paths of the streams that it may be about: the first that exists. */
  readonly streams: readonly string[]
  /** Without any of these, it lists all streams. */
  readonly mayBeOfAll: boolean
}

/** Returns what there may be at a decoded path; undefined: no file about streams. */
export function filePathOf(path: string): FilePath | undefined {
  const [, name, end] = FILE.exec(path) ?? []
  if (name === undefined) return undefined
  const kind = end as FileKind
  const mayBeOfAll = name === OF_ALL && kind !== 'titles.json'
  return { kind, streams: streamsWith(path, `.${kind}`), mayBeOfAll }
}
