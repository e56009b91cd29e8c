import { joinRefusal } from './foreign-formats.ts'

/** Kinds of text that are sent by mistake instead of sound. */
const TEXTS: readonly { readonly pattern: RegExp; readonly refusal: string }[] = [
  {
    pattern: /^\s*(?:<!doctype html|<html)/i,
    refusal: 'this is an HTML page, not sound; check the address or command',
  },
  { pattern: /^\s*<\?xml/i, refusal: 'this is XML, not sound; check the address or command' },
  {
    pattern: /^#EXTM3U[\s\S]*#EXT-X-/,
    refusal: 'this is an HLS playlist, not sound; pass its address to ffmpeg (-i ADDRESS -f mp3 -)',
  },
  {
    pattern: /^(?:#EXTM3U|\[playlist\])/i,
    refusal: 'this is a playlist, not sound; use -play FILE, or pass the address in it to ffmpeg (-i ADDRESS -f mp3 -)',
  },
]

/** Number of bytes of a text that are examined: enough for the head of a playlist. */
const TEXT_BYTES = 1024

/**
 * @param bytes the beginning of a stream, in which no format was found.
 * @returns why it cannot be used, in one line; undefined when the bytes may be raw samples, or anything else.
 */
export function hiddenRefusal(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1', 0, TEXT_BYTES).replace(/^\xef\xbb\xbf/, '')
  const found = TEXTS.find(({ pattern }) => pattern.test(text))
  if (found !== undefined) return found.refusal
  if (holdsTransportStream(bytes)) return joinRefusal('MPEG-TS')
  return holdsFreeFormat(bytes) ? joinRefusal('MP3 in free format, whose frames do not state their length,') : undefined
}

/** Consecutive packets with the sync byte of MPEG-TS (ISO 13818-1 2.4.3.2) that are too many for a coincidence. */
const TS_PACKETS = 6
const TS_SYNC = 0x47
/** Plain packets, and those with a time stamp in front (M2TS). In bytes. */
const TS_PACKET_BYTES = [188, 192]

function holdsTransportStream(bytes: Buffer): boolean {
  return TS_PACKET_BYTES.some((size) => {
    if (bytes.length < TS_PACKETS * size) return false
    for (let start = 0; start < size; start++) {
      let at = start
      while (at < bytes.length && bytes[at] === TS_SYNC) at += size
      if (at >= bytes.length && !repeats(bytes, start, size)) return true
    }
    return false
  })
}

/** Whether the bytes are the same again after `period` of them, as those of a wave form or a text may be. */
function repeats(bytes: Buffer, start: number, period: number): boolean {
  const next = start + period
  return bytes.subarray(start, next).equals(bytes.subarray(next, next + period))
}

/** A frame of free format is at least as long as one at 8 kbit/s, in bytes. */
const FREE_MIN_BYTES = 24
/** Headers in a row, at one distance but for the padding of a byte. */
const FREE_HEADERS = 3

/** Whether Layer III frames follow one another whose header has no bit rate (ISO 11172-3 2.4.2.3, bitrate_index 0). */
function holdsFreeFormat(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (beginsFree(bytes, at) && areFreeFrom(bytes, at)) return true
  }
  return false
}

function areFreeFrom(bytes: Buffer, start: number): boolean {
  const next = nextAlike(bytes, start)
  const distance = next - start
  if (next < 0 || distance < FREE_MIN_BYTES || repeats(bytes, start, distance)) return false
  let at = next
  for (let headers = 2; headers < FREE_HEADERS + 1; headers++) {
    const found = [distance, distance - 1, distance + 1].find((step) => isAlike(bytes, start, at + step))
    if (found === undefined) return false
    at += found
  }
  return true
}

function nextAlike(bytes: Buffer, start: number): number {
  let at = start + 1
  while (at < bytes.length && !isAlike(bytes, start, at)) at++
  return at < bytes.length ? at : -1
}

function beginsFree(bytes: Buffer, at: number): boolean {
  const [second, third] = [bytes[at + 1] ?? 0, bytes[at + 2] ?? 0]
  const isLayer3 = (second & 0xe6) === 0xe2 && (second & 0x18) !== 0x08
  return isLayer3 && (third & 0xf0) === 0 && (third & 0x0c) !== 0x0c
}

/** Whether the header at `at` is like that at `model`, but for padding and the ways of joining channels. */
function isAlike(bytes: Buffer, model: number, at: number): boolean {
  return (
    bytes[at] === 0xff &&
    bytes[at + 1] === bytes[model + 1] &&
    ((bytes[at + 2] ?? 0) & 0xfc) === ((bytes[model + 2] ?? 0) & 0xfc) &&
    ((bytes[at + 3] ?? 0) & 0xc0) === ((bytes[model + 3] ?? 0) & 0xc0)
  )
}
