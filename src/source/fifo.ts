import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { readableChunks } from './readable-chunks.ts'
import { type Source, SourceError } from './source.ts'

// O_NONBLOCK: opening does not wait for a writer, and reading takes no thread. O_NOFOLLOW: a link could lead anywhere.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW

/**
 * A FIFO (named pipe). It ends when its last writer leaves, and opened again it waits for the next one.
 * Between two openings a descriptor is kept, so that what a writer puts in meanwhile is not lost.
 */
export function createFifoSource(path: string): Source {
  let kept: number | undefined
  return {
    label: path,
    patient: true,
    async open(signal) {
      const fd = openFifo(path)
      kept ??= openFifo(path)
      // A pipe's descriptor in a Socket is read when it is readable; a file stream would hold a thread per FIFO.
      const socket = new Socket({ fd, readable: true, writable: false })
      return { chunks: readableChunks(socket, signal), about: {} }
    },
    release() {
      if (kept !== undefined) closeSync(kept)
      kept = undefined
    },
  }
}

function openFifo(path: string): number {
  let fd: number
  try {
    fd = openSync(path, FLAGS)
  } catch (error) {
    throw new SourceError((error as Error).message, { cause: error })
  }
  if (fstatSync(fd).isFIFO()) return fd
  closeSync(fd)
  throw new SourceError(`${path} is no FIFO any more`)
}
