import { leanComments } from './lean-comments.ts'
import { isFlacComments } from './ogg-comments.ts'

/** Where the first packet says how many header packets follow it (RFC 9639 10.1). */
const COUNT_AT = 7
/** The flag of the last block of metadata. */
const LAST = 0x80
const BLOCK_HEAD_BYTES = 4

/**
 * Leaves padding, seek points and covers out of the headers of FLAC: STREAMINFO and comments are all that listeners need. What
 * else there is makes them wait, and where one link follows another ffmpeg takes it for sound ("invalid sync code").
 * @param packets all header packets of one logical stream.
 * @returns undefined when there is nothing to leave out.
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

/** Whether a packet is metadata and no sound. */
function isBlock(packet: Buffer): boolean {
  return packet[0] !== 0xff
}

/** A block of the type of `model`, marked as the last one. */
function lastBlock(model: Buffer, content: Buffer): Buffer {
  const block = Buffer.concat([model.subarray(0, BLOCK_HEAD_BYTES), content])
  block[0] = (model[0] ?? 0) | LAST
  if (block.length - BLOCK_HEAD_BYTES <= 0xffffff) block.writeUIntBE(content.length, 1, 3)
  return block
}
