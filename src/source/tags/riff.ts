import { decodeText } from '../../text/decode-text.ts'
import type { BoundedFile } from './bounded-file.ts'
import type { EmbeddedPicture } from './embedded-picture.ts'
import { id3v2Tags } from './id3v2.ts'
import { id3v2Pictures } from './id3v2-pictures.ts'
import { MAX_TEXT_BYTES, type Tags } from './tags.ts'

const HEAD_BYTES = 12
const CHUNK_HEAD_BYTES = 8
/** Maximum number of chunks read, per file and per list. */
const MAX_CHUNKS = 100

interface Chunk {
  readonly id: string
  /** Position of its body. */
  readonly at: number
  readonly length: number
}

/**
 * Reads the tags of WAV: an ID3v2 tag in a chunk of its own, or the list `INFO`.
 * @returns undefined when it is not WAV, or has none
 */
export async function riffTags(file: BoundedFile, charset: string): Promise<Tags | undefined> {
  if (!(await isWav(file))) return undefined
  let info: Tags | undefined
  for await (const { id, at, length } of chunks(file, HEAD_BYTES, file.size)) {
    if (id.toLowerCase() === 'id3 ') {
      const tags = await id3v2Tags(file, at, charset)
      if (tags !== undefined && tags.title !== '') return tags
    } else if (id === 'LIST' && (await file.at(at, 4)).toString('latin1') === 'INFO') {
      info ??= await infoTags(file, at + 4, at + length, charset)
    }
  }
  return info
}

/** Pictures of WAV: those of an ID3v2 tag in a chunk of its own. */
export async function* riffPictures(file: BoundedFile): AsyncGenerator<EmbeddedPicture> {
  if (!(await isWav(file))) return
  for await (const { id, at } of chunks(file, HEAD_BYTES, file.size)) {
    if (id.toLowerCase() === 'id3 ') yield* id3v2Pictures(file, at)
  }
}

async function isWav(file: BoundedFile): Promise<boolean> {
  return /^(?:RIFF|RF64)[^]{4}WAVE$/.test((await file.at(0, HEAD_BYTES)).toString('latin1'))
}

async function infoTags(file: BoundedFile, from: number, end: number, charset: string): Promise<Tags> {
  let [title, artist] = ['', '']
  for await (const { id, at, length } of chunks(file, from, Math.min(end, file.size))) {
    if (id !== 'INAM' && id !== 'IART') continue
    const read = Math.min(length, MAX_TEXT_BYTES)
    const text = decodeText(await file.at(at, read), charset, read < length)
      .replace(/\0[^]*$/, '')
      .trim()
    if (id === 'INAM') title ||= text
    else artist ||= text
  }
  return { title, artists: artist === '' ? [] : [artist] }
}

/** Yields the chunks, which begin at even positions. */
async function* chunks(file: BoundedFile, from: number, end: number): AsyncGenerator<Chunk> {
  let at = from
  for (let i = 0; i < MAX_CHUNKS && at + CHUNK_HEAD_BYTES <= end; i++) {
    const head = await file.at(at, CHUNK_HEAD_BYTES)
    if (head.length < CHUNK_HEAD_BYTES) return
    const [id, length] = [head.toString('latin1', 0, 4), head.readUInt32LE(4)]
    at += CHUNK_HEAD_BYTES
    yield { id, at, length }
    at += length + (length % 2)
  }
}
