import type { ByteQueue } from '../bytes/byte-queue.ts'
import { crc16Step } from '../bytes/crc.ts'
import { beginsTag, TAG_HEAD_BYTES } from '../titles/tags.ts'

/**
 * Tags at the end of a file (ID3v1, APEv2, Lyrics3) follow the last frame at once, and look like more of it:
 *
 *   [header ........ CRC-16]TAG........
 *                           ^ the check is right here
 *
 * @param queue begins with a frame. @param most bytes that may belong to it.
 * @returns the length of the frame in bytes; 0 when no tag follows it.
 */
export function bytesBeforeTag(queue: ByteQueue, most: number): number {
  let crc = 0
  for (let offset = 0; offset < most; ) {
    const piece = queue.piece(offset).subarray(0, most - offset)
    for (let i = 0; i < piece.length; i++) {
      if (crc === 0 && offset + i > 0 && isTagAt(queue, offset + i)) return offset + i
      crc = crc16Step(crc, piece[i] ?? 0)
    }
    offset += piece.length
  }
  return 0
}

function isTagAt(queue: ByteQueue, offset: number): boolean {
  const at = queue.look(offset, TAG_HEAD_BYTES)
  return beginsTag(queue.found, at)
}
