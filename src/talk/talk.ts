import type { Logger } from '@logtape/logtape'
import type { WebSocket } from 'ws'
import { FairShare } from '../access/fair-share.ts'
import type { Clock } from '../system/clock.ts'
import { whenClosed } from '../system/when-closed.ts'
import { CLOSE } from '../websocket/close-codes.ts'
import { connectPeer, type TalkRequest } from './connect.ts'
import { MAX_PEERS, RESERVED_PEERS } from './limits.ts'
import type { Peer } from './peer.ts'
import { Rooms } from './rooms.ts'

/** Voice conversations between pairs of people. */
export interface Talk {
  /** Takes over a WebSocket that has just been opened. */
  enter(socket: WebSocket, request: TalkRequest): void
  /** Closes all connections with `shuttingDown`, and resolves when they are closed. `enter` must not be called afterwards. */
  close(): Promise<void>
}

export function createTalk(clock: Clock, log: Logger): Talk {
  const open = new Set<WebSocket>()
  const rooms = new Rooms<Peer>(clock)
  const places = new FairShare<WebSocket>({ places: MAX_PEERS, reserved: RESERVED_PEERS, giveUp }, clock)
  return {
    enter(socket, request) {
      open.add(socket)
      socket.on('close', () => open.delete(socket))
      const place = places.enter(request.network, socket, false)
      if (place === undefined) {
        socket.on('error', () => {})
        return giveUp(socket)
      }
      socket.on('close', () => places.leave(place))
      connectPeer(socket, request, rooms, () => places.prove(place), clock, log)
    },
    async close() {
      const closed = [...open].map((socket) => whenClosed(socket))
      for (const socket of open) socket.close(CLOSE.shuttingDown, 'the server is shutting down')
      await Promise.all(closed)
    },
  }
}

function giveUp(socket: WebSocket): void {
  socket.close(CLOSE.full, 'this address has too many connections')
}
