import { leanComments } from '../titles/lean-comments.ts'
import { isFlacComments } from './comments.ts'

/** Position in the first packet of the number of header packets that follow it (RFC 9639 10.1), in bytes. */
const COUNT_AT = 7
/** Flag of the last metadata block. */
const LAST = 0x80
const BLOCK_HEAD_BYTES = 4

/**
 * Removes padding, seek points and covers from FLAC's headers: listeners need only STREAMINFO and comments. Other blocks
 * delay the start, and if one link follows another, ffmpeg treats them as sound ("invalid sync code").
 * @param packets all header packets of one logical stream.
 * @returns undefined if there is nothing to remove.
 */
export function leanFlacPackets(packets: readonly Buffer[]): readonly Buffer[] | undefined {
  const [first, comments, ...others] = packets
  if (first === undefined || comments === undefined || !isFlacComments(comments) || !others.every(isBlock))
    return undefined
  const lean = leanComments(comments.subarray(BLOCK_HEAD_BYTES))
  if (others.length === 0 && lean === undefined) return undefined
  const head = Buffer.from(first)
  head.writeUInt16BE(1, COUNT_AT)
  return [head, lastBlock(comments, lean ?? comments.subarray(BLOCK_HEAD_BYTES))]
}

/** Returns whether a packet is metadata and not sound. */
function isBlock(packet: Buffer): boolean {
  return packet[0] !== 0xff
}

/** Returns a block of the type of `model`, marked as the last one. */
function lastBlock(model: Buffer, content: Buffer): Buffer {
  const block = Buffer.concat([model.subarray(0, BLOCK_HEAD_BYTES), content])
  block[0] = (model[0] ?? 0) | LAST
  if (block.length - BLOCK_HEAD_BYTES <= 0xffffff) block.writeUIntBE(content.length, 1, 3)
  return block
}
