import type { Socket } from 'node:net'
import { plainAddress } from '../access/address.ts'

/** Who is at the other end of a connection, and how it came. */
export interface Origin {
  /** An IPv4 address is told as one, also when it came to a socket for both. */
  readonly address: string
  readonly port: number
  /** Over TLS. */
  readonly isSecure: boolean
}

/** Where a connection that was passed on carries its origin. */
const ORIGIN = Symbol('origin')
interface PassedSocket extends Socket {
  [ORIGIN]?: Origin
}

/** The other end of this connection is not who it is from. */
export function setOrigin(socket: PassedSocket, origin: Origin): void {
  socket[ORIGIN] = origin
}

/** Whether a connection was accepted elsewhere in this program, and passed on. */
export function isPassedOn(socket: PassedSocket): boolean {
  return socket[ORIGIN] !== undefined
}

/** Who a connection is from: what was said of it, if anything was, or else its other end. */
export function originOf(socket: PassedSocket): Origin {
  const { remoteAddress = '?', remotePort = 0 } = socket
  return socket[ORIGIN] ?? { address: plainAddress(remoteAddress), port: remotePort, isSecure: speaksTls(socket) }
}

/** Told by what such sockets have, for whoever imports their class takes 5 MB, and most have no use for them. */
export function speaksTls(socket: Socket): boolean {
  return 'encrypted' in socket
}
