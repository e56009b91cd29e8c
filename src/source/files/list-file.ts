import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { systemPath } from '../../text/byte-path.ts'
import { utf16Of } from '../../text/decode-text.ts'

/** Maximum size of a list, in bytes: about 200,000 entries. The rest is left out. */
const MAX_BYTES = 16 * 2 ** 20
/** Size of one read, in bytes: its lines take a few milliseconds at most, and then other work runs. */
const CHUNK_BYTES = 8 * 1024
/**
 * Maximum length of a line, in bytes: a path has at most 4,096 (PATH_MAX), and each may be percent-encoded. A longer line is
 * left out.
 */
const MAX_LINE_BYTES = 16 * 1024

/** Result of reading a list. */
export interface ListRead {
  /** The list has more bytes than were read. */
  readonly isCut: boolean
}

/**
 * Reads a list, line by line. @throws the system's error when the file cannot be read
 * @param line takes each line that is not empty, in UTF-8 or whatever its bytes are; UTF-16 is converted to UTF-8.
 */
export async function readListFile(path: string, line: (bytes: Buffer) => void): Promise<ListRead> {
  // Without O_NONBLOCK, opening a FIFO in place of the list would block forever.
  const file = await open(systemPath(path), constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const lines = createLines(line)
    let decoder: InstanceType<typeof TextDecoder> | undefined
    for (let at = 0; at < MAX_BYTES; ) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at)
      if (bytesRead === 0) {
        lines.end()
        return { isCut: false }
      }
      const chunk = buffer.subarray(0, bytesRead)
      const utf16 = at === 0 ? utf16Of(chunk) : undefined
      if (utf16 !== undefined) decoder = new TextDecoder(utf16)
      lines.push(decoder === undefined ? withoutMark(chunk, at) : Buffer.from(decoder.decode(chunk, { stream: true })))
      at += bytesRead
    }
    return { isCut: true }
  } finally {
    await file.close()
  }
}

/** Removes the byte order mark of UTF-8. */
function withoutMark(chunk: Buffer, at: number): Buffer {
  return at === 0 && chunk.subarray(0, 3).equals(Buffer.from('\ufeff')) ? chunk.subarray(3) : chunk
}

/** Splits chunks into lines, which end with LF, CR, or both. */
export function createLines(line: (bytes: Buffer) => void): { push(chunk: Buffer): void; end(): void } {
  let begun = ''
  const whole = (text: string) => {
    if (text !== '' && text.length <= MAX_LINE_BYTES) line(Buffer.from(text, 'latin1'))
  }
  return {
    push(chunk) {
      // A Latin-1 string has one character per byte.
      const [first = '', ...rest] = chunk.toString('latin1').split(/[\r\n]/)
      const last = rest.pop()
      if (last === undefined) {
        // Enough of a line that is too long is kept to detect its length.
        if (begun.length <= MAX_LINE_BYTES) begun += first
        return
      }
      whole(begun + first)
      for (const text of rest) whole(text)
      begun = last
    },
    end: () => whole(begun),
  }
}
