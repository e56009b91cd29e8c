import type { Socket } from 'node:net'

/** Enqueues a socket whose client has disconnected, to be destroyed soon. */
export type CloseQueue = (socket: Socket) => void

/** Sockets destroyed in one turn of the event loop, which takes some milliseconds with everything that is notified of them. */
const IN_ONE_TURN = 64

/** Creates a queue of sockets to destroy, one batch per event-loop turn: thousands at once would delay frames for too long. */
export function createCloseQueue(): CloseQueue {
  const leaving: Socket[] = []
  const closeSome = () => {
    for (const socket of leaving.splice(0, IN_ONE_TURN)) socket.destroy()
    if (leaving.length > 0) setImmediate(closeSome)
  }
  return (socket) => {
    if (leaving.push(socket) === 1) setImmediate(closeSome)
  }
}
