import { once } from 'node:events'
import { connect as connectPlainly, isIP, type Socket } from 'node:net'
import { SourceError } from '../source.ts'
import { connectionFailure } from './connection-failure.ts'
import { destroyAfter, type Limits } from './limits.ts'

/** A step of a request, in the order of their occurrence; an address without a name or TLS omits theirs. */
export type RequestStep = 'began' | 'name found' | 'connected' | 'secured' | 'answered' | 'first byte'

/** Options of connections. */
export interface ConnectOptions extends Limits {
  /** Accept every certificate. */
  readonly insecure: boolean
  /** Called at each step of each request. */
  readonly reached?: (step: RequestStep, url: URL) => void
}

/** Time for the name, the connection and the certificate, in milliseconds. */
const CONNECT_MS = 10_000

/** Connects to the server of an address, with TLS for `https:`. @throws SourceError with the reason */
export async function connectTo(url: URL, options: ConnectOptions): Promise<Socket> {
  const isSecure = url.protocol === 'https:'
  // An address of IPv6 is in brackets in a URL.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = Number(url.port) || (isSecure ? 443 : 80)
  const socket = isSecure ? await startTls(host, port, options.insecure) : connectPlainly({ host, port })
  const { reached } = options
  if (reached !== undefined) {
    socket.once('lookup', () => reached('name found', url))
    socket.once('connect', () => reached('connected', url))
    socket.once('secureConnect', () => reached('secured', url))
  }
  const release = destroyAfter(socket, CONNECT_MS, 'no connection', options)
  try {
    await once(socket, isSecure ? 'secureConnect' : 'connect')
  } catch (error) {
    socket.destroy()
    throw new SourceError(connectionFailure(error as Error), { cause: error })
  } finally {
    release()
  }
  return socket
}

async function startTls(host: string, port: number, insecure: boolean): Promise<Socket> {
  const { connect } = await import('node:tls')
  const servername = isIP(host) === 0 ? host : undefined
  return connect({
    host,
    port,
    rejectUnauthorized: !insecure,
    ALPNProtocols: ['http/1.1'],
    ...(servername && { servername }),
  })
}
