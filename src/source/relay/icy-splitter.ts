import { decodeText } from '../../text/decode-text.ts'
import { inOneLine } from '../../text/in-one-line.ts'
import { NewTitle } from '../new-title.ts'

const UNIT_BYTES = 16

/**
 * Takes the titles of ICY out of the bytes of a server, however these are cut:
 *
 * ```
 *   bytes   [ interval ]N[ 16 N bytes ][ interval ]0[ interval ]N[ 16 N bytes ][ ...
 *   pieces  [ interval ]               [ interval ] [ interval ]               [ ...
 *   title                              ^ of the block before it                ^
 * ```
 */
export class IcySplitter {
  readonly #interval: number
  readonly #charset: string
  /** Bytes of sound up to the next block. */
  #untilBlock: number
  /** The block that is being read, at most 4,080 bytes; undefined: its length is next. */
  #block: Buffer | undefined
  #blockBytes = 0
  readonly #title = new NewTitle()

  /** @param interval number of bytes between two blocks, at least 1. @param charset of titles that are not UTF-8 */
  constructor(interval: number, charset: string) {
    this.#interval = interval
    this.#untilBlock = interval
    this.#charset = charset
  }

  /** Returns the title that is valid from the last piece on, once; see `SourceConnection.takeTitle`. */
  takeTitle(): string | undefined {
    return this.#title.take()
  }

  /** Yields the sound of a chunk, as views, cut at each block. */
  *split(chunk: Buffer): Generator<Buffer> {
    let at = 0
    while (at < chunk.length) {
      if (this.#untilBlock === 0) {
        at += this.#takeBlock(chunk.subarray(at))
        continue
      }
      const piece = chunk.subarray(at, at + this.#untilBlock)
      this.#untilBlock -= piece.length
      at += piece.length
      yield piece
    }
  }

  /** Takes a part of a block from the beginning of `bytes`. @returns its length */
  #takeBlock(bytes: Buffer): number {
    if (this.#block === undefined) {
      const length = (bytes[0] ?? 0) * UNIT_BYTES
      if (length === 0) this.#untilBlock = this.#interval
      else this.#block = Buffer.alloc(length)
      this.#blockBytes = 0
      return 1
    }
    const taken = bytes.copy(this.#block, this.#blockBytes)
    this.#blockBytes += taken
    if (this.#blockBytes === this.#block.length) {
      this.#title.set(titleIn(this.#block, this.#charset))
      this.#block = undefined
      this.#untilBlock = this.#interval
    }
    return taken
  }
}

/**
 * Returns the title of a block; undefined: it has none. `StreamTitle='It's; 'so';StreamUrl='';` has no escapes by any document,
 * so the title ends before the next name, or else at the last `';`. Some servers escape apostrophes all the same.
 */
function titleIn(block: Buffer, charset: string): string | undefined {
  const [text = ''] = block.toString('latin1').split('\0', 1)
  const start = /StreamTitle='/i.exec(text)
  if (start === null) return undefined
  const rest = text.slice(start.index + start[0].length)
  const next = rest.search(/';\s*[a-z]\w*='/i)
  const last = next < 0 ? rest.lastIndexOf("';") : next
  const value = last < 0 ? rest.replace(/';?$/, '') : rest.slice(0, last)
  return inOneLine(decodeText(Buffer.from(value.replaceAll("\\'", "'"), 'latin1'), charset))
}
