/**
 * Pictures of ID3v2: `APIC`, and `PIC` in version 2.2, whose format has three characters and no zero:
 *
 * ```
 *   encoding:8 media-type 0 type:8 description 0 picture
 * ```
 */
import { MAX_PICTURE_BYTES } from '../../system/picture.ts'
import type { BoundedFile } from './bounded-file.ts'
import { type EmbeddedPicture, FRONT_COVER } from './embedded-picture.ts'
import { id3Content, id3Frames } from './id3v2-frames.ts'

/** Maximum number of bytes before a picture. */
const MAX_HEAD_BYTES = 4096

/** @param start position of the tag in the file */
export async function* id3v2Pictures(file: BoundedFile, start = 0): AsyncGenerator<EmbeddedPicture> {
  const content = await id3Content(file, start, MAX_PICTURE_BYTES)
  if (content === undefined) return
  for await (const { id, body } of id3Frames(content)) {
    if (id !== 'APIC' && id !== 'PIC') continue
    const head = headOf((await body(MAX_HEAD_BYTES)) ?? Buffer.alloc(0), id)
    if (head === undefined) continue
    yield {
      isFront: head.type === FRONT_COVER,
      read: async () => (await body(head.length + MAX_PICTURE_BYTES + 1))?.subarray(head.length),
    }
  }
}

/** Returns the type of a picture, and the number of bytes before it; undefined when they are not complete. */
function headOf(body: Buffer, id: string): { readonly type: number; readonly length: number } | undefined {
  const typeAt = id === 'PIC' ? 4 : body.indexOf(0, 1) + 1
  const type = body[typeAt]
  if (typeAt === 0 || type === undefined) return undefined
  // UTF-16 ends with two zeros at an even distance.
  const unit = body[0] === 1 || body[0] === 2 ? 2 : 1
  for (let at = typeAt + 1; at + unit <= body.length; at += unit) {
    if (body.readUIntBE(at, unit) === 0) return { type, length: at + unit }
  }
  return undefined
}
