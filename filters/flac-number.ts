import { crc8, crc16Step } from './crc.ts'
import { FLAC_NUMBER_AT, type FlacHeader } from './flac-header.ts'

/**
 * The numbers of frames where one stream of FLAC follows another. Listeners who stay get no new `fLaC`, for in the middle of a
 * stream no decoder knows what to do with it, so the numbers must go on: where they begin at 0 again ffmpeg says
 * "sample/frame number mismatch", and its times, which players go by, jump back.
 */

/** So many there are; then they begin at 0 again (RFC 9639 9.1.5): after years of frames, or 18 days of samples at 44.1 kHz. */
const NUMBERS = { ofFrames: 2 ** 31, ofSamples: 2 ** 36 }

/** The number that comes after a frame with the number `number`. */
export function numberAfter({ varies, blockSize }: FlacHeader, number: number): number {
  return varies ? (number + blockSize) % NUMBERS.ofSamples : (number + 1) % NUMBERS.ofFrames
}

/** The number that is `offset` after the frame's own. */
export function shifted({ number, varies }: FlacHeader, offset: number): number {
  const all = varies ? NUMBERS.ofSamples : NUMBERS.ofFrames
  return (((number + offset) % all) + all) % all
}

/** @returns the frame itself, or, when it has another number, a copy with this one. */
export function withNumber(frame: Buffer, header: FlacHeader, number: number): Buffer {
  if (header.number === number) return frame
  const coded = codeNumber(number)
  const tail = frame.subarray(FLAC_NUMBER_AT + header.numberBytes, header.bytes)
  const head = Buffer.concat([frame.subarray(0, FLAC_NUMBER_AT), coded, tail])
  const body = frame.subarray(header.bytes + 1, -2)
  const copy = Buffer.concat([head, Buffer.from([crc8(head, 0, head.length)]), body, Buffer.alloc(2)])
  let crc = 0
  for (let i = 0; i < copy.length - 2; i++) crc = crc16Step(crc, copy[i] ?? 0)
  copy.writeUInt16BE(crc, copy.length - 2)
  return copy
}

/** In the way of UTF-8, but up to 7 bytes: the first one says with its ones how many there are. */
function codeNumber(number: number): Buffer {
  if (number < 0x80) return Buffer.from([number])
  const tail: number[] = []
  let rest = number
  do {
    tail.unshift(0x80 | (rest % 64))
    rest = Math.floor(rest / 64)
  } while (rest >= 2 ** (6 - tail.length))
  return Buffer.from([((0xff << (7 - tail.length)) & 0xff) | rest, ...tail])
}
