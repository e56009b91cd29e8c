import { constants, fstatSync, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { isatty } from 'node:tty'
import sonicBoom from 'sonic-boom'

/** Maximum output that waits for its reader, in bytes; more is dropped. */
const MAX_WAITING_BYTES = 1024 * 1024
const STANDARD_OUTPUT = 1

/**
 * Standard output of the running program: the log, and texts for a person at a terminal. The program never waits for the
 * reader, which may be a full pipe, a stopped terminal, a full disk, or closed.
 */
export interface Output {
  readonly isTerminal: boolean
  write(text: string): void
  /** Resolves when everything has been written, or cannot be; never while the reader does not read. */
  flushed(): Promise<void>
}

/** Opens it for the lifetime of the process; at exit, output that still waits is written as far as there is room. */
export function openOutput(): Output {
  let isExiting = false
  const fd = withoutWaiting(STANDARD_OUTPUT)
  const options = { fd, sync: false, maxLength: MAX_WAITING_BYTES, retryEAGAIN: () => !isExiting }
  const output = new sonicBoom.SonicBoom(options)
  // Not its `flush`, which syncs a file: on a slow disk the process would end meanwhile, in a thread that cannot be ended.
  let isWritten = true
  const waiting: (() => void)[] = []
  const written = () => {
    isWritten = true
    for (const resolve of waiting.splice(0)) resolve()
  }
  output.on('drain', written)
  // Streams continue when the output is closed.
  output.on('error', written)
  process.on('exit', () => {
    isExiting = true
    try {
      output.flushSync()
    } catch {
      // See above.
    }
  })
  return {
    isTerminal: isatty(STANDARD_OUTPUT),
    write(text) {
      isWritten = false
      output.write(text)
    },
    flushed: () => (isWritten ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
  }
}

const sockets: Socket[] = []

/**
 * Returns a descriptor for the same file whose writes fail with EAGAIN where they would wait: a thread of libuv that waits in
 * write(2) would be waited for by exit(3). Regular files are always ready, and what cannot be opened anew stays as it is.
 */
function withoutWaiting(fd: number): number {
  const stat = fstatSync(fd)
  if (!stat.isFIFO() && !stat.isSocket() && !isatty(fd)) return fd
  try {
    // A file description of its own: O_NONBLOCK would otherwise hold for other programs too that share this one. Linux only.
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
  } catch {
    // A socket, such as the journal's, cannot be opened, nor the pipe of another user; libuv makes them non-blocking.
    if (!isatty(fd)) sockets.push(new Socket({ fd, readable: false, writable: true }).unref())
    return fd
  }
}
