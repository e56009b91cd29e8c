/** Files that belong to a stream: its picture and its web app manifest, at the path of the stream with an extension. */
import { encodePath } from '../../stream/encode-path.ts'

/** Name of the files of the stream at `/`. */
const NAMELESS = 'live'

/** Returns the encoded path of a file. @param stream decoded path of the stream */
export function fileOf(stream: string, extension: string): string {
  return encodePath(`/${stream.slice(1) || NAMELESS}${extension}`)
}

/** Returns the streams to which a file at a path may belong, in order of preference; none: the path has another extension. */
export function streamsWith(path: string, extension: string): readonly string[] {
  if (!path.endsWith(extension) || path.length <= 1 + extension.length) return []
  const stream = path.slice(0, -extension.length)
  return stream === `/${NAMELESS}` ? [stream, '/'] : [stream]
}
