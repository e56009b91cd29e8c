import { createServer, type Server, type Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { Clock } from '../system/clock.ts'
import { whenClosed } from '../system/when-closed.ts'
import { type AskOthers, createDoorman, type Doorman } from './doorman.ts'
import { createFoldedWarning } from './folded-warning.ts'
import { type AttendedReception, type Reception, readHead } from './read-head.ts'

/** Every connection comes in here: its head is read strictly, with a bound on size and time. */
export interface FrontDoor {
  readonly server: Server
  /** Receives a connection that was accepted elsewhere, as if it had come in here. */
  readonly receive: (socket: Socket) => void
  /** See `Doorman`. */
  readonly endOthersFor: Doorman['endOthersFor']
  /** Takes no new connections. */
  shut(): void
  /** Breaks every connection that there is; resolved when all are closed. */
  breakAll(): Promise<void>
}

/** Probes an idle connection after so many milliseconds, so that peers that vanished without a word are noticed. */
const KEEP_ALIVE_AFTER_MS = 60_000

/** @param askOthers without it, there are no other threads */
export function createFrontDoor(
  reception: Reception,
  clock: Clock,
  log: Logger,
  askOthers: AskOthers = () => false,
): FrontDoor {
  const open = new Set<Socket>()
  const server = createServer({
    // With a limit of 1 byte each write that the system did not take at once ends in a 'drain', and no other does.
    highWaterMark: 1,
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
  })
  // Handlers shared by all connections: of each there may be thousands.
  function forget(this: Socket): void {
    open.delete(this)
    doorman.left(this)
  }
  function onBroken(this: Socket, error: Error): void {
    // A broken connection closes, and that is all there is to do about it.
    log.debug('connection broke', { error: error.message })
  }
  const doorman = createDoorman(askOthers, clock, log)
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
    // Before it listens, the caller of `listen` handles it. Later it is a connection that the system lacks a descriptor for.
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
