/**
 * Frames of ID3v2 (id3.org), versions 2.2 to 2.4, at the beginning of MP3 and AAC or in a chunk of WAV:
 *
 * ```
 *   'ID3' version:16 flags:8 size:28 | extended header | id size flags body | id size flags body | ... | padding
 * ```
 *
 * Bodies that are not needed are skipped without being read.
 */
import type { BoundedFile } from './bounded-file.ts'

const HEAD_BYTES = 10
/** Maximum number of frames of one tag that are read. Real tags have a few dozens. */
const MAX_FRAMES = 1000

/** Content of a tag, by position from the end of its header. */
export interface Id3Content {
  readonly version: number
  readonly size: number
  at(position: number, length: number): Promise<Buffer>
}

/** A frame of a tag, whose body is not read yet. */
export interface Id3Frame {
  /** Three characters in version 2.2, else four. */
  readonly id: string
  /** Returns the beginning of its body; undefined when that is compressed or encrypted. @param maxBytes maximum length as stored */
  readonly body: (maxBytes: number) => Promise<Buffer | undefined>
}

/**
 * Finds a tag. @param start position of the tag in the file
 * @param maxUnsynchronised maximum number of bytes that are read of a tag that is unsynchronised as a whole, because such a tag can
 * only be read from its beginning
 * @returns undefined when there is none
 */
export async function id3Content(
  file: BoundedFile,
  start: number,
  maxUnsynchronised: number,
): Promise<Id3Content | undefined> {
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
  const bytes = resynchronised(await file.at(from, Math.min(size, maxUnsynchronised)))
  const skipped = (flags & 0x40) === 0 || version === 2 ? 0 : extendedBytes(bytes, version)
  const rest = bytes.subarray(skipped)
  return { version, size: rest.length, at: async (position, length) => rest.subarray(position, position + length) }
}

/** The size includes its own field in version 2.4, but not in 2.3. */
function extendedBytes(start: Buffer, version: number): number {
  if (start.length < 4) return 0
  return version === 4 ? synchsafe(start, 0) : 4 + start.readUInt32BE(0)
}

/** Yields the frames of a tag. */
export async function* id3Frames(content: Id3Content): AsyncGenerator<Id3Frame> {
  const idBytes = content.version === 2 ? 3 : 4
  const headBytes = content.version === 2 ? 6 : HEAD_BYTES
  let at = 0
  for (let i = 0; i < MAX_FRAMES && at + headBytes <= content.size; i++) {
    const head = Buffer.from(await content.at(at, headBytes))
    const id = head.toString('latin1', 0, idBytes)
    if (head.length < headBytes || !isId(id)) return
    const length = await bodyBytes(content, at, head)
    const from = at + headBytes
    yield {
      id,
      body: async (maxBytes) => {
        const stored = await content.at(from, Math.min(length, content.size - from, maxBytes))
        return plainBody(stored, content.version, head[9] ?? 0)
      },
    }
    at = from + length
  }
}

function isId(id: string): boolean {
  return /^[A-Z0-9]{3,4}$/.test(id)
}

/** iTunes and other programs write sizes of version 2.4 as those of 2.3: the frame that follows shows which applies. */
async function bodyBytes(content: Id3Content, frameAt: number, head: Buffer): Promise<number> {
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
