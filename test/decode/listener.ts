import { once } from 'node:events'
import { connect } from 'node:net'
import type { Readable } from 'node:stream'
import type { Test } from 'tap'

/** A listener that stores all bytes it receives. */
export interface Listener {
  /** Resolves when the first bytes have arrived. */
  readonly begun: Promise<unknown>
  /** Bytes received, response head included. */
  bytes(): number
  /** Resolves as soon as the last bytes received are the end of one of `frames`. */
  reached(frames: readonly Buffer[]): Promise<void>
  /** Resolves with the body when the connection is closed. */
  readonly closed: Promise<Buffer>
}

/** Number of bytes by which the end of a frame is recognized, */
const END_BYTES = 18
/** except for the last ones: in FLAC they are a checksum that depends on what a listener has missed. */
const CHECK_BYTES = 2

/** @param closed resolves when no more data will arrive. */
export function record(input: Readable, closed: Promise<unknown>): Listener {
  const chunks: Buffer[] = []
  let bytes = 0
  let look: (() => void) | undefined
  input.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    look?.()
  })
  const endsWith = (frames: readonly Buffer[]) => {
    const tail = endOf(chunks)
    return frames.some((frame) =>
      tail.subarray(-frame.length, -CHECK_BYTES).equals(frame.subarray(-END_BYTES, -CHECK_BYTES)),
    )
  }
  return {
    begun: once(input, 'data'),
    bytes: () => bytes,
    reached: (frames) =>
      new Promise((resolve) => {
        look = () => {
          if (endsWith(frames)) resolve()
        }
        look()
        void closed.then(() => resolve())
      }),
    closed: closed.then(() => bodyOf(chunks)),
  }
}

function endOf(chunks: readonly Buffer[]): Buffer {
  let end: Buffer = Buffer.alloc(0)
  for (let i = chunks.length - 1; i >= 0 && end.length < END_BYTES; i--) {
    end = Buffer.concat([chunks[i] ?? end, end])
  }
  return end.subarray(-END_BYTES)
}

function bodyOf(chunks: readonly Buffer[]): Buffer {
  const all = Buffer.concat(chunks)
  const headEnd = all.indexOf('\r\n\r\n')
  return headEnd < 0 ? Buffer.alloc(0) : all.subarray(headEnd + 4)
}

/** Connects and requests the stream, as a simple player does. @param enough number of bytes after which it disconnects. */
export function listenPlainly(
  t: Pick<Test, 'teardown'>,
  port: number,
  enough = Number.POSITIVE_INFINITY,
  path = '/',
): Listener {
  const socket = connect({ port, host: '127.0.0.1' })
  t.teardown(() => socket.destroy())
  socket.on('error', () => {})
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  socket.on('data', () => {
    if (socket.bytesRead >= enough) socket.destroy()
  })
  return record(socket, new Promise((resolve) => void socket.once('close', resolve)))
}
