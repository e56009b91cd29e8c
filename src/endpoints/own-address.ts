import { interfacesOfHost } from '../system/interfaces-of-host.ts'
import type { PageRequest } from './page-request.ts'

const LOOPBACK = /^(localhost|127\.[\d.]+|::1|\[::1\])(?=:|$)/i

/** Whether a host, with or without a port, is a loopback name or address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}

/** Parts of a request that show the address to which it was sent. */
type Addressed = Pick<PageRequest, 'isSecure' | 'host' | 'prefix' | 'message'>

/**
 * Returns the address of this server for use on other machines: `http://192.168.1.7:8080`. It is the requested one; a loopback
 * host is replaced by an address of this machine in the network.
 * @param isAlone true: the server listens to this machine only, so a loopback host is kept.
 */
export function ownAddress(request: Addressed, isAlone: boolean): string {
  const { host = `localhost:${request.message.socket.localPort}` } = request
  const known = isAlone ? host : host.replace(LOOPBACK, (loopback) => networkAddress() ?? loopback)
  return addressAt(known, request)
}

/** Returns the address of this server as the client wrote it. */
export function requestedAddress(request: Addressed): string {
  const { localAddress, localPort } = request.message.socket
  return addressAt(request.host ?? `${localAddress}:${localPort}`, request)
}

function addressAt(host: string, { isSecure, prefix }: Addressed): string {
  return `${isSecure ? 'https' : 'http'}://${host}${prefix}`
}

function networkAddress(): string | undefined {
  const all = Object.values(interfacesOfHost()).flat()
  return all.find((one) => one !== undefined && !one.internal && one.family === 'IPv4')?.address
}
