import type { WebSocket } from 'ws'
import type { Clock } from '../system/clock.ts'
import { startHeartbeat } from '../websocket/heartbeat.ts'
import { ProtocolError } from '../websocket/protocol-error.ts'
import { createIncoming } from './incoming.ts'
import { MAX_UNSENT_BYTES } from './limits.ts'
import type { ClientMessage, ServerMessage } from './protocol.ts'

/** Connection to one page. Messages sent while it is closing are dropped. */
export interface Connection {
  tell(message: ServerMessage): void
  /** Sends sound unchanged, or drops it when it would arrive too late. The bytes must not change afterwards. */
  pass(sound: Buffer): void
  /** Closes the connection. @param code one of CLOSE. @param reason at most 123 bytes */
  end(code: number, reason: string): void
  /** Numbers of sound messages sent and dropped. */
  readonly counts: { readonly passed: number; readonly dropped: number }
}

/** Receiver of a connection's messages. A ProtocolError that it throws closes the connection. */
export interface Owner {
  message(message: ClientMessage): void
  sound(bytes: Buffer): void
  /** The connection was closed, by either side. This is the last call. */
  gone(code: number): void
}

const AS_SOUND = { binary: true }

/** Handles an open WebSocket until it is closed. */
export function createConnection(socket: WebSocket, owner: Owner, clock: Clock): Connection {
  const incoming = createIncoming(clock)
  const counts = { passed: 0, dropped: 0 }
  const isOpen = () => socket.readyState === socket.OPEN
  const pulse = startHeartbeat(socket, clock, () => socket.terminate())

  const end = (code: number, reason: string) => {
    if (isOpen()) socket.close(code, reason)
  }
  /** Messages that arrive after a fault, while the connection is closing, are ignored. */
  const judge = (act: () => void) => {
    try {
      if (isOpen()) act()
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      end(error.code, error.message)
    }
  }
  const takeSound = (bytes: Buffer) => {
    incoming.sound(bytes)
    owner.sound(bytes)
  }
  const takePong = (payload: Buffer) => {
    incoming.control(payload)
    pulse.answer(payload)
  }
  socket.on('message', (data: Buffer, isBinary) => {
    judge(() => (isBinary ? takeSound(data) : owner.message(incoming.text(data))))
  })
  socket.on('ping', (payload) => judge(() => incoming.control(payload)))
  socket.on('pong', (payload) => judge(() => takePong(payload)))
  // The library has already answered invalid bytes with a close frame; 'close' follows.
  socket.on('error', () => {})
  socket.on('close', (code) => {
    pulse.stop()
    owner.gone(code)
  })

  return {
    counts,
    end,
    tell(message) {
      if (isOpen()) socket.send(JSON.stringify(message))
    },
    pass(sound) {
      if (!isOpen()) return
      if (socket.bufferedAmount > MAX_UNSENT_BYTES || pulse.isLate()) {
        counts.dropped++
        return
      }
      socket.send(sound, AS_SOUND)
      counts.passed++
      pulse.follow()
    },
  }
}
