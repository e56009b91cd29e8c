import type { Duplex } from 'node:stream'
import { textAnswer } from '../transport/http/response-head.ts'

/** Answers a WebSocket handshake with a line of text, and closes the connection. */
export function refuseHandshake(socket: Duplex, status: number, line: string): void {
  socket.once('finish', () => socket.destroy())
  socket.on('error', () => {})
  socket.end(textAnswer(status, line))
}
