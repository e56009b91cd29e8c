import type { Socket } from 'node:net'
import { TLSSocket, type TLSSocketOptions } from 'node:tls'
import type { Logger } from '@logtape/logtape'
import { contextOf, type KeyPair } from './key-pair.ts'

/** Speaks TLS on connections. */
export interface SecureSockets {
  /** Makes a connection secure that is paused and has all its bytes yet to give. */
  readonly secure: (socket: Socket) => TLSSocket
  /** Connections to come get this certificate. */
  readonly use: (pair: KeyPair) => void
}

export function createSecureSockets(pair: KeyPair, log: Logger): SecureSockets {
  let secureContext = contextOf(pair)
  function onBroken(this: TLSSocket, error: Error): void {
    log.debug('a secure connection broke', { error: error.message })
    this.destroy()
  }
  return {
    secure(socket) {
      const options: TLSSocketOptions & { highWaterMark: number } = {
        isServer: true,
        secureContext,
        // As for all connections: a 'drain' behind each write that was not taken at once. Over TLS none is.
        highWaterMark: 1,
        ALPNProtocols: ['http/1.1'],
      }
      const tls = new TLSSocket(socket, options)
      tls.on('error', onBroken)
      // A record that nobody can read, later on, is told by this event only where no tls.Server has made the socket.
      tls.on('_tlsError', onBroken)
      return tls
    },
    use(next) {
      secureContext = contextOf(next)
    },
  }
}
