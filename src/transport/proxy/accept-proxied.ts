import type { Socket } from 'node:net'
import { BadRequest } from '../http/request-head.ts'
import { peerAddressOf, proxiesOf, setOrigin } from '../origin.ts'
import type { ProxiedClient } from './proxy-v1.ts'

/** @throws BadRequest when the peer of a connection is not a proxy from which the PROXY protocol is accepted */
export function checkProxy(connection: Socket): void {
  const proxies = proxiesOf(connection)
  if (proxies.areConfigured && proxies.isTrustedProxy(peerAddressOf(connection), 'counted')) return
  throw new BadRequest(400, 'the PROXY protocol is accepted only from addresses of -trusted-proxies')
}

/**
 * Sets the client that a proxy has reported as the origin of a connection.
 * @param socket the connection, or TLS over it: where the proxy does not report it, the client itself uses TLS then
 */
export function setProxied(socket: Socket, client: ProxiedClient, connection: Socket, hasTls: boolean): void {
  const { address, port, isSecure = hasTls } = client
  const proxy = `${peerAddressOf(connection)}:${connection.remotePort}`
  setOrigin(socket, { address, port, isSecure, proxy })
}
