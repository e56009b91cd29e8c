import { createServer, type Server, type Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../system/clock.ts'
import { whenClosed } from '../system/when-closed.ts'
import { type Admission, type AskOthers, createAdmission } from './admission.ts'
import { createFoldedWarning } from './folded-warning.ts'
import { type AttendedReception, type Reception, readHead } from './http/read-head.ts'

/** Accepts connections and reads the head of each request strictly, within limits on size and time. */
export interface FrontDoor {
  readonly server: Server
  /** Handles a connection that another thread has accepted, as if it were accepted here. */
  readonly receive: (socket: Socket) => void
  /** See `Admission`. */
  readonly endOthersFor: Admission['endOthersFor']
  /** Stops accepting connections. */
  shut(): void
  /** Destroys every connection; resolves when all are closed. */
  breakAll(): Promise<void>
}

/** Idle time before TCP keep-alive probes, in milliseconds, by which vanished peers are noticed. */
const KEEP_ALIVE_AFTER_MS = 60_000

/** @param askOthers undefined without other threads */
export function createFrontDoor(
  reception: Reception,
  clock: Clock,
  log: Logger,
  askOthers: AskOthers = () => false,
): FrontDoor {
  const open = new Set<Socket>()
  const server = createServer({
    // With a limit of 1 byte, exactly those writes end in a 'drain' that the kernel did not accept at once.
    highWaterMark: 1,
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
  })
  // Handlers shared by all connections, because there may be thousands.
  function forget(this: Socket): void {
    open.delete(this)
    doorman.left(this)
  }
  function onBroken(this: Socket, error: Error): void {
    // A broken connection closes by itself.
    log.debug('connection broke', { error: error.message })
  }
  const doorman = createAdmission(askOthers, clock, log)
  const attended: AttendedReception = { ...reception, asked: doorman.asked }
  const receive = (socket: Socket) => {
    open.add(socket)
    socket.on('close', forget)
    socket.on('error', onBroken)
    if (doorman.admit(socket)) readHead(socket, attended, clock, log)
  }
  server.on('connection', receive)
  const warn = createFoldedWarning('connections could not be accepted', 'failed', clock, log)
  server.on('error', (error) => {
    // Before it listens, the caller of `listen` handles the error. Later it means that accept(2) lacked a descriptor.
    if (server.listening) warn({ error: error.message })
  })
  return {
    server,
    receive,
    endOthersFor: doorman.endOthersFor,
    shut: () => void server.close(),
    async breakAll() {
      const closed = [...open].map((socket) => whenClosed(socket))
      for (const socket of open) socket.destroy()
      await Promise.all(closed)
    },
  }
}
