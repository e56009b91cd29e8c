import { networkInterfaces } from 'node:os'
import type { Asked } from './page.ts'

const LOOPBACK = /^(localhost|127\.[\d.]+|::1|\[::1\])(?=:|$)/i

/** Whether a host, with or without a port, is this machine as only itself can name it. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host)
}

/**
 * The address of this server as others would write it: `http://192.168.1.7:8080`. It is the one that it was asked at, but who
 * asks at the machine itself is told one that leads there from the network.
 * @param isAlone false: it listens to the network too.
 */
export function ownAddress({ isSecure, message }: Pick<Asked, 'isSecure' | 'message'>, isAlone: boolean): string {
  const { host = `localhost:${message.socket.localPort}` } = message.headers
  const known = isAlone ? host : host.replace(LOOPBACK, (loopback) => networkAddress() ?? loopback)
  return `${isSecure ? 'https' : 'http'}://${known}`
}

function networkAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flat()
  return all.find((one) => one !== undefined && !one.internal && one.family === 'IPv4')?.address
}
