import type { Socket } from 'node:net'

/** Resets a connection. Node.js never closes the handle of a socket that is reset while it ends: the process would not exit. */
export function reset(socket: Socket): void {
  if (socket.readableEnded || socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
