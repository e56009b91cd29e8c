import type { IncomingMessage } from 'node:http'
import { readableChunks } from '../pipe/readable-chunks.ts'
import { SourceError } from '../source.ts'
import { destroyAfter, type Limits } from './limits.ts'

/** The body of an answer. */
export interface Body {
  /** Its beginning: at least `FIRST_BYTES`, unless it ends before. */
  readonly first: Buffer
  /** All of it. */
  readonly chunks: AsyncIterable<Buffer>
}

/** Number of bytes that suffice to recognise a playlist, behind a byte order mark. */
const FIRST_BYTES = 16
/** Time until these bytes, in milliseconds. A server that sends the head only has no sound. */
const FIRST_BYTES_MS = 10_000

/** Reads the beginning of a body. @param begun called at its first byte @throws SourceError when it does not arrive in time */
export async function beginBody(answer: IncomingMessage, limits: Limits, begun?: () => void): Promise<Body> {
  const chunks = lostOrEnded(answer, limits.signal)
  const release = destroyAfter(answer, FIRST_BYTES_MS, 'no bytes', limits)
  const read: Buffer[] = []
  let bytes = 0
  try {
    while (bytes < FIRST_BYTES) {
      const { value, done } = await chunks.next()
      if (done === true) break
      if (bytes === 0) begun?.()
      read.push(value)
      bytes += value.length
    }
  } finally {
    release()
  }
  if (bytes === 0) throw new SourceError('no bytes')
  const [only = Buffer.alloc(0)] = read
  const first = read.length > 1 ? Buffer.concat(read) : only
  return { first, chunks: joined(first, chunks) }
}

async function* joined(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}

/** Yields the bytes of an answer. An answer without a length simply ends. @throws SourceError when the connection is lost */
async function* lostOrEnded(answer: IncomingMessage, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    yield* readableChunks(answer, signal)
  } catch (error) {
    const { message, cause } = error as Error
    // Node.js reports a connection that is closed before the end of the body as aborted.
    throw new SourceError(message === 'aborted' ? 'connection lost' : message, { cause })
  }
}
