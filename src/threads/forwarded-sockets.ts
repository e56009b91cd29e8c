import { ForwardedSocket } from './forwarded-socket.ts'
import type { ForwardedMessage, ForwardedStep } from './messages.ts'

/** The connections that one thread has forwarded on, at either end. */
export interface ForwardedSockets {
  /** Adds one. @param id the same at both ends, and never used again */
  open(id: number): ForwardedSocket
  /** Handles a message of the other end; drops messages for connections that are already closed here. */
  take(message: ForwardedMessage): void
  /** Closes all connections, because the other thread has ended. */
  closeAll(): void
}

/** @param post posts to the other thread, and transfers `memory` to it. */
export function createForwardedSockets(
  post: (message: ForwardedMessage, memory: readonly ArrayBuffer[]) => void,
): ForwardedSockets {
  const sockets = new Map<number, ForwardedSocket>()
  return {
    open(id) {
      const postStep = (step: ForwardedStep) =>
        post({ kind: 'forwarded', id, step }, step.kind === 'bytes' ? [step.bytes.buffer] : [])
      const socket = new ForwardedSocket(postStep)
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
