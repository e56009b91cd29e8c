import type { Socket } from 'node:net'
import type { Clock } from '../../system/clock.ts'

/** Time after the response in which a client may keep the connection open or continue to send, in milliseconds. */
const LINGER_MS = 1_000

/**
 * Sends a whole response and closes. Reads and drops the client's bytes for a moment: closing a socket with unread
 * bytes in it resets the connection, and the response would be lost (RFC 9112, section 9.6).
 */
export function answerAndClose(socket: Socket, answer: Buffer, clock: Clock): void {
  // A client that has closed its half may still read.
  socket.on('end', () => socket.destroySoon())
  socket.on(
    'close',
    clock.after(LINGER_MS, () => socket.destroy()),
  )
  socket.resume()
  socket.end(answer)
}
