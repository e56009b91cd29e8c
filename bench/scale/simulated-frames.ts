/**
 * Frames of the simulation, short because they are compared and not heard:
 *
 *     0       2        3                 7        16
 *     stream  origin   number at source  its last bits over and over
 *
 * Frames that both origins have from one source have 0 for the origin.
 */

const ORIGIN_AT = 2
const NUMBER_AT = 3
const FILLER_AT = 7
const LENGTH = 16

/** A frame as it was read. */
export interface SimulatedFrame {
  /** Code of the origin's name; 0: both have it. */
  readonly origin: number
  readonly number: number
}

/** @param origin empty: both origins have this frame */
export function writeFrame(stream: number, origin: string, number: number): Buffer {
  const bytes = Buffer.alloc(LENGTH, number & 0x7f)
  bytes.writeUInt16BE(stream, 0)
  bytes[ORIGIN_AT] = origin === '' ? 0 : origin.charCodeAt(0)
  bytes.writeUInt32BE(number, NUMBER_AT)
  return bytes.fill(number & 0x7f, FILLER_AT)
}

export function readFrame(bytes: Buffer): SimulatedFrame {
  return { origin: bytes[ORIGIN_AT] ?? 0, number: bytes.readUInt32BE(NUMBER_AT) }
}
