import type { Socket } from 'node:net'
import type { CloseReason } from '../delivery/listener.ts'

/** Sockets that this program destroys, and why. */
const GIVEN_UP = new WeakMap<Socket, GivenUpReason>()

/** Why a connection is destroyed: another client needs its descriptor, or its client is banned. */
type GivenUpReason = Extract<CloseReason, 'descriptor limit' | 'banned'>

/** Marks a socket that is about to be destroyed. */
export function giveUp(socket: Socket, reason: GivenUpReason): void {
  GIVEN_UP.set(socket, reason)
}

/** Returns why a closed socket was destroyed here; undefined: it was not. */
export function givenUpFor(socket: Socket): GivenUpReason | undefined {
  return GIVEN_UP.get(socket)
}
