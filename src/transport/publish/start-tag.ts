import { titleLine } from '../../../filters/titles/title-line.ts'
import { id3v2Tags } from '../../source/tags/id3v2.ts'

/** Maximum number of bytes that are held back. Pictures are longer, but text usually precedes them. */
const MAX_HELD_BYTES = 64 * 1024
/** Length of the head of a tag, and position of its size (ID3v2.4, section 3.1). */
const HEAD_BYTES = 10
const MAGIC = 'ID3'

const NOTHING = Buffer.alloc(0)

/**
 * Holds back the start of a body until an ID3v2 tag there is complete, because its title is valid from its own bytes on. Bodies
 * without a tag are not delayed.
 */
export class StartTag {
  #held: Buffer = NOTHING

  /** @returns all bytes that were held, once the tag is complete or there is none; undefined before */
  hold(bytes: Buffer): Buffer | undefined {
    const held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    const isTag = held.toString('latin1', 0, MAGIC.length) === MAGIC.slice(0, held.length)
    if (!isTag || held.length >= bytesNeeded(held)) return this.release(held)
    this.#held = held
    return undefined
  }

  /** Returns what is held. */
  release(held = this.#held): Buffer {
    this.#held = NOTHING
    return held
  }
}

function bytesNeeded(held: Buffer): number {
  if (held.length < HEAD_BYTES) return HEAD_BYTES
  const size = held.subarray(6, HEAD_BYTES).reduce((sum, byte) => sum * 128 + (byte & 0x7f), 0)
  return Math.min(HEAD_BYTES + size, MAX_HELD_BYTES)
}

/**
 * Returns artist and title of the ID3v2 tag at the start of `bytes`, in one line; undefined without one.
 * @param charset encoding of text that is not Unicode
 */
export async function titleOfTag(bytes: Buffer, charset: string): Promise<string | undefined> {
  const file = {
    size: bytes.length,
    at: async (position: number, length: number) => bytes.subarray(position, position + length),
  }
  const tags = await id3v2Tags(file, 0, charset)
  return tags === undefined || tags.title === '' ? undefined : titleLine(tags.artists.join(', '), tags.title)
}

/** Whether these bytes begin with a tag. */
export function hasTag(bytes: Buffer): boolean {
  return bytes.length >= HEAD_BYTES && bytes.toString('latin1', 0, MAGIC.length) === MAGIC
}
