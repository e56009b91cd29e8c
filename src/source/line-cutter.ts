/** Maximum length of a line, in bytes: a longer one is cut into pieces. */
const MAX_LINE_BYTES = 1_000
/** Maximum number of lines that are cut out of one chunk: what follows is only counted. */
const MAX_LINES_A_CHUNK = 100
/** Part of uncut bytes whose lines are kept, in bytes, and the maximum number of those lines. */
const TAIL_BYTES = 4_096
const TAIL_LINES = 20

const LF = 0x0a
const CR = 0x0d

/** Uncut bytes: what they hold, and their last whole lines. */
export interface Uncut {
  readonly lines: number
  readonly bytes: number
  readonly tail: readonly string[]
}

/** Receives the lines of a text. */
export interface LineReader {
  /**
   * @param line with its end. One that ends in a carriage return is written over by the next.
   * @returns false: the rest of the chunk is to be counted, not cut.
   */
  line(line: string): boolean
  uncut(rest: Uncut): void
}

/** Cuts bytes of UTF-8 into lines, at a cost that is bounded for each chunk. */
export interface LineCutter {
  push(chunk: Buffer): void
  /** The last line may lack its end. */
  end(): void
}

/** A line ends behind a line feed, or behind a carriage return that no line feed follows. */
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

/** @returns the index behind the line, or behind a piece of a line that is too long; -1 when more bytes are needed. */
function lineEnd(bytes: Buffer, from: number): number {
  const last = Math.min(bytes.length, from + MAX_LINE_BYTES)
  for (let at = from; at < last; at++) {
    if (bytes[at] === LF) return at + 1
    if (bytes[at] !== CR || at + 1 >= bytes.length) continue
    if (bytes[at + 1] !== LF) return at + 1
  }
  return bytes.length - from <= MAX_LINE_BYTES ? -1 : beginOfCharacter(bytes, last)
}

/** UTF-8 (RFC 3629): bytes of the form 10xxxxxx go on with a character, at most three of them. */
function beginOfCharacter(bytes: Buffer, at: number): number {
  for (let back = 0; back < 4; back++) if (((bytes[at - back] ?? 0) & 0xc0) !== 0x80) return at - back
  return at
}

/** @returns the number of bytes that are done with: all but a short beginning of a line. */
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
