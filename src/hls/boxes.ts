/** Boxes of the ISO base media file format: ISO/IEC 14496-12, section 4.2. Numbers are big-endian. */

/** Returns a box: its length, its type, and its parts. */
export function box(type: string, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([boxHead(type, content.length), content])
}

/** Returns a box with a version and flags. */
export function fullBox(type: string, version: number, flags: number, ...parts: readonly Buffer[]): Buffer {
  return box(type, uint32(version * 2 ** 24 + flags), ...parts)
}

/** Returns the head of a box. @param bytes length of its content */
export function boxHead(type: string, bytes: number): Buffer {
  return Buffer.concat([uint32(bytes + 8), Buffer.from(type, 'latin1')])
}

export function uint16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2)
  return bytes
}

export function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4)
  return bytes
}

/** @param value exact up to 2^53 */
export function uint64(value: number): Buffer {
  return uint32(Math.floor(value / 2 ** 32), value % 2 ** 32)
}
