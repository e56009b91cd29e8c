import { titleLine } from '../../../filters/titles/title-line.ts'
import { decodeText } from '../../text/decode-text.ts'

/** Parameters of a request for a title, as bytes: programs mix encodings, even within one request. */
export type RawQuery = ReadonlyMap<string, Buffer>

const ESCAPE = /%([0-9A-Fa-f]{2})/g

/**
 * Reads the query of a request target; the first one of repeated names counts.
 * @param target with bytes above ASCII percent-encoded
 */
export function rawQueryOf(target: string): RawQuery {
  const query = target.slice(target.indexOf('?') + 1 || target.length)
  // In forms a plus sign is a blank. Programs that encode blanks as %20 mean the sign itself.
  const text = query.includes('%20') ? query : query.replaceAll('+', '%20')
  const values = new Map<string, Buffer>()
  for (const part of text.split('&')) {
    const equals = part.indexOf('=')
    const name = equals < 0 ? part : part.slice(0, equals)
    if (!values.has(name)) values.set(name, bytesOf(equals < 0 ? '' : part.slice(equals + 1)))
  }
  return values
}

/** A percent sign that encodes nothing stands for itself. */
function bytesOf(encoded: string): Buffer {
  const text = encoded.replaceAll(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(text, 'latin1')
}

/**
 * Returns the title in one line: `song`, or else `artist` and `title`. Text that is valid UTF-8 is read as such, whatever
 * `charset` the request states.
 * @param charset encoding of other text when the request states none
 * @returns empty when the title is unknown from here on; undefined when the request has none of the three
 */
export function titleOf(query: RawQuery, charset: string): string | undefined {
  if (!['song', 'title', 'artist'].some((name) => query.has(name))) return undefined
  const stated = query.get('charset')?.toString('latin1') ?? ''
  const text = (name: string) => decodeText(query.get(name) ?? Buffer.alloc(0), known(stated) ?? charset)
  const song = lineOf('', text('song'))
  return song === '' ? lineOf(text('artist'), text('title')) : song
}

/** Programs without tags send the dash between two empty names: ` - `. */
function lineOf(artist: string, title: string): string {
  const line = titleLine(artist, title)
  return line === '-' ? '' : line
}

/** @returns undefined for UTF-8 as well: text that is not valid UTF-8 has another encoding, whatever the request states */
function known(charset: string): string | undefined {
  try {
    const { encoding } = new TextDecoder(charset)
    return encoding === 'utf-8' ? undefined : encoding
  } catch {
    return undefined
  }
}
