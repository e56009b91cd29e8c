import type { LowFormat } from '../../endpoints/low/low-messages.ts'

/** Converts one message to numbers from -1 to 1. */
export type ReadSamples = (bytes: ArrayBuffer) => Float32Array

/** Readers by sample encoding; little-endian, like all machines that browsers run on. */
const READERS: Readonly<Record<LowFormat['encoding'], ReadSamples>> = {
  u8: (bytes) => Float32Array.from(new Uint8Array(bytes), (sample) => (sample - 0x80) / 0x80),
  s16le: (bytes) => Float32Array.from(new Int16Array(bytes), (sample) => sample / 0x8000),
  s24le: (bytes) => Float32Array.from({ length: bytes.byteLength / 3 }, read24(new Uint8Array(bytes))),
  s32le: (bytes) => Float32Array.from(new Int32Array(bytes), (sample) => sample / 0x80000000),
  f32le: (bytes) => new Float32Array(bytes),
  f64le: (bytes) => new Float32Array(new Float64Array(bytes)),
  mulaw: (bytes) => Float32Array.from(new Uint8Array(bytes), readMuLaw),
  alaw: (bytes) => Float32Array.from(new Uint8Array(bytes), readALaw),
}

export function readerOf(encoding: LowFormat['encoding']): ReadSamples {
  return READERS[encoding]
}

function read24(bytes: Uint8Array): (_: unknown, sample: number) => number {
  // Shifted to the top of 32 bits, so that the highest bit is the sign.
  return (_, at) =>
    (((bytes[3 * at] ?? 0) << 8) | ((bytes[3 * at + 1] ?? 0) << 16) | ((bytes[3 * at + 2] ?? 0) << 24)) / 0x80000000
}

/** ITU-T G.711, section 3: sign, exponent and mantissa, all bits inverted, in steps that begin at 33. */
function readMuLaw(code: number): number {
  const bits = ~code & 0xff
  const size = (((bits & 0x0f) << 1) + 33) * 2 ** ((bits >> 4) & 7) - 33
  return (bits & 0x80 ? -size : size) / 8192
}

/** ITU-T G.711, section 2: every other bit inverted. */
function readALaw(code: number): number {
  const bits = code ^ 0x55
  const exponent = (bits >> 4) & 7
  const mantissa = ((bits & 0x0f) << 1) + 1
  const size = exponent === 0 ? mantissa : (mantissa + 32) * 2 ** (exponent - 1)
  return (bits & 0x80 ? size : -size) / 4096
}
