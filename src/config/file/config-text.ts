/** Reads a configuration file as text. */
import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { UsageError } from '../usage-error.ts'

const mostBytes = 2 ** 20
const NO_FILE = 'no such file; -config needs a file of flags, or a directory with *.conf files'

/** Returns the content of the file, without a byte order mark. @throws UsageError when it cannot be read or is not text */
export function readConfigText(path: string): string {
  const bytes = readBytes(path)
  if (bytes.length > mostBytes) throw unusable(path, 'is larger than 1 MiB')
  // The bytes of a character in UTF-8 are never those of a line break.
  if (!isUtf8(bytes)) throw unusable(`${path}:${lineOf(bytes, (line) => !isUtf8(line))}`, 'is not in UTF-8')
  if (bytes.includes(0)) throw unusable(`${path}:${lineOf(bytes, (line) => line.includes(0))}`, 'has a zero byte')
  return new TextDecoder().decode(bytes)
}

function unusable(place: string, why: string): UsageError {
  return new UsageError(`${place}: ${why}`, 'config', undefined)
}

function readBytes(path: string): Buffer {
  try {
    return readSome(path)
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw unusable(path, reasons[code] ?? `cannot be read: ${message}`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: NO_FILE,
  ENOTDIR: NO_FILE,
  EACCES: 'this user is not permitted to read it',
  EISDIR: 'is a directory',
  ESPIPE: 'is a pipe, not a file',
}

/** Reads at most one byte more than allowed, because files such as /dev/zero have no end. */
function readSome(path: string): Buffer {
  // Without O_NONBLOCK, opening a FIFO without a writer would block the program.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (fstatSync(file).isFIFO()) throw Object.assign(new Error(), { code: 'ESPIPE' })
    const bytes = Buffer.alloc(mostBytes + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, { offset: length })
    return bytes.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

/** Returns the number of the first line that matches, counted from 1. */
function lineOf(bytes: Buffer, isIt: (line: Buffer) => boolean): number {
  let number = 1
  for (let at = 0; ; number++) {
    const end = bytes.indexOf('\n', at)
    if (end < 0 || isIt(bytes.subarray(at, end))) return number
    at = end + 1
  }
}
