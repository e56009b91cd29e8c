/**
 * Pictures of Vorbis and Opus in Ogg: comments `METADATA_BLOCK_PICTURE`, each a block of FLAC in base64. The comments are the second
 * packet of the stream, which may have many pages (RFC 3533, section 6):
 *
 * ```
 *   'OggS' version:8 flags:8 granule:64 serial:32 page:32 checksum:32 segments:8 length:8 ... | bodies of the segments
 * ```
 */
import { MAX_PICTURE_BYTES } from '../../system/picture.ts'
import type { BoundedFile } from './bounded-file.ts'
import { type EmbeddedPicture, FRONT_COVER } from './embedded-picture.ts'
import { pictureInBlock } from './flac-pictures.ts'

const HEAD_BYTES = 27
/** Maximum size of all comments, in bytes. */
const MAX_BYTES = 1.5 * MAX_PICTURE_BYTES
/** Maximum number of comments that are read. */
const MAX_COMMENTS = 1000
/** First bytes of the comments. */
const BEGINNINGS = ['OpusTags', '\x03vorbis']
const NAME = 'METADATA_BLOCK_PICTURE='
/** Length of the type of a picture in base64, in characters. */
const TYPE_CHARACTERS = 8

export async function* oggPictures(file: BoundedFile): AsyncGenerator<EmbeddedPicture> {
  const packet = await secondPacket(file)
  const beginning = BEGINNINGS.find((one) => packet?.toString('latin1', 0, one.length) === one)
  if (packet === undefined || beginning === undefined) return
  for (const comment of commentsIn(packet, beginning.length)) {
    if (comment.toString('latin1', 0, NAME.length).toUpperCase() !== NAME) continue
    const text = comment.subarray(NAME.length)
    const type = Buffer.from(text.toString('latin1', 0, TYPE_CHARACTERS), 'base64')
    yield {
      isFront: type.length > 3 && type.readUInt32BE(0) === FRONT_COVER,
      read: async () => pictureInBlock(Buffer.from(text.toString('latin1'), 'base64')),
    }
  }
}

/** Yields the comments after the name of the encoder; all lengths are little-endian (Vorbis I, section 5.2.1). */
function* commentsIn(packet: Buffer, from: number): Generator<Buffer> {
  if (from + 4 > packet.length) return
  let at = from + 4 + packet.readUInt32LE(from) + 4
  for (let i = 0; i < MAX_COMMENTS && at + 4 <= packet.length; i++) {
    const end = at + 4 + packet.readUInt32LE(at)
    if (end > packet.length) return
    yield packet.subarray(at + 4, end)
    at = end
  }
}

/** Returns the second packet of a stream; undefined when the file is not Ogg, or when the packet is too large or not complete. */
async function secondPacket(file: BoundedFile): Promise<Buffer | undefined> {
  const parts: Buffer[] = []
  let [at, bytes, packets] = [0, 0, 0]
  while (bytes <= MAX_BYTES) {
    const head = Buffer.from(await file.at(at, HEAD_BYTES + 255))
    if (head.length < HEAD_BYTES || head.toString('latin1', 0, 4) !== 'OggS') return undefined
    const segments = head.subarray(HEAD_BYTES, HEAD_BYTES + (head[HEAD_BYTES - 1] ?? 0))
    at += HEAD_BYTES + segments.length
    for (const length of segments) {
      if (packets === 1) parts.push(Buffer.from(await file.at(at, length)))
      at += length
      bytes += length
      // A segment of less than 255 bytes is the last of its packet.
      if (length < 255 && packets++ === 1) return Buffer.concat(parts)
    }
  }
  return undefined
}
