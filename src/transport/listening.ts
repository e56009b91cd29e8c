import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { Address } from '../plan/program-plan.ts'

/** Listening failed; the message names the address and the reason in one line. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

const DEFAULT_ADDRESS: Address = { host: '0.0.0.0', port: 80 }
/** Port used when the user lacks the rights for the default port. */
const UNPRIVILEGED_PORT = 8080

/**
 * Listens at an address; without one at port 80, or at 8080 when the user may not use port 80.
 * @param isShared threads of this program will listen there as well; see `bind`.
 * @returns the address in use as a URL. @throws ListenError
 */
export async function listen(
  server: Server,
  wanted: Address | undefined,
  isShared: boolean,
  log: Logger,
): Promise<string> {
  const listenAt = isShared ? bindShared : bind
  try {
    return await listenAt(server, wanted ?? DEFAULT_ADDRESS)
  } catch (error) {
    if (wanted !== undefined || (error as NodeJS.ErrnoException).code !== 'EACCES') throw explain(error, wanted)
  }
  const instead = { host: DEFAULT_ADDRESS.host, port: UNPRIVILEGED_PORT }
  log.warn('port 80 not permitted', { instead: UNPRIVILEGED_PORT })
  return listenAt(server, instead).catch((error: unknown) => {
    throw explain(error, instead)
  })
}

/**
 * Maximum queue of connections that are not accepted yet; a thousand listeners may connect within a second. The kernel cuts it
 * to net.core.somaxconn.
 */
const BACKLOG = 4096

/** Listens at a descriptor that the service manager has bound. @returns its address as a URL. @throws ListenError */
export async function adopt(server: Server, fd: number): Promise<string> {
  // Beside a descriptor, Node.js ignores the option `backlog`.
  server.listen({ fd }, BACKLOG)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new ListenError(`cannot listen at descriptor ${fd}: ${(error as Error).message}`, { cause: error })
  }
  return urlOf(server)
}

/** Returns the address that a server listens at. */
export function addressOf(server: Server): Address {
  const { address: host, port } = server.address() as AddressInfo
  return { host, port }
}

/** Binds the port alone first: otherwise a second streamserve of the same user could share it instead of being refused. */
async function bindShared(server: Server, wanted: Address): Promise<string> {
  const alone = createServer()
  await bind(alone, wanted)
  const { port } = addressOf(alone)
  alone.close()
  await once(alone, 'close')
  return bind(server, { host: wanted.host, port }, true)
}

/**
 * Listens at an address.
 * @param isShared other threads listen there as well, and the kernel spreads connections over all of them; needs Node.js 22.12.
 * @returns the address in use as a URL
 */
export async function bind(server: Server, { host, port }: Address, isShared = false): Promise<string> {
  server.listen({
    port,
    backlog: BACKLOG,
    ...(host === undefined ? {} : { host }),
    ...(isShared && { reusePort: true }),
  })
  await once(server, 'listening')
  return urlOf(server)
}

function urlOf(server: Server): string {
  const bound = server.address() as AddressInfo
  return `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use by another program; stop it, or choose another port with -address',
  EACCES: 'this user is not permitted to use the port; ports from 1024 on need no privileges',
  EADDRNOTAVAIL: 'this machine has no such address; :PORT means all of its addresses',
  ENOTFOUND: 'unknown host name; :PORT means all addresses of this machine',
}

function explain(error: unknown, { host = '', port } = DEFAULT_ADDRESS): ListenError {
  const { code = '', message } = error as NodeJS.ErrnoException
  const address = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return new ListenError(`cannot listen at ${address}: ${REASONS[code] ?? message}`, { cause: error })
}
