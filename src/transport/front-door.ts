import { createServer, type Server, type Socket } from 'node:net'
import type { Logger } from '@logtape/logtape'
import type { CountRefusal } from '../access/refusal-counts.ts'
import type { Clock } from '../system/clock.ts'
import { FoldedWarning } from '../system/folded-warning.ts'
import { whenClosed } from '../system/when-closed.ts'
import type { AskOthers } from './admission.ts'
import { Attendance } from './attendance.ts'
import { type AttendedReception, type Reception, readHead } from './http/read-head.ts'
import { isPassedOn, peerAddressOf } from './origin.ts'

/** Accepts connections and reads the head of each request strictly, within limits on size and time. */
export interface FrontDoor {
  readonly server: Server
  /** Makes a server for a further address. */
  readonly another: () => Server
  /** Handles a connection that another thread has accepted, as if it were accepted here. */
  readonly receive: (socket: Socket) => void
  /** See `Admission`. */
  readonly endOthersFor: (client: string) => boolean
  /** Destroys the connections of clients that are banned. */
  endBanned(): void
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
  countRefusal: CountRefusal,
  clock: Clock,
  log: Logger,
  askOthers: AskOthers = () => false,
): FrontDoor {
  const open = new Set<Socket>()
  const attendance = new Attendance(reception, askOthers, countRefusal, clock, log)
  const attended: AttendedReception = {
    ...reception,
    requested: (...request) => attendance.requested(...request),
    unread: (...request) => attendance.unread(...request),
    countRefusal,
  }
  // Handlers shared by all connections, because there may be thousands.
  function onClose(this: Socket): void {
    open.delete(this)
    attendance.closed(this)
  }
  // A broken connection closes by itself.
  const onError = (error: Error) => log.debug('connection failed', { error: error.message })
  const receive = (socket: Socket) => {
    if (isShunned(socket, reception)) {
      countRefusal('too many attempts')
      socket.destroy()
      return
    }
    open.add(socket)
    socket.on('close', onClose)
    socket.on('error', onError)
    if (attendance.accept(socket)) readHead(socket, attended, clock, log)
  }
  const servers: Server[] = []
  const another = () => {
    const server = createTcpServer(clock, log)
    server.on('connection', receive)
    servers.push(server)
    return server
  }
  return {
    server: another(),
    another,
    receive,
    endOthersFor: (client) => attendance.endOthersFor(client),
    endBanned: () => attendance.endBanned(open),
    shut() {
      for (const server of servers) server.close()
    },
    async breakAll() {
      const closed = Array.from(open, (socket) => whenClosed(socket))
      for (const socket of open) socket.destroy()
      await Promise.all(closed)
    },
  }
}

/** Whether a connection is not even read. One that was passed on is read already. */
function isShunned(socket: Socket, { shunned }: Reception): boolean {
  return !isPassedOn(socket) && shunned?.refuses(() => peerAddressOf(socket)) === true
}

function createTcpServer(clock: Clock, log: Logger): Server {
  const server = createServer({
    // With a limit of 1 byte, exactly those writes end in a 'drain' that the kernel did not accept at once.
    highWaterMark: 1,
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
  })
  const warning = new FoldedWarning('connections not accepted', ['count'], clock, log)
  server.on('error', (error) => {
    // Before it listens, the caller of `listen` handles the error. Later it means that accept(2) lacked a descriptor.
    if (server.listening) warning.add('count', { error: error.message })
  })
  return server
}
