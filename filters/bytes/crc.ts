/**
 * Cyclic redundancy checks of Ogg and FLAC: most significant bit first, initial value zero, nothing inverted. So the CRC of
 * bytes followed by their own CRC is 0. Polynomials are numbers whose bit i is the coefficient of x^i. That of LAME's tag is
 * FLAC's CRC-16 with the least significant bit first.
 */

/** RFC 3533 6, field 7: x^32 plus these terms. */
const OGG_POLYNOMIAL = 0x04c11db7
const OGG_TABLE = crcTable(32, OGG_POLYNOMIAL)
/** RFC 9639 9.1.8: x^8 plus these terms. */
const CRC_8_TABLE = crcTable(8, 0x07)
/** RFC 9639 9.3: x^16 plus these terms. */
const CRC_16_POLYNOMIAL = 0x8005
const CRC_16_TABLE = crcTable(16, CRC_16_POLYNOMIAL)
/** Entry i is the CRC of the byte i, whose bits are read from the least significant one. */
const LAME_TABLE = Int32Array.from({ length: 256 }, (_, byte) => reversed(CRC_16_TABLE[reversed(byte, 8)] ?? 0, 16))

/** Hot path. Returns Ogg's CRC-32 of the bytes from `from` to `to`, continuing from `crc`; signed. */
export function oggCrc(bytes: Buffer, from: number, to: number, crc: number): number {
  let value = crc
  for (let at = from; at < to; at++) value = (value << 8) ^ (OGG_TABLE[(value >>> 24) ^ (bytes[at] ?? 0)] ?? 0)
  return value
}

/** Returns the CRC-8 of FLAC's frame headers. */
export function crc8(bytes: Buffer, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) value = CRC_8_TABLE[value ^ (bytes[at] ?? 0)] ?? 0
  return value
}

/** Continues the CRC-16 of FLAC's frames by one byte. */
export function crc16Step(crc: number, byte: number): number {
  return ((crc << 8) & 0xffff) ^ (CRC_16_TABLE[(crc >> 8) ^ byte] ?? 0)
}

/** Returns the CRC-16 of FLAC's frames of the bytes from `from` to `to`. */
export function crc16(bytes: Buffer, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) value = crc16Step(value, bytes[at] ?? 0)
  return value
}

/** Returns the CRC-16 of LAME's tag of the bytes from `from` to `to`, continuing from `crc`. */
export function lameCrc(bytes: Buffer, from: number, to: number, crc: number): number {
  let value = crc
  for (let at = from; at < to; at++) value = (value >>> 8) ^ (LAME_TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  return value
}

/** Weight of bits in FLAC's CRC-16 when 2^k bytes follow them, by k; enough entries for any frame. */
const CRC_16_WEIGHTS = crc16Weights(25)

/**
 * Returns the change of the CRC-16 at the end of a FLAC frame without reading the frame, because a CRC is linear.
 * @param change the difference (exclusive or) of the CRC-16 of the changed bytes, before and after.
 * @param bytes the number of bytes between the changed ones and the frame's CRC-16.
 */
export function crc16Change(change: number, bytes: number): number {
  let value = change
  for (let left = bytes, k = 0; left > 0; left >>>= 1, k++) {
    if ((left & 1) === 1) value = crc16Product(value, CRC_16_WEIGHTS[k] ?? 0)
  }
  return value
}

/** Returns the product of two polynomials, modulo that of CRC-16. */
function crc16Product(a: number, b: number): number {
  let product = 0
  for (let bit = 15; bit >= 0; bit--) {
    product = (product << 1) ^ ((product & 0x8000) === 0 ? 0 : 0x10000 | CRC_16_POLYNOMIAL)
    if (((b >>> bit) & 1) === 1) product ^= a
  }
  return product
}

function crc16Weights(count: number): number[] {
  const weights = [1 << 8]
  for (let last = 1 << 8; weights.length < count; weights.push(last)) last = crc16Product(last, last)
  return weights
}

/** Returns the weight of bits in Ogg's CRC when `bytes` bytes follow them: x^(8 bytes), modulo the polynomial. */
export function oggCrcWeight(bytes: number): number {
  let weight = 1
  for (let left = bytes, power = 1 << 8; left > 0; left >>>= 1, power = oggCrcProduct(power, power)) {
    if ((left & 1) === 1) weight = oggCrcProduct(weight, power)
  }
  return weight
}

/**
 * Returns the product of two polynomials, modulo Ogg's. A CRC is linear, so a change of some bits changes it by bits times
 * weight.
 */
export function oggCrcProduct(a: number, b: number): number {
  let product = 0
  for (let bit = 31; bit >= 0; bit--) {
    product = (product << 1) ^ (product < 0 ? OGG_POLYNOMIAL : 0)
    if (((b >>> bit) & 1) === 1) product ^= a
  }
  return product
}

function crcTable(bits: 8 | 16 | 32, polynomial: number): Int32Array {
  const top = 1 << (bits - 1)
  const mask = bits === 32 ? -1 : (1 << bits) - 1
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let value = byte << (bits - 8)
    for (let i = 0; i < 8; i++) value = (value & top) === 0 ? value << 1 : (value << 1) ^ polynomial
    return value & mask
  })
}

function reversed(value: number, bits: number): number {
  let result = 0
  for (let i = 0; i < bits; i++) result |= ((value >> i) & 1) << (bits - 1 - i)
  return result
}
