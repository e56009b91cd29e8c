import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { Socket } from 'node:net'
import { type Clock, pause } from '../../system/clock.ts'
import { stat } from '../../system/file-calls.ts'
import { untilNextLook } from '../../system/look-every.ts'
import { shownPath, systemPath } from '../../text/byte-path.ts'
import { type Source, SourceError } from '../source.ts'
import { fileFailure } from '../system-failure.ts'
import { readSingly } from './read-singly.ts'
import { readableChunks } from './readable-chunks.ts'
import { WaitingBytes } from './waiting-bytes.ts'

// O_NONBLOCK: opening does not wait for a writer, and reading does not occupy a thread.
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK
const CHUNK_BYTES = 64 * 1024
/** Maximum number of chunks read ahead. A FIFO holds at most 1 MiB (pipe(7)); bytes written meanwhile are read as usual. */
const MAX_CHUNKS = 32
/** Interval at which the path is checked for another FIFO, in milliseconds. */
const CHECK_EVERY_MS = 1_000

/**
 * Makes a source of a FIFO (named pipe). It ends when its last writer closes it, and when opened again waits for the next one.
 * Between two openings a descriptor is kept open, so that bytes written meanwhile are not lost.
 * @param links whether the path may be a symbolic link, which could lead anywhere.
 */
export function createFifoSource(path: string, links: 'followed' | 'refused', clock: Clock): Source {
  const flags = links === 'followed' ? FLAGS : FLAGS | constants.O_NOFOLLOW
  let kept: number | undefined
  const release = () => {
    if (kept !== undefined) closeSync(kept)
    kept = undefined
  }
  // The path may name another FIFO than last time. Bytes in the same FIFO are not lost, because it always has a reader.
  const keep = (fd: number) => {
    release()
    kept = fd
  }
  return {
    label: shownPath(path),
    mayPause: true,
    patient: true,
    async open(signal) {
      // The descriptor for reading comes first: it sees the end of a writer that opens and closes the FIFO between the two
      // calls.
      const fd = openFifo(path, flags)
      try {
        keep(openFifo(path, flags))
        const pending = pendingIn(fd)
        return {
          chunks: chunksOf(fd, pending, path, clock, signal),
          waitsFor: pending.hasWriter ? undefined : 'writer',
          about: {},
        }
      } catch (error) {
        closeSync(fd)
        throw error
      }
    },
    release,
  }
}

function openFifo(path: string, flags: number): number {
  let fd: number
  try {
    fd = openSync(systemPath(path), flags)
  } catch (error) {
    throw fileFailure(error, shownPath(path))
  }
  if (isFifo(fd)) return fd
  closeSync(fd)
  throw new SourceError(`${shownPath(path)} is no longer a FIFO`)
}

function isFifo(fd: number): boolean {
  try {
    return fstatSync(fd).isFIFO()
  } catch {
    return false
  }
}

/** The bytes that a pipe held when it was opened. */
interface Pending {
  readonly chunks: readonly Buffer[]
  /** A writer has the pipe open, or had it open and left bytes. */
  readonly hasWriter: boolean
  /** The writer has closed the pipe: no bytes follow. */
  readonly isOver: boolean
}

/**
 * Reads the bytes already in the pipe, and whether their writer has closed it: poll(2) does not report that to a reader that
 * opens the FIFO afterwards (Linux' fs/pipe.c).
 */
function pendingIn(fd: number): Pending {
  const chunks: Buffer[] = []
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
      const bytes = readSync(fd, chunk)
      // Zero bytes: the FIFO has no writer. It is the end if bytes were read before.
      if (bytes === 0) return { chunks, hasWriter: chunks.length > 0, isOver: chunks.length > 0 }
      chunks.push(chunk.subarray(0, bytes))
      if (chunks.length >= MAX_CHUNKS) return { chunks, hasWriter: true, isOver: false }
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return { chunks, hasWriter: true, isOver: false }
    throw new SourceError((error as Error).message, { cause: error })
  }
}

async function* chunksOf(
  fd: number,
  { chunks, isOver }: Pending,
  path: string,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let socket: Socket | undefined
  try {
    for (const chunk of chunks) {
      if (signal.aborted) return
      yield chunk
    }
    if (isOver || signal.aborted) return
    // A pipe's descriptor in a Socket is read when it is readable; a file stream would block a thread per FIFO.
    socket = readSingly(() => new Socket({ fd, readable: true, writable: false }))
    yield* chunksFrom(socket, fd, path, clock, signal)
  } finally {
    // The socket closes the descriptor once it owns it. Before that, a refused format may end the opening.
    if (socket === undefined) closeSync(fd)
  }
}

async function* chunksFrom(
  socket: Socket,
  fd: number,
  path: string,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const ended = new AbortController()
  const waiting = new WaitingBytes(socket)
  const bytesRead = () => socket.bytesRead + waiting.count
  const either = AbortSignal.any([signal, ended.signal])
  void replaced(fd, bytesRead, path, clock, either).then(() => ended.abort())
  try {
    yield* readableChunks(socket, either, waiting)
  } finally {
    ended.abort()
  }
}

/** Resolved when the path names another FIFO and this one, which new writers can no longer find, yields no bytes. */
async function replaced(
  fd: number,
  bytesRead: () => number,
  path: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const { dev, ino } = fstatSync(fd)
  for (let seen = -1; !signal.aborted; seen = bytesRead()) {
    await pause(clock, untilNextLook(clock.now(), CHECK_EVERY_MS), signal)
    // The path need not be looked up while bytes arrive.
    if (bytesRead() !== seen) continue
    const named = await stat(systemPath(path)).catch(() => undefined)
    const isOther = named?.isFIFO() === true && (named.ino !== ino || named.dev !== dev)
    if (isOther && bytesRead() === seen) return
  }
}
