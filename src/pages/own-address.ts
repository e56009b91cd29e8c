import { interfacesOfHost } from '../system/interfaces-of-host.ts'
import type { Asked } from './page.ts'

const LOOPBACK = /^(localhost|127\.[\d.]+|::1|\[::1\])(?=:|$)/i

/** Whether a host, with or without a port, is this machine as only itself can name it. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}

/** What a request says of the address that it was sent to. */
type Addressed = Pick<Asked, 'isSecure' | 'host' | 'prefix' | 'message'>

/**
 * The address of this server as others would write it: `http://192.168.1.7:8080`. It is the one that it was asked at, but who
 * asks at the machine itself is told one that leads there from the network.
 * @param isAlone false: it listens to the network too.
 */
export function ownAddress(asked: Addressed, isAlone: boolean): string {
  const { host = `localhost:${asked.message.socket.localPort}` } = asked
  const known = isAlone ? host : host.replace(LOOPBACK, (loopback) => networkAddress() ?? loopback)
  return addressAt(known, asked)
}

/** The address of this server as the client wrote it. */
export function askedAddress(asked: Addressed): string {
  const { localAddress, localPort } = asked.message.socket
  return addressAt(asked.host ?? `${localAddress}:${localPort}`, asked)
}

function addressAt(host: string, { isSecure, prefix }: Addressed): string {
  return `${isSecure ? 'https' : 'http'}://${host}${prefix}`
}

function networkAddress(): string | undefined {
  const all = Object.values(interfacesOfHost()).flat()
  return all.find((one) => one !== undefined && !one.internal && one.family === 'IPv4')?.address
}
