import { MAX_PICTURE_BYTES } from '../../system/picture.ts'
import type { BoundedFile } from './bounded-file.ts'
import { type EmbeddedPicture, FRONT_COVER } from './embedded-picture.ts'

/** Maximum number of metadata blocks that are read. */
const MAX_BLOCKS = 100
/** Type of a metadata block with a picture. */
const PICTURE = 6
/** Media type and description of a picture, in bytes, at most. */
const MAX_TEXT_BYTES = 64 * 1024

/** Pictures of FLAC: metadata blocks between `fLaC` and the sound (RFC 9639, section 8). */
export async function* flacPictures(file: BoundedFile): AsyncGenerator<EmbeddedPicture> {
  if ((await file.at(0, 4)).toString('latin1') !== 'fLaC') return
  let at = 4
  for (let i = 0; i < MAX_BLOCKS; i++) {
    const head = await file.at(at, 8)
    if (head.length < 8) return
    const [kind, length, from] = [head.readUInt8(0), head.readUIntBE(1, 3), at + 4]
    if ((kind & 0x7f) === PICTURE) {
      const read = async () => pictureInBlock(await file.at(from, Math.min(length, MAX_PICTURE_BYTES + MAX_TEXT_BYTES)))
      yield { isFront: head.readUInt32BE(4) === FRONT_COVER, read }
    }
    if ((kind & 0x80) !== 0) return
    at = from + length
  }
}

/**
 * Returns the picture of a block (RFC 9639, section 8.8), which Ogg has too; undefined when it is not complete.
 *
 * ```
 *   type:32 length:32 media-type length:32 description width:32 height:32 depth:32 colours:32 length:32 picture
 * ```
 */
export function pictureInBlock(block: Buffer): Buffer | undefined {
  let at = 4
  for (const fixedBytes of [0, 16]) {
    if (at + 4 > block.length) return undefined
    at += 4 + block.readUInt32BE(at) + fixedBytes
  }
  if (at + 4 > block.length) return undefined
  const end = at + 4 + block.readUInt32BE(at)
  return end > block.length ? undefined : block.subarray(at + 4, end)
}
