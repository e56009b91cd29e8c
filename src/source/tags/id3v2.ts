/**
 * ID3v2 (id3.org), versions 2.2 to 2.4, at the beginning of MP3 and AAC or in a chunk of WAV:
 *
 * ```
 *   'ID3' version:16 flags:8 size:28 | extended header | id size flags body | id size flags body | ... | padding
 * ```
 *
 * Bodies that are not needed, such as pictures, are skipped without being read.
 */
import { decodeText } from '../../text/decode-text.ts'
import type { BoundedFile } from './bounded-file.ts'
import { MAX_ARTISTS, MAX_TEXT_BYTES, type Tags, valuesOf } from './tags.ts'

const HEAD_BYTES = 10
/** Maximum number of frames of one tag that are read. Real tags have a few dozens. */
const MAX_FRAMES = 1000
/** Maximum number of bytes of a tag that is unsynchronised as a whole, which can only be read from its beginning. */
const MAX_UNSYNCHRONISED_BYTES = 2 ** 20

const TITLE = new Set(['TIT2', 'TT2'])
const ARTIST = new Set(['TPE1', 'TP1'])

/** Content of a tag, by position from the end of its header. */
interface Content {
  readonly version: number
  readonly size: number
  at(position: number, length: number): Promise<Buffer>
}

interface TextFrame {
  readonly id: string
  /** The encoding (one byte) and the text. */
  readonly body: Buffer
}

/** @param start position of the tag in the file. @returns undefined when there is none */
export async function id3v2Tags(file: BoundedFile, start: number, charset: string): Promise<Tags | undefined> {
  const content = await contentAt(file, start)
  if (content === undefined) return undefined
  let title = ''
  const artists: string[] = []
  for await (const { id, body } of textFrames(content)) {
    const values = valuesOf(textOf(body, charset))
    if (TITLE.has(id)) title ||= values[0] ?? ''
    else if (artists.length < MAX_ARTISTS) artists.push(...values)
  }
  return { title, artists }
}

async function contentAt(file: BoundedFile, start: number): Promise<Content | undefined> {
  const head = await file.at(start, HEAD_BYTES)
  const version = head[3] ?? 0
  if (head.length < HEAD_BYTES || head.toString('latin1', 0, 3) !== 'ID3' || version < 2 || version > 4)
    return undefined
  const flags = head[5] ?? 0
  const size = synchsafe(head, 6)
  const from = start + HEAD_BYTES
  if (version === 4 || (flags & 0x80) === 0) {
    const skipped = (flags & 0x40) === 0 || version === 2 ? 0 : extendedBytes(await file.at(from, 4), version)
    return { version, size: size - skipped, at: (position, length) => file.at(from + skipped + position, length) }
  }
  const bytes = resynchronised(await file.at(from, Math.min(size, MAX_UNSYNCHRONISED_BYTES)))
  const skipped = (flags & 0x40) === 0 || version === 2 ? 0 : extendedBytes(bytes, version)
  const rest = bytes.subarray(skipped)
  return { version, size: rest.length, at: async (position, length) => rest.subarray(position, position + length) }
}

/** The size includes its own field in version 2.4, but not in 2.3. */
function extendedBytes(start: Buffer, version: number): number {
  if (start.length < 4) return 0
  return version === 4 ? synchsafe(start, 0) : 4 + start.readUInt32BE(0)
}

async function* textFrames(content: Content): AsyncGenerator<TextFrame> {
  const idBytes = content.version === 2 ? 3 : 4
  const headBytes = content.version === 2 ? 6 : HEAD_BYTES
  let at = 0
  for (let i = 0; i < MAX_FRAMES && at + headBytes <= content.size; i++) {
    const head = Buffer.from(await content.at(at, headBytes))
    const id = head.toString('latin1', 0, idBytes)
    if (head.length < headBytes || !isId(id)) return
    const length = await bodyBytes(content, at, head)
    if (TITLE.has(id) || ARTIST.has(id)) {
      const body = await content.at(at + headBytes, Math.min(length, content.size - at - headBytes, MAX_TEXT_BYTES))
      const plain = plainBody(body, content.version, head[9] ?? 0)
      if (plain !== undefined) yield { id, body: plain }
    }
    at += headBytes + length
  }
}

function isId(id: string): boolean {
  return /^[A-Z0-9]{3,4}$/.test(id)
}

/** iTunes and other programs write sizes of version 2.4 as those of 2.3: the frame that follows shows which applies. */
async function bodyBytes(content: Content, frameAt: number, head: Buffer): Promise<number> {
  const { version, size } = content
  if (version === 2) return head.readUIntBE(3, 3)
  const plain = head.readUInt32BE(4)
  if (version === 3 || plain < 0x80) return plain
  const safe = synchsafe(head, 4)
  if ((plain & 0x80808080) !== 0) return plain
  const follows = async (length: number) => {
    const next = frameAt + HEAD_BYTES + length
    if (next >= size) return next === size
    const id = await content.at(next, 4)
    return id[0] === 0 || isId(id.toString('latin1'))
  }
  return !(await follows(safe)) && (await follows(plain)) ? plain : safe
}

/** Removes the data that flags put before the text; undefined when the body is compressed or encrypted. */
function plainBody(body: Buffer, version: number, flags: number): Buffer | undefined {
  if (version === 2 || flags === 0) return body
  if (version === 3) return (flags & 0xc0) === 0 ? body.subarray((flags & 0x20) === 0 ? 0 : 1) : undefined
  if ((flags & 0x0c) !== 0) return undefined
  const grouped = (flags & 0x40) === 0 ? 0 : 1
  const counted = (flags & 0x01) === 0 ? 0 : 4
  const rest = body.subarray(grouped + counted)
  return (flags & 0x02) === 0 ? rest : resynchronised(rest)
}

/** Section 4 of ID3v2.4: the first byte is the encoding. Many programs declare UTF-8 or other encodings as Latin-1. */
function textOf(body: Buffer, charset: string): string {
  const text = body.subarray(1)
  const even = text.subarray(0, text.length - (text.length % 2))
  switch (body[0]) {
    case 1:
      return decodeUtf16(even).replaceAll('\ufeff', '')
    case 2:
      return new TextDecoder('utf-16be').decode(even)
    default:
      return decodeText(text, charset, body.length === MAX_TEXT_BYTES)
  }
}

function decodeUtf16(text: Buffer): string {
  return new TextDecoder(text[0] === 0xfe && text[1] === 0xff ? 'utf-16be' : 'utf-16le').decode(text)
}

/** Section 6.2: seven bits a byte, so that no byte of the size looks like the start of a frame of sound. */
function synchsafe(bytes: Buffer, at: number): number {
  let size = 0
  for (let i = 0; i < 4; i++) size = (size << 7) | ((bytes[at + i] ?? 0) & 0x7f)
  return size
}

/** Section 6.1: removes the zero that was inserted after each 0xff. */
function resynchronised(bytes: Buffer): Buffer {
  const plain = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0 && bytes[at - 1] === 0xff) continue
    plain[length++] = bytes[at] ?? 0
  }
  return plain.subarray(0, length)
}
