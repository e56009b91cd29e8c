import type { Socket } from 'node:net'
import { plainAddress } from '../access/address.ts'
import { LOCAL_PROXIES, type TrustedProxies } from '../access/trusted-proxies.ts'

/** The client of a connection. */
export interface Origin {
  /** An IPv4 address has the IPv4 form even when the socket accepts both families. */
  readonly address: string
  readonly port: number
  /** True over TLS, up to this server or to a proxy that reports it. */
  readonly isSecure: boolean
  /** Address and port of the proxy that has reported this client by the PROXY protocol; undefined: none has. */
  readonly proxy?: string | undefined
}

/** Properties of a connection: its origin, unless that is its peer; its trusted proxies, if they are configured. */
const ORIGIN = Symbol('origin')
const PASSED_ON = Symbol('passed on')
const PROXIES = Symbol('proxies')
interface SocketWithOrigin extends Socket {
  [ORIGIN]?: Origin
  [PASSED_ON]?: true
  [PROXIES]?: TrustedProxies
}

/** Sets the client of a connection whose peer is not the client itself. */
export function setOrigin(socket: SocketWithOrigin, origin: Origin): void {
  socket[ORIGIN] = origin
}

/** Sets the client of a connection that another thread has accepted and passed on. */
export function setPassedOn(socket: SocketWithOrigin, origin: Origin): void {
  socket[ORIGIN] = origin
  socket[PASSED_ON] = true
}

/** Whether a connection was accepted by another thread and passed on. */
export function isPassedOn(socket: SocketWithOrigin): boolean {
  return socket[PASSED_ON] === true
}

/** Sets the proxies that are trusted at a connection. */
export function setProxies(socket: SocketWithOrigin, proxies: TrustedProxies): void {
  if (proxies.areConfigured) socket[PROXIES] = proxies
}

/** Returns the proxies that are trusted at a connection. */
export function proxiesOf(socket: SocketWithOrigin): TrustedProxies {
  return socket[PROXIES] ?? LOCAL_PROXIES
}

/** Returns the client of a connection: the one that was set, or else its peer. */
export function originOf(socket: SocketWithOrigin): Origin {
  const { remotePort = 0 } = socket
  return socket[ORIGIN] ?? { address: peerAddressOf(socket), port: remotePort, isSecure: isTls(socket) }
}

/** Returns the address of the other end of a connection, which may be a proxy. */
export function peerAddressOf({ remoteAddress = '?' }: Socket): string {
  return plainAddress(remoteAddress)
}

/**
 * Whether a socket is a TLS socket, by a property of theirs: importing their class takes 5 MB, which most users do not need.
 */
export function isTls(socket: Socket): boolean {
  return 'encrypted' in socket
}
