import { PassedSocket } from './forwarded-socket.ts'
import type { PassedMessage, PassedStep } from './messages.ts'

/** The connections that one thread has passed on, at either end. */
export interface PassedSockets {
  /** Adds one. @param id the same at both ends, and never used again */
  open(id: number): PassedSocket
  /** Handles a message of the other end; drops messages for connections that are already closed here. */
  take(message: PassedMessage): void
  /** Closes all connections, because the other thread has ended. */
  closeAll(): void
}

/** @param post posts to the other thread, and transfers `memory` to it. */
export function createPassedSockets(
  post: (message: PassedMessage, memory: readonly ArrayBuffer[]) => void,
): PassedSockets {
  const sockets = new Map<number, PassedSocket>()
  return {
    open(id) {
      const postStep = (step: PassedStep) =>
        post({ kind: 'passed', id, step }, step.kind === 'bytes' ? [step.bytes.buffer] : [])
      const socket = new PassedSocket(postStep)
      sockets.set(id, socket)
      socket.once('close', () => {
        sockets.delete(id)
        postStep({ kind: 'closed' })
      })
      return socket
    },
    take: ({ id, step }) => sockets.get(id)?.apply(step),
    closeAll() {
      for (const socket of sockets.values()) socket.destroy()
    },
  }
}
