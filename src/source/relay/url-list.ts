import type { IncomingMessage } from 'node:http'
import { createListReader } from '../files/list-entries.ts'
import { createLines } from '../files/list-file.ts'
import { SourceError } from '../source.ts'

const TYPE = /^\s*(?:audio|application)\/(?:x-|vnd\.apple\.)?(mpegurl|scpls|pls)\s*(?:;|$)/i
/** First bytes of a list: its mark, or the first address of one without a mark. */
const MARK = /^(?:\u00ef\u00bb\u00bf)?\s*(?:#EXTM3U|\[playlist\]|https?:\/\/)/i
/** Maximum size of a list, in bytes, so that a server cannot fill the memory; the rest is left out. */
const MAX_BYTES = 64 * 1024
/** Maximum number of entries that are used. */
const MAX_ENTRIES = 20

/** A list is a playlist of HLS (RFC 8216): its addresses are those of segments. */
export class HlsError extends SourceError {
  constructor() {
    super('a playlist of HLS cannot be relayed; ffmpeg can read it (-exec ffmpeg -i URL ...)')
  }
}

/** Returns the format of an answer that is a list of addresses, by its media type or its first bytes; undefined: it is not. */
export function listFormatOf({ headers }: IncomingMessage, first: Buffer): 'm3u' | 'pls' | undefined {
  const start = first.toString('latin1')
  const name = TYPE.exec(headers['content-type'] ?? '')?.[1] ?? MARK.exec(start)?.[0]
  if (name === undefined) return undefined
  return /pls/i.test(name) || /^\W*\[playlist\]/i.test(start) ? 'pls' : 'm3u'
}

/** Reads a list. @returns its entries as they are written. @throws SourceError when it is one of HLS */
export async function readUrlList(
  chunks: AsyncIterable<Buffer>,
  format: 'm3u' | 'pls',
  charset: string,
): Promise<readonly string[]> {
  const reader = createListReader(`list.${format}`, '/', charset, MAX_ENTRIES)
  let isHls = false
  const lines = createLines((line) => {
    isHls ||= line.toString('latin1', 0, 7).toUpperCase() === '#EXT-X-'
    reader.line(line)
  })
  let bytes = 0
  for await (const chunk of chunks) {
    lines.push(bytes === 0 ? withoutMark(chunk) : chunk)
    bytes += chunk.length
    if (bytes >= MAX_BYTES) break
  }
  lines.end()
  if (isHls) throw new HlsError()
  return reader.entries().flatMap(({ text, isDoubtful }) => (isDoubtful ? [] : [text]))
}

/** Removes the byte order mark of UTF-8. */
function withoutMark(chunk: Buffer): Buffer {
  return chunk.subarray(0, 3).equals(Buffer.from('\ufeff')) ? chunk.subarray(3) : chunk
}
