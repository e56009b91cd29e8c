import { once } from 'node:events'
import type { Logger } from '@logtape/logtape'
import type { WebSocket } from 'ws'
import type { Clock } from '../clock.ts'
import { admit, type Whereabouts } from './admit.ts'
import { MAX_PEOPLE } from './limits.ts'
import type { Person } from './person.ts'
import { CLOSE } from './protocol.ts'
import { createRooms } from './rooms.ts'

/** People who talk, two by two. */
export interface Talk {
  /** Takes over a WebSocket that has just been opened. */
  enter(socket: WebSocket, whereabouts: Whereabouts): void
  /** Tells everybody that the server goes; resolved when all connections are closed. Nobody is to enter any more. */
  close(): Promise<void>
}

export function createTalk(clock: Clock, log: Logger): Talk {
  const open = new Set<WebSocket>()
  const rooms = createRooms<Person>()
  return {
    enter(socket, whereabouts) {
      const isFull = open.size === MAX_PEOPLE
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      if (!isFull) return admit(socket, whereabouts, rooms, clock, log)
      socket.on('error', () => {})
      socket.close(CLOSE.full, 'there is no room for more people here')
    },
    async close() {
      const closed = [...open].map((socket) => once(socket, 'close'))
      for (const socket of open) socket.close(CLOSE.shuttingDown, 'the server is shutting down')
      await Promise.all(closed)
    },
  }
}
