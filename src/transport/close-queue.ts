import type { Socket } from 'node:net'

/** Enqueues a socket whose client has disconnected, to be destroyed soon. */
export type CloseQueue = (socket: Socket) => void

/** Number of sockets destroyed in one turn of the event loop, which takes some milliseconds with everything that is notified of them. */
const BATCH_SIZE = 64

/** Creates a queue of sockets to destroy, one batch per event-loop turn: thousands at once would delay frames for too long. */
export function createCloseQueue(): CloseQueue {
  const queue: Socket[] = []
  const destroyBatch = () => {
    for (const socket of queue.splice(0, BATCH_SIZE)) socket.destroy()
    if (queue.length > 0) setImmediate(destroyBatch)
  }
  return (socket) => {
    if (queue.push(socket) === 1) setImmediate(destroyBatch)
  }
}
