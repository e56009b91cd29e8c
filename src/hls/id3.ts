/**
 * ID3v2.4 tags of HLS (RFC 8216, section 3.4). Lengths of a tag and its frames have seven bits a byte.
 *
 * ```
 *   ID3 04 00 flags length:4 | id:4 length:4 flags:2 content | id:4 ...
 * ```
 */

const TAG_HEAD_BYTES = 10
const FRAME_HEAD_BYTES = 10
const OWNER = Buffer.from('com.apple.streaming.transportStreamTimestamp\0', 'latin1')
const UTF_8 = Buffer.from([3])
/** A transport stream's clock has 90 kHz, and 33 bits. */
const TICKS_PER_US = 0.09
const TICKS = 2 ** 33

/** Returns a tag of some frames. */
export function id3Tag(...frames: readonly Buffer[]): Buffer {
  const content = Buffer.concat(frames)
  const head = Buffer.alloc(TAG_HEAD_BYTES)
  head.write('ID3\x04', 'latin1')
  head.writeUInt32BE(sevenBits(content.length), 6)
  return Buffer.concat([head, content])
}

/** Returns the frame with the time of the next sample. @param us position, in microseconds */
export function timestampFrame(us: number): Buffer {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(Math.round(us * TICKS_PER_US) % TICKS))
  return id3Frame('PRIV', OWNER, time)
}

/** Returns the frame with a title. */
export function titleFrame(title: string): Buffer {
  return id3Frame('TIT2', UTF_8, Buffer.from(title))
}

function id3Frame(id: string, ...content: readonly Buffer[]): Buffer {
  const bytes = content.reduce((sum, part) => sum + part.length, 0)
  const head = Buffer.alloc(FRAME_HEAD_BYTES)
  head.write(id, 'latin1')
  head.writeUInt32BE(sevenBits(bytes), 4)
  return Buffer.concat([head, ...content])
}

/** @param length less than 2^28 */
function sevenBits(length: number): number {
  return ((length >> 21) << 24) | (((length >> 14) & 0x7f) << 16) | (((length >> 7) & 0x7f) << 8) | (length & 0x7f)
}
