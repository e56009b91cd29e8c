import { once } from 'node:events'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import type { Test } from 'tap'
import type { KeyPair } from '../../src/tls/certificate.ts'
import { makePair } from '../../src/tls/self-signed.ts'
import { type Client, listen } from '../client.ts'
import { plainEnvironment, type Server, type StartOptions, startServer } from '../streamserve.ts'

/** Connects like a browser whose user accepts the certificate. */
export function securely(port: number, options: ConnectionOptions = {}): TLSSocket {
  return connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
}

/** Requests a stream over HTTPS. */
export function listenSecurely(t: Test, port: number, target = '/', fields = ''): Client {
  return listen(t, port, target, fields, securely)
}

/** Starts the program with `-tls` and a state directory of its own. */
export function startSecure(t: Test, flags: readonly string[], options: StartOptions = {}): Promise<Server> {
  const env = { ...plainEnvironment(), XDG_STATE_HOME: t.testdir() }
  return startServer(t, ['-tls', ...flags], { env, ...options })
}

/** Returns whether a client that trusts this certificate only can connect. */
export async function isTrusted(t: Test, port: number, ca: string): Promise<boolean> {
  const socket = securely(port, { ca, rejectUnauthorized: true, servername: 'localhost' })
  t.teardown(() => socket.destroy())
  return once(socket, 'secureConnect').then(
    () => true,
    () => false,
  )
}

/** A certificate for this machine only. */
export function localPair(): Promise<KeyPair> {
  return makePair({ names: ['localhost'], addresses: ['127.0.0.1'] }, new Date())
}
