import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { decodeTextFile } from '../text/decode-text.ts'
import type { Station } from './station.ts'

/** So many bytes of the file are looked at. */
const MAX_BYTES = 4096
/** How often it is read, in milliseconds. */
const READ_EVERY_MS = 1_000

/** A file whose first line says what is playing. */
export interface TitleFile {
  /** What it said last; empty as long as it has said nothing. */
  readonly title: string
  /** Reads it; resolved with whether the title is another one now. A file that cannot be read is no error. */
  look(): Promise<boolean>
}

/**
 * Tells a station's streams what a file says, once a second for as long as the program runs; that alone does not keep it
 * running. @returns a function that ends it.
 *
 * It is read, not watched: editors replace the file, `echo > file` empties it first, it may be a link, lie on another machine
 * or not be there yet, and times of change are too coarse to tell two changes apart. Reading 4 kB a second costs nothing.
 */
export function followTitleFile(file: TitleFile, station: Station): () => void {
  let isLooking = false
  const look = async () => {
    // Readings of a file on a machine that does not answer must not pile up.
    if (isLooking) return
    isLooking = true
    if (await file.look()) for (const stream of station.streams()) stream.setTitle(file.title)
    isLooking = false
  }
  const timer = setInterval(() => void look(), READ_EVERY_MS).unref()
  return () => clearInterval(timer)
}

/** @param path need not be there yet. @param charset encoding of a text that is not Unicode. */
export function createTitleFile(path: string, charset: string): TitleFile {
  let title = ''
  let wasEmpty = false
  return {
    get title() {
      return title
    },
    async look() {
      const bytes = await readStart(path).catch(() => undefined)
      // A file that is gone may be about to be replaced: it does not change what is playing.
      if (bytes === undefined) return false
      // Who writes a file empties it first: that it is empty counts if it still is at the next look.
      const isBeingWritten = bytes.length === 0 && !wasEmpty
      wasEmpty = bytes.length === 0
      if (isBeingWritten) return false
      const before = title
      title = titleIn(bytes, charset)
      return title !== before
    },
  }
}

/** Without waiting, whatever the path is: a FIFO would otherwise hold its reader until somebody writes. */
async function readStart(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The first line, without its control characters and the blanks around it. */
function titleIn(bytes: Buffer, charset: string): string {
  const [line = ''] = decodeTextFile(bytes, charset, bytes.length === MAX_BYTES).split('\n', 1)
  return line.replaceAll(/\p{Cc}/gu, '').trim()
}
