import type { Logger } from '@logtape/logtape'
import type { WebSocket } from 'ws'
import { FairShare } from '../access/fair-share.ts'
import type { Clock } from '../system/clock.ts'
import { whenClosed } from '../system/when-closed.ts'
import { admit, type Whereabouts } from './connect.ts'
import { MAX_PEOPLE, RESERVED_PEOPLE } from './limits.ts'
import type { Person } from './peer.ts'
import { CLOSE } from './protocol.ts'
import { createRooms } from './rooms.ts'

/** Voice conversations between pairs of people. */
export interface Talk {
  /** Takes over a WebSocket that has just been opened. */
  enter(socket: WebSocket, whereabouts: Whereabouts): void
  /** Closes all connections with `shuttingDown`, and resolves when they are closed. `enter` must not be called afterwards. */
  close(): Promise<void>
}

export function createTalk(clock: Clock, log: Logger): Talk {
  const open = new Set<WebSocket>()
  const rooms = createRooms<Person>(clock)
  const people = new FairShare<WebSocket>({ places: MAX_PEOPLE, reserved: RESERVED_PEOPLE, giveUp }, clock)
  return {
    enter(socket, whereabouts) {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      const place = people.enter(whereabouts.network, socket, false)
      if (place === undefined) {
        socket.on('error', () => {})
        return giveUp(socket)
      }
      socket.on('close', () => people.leave(place))
      admit(socket, whereabouts, rooms, () => people.prove(place), clock, log)
    },
    async close() {
      const closed = [...open].map((socket) => whenClosed(socket))
      for (const socket of open) socket.close(CLOSE.shuttingDown, 'the server is shutting down')
      await Promise.all(closed)
    },
  }
}

function giveUp(socket: WebSocket): void {
  socket.close(CLOSE.full, 'there is no room for more people here')
}
