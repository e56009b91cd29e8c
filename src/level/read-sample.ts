import type { PcmEncoding } from '../../filters/pcm-format.ts'

/** Reads the sample at a byte offset, as a part of full scale: from -1 to 1, or beyond in floating point. */
export type ReadSample = (view: DataView, at: number) => number

/** Number of values of a one-byte sample. */
const BYTE_VALUES = 256
/** Positive full scale of the integers that the bytes of ITU-T G.711 stand for. */
const G711_SCALE = 32_768

const MULAW = Array.from({ length: BYTE_VALUES }, (_, byte) => mulawValue(byte) / G711_SCALE)
const ALAW = Array.from({ length: BYTE_VALUES }, (_, byte) => alawValue(byte) / G711_SCALE)

/** By encoding. Frames are at any offset of their memory, so reads are those of a DataView. */
export const READ_SAMPLE: Readonly<Record<PcmEncoding, ReadSample>> = {
  u8: (view, at) => (view.getUint8(at) - 128) / 128,
  s16le: (view, at) => view.getInt16(at, true) / 32_768,
  s24le: (view, at) => (view.getUint16(at, true) | (view.getInt8(at + 2) << 16)) / 8_388_608,
  s32le: (view, at) => view.getInt32(at, true) / 2_147_483_648,
  f32le: (view, at) => view.getFloat32(at, true),
  f64le: (view, at) => view.getFloat64(at, true),
  mulaw: (view, at) => MULAW[view.getUint8(at)] ?? 0,
  alaw: (view, at) => ALAW[view.getUint8(at)] ?? 0,
}

/** Expands µ-law (ITU-T G.711, table 2): inverted bits of sign, exponent and mantissa. */
function mulawValue(byte: number): number {
  const bits = ~byte & 0xff
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84
  return bits & 0x80 ? -magnitude : magnitude
}

/** Expands A-law (ITU-T G.711, table 1), of which every second bit is inverted. */
function alawValue(byte: number): number {
  const bits = byte ^ 0x55
  const exponent = (bits & 0x70) >> 4
  const mantissa = ((bits & 0x0f) << 4) + 8
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1)
  return bits & 0x80 ? magnitude : -magnitude
}
