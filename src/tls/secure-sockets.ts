import type { Socket } from 'node:net'
import { TLSSocket, type TLSSocketOptions } from 'node:tls'
import type { Logger } from '@logtape/logtape'
import type { KeyPair } from './certificate.ts'
import { contextOf } from './key-pair.ts'

/** Wraps connections in TLS. */
export interface SecureSockets {
  /** Wraps a connection that is paused and of which nothing has been read. */
  readonly secure: (socket: Socket) => TLSSocket
  /** Sets the certificate of later connections. */
  readonly use: (pair: KeyPair) => void
}

export function createSecureSockets(pair: KeyPair, log: Logger): SecureSockets {
  let secureContext = contextOf(pair)
  function onBroken(this: TLSSocket, error: Error): void {
    log.debug('TLS connection failed', { error: error.message })
    this.destroy()
  }
  return {
    secure(socket) {
      const options: TLSSocketOptions & { highWaterMark: number } = {
        isServer: true,
        secureContext,
        // As for all connections: a 'drain' after each write that does not complete at once. Over TLS none does.
        highWaterMark: 1,
        ALPNProtocols: ['http/1.1'],
      }
      const tls = new TLSSocket(socket, options)
      tls.on('error', onBroken)
      // Without a tls.Server, only this event reports an invalid record after the handshake.
      tls.on('_tlsError', onBroken)
      return tls
    },
    use(next) {
      secureContext = contextOf(next)
    },
  }
}
