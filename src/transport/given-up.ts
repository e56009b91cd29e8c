import type { Socket } from 'node:net'

/** Sockets that are destroyed because another client needed their descriptor. */
const GIVEN_UP = new WeakSet<Socket>()

/** Marks a socket that is about to be destroyed for another client. */
export function giveUp(socket: Socket): void {
  GIVEN_UP.add(socket)
}

/** Whether a closed socket was closed here, for another client. */
export function isGivenUp(socket: Socket): boolean {
  return GIVEN_UP.has(socket)
}
