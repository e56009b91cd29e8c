import type { Socket } from 'node:net'

/** Closes a connection whose other side has ended, soon. */
export type WayOut = (socket: Socket) => void

/** So many connections are closed in one turn of the event loop, which takes some milliseconds with all that is told of them. */
const IN_ONE_TURN = 64

/** When thousands leave at once, closing them takes as long as a burst lasts: meanwhile frames have to come in and go out. */
export function createWayOut(): WayOut {
  const leaving: Socket[] = []
  const closeSome = () => {
    for (const socket of leaving.splice(0, IN_ONE_TURN)) socket.destroy()
    if (leaving.length > 0) setImmediate(closeSome)
  }
  return (socket) => {
    if (leaving.push(socket) === 1) setImmediate(closeSome)
  }
}
