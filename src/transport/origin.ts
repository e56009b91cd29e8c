import type { Socket } from 'node:net'
import { plainAddress } from '../access/address.ts'

/** The client of a connection. */
export interface Origin {
  /** An IPv4 address has the IPv4 form even when the socket accepts both families. */
  readonly address: string
  readonly port: number
  /** True over TLS. */
  readonly isSecure: boolean
}

/** Property of a passed-on connection that has its origin. */
const ORIGIN = Symbol('origin')
interface SocketWithOrigin extends Socket {
  [ORIGIN]?: Origin
}

/** Sets the client of a connection whose peer is not the client itself. */
export function setOrigin(socket: SocketWithOrigin, origin: Origin): void {
  socket[ORIGIN] = origin
}

/** Whether a connection was accepted by another thread and passed on. */
export function isPassedOn(socket: SocketWithOrigin): boolean {
  return socket[ORIGIN] !== undefined
}

/** Returns the client of a connection: the one that was set, or else its peer. */
export function originOf(socket: SocketWithOrigin): Origin {
  const { remoteAddress = '?', remotePort = 0 } = socket
  return socket[ORIGIN] ?? { address: plainAddress(remoteAddress), port: remotePort, isSecure: isTls(socket) }
}

/**
 * Whether a socket is a TLS socket, by a property of theirs: importing their class takes 5 MB, which most users do not need.
 */
export function isTls(socket: Socket): boolean {
  return 'encrypted' in socket
}
