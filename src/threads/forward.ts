import type { Socket } from 'node:net'
import { IDLE_TIMEOUT_MS } from '../transport/connection-timeouts.ts'
import type { OtherRequest } from '../transport/delegate.ts'
import { forgetExchange } from '../transport/exchange.ts'
import { type Origin, originOf } from '../transport/origin.ts'
import type { ForwardedSockets } from './forwarded-sockets.ts'

/** Passes on a connection. @returns true */
type Forward = (other: Pick<OtherRequest, 'socket'>) => true

/**
 * Passes requests that are not for the bytes of a stream on to the main thread, and the responses back. Requests without a
 * handler are refused there.
 * @param announce posts to the main thread which connection the messages are about.
 */
export function createForward(forwarded: ForwardedSockets, announce: (id: number, origin: Origin) => void): Forward {
  let lastId = 0
  return ({ socket }) => {
    if (socket.destroyed) return true
    forgetExchange(socket)
    const id = ++lastId
    announce(id, originOf(socket))
    const inner = forwarded.open(id)
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

/** Closes a connection once everything written to it has been sent. */
function leave(socket: Socket): void {
  socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy())
  socket.destroySoon()
}
