/** Maximum length of a line, in bytes: a longer one is cut into pieces. */
const MAX_LINE_BYTES = 1_000
/** Maximum number of lines cut from one chunk; the rest is only counted. */
const MAX_LINES_A_CHUNK = 100
/** Number of last uncut bytes whose lines are kept, and maximum number of those lines. */
const TAIL_BYTES = 4_096
const TAIL_LINES = 20

const LF = 0x0a
const CR = 0x0d

/** Counts of uncut bytes, and their last whole lines. */
export interface Uncut {
  readonly lines: number
  readonly bytes: number
  readonly tail: readonly string[]
}

/** Receives the lines of a text. */
export interface LineReader {
  /**
   * @param line with its end. A line that ends in a carriage return is overwritten by the next one.
   * @returns false if the rest of the chunk is to be counted, not cut.
   */
  line(line: string): boolean
  uncut(rest: Uncut): void
}

/** Splits UTF-8 bytes into lines, at a bounded cost per chunk. */
export interface LineCutter {
  push(chunk: Buffer): void
  /** Emits the last line even without a line end. */
  end(): void
}

/** A line ends after a line feed, or after a carriage return without a following line feed. */
export function createLineCutter(reader: LineReader): LineCutter {
  let begun = Buffer.alloc(0)
  return {
    push(chunk) {
      const bytes = begun.length === 0 ? chunk : Buffer.concat([begun, chunk])
      let at = 0
      let end = lineEnd(bytes, at)
      for (let lines = 1; end > 0; lines++) {
        const goesOn = reader.line(bytes.toString('utf8', at, end)) && lines < MAX_LINES_A_CHUNK
        at = end
        if (!goesOn) at += countUncut(bytes.subarray(at), reader)
        end = goesOn ? lineEnd(bytes, at) : -1
      }
      // A copy: a view would keep the whole chunk in memory.
      begun = Buffer.from(bytes.subarray(at))
    },
    end() {
      if (begun.length > 0) reader.line(begun.toString())
      begun = Buffer.alloc(0)
    },
  }
}

/** @returns the index after the line, or after a piece of a line that is too long; -1 when more bytes are needed. */
function lineEnd(bytes: Buffer, from: number): number {
  const last = Math.min(bytes.length, from + MAX_LINE_BYTES)
  for (let at = from; at < last; at++) {
    if (bytes[at] === LF) return at + 1
    if (bytes[at] !== CR || at + 1 >= bytes.length) continue
    if (bytes[at + 1] !== LF) return at + 1
  }
  return bytes.length - from <= MAX_LINE_BYTES ? -1 : beginOfCharacter(bytes, last)
}

/** UTF-8 (RFC 3629): bytes of the form 10xxxxxx continue a character, at most three of them. */
function beginOfCharacter(bytes: Buffer, at: number): number {
  for (let back = 0; back < 4; back++) if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back
  return at
}

/** @returns the number of bytes that were consumed: all but a short incomplete line at the end. */
function countUncut(bytes: Buffer, reader: LineReader): number {
  let lines = 0
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === LF) lines++
  const wholeLines = bytes.lastIndexOf(LF) + 1
  const begunBytes = bytes.length - wholeLines
  const done = begunBytes > MAX_LINE_BYTES ? bytes.length : wholeLines
  if (done > 0) reader.uncut({ lines, bytes: done, tail: tailOf(bytes.subarray(0, wholeLines)) })
  return done
}

function tailOf(bytes: Buffer): string[] {
  const isCut = bytes.length > TAIL_BYTES
  const lines = bytes.subarray(-TAIL_BYTES).toString().split('\n').slice(0, -1)
  return lines.slice(isCut ? 1 : 0).slice(-TAIL_LINES)
}
