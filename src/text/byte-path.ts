/**
 * File names are bytes, and not all of them are UTF-8: old archives, CD rips and FAT volumes have Latin-1. A path is a string
 * all the same. As in Python's PEP 383, a byte that is not part of valid UTF-8 is a lone surrogate, U+DC80 to U+DCFF, which no
 * valid UTF-8 decodes to. So nothing is lost, and paths can be joined, sorted and compared as usual.
 */
import { isUtf8 } from 'node:buffer'

const FIRST_ESCAPE = 0xdc00
const ESCAPES = /[\udc80-\udcff]/u
const LONE_ESCAPES = /[\udc80-\udcff]/gu

/** Returns the path with these bytes. */
export function pathOfBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (isUtf8(buffer)) return buffer.toString()
  let path = ''
  for (let at = 0; at < buffer.length; ) {
    const length = characterBytes(buffer, at)
    path +=
      length === 0 ? String.fromCharCode(FIRST_ESCAPE + (buffer[at] ?? 0)) : buffer.toString('utf8', at, at + length)
    at += Math.max(1, length)
  }
  return path
}

/** Returns the argument for calls of the file system: the bytes of the path when they are not UTF-8. */
export function systemPath(path: string): string | Buffer {
  return ESCAPES.test(path) ? bytesOfPath(path) : path
}

/** Returns the bytes of a path. */
function bytesOfPath(path: string): Buffer {
  const parts: Buffer[] = []
  for (const text of path.split(/([\udc80-\udcff]+)/u)) {
    const isEscaped = text.replaceAll(LONE_ESCAPES, '') === ''
    parts.push(isEscaped ? Buffer.from(Array.from(text, (escape) => escape.charCodeAt(0) & 0xff)) : Buffer.from(text))
  }
  return Buffer.concat(parts)
}

/** Returns the path for display: bytes that are not UTF-8 are shown as Latin-1. */
export function shownPath(path: string): string {
  return path.replaceAll(LONE_ESCAPES, (escape) => String.fromCharCode(escape.charCodeAt(0) & 0xff))
}

/** Length of the valid character at `at`, in bytes; 0 without one. */
function characterBytes(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  return at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}
