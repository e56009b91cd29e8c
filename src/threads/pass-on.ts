import type { Socket } from 'node:net'
import type { HandOver } from '../transport/hand-over.ts'
import { type Origin, originOf } from '../transport/origin.ts'
import type { PassedSockets } from './passed-sockets.ts'

/** An answer that is complete has this time without a byte taken to leave, in milliseconds: as long as those of the pages have. */
const IDLE_MS = 60_000

/**
 * Passes requests that are for no stream's bytes on to the main thread, byte by byte, and the answers back. What nothing there
 * answers either is refused there.
 * @param announce posts to the main thread which connection the messages are about.
 */
export function createPassOn(passed: PassedSockets, announce: (id: number, origin: Origin) => void): HandOver {
  let lastId = 0
  return ({ socket }) => {
    if (socket.destroyed) return true
    const id = ++lastId
    announce(id, originOf(socket))
    const inner = passed.open(id)
    socket.pipe(inner)
    inner.pipe(socket)
    socket.once('close', () => inner.destroy())
    inner.once('close', () => {
      if (inner.readableEnded) leave(socket)
      else socket.destroy()
    })
    return true
  }
}

/** Closes a connection behind all that has been written to it. */
function leave(socket: Socket): void {
  socket.setTimeout(IDLE_MS, () => socket.destroy())
  socket.destroySoon()
}
