import { BadRequest } from '../http/request-head.ts'

/** Takes the bytes of a body out of the bytes of a connection. */
export interface BodyDecoder {
  /**
   * Decodes the next bytes. May move them within `chunk`, and returns a part of it.
   * @throws BadRequest when the bytes are not valid
   */
  decode(chunk: Buffer): Buffer
  /** Whether the body has ended. The bytes that follow are not part of it. */
  readonly isComplete: boolean
}

/** Maximum digits of a size, as many as the largest exact integer has; RFC 9112 requires a limit. */
const MAX_DIGITS = 14
/** Maximum bytes of a chunk's extensions, and of all trailers: publishers send none. */
const MAX_IGNORED_BYTES = 4_096

const CR = 0x0d
const LF = 0x0a
const SEMICOLON = 0x3b

type State =
  | 'size'
  | 'extension'
  | 'size end'
  | 'data'
  | 'data CR'
  | 'data LF'
  | 'line start'
  | 'trailer'
  | 'trailer LF'
  | 'last LF'
  | 'complete'

/**
 * Decodes a chunked body (RFC 9112, section 7.1). Strict: each line ends in CR LF. Extensions and trailers are ignored.
 *
 *      size -> [extension] -> size end -> data -> data CR -> data LF -> size
 *                                `-- size 0 -> line start -> trailer line ... -> line start -> last LF -> complete
 */
export class ChunkedBody implements BodyDecoder {
  #state: State = 'size'
  #digits = 0
  /** Size of the chunk, or its bytes that have not arrived. */
  #left = 0
  #ignored = 0

  get isComplete(): boolean {
    return this.#state === 'complete'
  }

  decode(chunk: Buffer): Buffer {
    let end = 0
    for (let at = 0; at < chunk.length && this.#state !== 'complete'; ) {
      if (this.#state !== 'data') {
        this.#step(chunk[at] ?? 0)
        at++
        continue
      }
      const length = Math.min(this.#left, chunk.length - at)
      if (at !== end) chunk.copyWithin(end, at, at + length)
      end += length
      at += length
      this.#left -= length
      if (this.#left === 0) this.#state = 'data CR'
    }
    return chunk.subarray(0, end)
  }

  #step(byte: number): void {
    switch (this.#state) {
      case 'size':
        return this.#sizeByte(byte)
      case 'extension':
        if (byte !== CR) return this.#ignore(byte)
        this.#state = 'size end'
        return
      case 'size end':
        return this.#endSize(byte)
      case 'data CR':
        return this.#expect(byte, CR, 'data LF')
      case 'data LF':
        return this.#expect(byte, LF, 'size')
      case 'line start':
      case 'trailer':
        return this.#trailerByte(byte)
      case 'trailer LF':
        return this.#expect(byte, LF, 'line start')
      default:
        return this.#expect(byte, LF, 'complete')
    }
  }

  #sizeByte(byte: number): void {
    const digit = hexDigit(byte)
    if (digit >= 0) {
      this.#digits++
      if (this.#digits > MAX_DIGITS) throw new BadRequest(400, 'a chunk is too large')
      this.#left = this.#left * 16 + digit
      return
    }
    if (this.#digits === 0) throw invalid()
    if (this.#left > Number.MAX_SAFE_INTEGER) throw new BadRequest(400, 'a chunk is too large')
    if (byte === CR) this.#state = 'size end'
    else if (byte === SEMICOLON || isBlank(byte)) this.#state = 'extension'
    else throw invalid()
  }

  #endSize(byte: number): void {
    this.#expect(byte, LF, this.#left === 0 ? 'line start' : 'data')
    this.#digits = 0
    this.#ignored = 0
  }

  #trailerByte(byte: number): void {
    if (byte !== CR) {
      this.#state = 'trailer'
      return this.#ignore(byte)
    }
    this.#state = this.#state === 'line start' ? 'last LF' : 'trailer LF'
  }

  #ignore(byte: number): void {
    this.#ignored++
    if (byte === LF || byte === 0 || this.#ignored > MAX_IGNORED_BYTES) throw invalid()
  }

  #expect(byte: number, expected: number, next: State): void {
    if (byte !== expected) throw invalid()
    this.#state = next
  }
}

function invalid(): BadRequest {
  return new BadRequest(400, 'the chunks of the body are not valid')
}

/** @returns -1 when the byte is not a hexadecimal digit */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09
}
